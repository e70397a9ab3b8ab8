/* SPDX-License-Identifier: MIT */
#include "tpm/attest_text.h"

#include "base/base64.h"
#include "base/mem.h"
#include "base/scan.h"

#define FIRST "cpulevel-tpm"

/* Bytes in one line of base64, 76 characters. */
#define LINE_BYTES 57

struct word {
	char word[12];
	uint32_t value;
};

#define HIERARCHIES 2
#define BANKS       4

static const struct word hierarchies[HIERARCHIES] = {
	{ "endorsement", TPM_RH_ENDORSEMENT },
	{ "owner", TPM_RH_OWNER },
};
static const struct word banks[BANKS] = {
	{ "sha1", TPM_ALG_SHA1 },
	{ "sha256", TPM_ALG_SHA256 },
	{ "sha384", TPM_ALG_SHA384 },
	{ "sha512", TPM_ALG_SHA512 },
};

/* Appends "NAME WORD". */
static void write_word(struct text *t, const char *name, const struct word *words, size_t count,
                       uint32_t value)
{
	text_put(t, name);
	for (size_t i = 0; i < count; i++) {
		if (words[i].value != value)
			continue;
		text_put(t, " ");
		text_put(t, words[i].word);
	}
	text_put(t, "\n");
}

/* Appends "NAME SIZE" and the bytes, or nothing if there are none. */
static void write_block(struct text *t, const char *name, const uint8_t *at, size_t size)
{
	if (size == 0)
		return;
	text_put(t, name);
	text_put(t, " ");
	text_decimal(t, size);
	text_put(t, "\n");
	for (size_t i = 0; i < size; i += LINE_BYTES) {
		base64_write(t, at + i, size - i < LINE_BYTES ? size - i : LINE_BYTES);
		text_put(t, "\n");
	}
}

static void write_pcr(struct text *t, const struct attestation *a, unsigned i)
{
	text_put(t, "pcr ");
	text_decimal(t, i);
	text_put(t, " ");
	for (size_t k = 0; k < tpm_digest_size(a->bank); k++)
		text_hex(t, a->pcr[i][k], 2);
	text_put(t, "\n");
}

void attest_write(struct text *t, const struct attestation *a)
{
	text_put(t, FIRST " 1\n");
	write_word(t, "hierarchy", hierarchies, HIERARCHIES, a->hierarchy);
	write_word(t, "bank", banks, BANKS, a->bank);
	write_block(t, "key", a->public, a->public_size);
	write_block(t, "quote", a->quote, a->quote_size);
	write_block(t, "signature", a->signature, a->signature_size);
	for (unsigned i = 0; i < TPM_PCRS; i++)
		write_pcr(t, a, i);
	for (size_t i = 0; i < a->certificates; i++) {
		text_put(t, "certificate ");
		text_hex(t, a->certificate[i].index, 8);
		text_put(t, "\n");
		write_block(t, "der", a->certificate[i].at, a->certificate[i].size);
	}
	write_block(t, "secret", a->secret, a->secret_size);
	write_block(t, "log", a->log, a->log_size);
	text_put(t, "end\n");
}

static uint32_t read_value(struct scan *s, const char *name, const struct word *words, size_t count)
{
	scan_word(s, name, ERR_WORD);
	scan_space(s);
	for (size_t i = 0; i < count; i++) {
		if (!scan_is(s, words[i].word))
			continue;
		scan_word(s, words[i].word, ERR_WORD);
		scan_line_end(s);
		return words[i].value;
	}
	scan_fail(s, ERR_WORD);
	return 0;
}

static void read_line(struct scan *s, uint8_t *at, size_t size)
{
	const size_t length = (size + 2) / 3 * 4;

	if (s->err == ERR_NONE &&
	    ((size_t)(s->end - s->at) < length || !base64_read(at, size, s->at, length)))
		scan_fail(s, ERR_BASE64);
	if (s->err == ERR_NONE)
		s->at += length;
	scan_line_end(s);
}

/* Reads what write_block writes, with at least one byte; no block: nothing. */
static void read_block(struct scan *s, const char *name, uint8_t *at, size_t max, size_t *ret_size)
{
	if (!scan_is(s, name))
		return;
	scan_word(s, name, ERR_WORD);
	scan_space(s);
	const size_t size = (size_t)scan_decimal(s, max);
	if (s->err == ERR_NONE && size == 0)
		scan_fail(s, ERR_RANGE);
	scan_line_end(s);
	for (size_t i = 0; i < size && s->err == ERR_NONE; i += LINE_BYTES)
		read_line(s, at + i, size - i < LINE_BYTES ? size - i : LINE_BYTES);
	if (s->err == ERR_NONE)
		*ret_size = size;
}

/* The same for a block that must be there. */
static void need_block(struct scan *s, const char *name, uint8_t *at, size_t max, size_t *ret_size)
{
	if (!scan_is(s, name))
		scan_word(s, name, ERR_WORD);
	read_block(s, name, at, max, ret_size);
}

static void read_pcr(struct scan *s, struct attestation *a, unsigned i)
{
	scan_word(s, "pcr", ERR_WORD);
	scan_space(s);
	if (scan_decimal(s, TPM_PCRS - 1) != i)
		scan_fail(s, ERR_ORDER);
	scan_space(s);
	for (size_t k = 0; k < tpm_digest_size(a->bank); k++)
		a->pcr[i][k] = (uint8_t)scan_hex(s, 2);
	scan_line_end(s);
}

static void read_certificate(struct scan *s, struct tpm_certificate *c)
{
	scan_word(s, "certificate", ERR_WORD);
	scan_space(s);
	c->index = scan_hex(s, 8);
	scan_line_end(s);
	need_block(s, "der", c->at, sizeof(c->at), &c->size);
}

enum err attest_read(struct attestation *a, uint8_t log[static TPM_LOG_MAX], const char *text,
                     size_t size, struct where *reterr_where)
{
	struct scan s;

	memset(a, 0, sizeof(*a));
	scan_start(&s, text, size);
	scan_word(&s, FIRST, ERR_NOT_TPM);
	scan_space(&s);
	scan_word(&s, "1", ERR_VERSION);
	scan_line_end(&s);
	a->hierarchy = read_value(&s, "hierarchy", hierarchies, HIERARCHIES);
	a->bank = (uint16_t)read_value(&s, "bank", banks, BANKS);
	need_block(&s, "key", a->public, sizeof(a->public), &a->public_size);
	need_block(&s, "quote", a->quote, sizeof(a->quote), &a->quote_size);
	need_block(&s, "signature", a->signature, sizeof(a->signature), &a->signature_size);
	for (unsigned i = 0; i < TPM_PCRS; i++)
		read_pcr(&s, a, i);
	while (a->certificates < TPM_CERTIFICATES && scan_is(&s, "certificate"))
		read_certificate(&s, &a->certificate[a->certificates++]);
	read_block(&s, "secret", a->secret, sizeof(a->secret), &a->secret_size);
	read_block(&s, "log", log, TPM_LOG_MAX, &a->log_size);
	a->log = log;
	scan_word(&s, "end", ERR_WORD);
	scan_line_end(&s);
	if (!scan_done(&s))
		scan_fail(&s, ERR_TRAILING);
	if (s.err != ERR_NONE)
		*reterr_where = s.where;
	return s.err;
}
