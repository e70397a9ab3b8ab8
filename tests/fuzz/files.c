// SPDX-License-Identifier: MIT
/*
 * files.c - this program's own files: what is accepted is written again as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/scan.h"
#include "fleet/pool.h"
#include "fuzz.h"
#include "input/crypto.h"
#include "report/cpuid_r.h"
#include "report/seal.h"

static struct report report;

/* What cpuid -r would print of it can be read, and is printed so again. */
static void check_cpuid_r(const struct report *r)
{
	static char room[2][1 << 20];
	static struct report back;
	struct text text[2];
	struct where where;

	text_start(&text[0], room[0], sizeof(room[0]));
	cpuid_r_write(&text[0], r);
	if (text[0].full || !r->processors ||
	    cpuid_r_read(&back, text[0].at, text[0].used, &where) != ERR_NONE)
		return;
	text_start(&text[0], room[0], sizeof(room[0]));
	cpuid_r_write(&text[0], &back);
	CHECK(cpuid_r_read(&back, text[0].at, text[0].used, &where) == ERR_NONE);
	text_start(&text[1], room[1], sizeof(room[1]));
	cpuid_r_write(&text[1], &back);
	fuzz_same_text(&text[0], &text[1]);
}

void fuzz_report(const uint8_t *data, size_t size)
{
	const struct text text = { (char *)data, size, size, false };
	struct where where = { 0, 0 };

	const enum err err = report_read(&report, text.at, text.used, &where);
	CHECK(err == ERR_NONE || err == ERR_NOT_REPORT || err == ERR_EMPTY || where.line > 0);
	if (err != ERR_NONE)
		return;
	fuzz_same_text(&text, fuzz_respell(&report));
	check_cpuid_r(&report);
}

/* struct pool has no place for who wrote it. */
static bool program_of(const struct text *text, char program[static REPORT_STRING_MAX + 1])
{
	struct scan s;

	scan_start(&s, text->at, text->used);
	scan_word(&s, POOL_MAGIC, ERR_WORD);
	scan_space(&s);
	const uint64_t version = scan_decimal(&s, 4);
	scan_line_end(&s);
	scan_word(&s, "program", ERR_WORD);
	scan_space(&s);
	scan_quoted(&s, program, REPORT_STRING_MAX + 1);
	CHECK(s.err == ERR_NONE);
	return version >= 3;
}

static struct text spell(const struct pool *p, const char *program)
{
	const size_t room = pool_size(p);
	char *bytes = malloc(room);
	struct text t;

	CHECK(bytes);
	text_start(&t, bytes, room);
	pool_write(&t, p, program);
	CHECK(!t.full);
	return t;
}

void fuzz_pool(const uint8_t *data, size_t size)
{
	const struct text text = { (char *)data, size, size, false };
	static struct pool p, back, twice;
	char program[REPORT_STRING_MAX + 1];
	struct where where = { 0, 0 };

	pool_start(&p);
	const enum err err = pool_read(&p, text.at, text.used, &where);
	CHECK(err == ERR_NONE || err == ERR_NOT_POOL || err == ERR_EMPTY || where.line > 0);
	if (err != ERR_NONE)
		return;
	const bool same = program_of(&text, program);
	struct text first = spell(&p, program);
	if (same)
		fuzz_same_text(&text, &first);
	pool_start(&back);
	CHECK(pool_read(&back, first.at, first.used, &where) == ERR_NONE);
	struct text second = spell(&back, program);
	fuzz_same_text(&first, &second);
	free(second.at);
	/* With itself it is what it was. */
	pool_start(&twice);
	CHECK(pool_add_pool(&twice, &p) == ERR_NONE && pool_add_pool(&twice, &back) == ERR_NONE);
	CHECK(pool_finish(&twice) == ERR_NONE && twice.hosts == p.hosts);
	free(first.at);
	pool_free(&twice);
	pool_free(&back);
	pool_free(&p);
}

/* What is signed by this key is accepted, and nothing else: a signature is its first byte doubled.
 */
static bool sum_verify(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                       size_t size, const uint8_t key[static SEAL_PUBLIC])
{
	(void)key;
	return size == 0 || signature[0] % 2 == message[0] % 2;
}

void fuzz_seal(const uint8_t *data, size_t size)
{
	static const struct seal_public keys[] = {
		{ .number = "\0\0\0\0\0\0\0\0" },
		{ .number = { 0x8d, 0x2e, 0x3b, 0x5c, 0x01, 0x02, 0x03, 0x04 } },
		{ .number = { 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A' } },
	};
	static char comment[SEAL_COMMENT_MAX + 1];
	const struct seal_public *key = NULL;
	uint8_t number[SEAL_NUMBER];

	const enum err err = seal_check((const char *)data, size, "message", 7, keys, COUNT(keys),
	                                sum_verify, &key, comment, number);
	CHECK(err == ERR_NONE || err == ERR_NOT_SEAL || err == ERR_PREHASHED ||
	      err == ERR_WRONG_KEY || err == ERR_BAD_SIGNATURE || err == ERR_BAD_COMMENT);
	if (err != ERR_NONE)
		return;
	CHECK(key >= keys && key < keys + COUNT(keys));
	CHECK(memcmp(key->number, number, SEAL_NUMBER) == 0);
	CHECK(memchr(comment, '\0', sizeof(comment)));
	CHECK(seal_check((const char *)data, size, "message", 7, keys, COUNT(keys), ed25519_verify,
	                 &key, comment, number) != ERR_NONE);
}

/* Both kinds of keys, as they are read and written again. */
void fuzz_keys(const uint8_t *data, size_t size)
{
	static char room[2][SEAL_TEXT_MAX];
	struct seal_public public = { .number = { 0 } }, public_back;
	struct seal_secret secret, secret_back;
	uint8_t sum[SEAL_CHECKSUM];
	struct text t;

	if (seal_public_read(&public, (const char *)data, size) == ERR_NONE) {
		text_start(&t, room[0], sizeof(room[0]));
		seal_public_write(&t, &public);
		CHECK(seal_public_read(&public_back, t.at, t.used) == ERR_NONE);
		CHECK(memcmp(&public, &public_back, sizeof(public)) == 0);
	}
	if (seal_secret_read(&secret, (const char *)data, size) != ERR_NONE)
		return;
	crypto_checksum(&secret, sum);
	seal_secret_sum((const char *)data, size, sum);
	text_start(&t, room[1], sizeof(room[1]));
	seal_secret_write(&t, &secret, sum);
	CHECK(!t.full && seal_secret_sum(t.at, t.used, sum));
	CHECK(seal_secret_read(&secret_back, t.at, t.used) == ERR_NONE);
	CHECK(memcmp(&secret, &secret_back, sizeof(secret)) == 0);
	seal_public_of(&public, &secret);
	CHECK(memcmp(public.number, secret.number, SEAL_NUMBER) == 0);
}
