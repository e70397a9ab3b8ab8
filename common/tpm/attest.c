/* SPDX-License-Identifier: MIT */
#include "tpm/attest.h"

#include "base/mem.h"
#include "base/text.h"
#include "tpm/tpm_key.h"

/* Part 2, table 12. */
enum {
	TPM_CC_CREATE_PRIMARY = 0x131,
	TPM_CC_ACTIVATE_CREDENTIAL = 0x147,
	TPM_CC_NV_READ = 0x14e,
	TPM_CC_POLICY_SECRET = 0x151,
	TPM_CC_QUOTE = 0x158,
	TPM_CC_FLUSH_CONTEXT = 0x165,
	TPM_CC_NV_READ_PUBLIC = 0x169,
	TPM_CC_START_AUTH_SESSION = 0x176,
	TPM_CC_PCR_READ = 0x17e,
};

#define TPM_SE_POLICY 1
#define ALL_PCRS      ((1U << TPM_PCRS) - 1)

/* Read in pieces: no TPM needs to give more than 512 bytes at once. */
#define NV_PIECE 512

struct run {
	const struct tpm_device *device;
	struct tpm_command command;
	uint8_t *bytes;
	struct tpm_answer answer;
	struct tpm_failure *failure;
};

/* Sends the command.  On success the answer is read from after its header on. */
static bool send(struct run *r, const char *step)
{
	size_t size = 0;

	*r->failure = (struct tpm_failure){ step, TPM_RC_NO_ANSWER };
	tpm_command_end(&r->command);
	if (r->command.full ||
	    !r->device->send(r->device->of, r->command.at, r->command.used, r->bytes,
	                     r->device->room, &size) ||
	    size > r->device->room)
		return false;
	tpm_answer_start(&r->answer, r->bytes, size);
	r->failure->code = tpm_answer_header(&r->answer);
	return r->failure->code == 0;
}

/* The answer is not what the specification says. */
static bool malformed(struct run *r)
{
	r->failure->code = TPM_RC_NO_ANSWER;
	return false;
}

static void flush(struct run *r, uint32_t handle)
{
	struct tpm_failure ignored, *failure = r->failure;

	tpm_command_start(&r->command, TPM_CC_FLUSH_CONTEXT);
	tpm_put(&r->command, handle, 4);
	r->failure = &ignored;
	send(r, "TPM2_FlushContext");
	r->failure = failure;
}

/*
 * Makes a primary key.  Returns its handle, 0 on failure (no key has this handle); *ret_public is
 * its TPM2B_PUBLIC, in the answer.
 */
static uint32_t create_primary(struct run *r, uint32_t hierarchy, tpm_key *put_key,
                               struct tpm_bytes *ret_public)
{
	struct tpm_command *c = &r->command;

	tpm_command_authorized(c, TPM_CC_CREATE_PRIMARY, &hierarchy, 1);
	tpm_put(c, 4, 2); /* TPM2B_SENSITIVE_CREATE: no password, no data */
	tpm_put(c, 0, 2);
	tpm_put(c, 0, 2);
	put_key(c);
	tpm_put(c, 0, 2); /* nothing from outside, no PCRs */
	tpm_put(c, 0, 4);
	if (!send(r, "TPM2_CreatePrimary"))
		return 0;
	const uint32_t handle = tpm_get(&r->answer, 4);
	tpm_get(&r->answer, 4);
	ret_public->at = r->answer.at;
	ret_public->size = 2 + tpm_get_sized(&r->answer).size;
	if (r->answer.cut) {
		malformed(r);
		return 0;
	}
	return handle;
}

static bool copy(uint8_t *to, size_t max, size_t *ret_size, struct tpm_bytes from)
{
	if (from.size == 0 || from.size > max)
		return false;
	memcpy(to, from.at, from.size);
	*ret_size = from.size;
	return true;
}

/* Appends the selection of PCRs (TPML_PCR_SELECTION). */
static void put_selection(struct tpm_command *c, uint16_t bank, uint32_t pcrs)
{
	tpm_put(c, 1, 4);
	tpm_put(c, bank, 2);
	tpm_put(c, 3, 1);
	tpm_put(c, pcrs, 1);
	tpm_put(c, 0, 2);
}

/* Reads PCR 0 to 7.  A TPM may give fewer at once than were asked for. */
static bool read_pcrs(struct run *r, struct attestation *a)
{
	const size_t size = tpm_digest_size(a->bank);

	for (uint32_t left = ALL_PCRS; left;) {
		tpm_command_start(&r->command, TPM_CC_PCR_READ);
		put_selection(&r->command, a->bank, left);
		if (!send(r, "TPM2_PCR_Read"))
			return false;
		tpm_get(&r->answer, 4); /* how often they have changed */
		tpm_get(&r->answer, 4);
		tpm_get(&r->answer, 2);
		tpm_get(&r->answer, 1);
		const uint32_t given = tpm_get(&r->answer, 1) & left;
		tpm_get(&r->answer, 2);
		tpm_get(&r->answer, 4);
		if (!given)
			return malformed(r);
		for (unsigned i = 0; i < TPM_PCRS; i++) {
			if (!(given >> i & 1))
				continue;
			const struct tpm_bytes value = tpm_get_sized(&r->answer);
			if (r->answer.cut || value.size != size)
				return malformed(r);
			memcpy(a->pcr[i], value.at, size);
		}
		left &= ~given;
	}
	return true;
}

static bool quote(struct run *r, struct attestation *a, uint32_t key,
                  const uint8_t digest[static TPM_SHA256])
{
	tpm_command_authorized(&r->command, TPM_CC_QUOTE, &key, 1);
	tpm_put_sized(&r->command, digest, TPM_SHA256);
	tpm_put(&r->command, TPM_ALG_NULL, 2); /* as the key says */
	put_selection(&r->command, a->bank, ALL_PCRS);
	if (!send(r, "TPM2_Quote"))
		return false;
	const size_t parameters = tpm_get(&r->answer, 4);
	if (parameters > (size_t)(r->answer.end - r->answer.at))
		return malformed(r);
	r->answer.end = r->answer.at + parameters;
	const struct tpm_bytes said = tpm_get_sized(&r->answer);
	const struct tpm_bytes signature =
		tpm_get_bytes(&r->answer, (size_t)(r->answer.end - r->answer.at));
	if (r->answer.cut || !copy(a->quote, sizeof(a->quote), &a->quote_size, said) ||
	    !copy(a->signature, sizeof(a->signature), &a->signature_size, signature))
		return malformed(r);
	return true;
}

/* Reads a certificate from the TPM's memory, with the empty password of its place there. */
static bool read_certificate(struct run *r, struct tpm_certificate *c, uint32_t index)
{
	const uint32_t handle[] = { index, index };

	tpm_command_start(&r->command, TPM_CC_NV_READ_PUBLIC);
	tpm_put(&r->command, index, 4);
	if (!send(r, "TPM2_NV_ReadPublic"))
		return false;
	tpm_get(&r->answer, 2);
	tpm_get(&r->answer, 4);
	tpm_get(&r->answer, 2);
	tpm_get(&r->answer, 4);
	tpm_get_sized(&r->answer);
	const size_t size = tpm_get(&r->answer, 2);
	if (r->answer.cut || size > sizeof(c->at))
		return false;
	for (c->size = 0; c->size < size;) {
		const size_t left = size - c->size;

		tpm_command_authorized(&r->command, TPM_CC_NV_READ, handle, 2);
		tpm_put(&r->command, left < NV_PIECE ? (uint32_t)left : NV_PIECE, 2);
		tpm_put(&r->command, (uint32_t)c->size, 2);
		if (!send(r, "TPM2_NV_Read"))
			return false;
		tpm_get(&r->answer, 4);
		const struct tpm_bytes piece = tpm_get_sized(&r->answer);
		if (piece.size == 0 || piece.size > left)
			return false;
		memcpy(c->at + c->size, piece.at, piece.size);
		c->size += piece.size;
	}
	c->index = index;
	return size > 0;
}

/*
 * Where makers put certificates of endorsement keys: RSA 2048, ECC P-256, and ECC P-384 (TCG EK
 * Credential Profile 2.5, section 2.2.1.4).
 */
static void read_certificates(struct run *r, struct attestation *a)
{
	static const uint32_t index[TPM_CERTIFICATES] = { 0x01c00002, 0x01c0000a, 0x01c00016 };

	for (size_t i = 0; i < TPM_CERTIFICATES; i++)
		if (read_certificate(r, &a->certificate[a->certificates], index[i]))
			a->certificates++;
}

/* Starts a session that may use the endorsement key.  Returns its handle, 0 on failure. */
static uint32_t start_session(struct run *r)
{
	/* A nonce keeps others from using the session, and nobody else uses this TPM now. */
	static const uint8_t nonce[16];
	struct tpm_command *c = &r->command;
	const uint32_t endorsement = TPM_RH_ENDORSEMENT;

	tpm_command_start(c, TPM_CC_START_AUTH_SESSION);
	tpm_put(c, TPM_RH_NULL, 4);
	tpm_put(c, TPM_RH_NULL, 4);
	tpm_put_sized(c, nonce, sizeof(nonce));
	tpm_put(c, 0, 2);
	tpm_put(c, TPM_SE_POLICY, 1);
	tpm_put(c, TPM_ALG_NULL, 2);
	tpm_put(c, TPM_ALG_SHA256, 2);
	if (!send(r, "TPM2_StartAuthSession"))
		return 0;
	const uint32_t session = tpm_get(&r->answer, 4);

	/* The password is asked of the hierarchy; the session is the second handle. */
	tpm_command_authorized(c, TPM_CC_POLICY_SECRET, (uint32_t[]){ endorsement, session }, 2);
	tpm_put(c, 0, 2);
	tpm_put(c, 0, 2);
	tpm_put(c, 0, 2);
	tpm_put(c, 0, 4);
	if (send(r, "TPM2_PolicySecret"))
		return session;
	flush(r, session);
	return 0;
}

/* Opens a challenge: only a TPM that has both keys can. */
static bool activate(struct run *r, struct attestation *a, uint32_t key, const uint8_t *challenge,
                     size_t size)
{
	struct tpm_command *c = &r->command;
	struct tpm_bytes public;

	const uint32_t endorsement =
		create_primary(r, TPM_RH_ENDORSEMENT, tpm_key_endorsement, &public);
	if (!endorsement)
		return false;
	const uint32_t session = start_session(r);
	if (session) {
		tpm_command_sessions(c, TPM_CC_ACTIVATE_CREDENTIAL);
		tpm_put(c, key, 4);
		tpm_put(c, endorsement, 4);
		tpm_put(c, 18, 4);
		tpm_put_password(c);
		tpm_put(c, session, 4);
		tpm_put(c, 0, 2);
		tpm_put(c, 0, 1);
		tpm_put(c, 0, 2);
		tpm_put_bytes(c, challenge, size);
		if (send(r, "TPM2_ActivateCredential")) {
			tpm_get(&r->answer, 4);
			copy(a->secret, sizeof(a->secret), &a->secret_size,
			     tpm_get_sized(&r->answer));
		}
		flush(r, session);
	}
	flush(r, endorsement);
	return a->secret_size > 0;
}

/* Makes the key that signs, in the first hierarchy that allows it.  Returns its handle, or 0. */
static uint32_t make_key(struct run *r, struct attestation *a)
{
	static const uint32_t hierarchy[] = { TPM_RH_ENDORSEMENT, TPM_RH_OWNER };
	struct tpm_failure first = { NULL, 0 };
	struct tpm_bytes public;

	for (size_t i = 0; i < 2; i++) {
		const uint32_t key = create_primary(r, hierarchy[i], tpm_key_signing, &public);

		if (key && copy(a->public, sizeof(a->public), &a->public_size, public)) {
			a->hierarchy = hierarchy[i];
			return key;
		}
		if (i == 0)
			first = *r->failure;
	}
	*r->failure = first;
	return 0;
}

void attest_key(const struct attestation *a, attest_sha256 *sha256,
                char name[static TPM_KEY_NAME + 1])
{
	uint8_t digest[TPM_SHA256];
	struct text t;

	/* Without the length before it, as the TPM itself names the key. */
	sha256(digest, a->public + 2, a->public_size < 2 ? 0 : a->public_size - 2);
	text_start(&t, name, TPM_KEY_NAME + 1);
	for (size_t i = 0; i < TPM_KEY_NAME / 2; i++)
		text_hex(&t, digest[i], 2);
	text_string(&t);
}

static void open_challenge(struct run *r, struct attestation *a, uint32_t key,
                           const struct attest_report *report)
{
	uint8_t challenge[TPM_CHALLENGE_MAX];
	char name[TPM_KEY_NAME + 1];

	attest_key(a, report->sha256, name);
	const size_t size = report->challenge(report->of, name, challenge);
	if (size)
		activate(r, a, key, challenge, size);
}

bool attest(struct attestation *a, const struct tpm_device *device,
            const struct attest_report *report, uint8_t *answer, struct tpm_failure *failure)
{
	struct tpm_failure later;
	struct run r = { .device = device, .bytes = answer, .failure = failure };
	uint8_t digest[TPM_SHA256];

	memset(a, 0, sizeof(*a));
	a->bank = device->bank;
	report->sha256(digest, report->at, report->size);
	const uint32_t key = make_key(&r, a);
	if (!key)
		return false;
	const bool ok = read_pcrs(&r, a) && quote(&r, a, key, digest);
	if (ok) {
		r.failure = &later;
		read_certificates(&r, a);
		if (report->challenge)
			open_challenge(&r, a, key, report);
	}
	flush(&r, key);
	return ok;
}
