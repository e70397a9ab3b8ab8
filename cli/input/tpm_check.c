/* SPDX-License-Identifier: MIT */
#include "input/tpm_check.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tss2/tss2_mu.h>

#include "cli.h"
#include "input/crypto.h"
#include "input/file.h"
#include "input/libcrypto.h"
#include "tpm/event_log.h"

/* Bytes of a coordinate of P-256, and of a point with the byte before it. */
#define COORDINATE 32
#define POINT      (1 + 2 * COORDINATE)

static const EVP_MD *hash_of(uint16_t alg)
{
	switch (alg) {
	case TPM_ALG_SHA1:
		return libcrypto.EVP_sha1();
	case TPM_ALG_SHA384:
		return libcrypto.EVP_sha384();
	case TPM_ALG_SHA512:
		return libcrypto.EVP_sha512();
	}
	return libcrypto.EVP_sha256();
}

static void hash(void *of, uint16_t alg, const uint8_t *at, size_t size,
                 uint8_t digest[static TPM_DIGEST])
{
	(void)of;
	libcrypto.EVP_Digest(at, size, digest, NULL, hash_of(alg), NULL);
}

/* Returns why the key is none that signs quotes only and cannot leave the TPM; NULL: it is one. */
static const char *check_key(const struct attestation *a, TPMT_PUBLIC *ret)
{
	const TPMA_OBJECT wanted = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
	                           TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_RESTRICTED |
	                           TPMA_OBJECT_SIGN_ENCRYPT;
	TPM2B_PUBLIC public = { 0 };
	size_t used = 0;

	if (Tss2_MU_TPM2B_PUBLIC_Unmarshal(a->public, a->public_size, &used, &public) != 0 ||
	    used != a->public_size)
		return "its key is not a TPM2B_PUBLIC";
	const TPMT_PUBLIC *p = &public.publicArea;
	if (p->type != TPM2_ALG_ECC || p->nameAlg != TPM2_ALG_SHA256 ||
	    p->parameters.eccDetail.curveID != TPM2_ECC_NIST_P256 ||
	    p->parameters.eccDetail.scheme.scheme != TPM2_ALG_ECDSA ||
	    p->parameters.eccDetail.scheme.details.ecdsa.hashAlg != TPM2_ALG_SHA256)
		return "its key is not one for ECDSA with P-256 and SHA-256";
	if ((p->objectAttributes & (wanted | TPMA_OBJECT_DECRYPT)) != wanted)
		return "its key may sign other things than the TPM's own, or may leave the TPM";
	*ret = *p;
	return NULL;
}

/* True if the quote is of PCR 0 to 7 of the bank, and of nothing else. */
static bool selects_ours(const TPML_PCR_SELECTION *s, uint16_t bank)
{
	const TPMS_PCR_SELECTION *one = &s->pcrSelections[0];

	if (s->count != 1 || one->hash != bank || one->sizeofSelect < 1 ||
	    one->pcrSelect[0] != 0xff)
		return false;
	for (unsigned i = 1; i < one->sizeofSelect; i++)
		if (one->pcrSelect[i] != 0)
			return false;
	return true;
}

/* Returns why the quote is none over this report and these PCRs; NULL: it is. */
static const char *check_quote(const struct attestation *a, const uint8_t report[static TPM_SHA256],
                               TPMS_ATTEST *ret)
{
	const size_t size = tpm_digest_size(a->bank);
	uint8_t pcrs[TPM_PCRS * TPM_DIGEST], digest[TPM_SHA256];
	TPMS_ATTEST q = { 0 };
	size_t used = 0;

	if (Tss2_MU_TPMS_ATTEST_Unmarshal(a->quote, a->quote_size, &used, &q) != 0 ||
	    used != a->quote_size || q.magic != TPM2_GENERATED_VALUE ||
	    q.type != TPM2_ST_ATTEST_QUOTE)
		return "what is signed is not a quote";
	if (q.extraData.size != TPM_SHA256 || memcmp(q.extraData.buffer, report, TPM_SHA256) != 0)
		return "the quote is over other bytes than this report";
	if (!selects_ours(&q.attested.quote.pcrSelect, a->bank))
		return "the quote is not of PCR 0 to 7";
	for (unsigned i = 0; i < TPM_PCRS; i++)
		memcpy(pcrs + i * size, a->pcr[i], size);
	crypto_sha256(digest, pcrs, TPM_PCRS * size);
	if (q.attested.quote.pcrDigest.size != TPM_SHA256 ||
	    memcmp(q.attested.quote.pcrDigest.buffer, digest, TPM_SHA256) != 0)
		return "the quote is of other values of PCR 0 to 7";
	*ret = q;
	return NULL;
}

/* Returns OpenSSL's form of a key, or NULL if it is no point of the curve. */
static EVP_PKEY *key_of(const TPMS_ECC_POINT *p)
{
	uint8_t point[POINT] = { 0x04 };
	char group[] = "prime256v1";
	EVP_PKEY *key = NULL;

	if (p->x.size > COORDINATE || p->y.size > COORDINATE)
		return NULL;
	memcpy(point + 1 + COORDINATE - p->x.size, p->x.buffer, p->x.size);
	memcpy(point + POINT - p->y.size, p->y.buffer, p->y.size);
	OSSL_PARAM parameters[] = {
		libcrypto.OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		libcrypto.OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
		                                            sizeof(point)),
		libcrypto.OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx = libcrypto.EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	if (!ctx || libcrypto.EVP_PKEY_fromdata_init(ctx) != 1 ||
	    libcrypto.EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		key = NULL;
	libcrypto.EVP_PKEY_CTX_free(ctx);
	return key;
}

/* Returns a signature in DER, for OPENSSL_free, and its length; NULL: it is none. */
static uint8_t *signature_der(const TPMS_SIGNATURE_ECC *s, int *ret_size)
{
	ECDSA_SIG *sig = libcrypto.ECDSA_SIG_new();
	BIGNUM *r = libcrypto.BN_bin2bn(s->signatureR.buffer, s->signatureR.size, NULL);
	BIGNUM *t = libcrypto.BN_bin2bn(s->signatureS.buffer, s->signatureS.size, NULL);
	uint8_t *der = NULL;

	if (sig && r && t && libcrypto.ECDSA_SIG_set0(sig, r, t) == 1) {
		*ret_size = libcrypto.i2d_ECDSA_SIG(sig, &der);
	} else {
		libcrypto.BN_free(r);
		libcrypto.BN_free(t);
	}
	libcrypto.ECDSA_SIG_free(sig);
	return der;
}

/* Returns why the signature is none of the quote by the key; NULL: it is. */
static const char *check_signature(const struct attestation *a, const TPMT_PUBLIC *public)
{
	static const char bad[] = "BAD SIGNATURE: the quote has been changed";
	TPMT_SIGNATURE s = { 0 };
	size_t used = 0;
	int size = 0;

	if (Tss2_MU_TPMT_SIGNATURE_Unmarshal(a->signature, a->signature_size, &used, &s) != 0 ||
	    used != a->signature_size || s.sigAlg != TPM2_ALG_ECDSA ||
	    s.signature.ecdsa.hash != TPM2_ALG_SHA256)
		return "its signature is not one with ECDSA and SHA-256";
	EVP_PKEY *key = key_of(&public->unique.ecc);
	uint8_t *der = signature_der(&s.signature.ecdsa, &size);
	EVP_MD_CTX *ctx = libcrypto.EVP_MD_CTX_new();
	const bool good =
		key && der && size > 0 && ctx &&
		libcrypto.EVP_DigestVerifyInit(ctx, NULL, libcrypto.EVP_sha256(), NULL, key) == 1 &&
		libcrypto.EVP_DigestVerify(ctx, der, (size_t)size, a->quote, a->quote_size) == 1;
	libcrypto.EVP_MD_CTX_free(ctx);
	libcrypto.CRYPTO_free(der, __FILE__, __LINE__);
	libcrypto.EVP_PKEY_free(key);
	return good ? NULL : bad;
}

/* Judges the log: does it lead to the PCRs, and which program does it say was started last? */
static void judge_log(struct tpm_checked *c)
{
	const struct attestation *a = c->a;
	const size_t size = tpm_digest_size(a->bank);
	uint8_t pcr[TPM_PCRS][TPM_DIGEST];
	struct event_log l;
	struct event e;

	c->log = a->log_size > 0 && event_log_replay(a->log, a->log_size, a->bank, hash, NULL, pcr);
	for (unsigned i = 0; i < TPM_PCRS; i++)
		c->log = c->log && memcmp(pcr[i], a->pcr[i], size) == 0;
	if (!c->log || a->bank != TPM_ALG_SHA256)
		return;
	event_log_start(&l, a->log, a->log_size);
	while (event_log_next(&l, a->bank, &e)) {
		if (e.pcr != 4 || e.type != EV_EFI_BOOT_SERVICES_APPLICATION)
			continue;
		memcpy(c->program, e.digest, TPM_SHA256);
		c->program_known = true;
	}
}

/* Returns why a TPM's signature is none of this report; NULL: it is. */
static const char *judge(struct tpm_checked *c, const uint8_t report[static TPM_SHA256])
{
	TPMT_PUBLIC public;
	TPMS_ATTEST quote;
	const char *cause = check_key(c->a, &public);

	if (!cause)
		cause = check_quote(c->a, report, &quote);
	if (!cause)
		cause = check_signature(c->a, &public);
	if (cause)
		return cause;
	crypto_sha256(c->key, c->a->public + 2, c->a->public_size - 2);
	attest_key(c->a, crypto_sha256, c->name);
	/* A TPM hides the numbers of its resets from a key of the owner's. */
	c->resets = c->a->hierarchy == TPM_RH_ENDORSEMENT ? quote.clockInfo.resetCount : 0;
	judge_log(c);
	return NULL;
}

/* Returns PATH.tpm, allocated. */
static char *name_of(const char *path)
{
	char *name = allocate(strlen(path) + sizeof(ATTEST_ENDING));

	sprintf(name, "%s" ATTEST_ENDING, path);
	return name;
}

bool tpm_check_needed(const char *path)
{
	char *name = name_of(path);
	struct stat st;
	const bool missing = stat(name, &st) != 0 && errno == ENOENT;

	free(name);
	return !missing;
}

void tpm_check(struct tpm_checked *c, const char *path, const uint8_t *report)
{
	struct bytes file;
	struct where where;
	bool missing;

	*c = (struct tpm_checked){ .state = report ? TPM_UNREADABLE : TPM_NO_FILE };
	if (!report)
		return;
	char *name = name_of(path);
	if (!file_read_beside(name, ATTEST_TEXT_MAX, &file, &missing)) {
		c->state = missing ? TPM_NO_FILE : TPM_UNREADABLE;
		free(name);
		return;
	}
	/* The log is in the same memory, after the rest. */
	c->a = allocate(sizeof(*c->a) + TPM_LOG_MAX);
	const enum err err = attest_read(c->a, (uint8_t *)(c->a + 1), file.at, file.size, &where);
	if (err != ERR_NONE) {
		trouble_at(name, err, &where);
	} else if (libcrypto_load()) {
		c->cause = judge(c, report);
		c->state = c->cause ? TPM_BAD : TPM_GOOD;
	}
	free(file.at);
	free(name);
}

void tpm_check_free(struct tpm_checked *c)
{
	free(c->a);
	c->a = NULL;
}
