/* SPDX-License-Identifier: MIT */
#include "report/seal.h"

#include "base/base64.h"
#include "base/mem.h"

#define UNTRUSTED "untrusted comment: "
#define TRUSTED   "trusted comment: "

/* Layouts of the decoded base64 lines; all begin with the algorithm, two bytes: "Ed". */
#define PUBLIC_BYTES    (2 + SEAL_NUMBER + SEAL_PUBLIC)
#define SIGNATURE_BYTES (2 + SEAL_NUMBER + SEAL_SIGNATURE)
#define SECRET_KDF      2 /* offset of the pass phrase's algorithm: two zeros for none */
#define SECRET_NUMBER   (2 + 2 + 2 + 32 + 8 + 8)
#define SECRET_BYTES    (SECRET_NUMBER + SEAL_NUMBER + SEAL_SECRET + SEAL_CHECKSUM)

struct line {
	const char *at;
	size_t size;
};

/* Takes a line off *at, without its end: LF, CR LF or the end of the text. */
static bool take_line(const char **at, const char *end, struct line *line)
{
	const char *p = *at;

	if (p == end)
		return false;
	while (p < end && *p != '\n')
		p++;
	line->at = *at;
	line->size = (size_t)(p - *at);
	if (line->size && line->at[line->size - 1] == '\r')
		line->size--;
	*at = p < end ? p + 1 : p;
	return true;
}

/* True if nothing but empty lines is left. */
static bool is_end(const char *at, const char *end)
{
	while (at < end && (*at == '\n' || *at == '\r'))
		at++;
	return at == end;
}

static bool take_prefix(struct line *line, const char *prefix, size_t size)
{
	if (line->size < size || memcmp(line->at, prefix, size) != 0)
		return false;
	line->at += size;
	line->size -= size;
	return true;
}

/* Takes a comment line and a base64 line of size bytes; every file here begins with these. */
static bool take_block(const char **at, const char *end, uint8_t *bytes, size_t size)
{
	struct line line;

	return take_line(at, end, &line) && take_prefix(&line, UNTRUSTED, sizeof(UNTRUSTED) - 1) &&
	       take_line(at, end, &line) && base64_read(bytes, size, line.at, line.size);
}

static void wipe(void *at, size_t size)
{
	volatile uint8_t *p = at;

	while (size--)
		*p++ = 0;
}

void seal_number(const uint8_t number[static SEAL_NUMBER], char string[static 17])
{
	static const char digit[] = "0123456789ABCDEF";

	for (unsigned i = 0; i < SEAL_NUMBER; i++) {
		const uint8_t byte = number[SEAL_NUMBER - 1 - i];
		string[2 * i] = digit[byte >> 4];
		string[2 * i + 1] = digit[byte & 15];
	}
	string[16] = '\0';
}

enum err seal_secret_read(struct seal_secret *secret, const char *text, size_t size)
{
	uint8_t bytes[SECRET_BYTES];
	enum err err = ERR_NONE;

	if (!take_block(&text, text + size, bytes, sizeof(bytes)) || memcmp(bytes, "Ed", 2) != 0)
		err = ERR_NOT_SECRET;
	else if (bytes[SECRET_KDF] || bytes[SECRET_KDF + 1])
		err = ERR_ENCRYPTED;
	if (err == ERR_NONE) {
		memcpy(secret->number, bytes + SECRET_NUMBER, SEAL_NUMBER);
		memcpy(secret->key, bytes + SECRET_NUMBER + SEAL_NUMBER, SEAL_SECRET);
	}
	wipe(bytes, sizeof(bytes));
	return err;
}

bool seal_secret_sum(const char *text, size_t size, const uint8_t checksum[static SEAL_CHECKSUM])
{
	static const uint8_t none[SEAL_CHECKSUM];
	uint8_t bytes[SECRET_BYTES];
	const uint8_t *const sum = bytes + SECRET_NUMBER + SEAL_NUMBER + SEAL_SECRET;
	const bool right = take_block(&text, text + size, bytes, sizeof(bytes)) &&
	                   (memcmp(sum, checksum, SEAL_CHECKSUM) == 0 ||
	                    memcmp(sum, none, SEAL_CHECKSUM) == 0);

	wipe(bytes, sizeof(bytes));
	return right;
}

void seal_secret_write(struct text *t, const struct seal_secret *secret,
                       const uint8_t checksum[static SEAL_CHECKSUM])
{
	uint8_t bytes[SECRET_BYTES] = { 'E', 'd', 0, 0, 'B', '2' };

	memcpy(bytes + SECRET_NUMBER, secret->number, SEAL_NUMBER);
	memcpy(bytes + SECRET_NUMBER + SEAL_NUMBER, secret->key, SEAL_SECRET);
	memcpy(bytes + SECRET_NUMBER + SEAL_NUMBER + SEAL_SECRET, checksum, SEAL_CHECKSUM);
	text_put(t,
	         UNTRUSTED "cpulevel stick key, no password: whoever has it signs as this stick\n");
	base64_write(t, bytes, sizeof(bytes));
	text_put(t, "\n");
	wipe(bytes, sizeof(bytes));
}

enum err seal_public_read(struct seal_public *public, const char *text, size_t size)
{
	uint8_t bytes[PUBLIC_BYTES];

	if (!take_block(&text, text + size, bytes, sizeof(bytes)) || memcmp(bytes, "Ed", 2) != 0)
		return ERR_NOT_PUBLIC;
	memcpy(public->number, bytes + 2, SEAL_NUMBER);
	memcpy(public->key, bytes + 2 + SEAL_NUMBER, SEAL_PUBLIC);
	return ERR_NONE;
}

void seal_public_write(struct text *t, const struct seal_public *public)
{
	uint8_t bytes[PUBLIC_BYTES] = { 'E', 'd' };
	char number[17];

	memcpy(bytes + 2, public->number, SEAL_NUMBER);
	memcpy(bytes + 2 + SEAL_NUMBER, public->key, SEAL_PUBLIC);
	seal_number(public->number, number);
	text_put(t, UNTRUSTED "cpulevel stick ");
	text_put(t, number);
	text_put(t, ", public key\n");
	base64_write(t, bytes, sizeof(bytes));
	text_put(t, "\n");
}

void seal_public_of(struct seal_public *public, const struct seal_secret *secret)
{
	memcpy(public->number, secret->number, SEAL_NUMBER);
	memcpy(public->key, secret->key + SEAL_SECRET - SEAL_PUBLIC, SEAL_PUBLIC);
}

/* What the second signature covers: the first one, then the trusted comment. */
struct covered {
	uint8_t bytes[SEAL_SIGNATURE + SEAL_COMMENT_MAX];
	size_t size;
};

static bool cover(struct covered *c, const uint8_t *signature, const char *comment, size_t size)
{
	if (size > SEAL_COMMENT_MAX)
		return false;
	memcpy(c->bytes, signature, SEAL_SIGNATURE);
	memcpy(c->bytes + SEAL_SIGNATURE, comment, size);
	c->size = SEAL_SIGNATURE + size;
	return true;
}

enum err seal_write(struct text *t, const struct seal_secret *secret, seal_sign *sign,
                    seal_verify *verify, const void *message, size_t size, const char *comment)
{
	uint8_t block[SIGNATURE_BYTES] = { 'E', 'd' }, second[SEAL_SIGNATURE];
	uint8_t *const first = block + 2 + SEAL_NUMBER;
	struct seal_public public;
	struct covered covered;
	size_t comment_size = 0;
	char number[17];

	while (comment[comment_size])
		comment_size++;
	memcpy(block + 2, secret->number, SEAL_NUMBER);
	seal_public_of(&public, secret);
	if (!sign(first, message, size, secret->key) ||
	    !cover(&covered, first, comment, comment_size) ||
	    !sign(second, covered.bytes, covered.size, secret->key))
		return ERR_SIGN;
	if (!verify(first, message, size, public.key) ||
	    !verify(second, covered.bytes, covered.size, public.key))
		return ERR_KEY_BROKEN;

	seal_number(secret->number, number);
	text_put(t, UNTRUSTED "signature from cpulevel stick ");
	text_put(t, number);
	text_put(t, "\n");
	base64_write(t, block, sizeof(block));
	text_put(t, "\n" TRUSTED);
	text_put(t, comment);
	text_put(t, "\n");
	base64_write(t, second, sizeof(second));
	text_put(t, "\n");
	return t->full ? ERR_FULL : ERR_NONE;
}

/* Verifies with one key that has the seal's number. */
static enum err check_with(const struct seal_public *key, const uint8_t *first, const void *message,
                           size_t size, const struct covered *covered, const uint8_t *second,
                           seal_verify *verify)
{
	if (!verify(first, message, size, key->key))
		return ERR_BAD_SIGNATURE;
	if (!verify(second, covered->bytes, covered->size, key->key))
		return ERR_BAD_COMMENT;
	return ERR_NONE;
}

enum err seal_check(const char *text, size_t text_size, const void *message, size_t size,
                    const struct seal_public *keys, size_t count, seal_verify *verify,
                    const struct seal_public **ret_key,
                    char ret_comment[static SEAL_COMMENT_MAX + 1],
                    uint8_t reterr_number[static SEAL_NUMBER])
{
	const char *const end = text + text_size;
	uint8_t block[SIGNATURE_BYTES], second[SEAL_SIGNATURE];
	const uint8_t *const first = block + 2 + SEAL_NUMBER;
	struct covered covered;
	struct line comment, global;

	if (!take_block(&text, end, block, sizeof(block)) || block[0] != 'E')
		return ERR_NOT_SEAL;
	if (block[1] == 'D')
		return ERR_PREHASHED;
	if (block[1] != 'd' || !take_line(&text, end, &comment) ||
	    !take_prefix(&comment, TRUSTED, sizeof(TRUSTED) - 1) ||
	    !cover(&covered, first, comment.at, comment.size) || !take_line(&text, end, &global) ||
	    !base64_read(second, sizeof(second), global.at, global.size) || !is_end(text, end))
		return ERR_NOT_SEAL;

	enum err err = ERR_WRONG_KEY;
	for (const struct seal_public *key = keys; key < keys + count && err != ERR_NONE; key++) {
		if (memcmp(key->number, block + 2, SEAL_NUMBER) != 0)
			continue;
		err = check_with(key, first, message, size, &covered, second, verify);
		*ret_key = key;
	}
	memcpy(reterr_number, block + 2, SEAL_NUMBER);
	if (err == ERR_NONE) {
		memcpy(ret_comment, comment.at, comment.size);
		ret_comment[comment.size] = '\0';
	}
	return err;
}
