/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "cpuid/cpuid_text.h"
#include "fleet/array.h"
#include "fleet/pool.h"

static void read_bytes(struct scan *s, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)scan_hex(s, 2);
}

/* A host while it is read: the numbers of its answers, which come later in the text. */
struct host_read {
	uint16_t number[POOL_HOST_ANSWERS_MAX];
	struct where where; /* of that list */
};

/* What can be checked only after the answers have been read. */
struct later {
	struct host_read *host; /* for each host of the pool; allocated */
	bool visits;            /* from version 2 on: which machine a host is, and when */
	bool guests;            /* from version 3 on: whether it is one, and leaves of zeros */
	bool *given; /* some host has the answer of this number; POOL_ANSWERS_MAX, allocated */
};

/* Reads "unknown" or moves to the value.  Returns true for a value. */
static bool read_known(struct scan *s, const char *name)
{
	scan_word(s, name, ERR_WORD);
	scan_space(s);
	if (!scan_is(s, "unknown"))
		return s->err == ERR_NONE;
	scan_word(s, "unknown", ERR_WORD);
	return false;
}

static void read_visit(struct scan *s, struct visit *v)
{
	v->shared = scan_is(s, "shared");
	v->known = read_known(s, v->shared ? "shared" : "machine");
	if (v->known) {
		read_bytes(s, v->machine, sizeof(v->machine));
		scan_space(s);
		scan_quoted(s, v->name, sizeof(v->name));
	} else if (v->shared) {
		scan_fail(s, ERR_HEX);
	}
	scan_line_end(s);
	v->numbered = read_known(s, "sequence");
	if (v->numbered)
		v->sequence = scan_decimal(s, UINT64_MAX);
	scan_line_end(s);
	if (read_known(s, "time"))
		lines_time_read(s, v->time);
	scan_line_end(s);
}

static void read_guest(struct scan *s, struct pool_host *h)
{
	if (read_known(s, "guest")) {
		h->guest = scan_is(s, "none") ? GUEST_NOT : GUEST_IS;
		if (h->guest == GUEST_NOT)
			scan_word(s, "none", ERR_WORD);
		else
			scan_quoted(s, h->hypervisor, sizeof(h->hypervisor));
	}
	scan_line_end(s);
}

static void read_processors(struct scan *s, struct pool_host *h)
{
	uint16_t list[POOL_STEPPINGS];

	if (scan_is(s, "steppings")) {
		const struct scan line = *s;
		const size_t count =
			lines_list_read(s, "steppings", list, POOL_STEPPINGS, POOL_STEPPINGS - 1);

		for (size_t i = 0; i < count; i++)
			h->steppings |= (uint16_t)(1U << list[i]);
		if (s->err == ERR_NONE && count == 0) {
			*s = line;
			scan_fail(s, ERR_DECIMAL);
		}
	}
	h->microcode.known = scan_is(s, "microcode");
	if (!h->microcode.known)
		return;
	scan_word(s, "microcode", ERR_WORD);
	scan_space(s);
	h->microcode.value = scan_hex_short(s);
	scan_line_end(s);
}

static void read_host(struct scan *s, struct pool_host *h, struct host_read *r,
                      const struct later *later)
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
	if (later->visits)
		read_visit(s, &h->visit);
	if (later->guests) {
		read_guest(s, h);
		read_processors(s, h);
	}
	const struct scan line = *s;
	r->where = (struct where){ s->line, 1 };
	h->answers = lines_list_read(s, "answers", r->number, POOL_HOST_ANSWERS_MAX,
	                             POOL_ANSWERS_MAX - 1);
	if (s->err == ERR_NONE && h->answers == 0) {
		*s = line;
		scan_fail(s, ERR_NO_SUCH_ANSWER);
	}
}

/* Makes room for one more host.  The length of the text limits how much memory this takes. */
static bool make_room(struct scan *s, struct pool *p, struct later *later)
{
	struct pool_host *host = array_room(p->host, p->hosts, sizeof(*host));
	struct host_read *read = array_room(later->host, p->hosts, sizeof(*read));

	p->host = host ? host : p->host;
	later->host = read ? read : later->host;
	return (host && read) || scan_fail(s, ERR_MEMORY);
}

static void read_hosts(struct scan *s, struct pool *p, struct later *later)
{
	scan_word(s, "hosts", ERR_WORD);
	scan_space(s);
	const uint64_t hosts = scan_decimal(s, SIZE_MAX);
	scan_line_end(s);
	while (s->err == ERR_NONE && p->hosts < hosts && make_room(s, p, later)) {
		const struct scan line = *s;
		struct pool_host *h = &p->host[p->hosts];
		const struct host_read *r = &later->host[p->hosts];

		read_host(s, h, &later->host[p->hosts], later);
		if (s->err == ERR_NONE && p->hosts && pool_compare(h - 1, h) >= 0) {
			*s = line;
			scan_fail(s, ERR_ORDER);
		}
		for (size_t i = 0; i < h->answers; i++)
			later->given[r->number[i]] = true;
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

static void read_answer(struct scan *s, struct pool *p, struct later *later)
{
	const struct scan line = *s;
	struct cpuid_set set;
	enum err err = ERR_NONE;

	scan_word(s, "answer", ERR_WORD);
	scan_space(s);
	if (scan_decimal(s, POOL_ANSWERS_MAX) != p->answers)
		err = ERR_ORDER;
	scan_line_end(s);
	cpuid_text_read(s, &set);
	if (!p->no_zeros)
		cpuid_text_read_msrs(s, &set);
	if (s->err != ERR_NONE)
		return;
	if (err == ERR_NONE && p->answers &&
	    cpuid_compare(&p->answer[p->answers - 1]->set, &set) >= 0)
		err = ERR_ORDER;
	else if (err == ERR_NONE && !later->given[p->answers])
		err = ERR_UNUSED_ANSWER;
	else if (err == ERR_NONE && p->no_zeros && has_empty_leaf(&set))
		err = ERR_EMPTY_LEAF;
	else if (err == ERR_NONE && !pool_answer(p, &set))
		err = ERR_MEMORY;
	if (err != ERR_NONE) {
		*s = line;
		scan_fail(s, err);
	}
}

static void read_answers(struct scan *s, struct pool *p, struct later *later)
{
	while (scan_is(s, "answer")) {
		if (p->answers == POOL_ANSWERS_MAX)
			scan_fail(s, ERR_MANY_ANSWERS);
		else
			read_answer(s, p, later);
	}
}

/* Gives each host its answers, and fails if one does not exist. */
static void join_hosts(struct scan *s, struct pool *p, const struct later *later)
{
	for (size_t i = 0; i < p->hosts && s->err == ERR_NONE; i++) {
		struct pool_host *h = &p->host[i];
		const struct host_read *r = &later->host[i];

		if (r->number[h->answers - 1] >= p->answers) {
			s->err = ERR_NO_SUCH_ANSWER;
			s->where = r->where;
			return;
		}
		for (size_t k = 0; k < h->answers; k++)
			h->answer[k] = p->answer[r->number[k]];
	}
}

static void read_pool(struct scan *s, struct pool *p, struct later *later)
{
	char program[REPORT_STRING_MAX + 1];

	scan_word(s, POOL_MAGIC, ERR_NOT_POOL);
	scan_space(s);
	later->visits = !scan_is(s, "1");
	later->guests = later->visits && !scan_is(s, "2");
	p->no_machines = !later->visits;
	p->no_zeros = !later->guests;
	scan_word(s, later->guests ? "3" : later->visits ? "2" : "1", ERR_VERSION);
	scan_line_end(s);
	scan_word(s, "program", ERR_WORD);
	scan_space(s);
	scan_quoted(s, program, sizeof(program));
	scan_line_end(s);
	read_hosts(s, p, later);
	read_answers(s, p, later);
	scan_word(s, "end", ERR_WORD);
	scan_line_end(s);
	if (s->err == ERR_NONE && s->at != s->end)
		scan_fail(s, ERR_TRAILING);
	join_hosts(s, p, later);
}

/* Gives the answers of a pool of version 1 or 2 the leaves that are all zero. */
static enum err add_zeros(struct pool *p)
{
	struct pool before = *p;

	pool_start(p);
	p->no_machines = before.no_machines;
	const enum err err = pool_add_pool(p, &before);
	pool_free(&before);
	return err;
}

enum err pool_read(struct pool *p, const char *text, size_t size, struct where *reterr_where)
{
	struct later later = { .given = calloc(POOL_ANSWERS_MAX, sizeof(bool)) };
	struct scan s;

	pool_start(p);
	scan_start(&s, text, size);
	if (!later.given)
		s.err = ERR_MEMORY;
	else if (size == 0)
		s.err = ERR_EMPTY;
	else if (!scan_is(&s, POOL_MAGIC))
		s.err = ERR_NOT_POOL;
	read_pool(&s, p, &later);
	if (s.err == ERR_NONE && p->no_zeros)
		s.err = add_zeros(p);
	if (s.err != ERR_NONE)
		pool_free(p);
	free(later.host);
	free(later.given);
	*reterr_where = s.where;
	return s.err;
}
