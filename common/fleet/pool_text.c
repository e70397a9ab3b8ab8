/* SPDX-License-Identifier: MIT */
#include "base/lines.h"
#include "base/mem.h"
#include "cpuid/cpuid_text.h"
#include "fleet/pool.h"

#define POOL_MAGIC "cpulevel-pool"

static void write_host(struct text *t, const struct pool_host *h)
{
	text_put(t, "host ");
	text_quoted(t, h->name);
	text_put(t, "\ndigest ");
	for (unsigned i = 0; i < POOL_DIGEST; i++)
		text_hex(t, h->digest[i], 2);
	text_put(t, "\nkey ");
	if (!h->sealed)
		text_put(t, "unsigned");
	for (unsigned i = 0; h->sealed && i < sizeof(h->key); i++)
		text_hex(t, h->key[i], 2);
	text_put(t, "\n");
	lines_list_write(t, "answers", h->answer, h->answers);
}

void pool_write(struct text *t, const struct pool *p, const char *program)
{
	text_put(t, POOL_MAGIC " 1\nprogram ");
	text_quoted(t, program);
	text_put(t, "\nhosts ");
	text_decimal(t, p->hosts);
	text_put(t, "\n");
	for (size_t i = 0; i < p->hosts; i++)
		write_host(t, &p->host[i]);
	for (size_t i = 0; i < p->answers; i++) {
		text_put(t, "answer ");
		text_decimal(t, i);
		text_put(t, "\n");
		cpuid_text_write(t, &p->answer[i]);
	}
	text_put(t, "end\n");
}

static void read_bytes(struct scan *s, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)scan_hex(s, 2);
}

static void read_host(struct scan *s, struct pool_host *h, struct where *answers)
{
	memset(h, 0, sizeof(*h));
	scan_word(s, "host", ERR_WORD);
	scan_space(s);
	scan_quoted(s, h->name, sizeof(h->name));
	scan_line_end(s);
	scan_word(s, "digest", ERR_WORD);
	scan_space(s);
	read_bytes(s, h->digest, sizeof(h->digest));
	scan_line_end(s);
	scan_word(s, "key", ERR_WORD);
	scan_space(s);
	h->sealed = !scan_is(s, "unsigned");
	if (h->sealed)
		read_bytes(s, h->key, sizeof(h->key));
	else
		scan_word(s, "unsigned", ERR_WORD);
	scan_line_end(s);
	const struct scan line = *s;
	*answers = (struct where){ s->line, 1 };
	h->answers =
		lines_list_read(s, "answers", h->answer, REPORT_KINDS_MAX, POOL_ANSWERS_MAX - 1);
	if (s->err == ERR_NONE && h->answers == 0) {
		*s = line;
		scan_fail(s, ERR_NO_SUCH_ANSWER);
	}
}

/* What a reader of a pool remembers until it can be checked. */
struct later {
	bool given[POOL_ANSWERS_MAX];       /* a host gave this answer */
	struct where where[POOL_HOSTS_MAX]; /* where a host's answers are listed */
};

static void read_hosts(struct scan *s, struct pool *p, struct later *later)
{
	scan_word(s, "hosts", ERR_WORD);
	scan_space(s);
	const uint64_t hosts = scan_decimal(s, POOL_HOSTS_MAX);
	scan_line_end(s);
	while (s->err == ERR_NONE && p->hosts < hosts) {
		const struct scan line = *s;
		struct pool_host *h = &p->host[p->hosts];

		read_host(s, h, &later->where[p->hosts]);
		if (s->err == ERR_NONE && p->hosts && pool_compare(h - 1, h) >= 0) {
			*s = line;
			scan_fail(s, ERR_ORDER);
		}
		for (size_t i = 0; i < h->answers; i++)
			later->given[h->answer[i]] = true;
		p->hosts++;
	}
}

static bool has_empty_leaf(const struct cpuid_set *set)
{
	static const uint32_t nothing[CPUID_REGS];

	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		if (memcmp(l->reg, nothing, sizeof(nothing)) == 0)
			return true;
	return false;
}

static void read_answer(struct scan *s, struct pool *p, const struct later *later)
{
	const struct scan line = *s;
	struct cpuid_set *set = &p->answer[p->answers];
	enum err err = ERR_NONE;

	scan_word(s, "answer", ERR_WORD);
	scan_space(s);
	if (scan_decimal(s, POOL_ANSWERS_MAX) != p->answers)
		err = ERR_ORDER;
	scan_line_end(s);
	cpuid_text_read(s, set);
	if (s->err != ERR_NONE)
		return;
	if (err == ERR_NONE && p->answers && cpuid_compare(set - 1, set) >= 0)
		err = ERR_ORDER;
	else if (err == ERR_NONE && !later->given[p->answers])
		err = ERR_UNUSED_ANSWER;
	else if (err == ERR_NONE && has_empty_leaf(set))
		err = ERR_EMPTY_LEAF;
	if (err != ERR_NONE) {
		*s = line;
		scan_fail(s, err);
	}
	p->answers++;
}

static void read_answers(struct scan *s, struct pool *p, const struct later *later)
{
	while (scan_is(s, "answer")) {
		if (p->answers == POOL_ANSWERS_MAX)
			scan_fail(s, ERR_FULL);
		else
			read_answer(s, p, later);
	}
}

/* Every answer that a host gave is there. */
static void check_hosts(struct scan *s, const struct pool *p, const struct later *later)
{
	for (size_t i = 0; i < p->hosts && s->err == ERR_NONE; i++) {
		const struct pool_host *h = &p->host[i];

		if (h->answer[h->answers - 1] >= p->answers) {
			s->err = ERR_NO_SUCH_ANSWER;
			s->where = later->where[i];
		}
	}
}

enum err pool_read(struct pool *p, const char *text, size_t size, struct where *reterr_where)
{
	char program[REPORT_STRING_MAX + 1];
	struct later later = { { false }, { { 0, 0 } } };
	struct scan s;

	pool_start(p);
	scan_start(&s, text, size);
	if (size == 0)
		s.err = ERR_EMPTY;
	else if (!scan_is(&s, POOL_MAGIC))
		s.err = ERR_NOT_POOL;
	scan_word(&s, POOL_MAGIC, ERR_NOT_POOL);
	scan_space(&s);
	scan_word(&s, "1", ERR_VERSION);
	scan_line_end(&s);
	scan_word(&s, "program", ERR_WORD);
	scan_space(&s);
	scan_quoted(&s, program, sizeof(program));
	scan_line_end(&s);
	read_hosts(&s, p, &later);
	read_answers(&s, p, &later);
	scan_word(&s, "end", ERR_WORD);
	scan_line_end(&s);
	if (s.err == ERR_NONE && s.at != s.end)
		scan_fail(&s, ERR_TRAILING);
	check_hosts(&s, p, &later);
	*reterr_where = s.where;
	return s.err;
}
