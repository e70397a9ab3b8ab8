/* SPDX-License-Identifier: MIT */
#include "lines.h"
#include "mem.h"
#include "pool.h"

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
		lines_set_write(t, &p->answer[i]);
	}
	text_put(t, "end\n");
}

static void read_bytes(struct scan *s, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)scan_hex(s, 2);
}

static void read_host(struct scan *s, struct pool_host *h)
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
	h->answers = lines_list_read(s, "answers", h->answer, REPORT_KINDS_MAX, POOL_ANSWERS_MAX - 1);
	if (s->err == ERR_NONE && h->answers == 0) {
		*s = line;
		scan_fail(s, ERR_NO_SUCH_ANSWER);
	}
}

static void read_hosts(struct scan *s, struct pool *p)
{
	scan_word(s, "hosts", ERR_WORD);
	scan_space(s);
	const uint64_t hosts = scan_decimal(s, POOL_HOSTS_MAX);
	scan_line_end(s);
	while (s->err == ERR_NONE && p->hosts < hosts) {
		const struct scan line = *s;
		struct pool_host *h = &p->host[p->hosts];

		read_host(s, h);
		if (s->err == ERR_NONE && p->hosts && pool_compare(h - 1, h) >= 0) {
			*s = line;
			scan_fail(s, ERR_ORDER);
		}
		p->hosts++;
	}
}

static void read_answers(struct scan *s, struct pool *p)
{
	while (scan_is(s, "answer")) {
		scan_word(s, "answer", ERR_WORD);
		scan_space(s);
		if (p->answers == POOL_ANSWERS_MAX) {
			scan_fail(s, ERR_FULL);
			return;
		}
		const struct scan number = *s;
		if (scan_decimal(s, POOL_ANSWERS_MAX) != p->answers && s->err == ERR_NONE) {
			*s = number;
			scan_fail(s, ERR_ORDER);
		}
		scan_line_end(s);
		lines_set_read(s, &p->answer[p->answers]);
		if (s->err == ERR_NONE && p->answers &&
		    cpuid_compare(&p->answer[p->answers - 1], &p->answer[p->answers]) >= 0) {
			*s = number;
			scan_fail(s, ERR_ORDER);
		}
		p->answers++;
	}
}

/* Every answer was given by a host, and every one that a host gave is there. */
static enum err check_answers(const struct pool *p)
{
	bool given[POOL_ANSWERS_MAX] = { false };

	for (const struct pool_host *h = p->host; h < p->host + p->hosts; h++)
		for (size_t i = 0; i < h->answers; i++) {
			if (h->answer[i] >= p->answers)
				return ERR_NO_SUCH_ANSWER;
			given[h->answer[i]] = true;
		}
	for (size_t i = 0; i < p->answers; i++)
		if (!given[i])
			return ERR_UNUSED_ANSWER;
	return ERR_NONE;
}

enum err pool_read(struct pool *p, const char *text, size_t size, struct where *reterr_where)
{
	char program[REPORT_STRING_MAX + 1];
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
	read_hosts(&s, p);
	read_answers(&s, p);
	scan_word(&s, "end", ERR_WORD);
	scan_line_end(&s);
	if (s.err == ERR_NONE && s.at != s.end)
		scan_fail(&s, ERR_TRAILING);
	if (s.err == ERR_NONE)
		s.err = check_answers(p);
	*reterr_where = s.where;
	return s.err;
}
