// SPDX-License-Identifier: MIT
/*
 * tpm.c - a TPM that answers anything, the firmware's log, and the file beside a report.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "input/tpm_check.h"
#include "tpm/attest_text.h"
#include "tpm/event_log.h"

static struct attestation attestation, back;
static uint8_t log_bytes[TPM_LOG_MAX];

static void sha256(uint8_t digest[static TPM_SHA256], const uint8_t *at, size_t size)
{
	crypto_hash_sha256(digest, at, size);
}

static const struct text *spell(const struct attestation *a)
{
	static char room[2][ATTEST_TEXT_MAX];
	static struct text text[2];
	static unsigned next;
	struct text *t = &text[next % 2];

	text_start(t, room[next++ % 2], sizeof(room[0]));
	attest_write(t, a);
	CHECK(!t->full);
	return t;
}

/* A header that is right more often than not, and then what the input has. */
static bool answer(void *of, const uint8_t *command, size_t size, uint8_t *answer, size_t room,
                   size_t *ret_size)
{
	struct feed *f = of;
	const uint8_t how = feed_byte(f);
	size_t length = feed_byte(f) + (how & 0x80 ? 256U * feed_byte(f) : 0);

	CHECK(size >= 10 && size <= TPM_COMMAND_MAX && command[0] == 0x80);
	memset(answer, 0xee, room);
	const uint8_t *bytes = feed_bytes(f, &length);
	if (length > room - 10)
		length = room - 10;
	const size_t whole = length + 10;
	const uint8_t head[10] = { 0x80,
		                   how & 1 ? 0x02 : 0x01,
		                   0,
		                   0,
		                   (uint8_t)(whole >> 8),
		                   (uint8_t)whole,
		                   0,
		                   0,
		                   how & 2 ? 0x09 : 0,
		                   how & 2 ? 0xa2 : 0 };
	memcpy(answer, head, sizeof(head));
	if (length)
		memcpy(answer + 10, bytes, length);
	*ret_size = how & 4 ? feed_below(f, 256) : how & 8 ? room : whole;
	return !(how & 0x40) || how & 0x20;
}

static size_t challenge(void *of, const char *key, uint8_t bytes[static TPM_CHALLENGE_MAX])
{
	CHECK(strlen(key) == TPM_KEY_NAME);
	(void)of;
	memset(bytes, 0x77, 328);
	return 328;
}

void fuzz_tpm_answers(const uint8_t *data, size_t size)
{
	struct feed f = { data, data + size };
	const size_t room = 256 + 64 * feed_below(&f, 61);
	const struct tpm_device device = { answer, &f, room, TPM_ALG_SHA256 };
	const struct attest_report report = { "report", 6, sha256, challenge, NULL };
	struct tpm_failure failure = { NULL, 0 };
	struct where where;
	uint8_t *bytes = malloc(room);

	CHECK(bytes && room <= TPM_ANSWER_MAX);
	const bool ok = attest(&attestation, &device, &report, bytes, &failure);
	free(bytes);
	CHECK(ok || failure.step);
	if (!ok)
		return;
	attestation.log_size = 0;
	const struct text *text = spell(&attestation);
	CHECK(attest_read(&back, log_bytes, text->at, text->used, &where) == ERR_NONE);
	fuzz_same_text(text, spell(&back));
}

void fuzz_attest(const uint8_t *data, size_t size)
{
	const struct text text = { (char *)data, size, size, false };
	struct where where = { 0, 0 };

	if (attest_read(&back, log_bytes, text.at, text.used, &where) == ERR_NONE)
		fuzz_same_text(&text, spell(&back));
	else
		CHECK(where.line > 0 && where.column > 0);
}

/* The whole check of a report's TPM; the report's hash is zero, or what the quote says. */
void fuzz_quote(const uint8_t *data, size_t size)
{
	static const uint8_t report[TPM_SHA256];
	const char *path = fuzz_file("quote" ATTEST_ENDING, data, size);
	char name[512];
	struct tpm_checked c;

	memcpy(name, path, strlen(path) + 1);
	name[strlen(path) - strlen(ATTEST_ENDING)] = '\0';
	tpm_check(&c, name, report);
	fuzz_says_why(c.state != TPM_UNREADABLE);
	CHECK(c.state == TPM_UNREADABLE || c.state == TPM_BAD);
	CHECK((c.state == TPM_BAD) == (c.cause != NULL));
	tpm_check_free(&c);
}

static void extend(void *of, uint16_t alg, const uint8_t *at, size_t size,
                   uint8_t digest[static TPM_DIGEST])
{
	uint8_t sum[crypto_hash_sha512_BYTES];

	(void)of;
	CHECK(size == 2 * tpm_digest_size(alg));
	crypto_hash_sha512(sum, at, size);
	memcpy(digest, sum, tpm_digest_size(alg));
}

/* The first two bytes say where the last event begins. */
void fuzz_event_log(const uint8_t *data, size_t size)
{
	static const uint16_t banks[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384,
		                          TPM_ALG_SHA512, 0x1234 };
	struct feed f = { data, data + size };
	uint8_t pcr[TPM_PCRS][TPM_DIGEST];
	struct event_log l;
	struct event e;

	const uint16_t bank = banks[feed_below(&f, COUNT(banks))];
	size_t last = feed_byte(&f), left = (size_t)(f.end - f.at);
	last |= (size_t)feed_byte(&f) << 8;
	left = (size_t)(f.end - f.at);
	const struct bytes log = fuzz_copy(feed_bytes(&f, &left), left);
	const uint8_t *at = (const uint8_t *)log.at;
	const size_t whole = event_log_size(at, at + (last < left ? last : 0), left);
	CHECK(whole <= left);
	event_log_replay(at, left, bank, extend, NULL, pcr);
	event_log_start(&l, at, left);
	while (event_log_next(&l, bank, &e))
		CHECK(e.data >= at && e.data + e.size <= at + left);
	free(log.at);
}
