/* SPDX-License-Identifier: MIT */
#include <sodium.h>

#include "tpm/attest_text.h"
#include "tpm/event_log.h"
#include "tpm_fake.h"
#include "unit.h"

/* One of its answers can be spoiled. */
struct fake {
	struct fake_tpm tpm;
	size_t commands;
	enum spoil { NOTHING, SILENT, REFUSES, CUT, LONG, GARBAGE, BEYOND } spoil;
	bool always;       /* not only the one */
	size_t which, cut; /* which command, and how long its answer is */
	uint32_t seed;
};

static void sha256(uint8_t digest[static TPM_SHA256], const uint8_t *at, size_t size)
{
	crypto_hash_sha256(digest, at, size);
}

static bool send(void *of, const uint8_t *command, size_t size, uint8_t *answer, size_t room,
                 size_t *ret_size)
{
	struct fake *f = of;
	const bool this_one = f->commands++ == f->which || f->always;
	const enum spoil spoil = this_one ? f->spoil : NOTHING;
	size_t used;

	assert_int_equal(fake_tpm_number(command + 2, 4), size);
	memset(answer, 0xee, room);
	used = fake_tpm_answer(&f->tpm, spoil == REFUSES ? 0x921 : 0, command, answer, room);
	assert_true(used > 0);
	*ret_size = room;
	if (spoil == CUT && f->cut < used)
		*ret_size = f->cut;
	if (spoil == BEYOND)
		*ret_size = room + 1;
	if (spoil == LONG)
		memset(answer + 2, 0xff, 4);
	for (size_t i = 10; spoil == GARBAGE && i < used; i++)
		answer[i] = (uint8_t)random_next(&f->seed);
	return spoil != SILENT;
}

static size_t challenge(void *of, const char *key, uint8_t bytes[static TPM_CHALLENGE_MAX])
{
	assert_int_equal(strlen(key), TPM_KEY_NAME);
	(void)of;
	memset(bytes, 0x77, 328);
	return 328;
}

static struct attestation attestation;

/* The answer's room is from malloc, so that the sanitizer sees what is read after it. */
static bool ask(struct fake *f, struct tpm_failure *failure)
{
	const struct tpm_device device = { send, f, TPM_ANSWER_MAX, TPM_ALG_SHA256 };
	const struct attest_report report = { "report", 6, sha256, challenge, NULL };
	uint8_t *answer = malloc(TPM_ANSWER_MAX);
	const bool ok = attest(&attestation, &device, &report, answer, failure);

	free(answer);
	return ok;
}

static void is_filled(const uint8_t *at, uint8_t byte, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(at[i], byte);
}

static void test_attest(void **state)
{
	struct tpm_failure failure;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct fake f = { .tpm.few_pcrs = i & 1, .tpm.closed = i & 2 };

		assert_true(ask(&f, &failure));
		assert_int_equal(attestation.hierarchy, i & 2 ? TPM_RH_OWNER : TPM_RH_ENDORSEMENT);
		assert_int_equal(attestation.public_size, 90);
		is_filled(attestation.public + 2, 0x11, 88);
		assert_int_equal(attestation.quote_size, 145);
		is_filled(attestation.quote, 0x22, 145);
		assert_int_equal(attestation.signature_size, 72);
		is_filled(attestation.signature, 0x33, 72);
		for (uint8_t k = 0; k < TPM_PCRS; k++)
			is_filled(attestation.pcr[k], (uint8_t)(0xa0 + k), 32);
		assert_int_equal(attestation.certificates, 1);
		assert_int_equal(attestation.certificate[0].size, 1016);
		is_filled(attestation.certificate[0].at, 0x55, 1016);
		/* The endorsement key cannot be had either if its hierarchy is closed. */
		assert_int_equal(attestation.secret_size, i & 2 ? 0 : 32);
	}
}

/* Every answer is missing, an error, cut at every length, too long, and made of other bytes. */
static void test_spoiled(void **state)
{
	struct fake whole = { .spoil = NOTHING };
	struct tpm_failure failure;

	(void)state;
	assert_true(ask(&whole, &failure));
	for (size_t which = 0; which < whole.commands; which++) {
		for (unsigned spoil = SILENT; spoil <= GARBAGE; spoil++) {
			for (size_t i = 0; i < (spoil < CUT || spoil == LONG ? 1 : 300); i++) {
				struct fake f = { .spoil = (enum spoil)spoil,
					          .which = which,
					          .cut = i,
					          .seed = (uint32_t)i + 1 };
				const bool ok = ask(&f, &failure);

				/* The PCRs and the quote cannot be replaced. */
				if ((which == 1 || which == 2) && spoil < GARBAGE && i < 20) {
					assert_false(ok);
					assert_string_equal(failure.step, which == 1
					                                          ? "TPM2_PCR_Read"
					                                          : "TPM2_Quote");
					assert_int_equal(failure.code, spoil == REFUSES
					                                       ? 0x921
					                                       : TPM_RC_NO_ANSWER);
				}
				/* Without the endorsement hierarchy there is the owner's. */
				if (which == 0 && spoil < GARBAGE && i < 20) {
					assert_true(ok);
					assert_int_equal(attestation.hierarchy, TPM_RH_OWNER);
				}
			}
		}
	}
}

/* What is said is why the first hierarchy gave no key; nothing is asked of a TPM without one. */
static void test_no_key(void **state)
{
	static const enum spoil spoils[] = { SILENT, REFUSES, BEYOND };
	struct tpm_failure failure;

	(void)state;
	for (size_t i = 0; i < COUNT(spoils); i++) {
		struct fake f = { .spoil = spoils[i], .always = true };

		assert_false(ask(&f, &failure));
		assert_int_equal(f.commands, 2);
		assert_string_equal(failure.step, "TPM2_CreatePrimary");
		assert_int_equal(failure.code, spoils[i] == REFUSES ? 0x921 : TPM_RC_NO_ANSWER);
	}
}

/* As PC Client profiles and TCG's algorithm registry have them. */
static void test_digest_sizes(void **state)
{
	(void)state;
	assert_int_equal(tpm_digest_size(TPM_ALG_SHA1), 20);
	assert_int_equal(tpm_digest_size(TPM_ALG_SHA256), 32);
	assert_int_equal(tpm_digest_size(TPM_ALG_SHA384), 48);
	assert_int_equal(tpm_digest_size(TPM_ALG_SHA512), 64);
	assert_int_equal(tpm_digest_size(TPM_ALG_NULL), 0);
}

/* A command that does not fit is noted, and stays as long as it was. */
static void test_full_command(void **state)
{
	struct tpm_command c;
	uint8_t bytes[sizeof(c.at)] = { 0 };

	(void)state;
	tpm_command_start(&c, 1);
	tpm_put_bytes(&c, bytes, sizeof(c.at) - c.used);
	assert_false(c.full);
	tpm_put(&c, 1, 1);
	assert_true(c.full);
	tpm_put_bytes(&c, bytes, 0);
	assert_true(c.full);
	assert_int_equal(c.used, sizeof(c.at));
	tpm_command_start(&c, 1);
	assert_false(c.full);
}

static char text[ATTEST_TEXT_MAX];
static uint8_t log_bytes[TPM_LOG_MAX];

static size_t write_text(const struct attestation *a)
{
	struct text t;

	text_start(&t, text, sizeof(text));
	attest_write(&t, a);
	assert_false(t.full);
	return t.used;
}

/* What is written is read, and what is read is written in the same bytes. */
static void test_text(void **state)
{
	static struct attestation again;
	static uint8_t log[TPM_LOG_MAX], long_log[TPM_LOG_MAX];
	struct fake f = { .spoil = NOTHING };
	struct tpm_failure failure;
	struct where where;

	(void)state;
	assert_true(ask(&f, &failure));
	attestation.log = (const uint8_t *)"a log";
	attestation.log_size = 5;
	size_t size = write_text(&attestation);
	char *copy = malloc(size), *bad = malloc(size);
	memcpy(copy, text, size);
	assert_int_equal(attest_read(&again, log, copy, size, &where), ERR_NONE);
	assert_int_equal(write_text(&again), size);
	assert_memory_equal(text, copy, size);
	for (size_t cut = 0; cut < size; cut++) {
		memcpy(bad, copy, cut);
		assert_int_not_equal(attest_read(&again, log, bad, cut, &where), ERR_NONE);
		assert_true(where.line > 0 && where.column > 0);
	}
	free(copy);
	free(bad);
	/* The longest log, and everything else as long as it can be. */
	attestation.log = long_log;
	attestation.log_size = sizeof(long_log);
	attestation.public_size = sizeof(attestation.public);
	attestation.quote_size = sizeof(attestation.quote);
	attestation.signature_size = sizeof(attestation.signature);
	attestation.secret_size = sizeof(attestation.secret);
	attestation.bank = TPM_ALG_SHA512;
	attestation.certificates = TPM_CERTIFICATES;
	for (size_t i = 0; i < TPM_CERTIFICATES; i++)
		attestation.certificate[i].size = TPM_CERTIFICATE_MAX;
	size = write_text(&attestation);
	copy = malloc(size);
	memcpy(copy, text, size);
	assert_int_equal(attest_read(&again, log, copy, size, &where), ERR_NONE);
	free(copy);
}

static const struct {
	const char *from, *to;
	enum err err;
} refused[] = {
	{ "cpulevel-tpm 1", "cpulevel-tmp 1", ERR_NOT_TPM },
	{ "cpulevel-tpm 1", "cpulevel-tpm 2", ERR_VERSION },
	{ "hierarchy endorsement", "hierarchy platform", ERR_WORD },
	{ "key 90", "key 0", ERR_RANGE },
	{ "key 90", "key 9000", ERR_RANGE },
	{ "key 90", "kee 90", ERR_WORD },
	{ "pcr 3", "pcr 4", ERR_ORDER },
	{ "pcr 3 a3", "pcr 3 A3", ERR_HEX },
	{ "certificate 01c00002", "certificate 1c00002", ERR_HEX },
	{ "der 1016", "der 1017", ERR_BASE64 },
	{ "der 1016", "ber 1016", ERR_WORD },
	{ "log 5", "log 0", ERR_RANGE },
	{ "log 5", "log 6", ERR_BASE64 },
	{ "log 5", "log 60", ERR_BASE64 },
	{ "end\n", "end\n\n", ERR_TRAILING },
};

static void test_bad_text(void **state)
{
	static struct attestation again;
	static uint8_t log[TPM_LOG_MAX];
	static char bad[ATTEST_TEXT_MAX];
	struct fake f = { .spoil = NOTHING };
	struct tpm_failure failure;

	(void)state;
	assert_true(ask(&f, &failure));
	attestation.log = (const uint8_t *)"a log";
	attestation.log_size = 5;
	text[write_text(&attestation)] = '\0';
	for (size_t i = 0; i < COUNT(refused); i++) {
		const char *at = strstr(text, refused[i].from);
		struct where where;

		assert_non_null(at);
		const int size = snprintf(bad, sizeof(bad), "%.*s%s%s", (int)(at - text), text,
		                          refused[i].to, at + strlen(refused[i].from));
		const enum err err = attest_read(&again, log, bad, (size_t)size, &where);
		if (err != refused[i].err)
			fail_msg("%s: %zu:%zu: %s", refused[i].to, where.line, where.column,
			         err_text(err));
	}
}

static struct text log_text;

static void log_number(uint32_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		const char byte = (char)(value >> 8 * i);

		text_bytes(&log_text, &byte, 1);
	}
}

/* The header, with SHA-1 and SHA-256. */
static void log_start(void)
{
	text_start(&log_text, (char *)log_bytes, sizeof(log_bytes));
	log_number(0, 4);
	log_number(EV_NO_ACTION, 4);
	for (unsigned i = 0; i < 5; i++)
		log_number(0, 4);
	log_number(37, 4);
	text_bytes(&log_text, "Spec ID Event03", 16);
	log_number(0, 4);
	log_number(0x02000200, 4);
	log_number(2, 4);
	log_number(TPM_ALG_SHA1, 2);
	log_number(20, 2);
	log_number(TPM_ALG_SHA256, 2);
	log_number(32, 2);
	log_number(0, 1);
}

static void log_event(uint32_t pcr, uint32_t type, uint8_t byte, const char *data, size_t size)
{
	uint8_t digest[32];

	memset(digest, byte, sizeof(digest));
	log_number(pcr, 4);
	log_number(type, 4);
	log_number(2, 4);
	log_number(TPM_ALG_SHA1, 2);
	text_bytes(&log_text, (const char *)digest, 20);
	log_number(TPM_ALG_SHA256, 2);
	text_bytes(&log_text, (const char *)digest, 32);
	log_number((uint32_t)size, 4);
	text_bytes(&log_text, data, size);
}

static void extend(void *of, uint16_t alg, const uint8_t *at, size_t size,
                   uint8_t digest[static TPM_DIGEST])
{
	(void)of;
	assert_int_equal(alg, TPM_ALG_SHA256);
	assert_int_equal(size, 64);
	crypto_hash_sha256(digest, at, size);
}

static void test_log(void **state)
{
	uint8_t pcr[TPM_PCRS][TPM_DIGEST], wanted[64] = { 0 };

	(void)state;
	log_start();
	const uint8_t *last = log_bytes + log_text.used;
	assert_int_equal(event_log_size(log_bytes, log_bytes, sizeof(log_bytes)), log_text.used);
	log_event(0, EV_NO_ACTION, 0, "StartupLocality\0\3", 17);
	log_event(0, 8, 0xa1, "", 0);
	log_event(4, EV_EFI_BOOT_SERVICES_APPLICATION, 0xb2, "shell", 5);
	assert_true(event_log_replay(log_bytes, log_text.used, TPM_ALG_SHA256, extend, NULL, pcr));
	wanted[31] = 3;
	memset(wanted + 32, 0xa1, 32);
	crypto_hash_sha256(wanted, wanted, 64);
	assert_memory_equal(pcr[0], wanted, 32);
	memset(wanted, 0, 32);
	memset(wanted + 32, 0xb2, 32);
	crypto_hash_sha256(wanted, wanted, 64);
	assert_memory_equal(pcr[4], wanted, 32);
	memset(wanted, 0, 32);
	assert_memory_equal(pcr[7], wanted, 32);
	/* No event has this bank's digest, and there is no such bank. */
	assert_false(event_log_replay(log_bytes, log_text.used, TPM_ALG_SHA384, extend, NULL, pcr));
	assert_false(event_log_replay(log_bytes, log_text.used, 0x1234, extend, NULL, pcr));

	/* The length is up to the end of the event that begins at last, wherever that is. */
	const size_t whole = log_text.used;
	log_event(5, 8, 0xc3, "more", 4);
	const uint8_t *later = log_bytes + whole;
	assert_int_equal(event_log_size(log_bytes, later, sizeof(log_bytes)), log_text.used);
	assert_true(event_log_size(log_bytes, last, sizeof(log_bytes)) < whole);
	assert_int_equal(event_log_size(log_bytes, later + 1, sizeof(log_bytes)), 0);
	assert_int_equal(event_log_size(log_bytes, later, whole), 0);
	assert_int_equal(event_log_size(NULL, later, whole), 0);
}

/* Logs that are cut anywhere. */
static void test_broken_log(void **state)
{
	uint8_t pcr[TPM_PCRS][TPM_DIGEST];

	(void)state;
	log_start();
	const size_t header = log_text.used;
	log_event(0, 8, 0xa1, "abc", 3);
	log_event(4, EV_EFI_BOOT_SERVICES_APPLICATION, 0xb2, "shell", 5);
	const size_t whole = log_text.used, first = header + (whole - header - 2) / 2;
	for (size_t cut = 0; cut < whole; cut++) {
		uint8_t *copy = malloc(cut + 1);

		memcpy(copy, log_bytes, cut);
		if (event_log_replay(copy, cut, TPM_ALG_SHA256, extend, NULL, pcr))
			assert_true(cut == header || cut == first);
		free(copy);
	}
}

/* Replaces a number of the log; returns whether the log can still be replayed. */
static bool replays_with(size_t at, uint8_t byte)
{
	uint8_t pcr[TPM_PCRS][TPM_DIGEST];
	const uint8_t before = log_bytes[at];

	log_bytes[at] = byte;
	const bool ok =
		event_log_replay(log_bytes, log_text.used, TPM_ALG_SHA256, extend, NULL, pcr);
	log_bytes[at] = before;
	return ok;
}

static void test_strange_logs(void **state)
{
	uint8_t pcr[TPM_PCRS][TPM_DIGEST], zero[TPM_DIGEST] = { 0 };

	(void)state;
	log_start();
	const size_t event = log_text.used;
	log_event(0, 8, 0xa1, "abc", 3);
	assert_true(replays_with(32, 'S'));
	assert_false(replays_with(32, 's'));      /* the signature */
	assert_false(replays_with(28, 27));       /* too short for what must be in it */
	assert_false(replays_with(28 + 3, 0x80)); /* longer than the log */
	assert_false(replays_with(56, 3));        /* more algorithms than there is room for */
	assert_false(replays_with(56, EVENT_LOG_ALGS + 1));
	assert_false(replays_with(66, 20));       /* SHA-256 of 20 bytes */
	assert_false(replays_with(event + 8, 3)); /* more digests than there are */
	assert_false(replays_with(event + 8, EVENT_LOG_ALGS + 1));
	assert_false(replays_with(event + 12, 0x0c)); /* one whose length nobody says */
	/* An event of another PCR, a locality that is none, and one of another PCR. */
	log_start();
	log_event(TPM_PCRS, 8, 0xa1, "abc", 3);
	log_event(0, EV_NO_ACTION, 0, "StartupLocality", 16);
	log_event(0, EV_NO_ACTION, 0, "StartupLocalitY\0\3", 17);
	log_event(1, EV_NO_ACTION, 0, "StartupLocality\0\3", 17);
	assert_true(event_log_replay(log_bytes, log_text.used, TPM_ALG_SHA256, extend, NULL, pcr));
	for (size_t i = 0; i < TPM_PCRS; i++)
		assert_memory_equal(pcr[i], zero, sizeof(zero));
	assert_int_equal(event_log_size(log_bytes, log_bytes + 1, 40), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attest),       cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_text),         cmocka_unit_test(test_log),
		cmocka_unit_test(test_broken_log),   cmocka_unit_test(test_no_key),
		cmocka_unit_test(test_digest_sizes), cmocka_unit_test(test_full_command),
		cmocka_unit_test(test_bad_text),     cmocka_unit_test(test_strange_logs),
	};

	return cmocka_run_group_tests_name("tpm", tests, NULL, NULL);
}
