/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/lines.h"
#include "cpuid/cpuid_text.h"
#include "fleet/array.h"
#include "fleet/pool.h"

static void read_bytes(struct scan *s, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)scan_hex(s, 2);
}

/* The numbers of a host's answers, which come later in the text; only the first count are there. */
struct numbers {
	size_t count;
	uint32_t number[POOL_HOST_ANSWERS_MAX];
};

/* A host while it is read. */
struct host_read {
	const struct numbers *answers; /* in later.lists */
	struct where where;
};

/* What can be checked only after the answers have been read. */
struct later {
	unsigned version;
	struct host_read *host; /* for each host of the pool; allocated */
	struct intern lists;    /* of struct numbers: equal ones are kept once */
	size_t *line;           /* of each answer; allocated */
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
	uint32_t list[POOL_STEPPINGS];

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

static void read_answers_of(struct scan *s, struct host_read *r, struct later *later)
{
	const struct scan line = *s;
	struct numbers n;

	r->where = (struct where){ s->line, 1 };
	n.count = lines_list_read(s, "answers", n.number, POOL_HOST_ANSWERS_MAX, UINT32_MAX - 1);
	if (s->err != ERR_NONE)
		return;
	if (n.count == 0) {
		*s = line;
		scan_fail(s, ERR_NO_SUCH_ANSWER);
		return;
	}
	r->answers =
		intern_keep(&later->lists, &n,
	                    offsetof(struct numbers, number) + n.count * sizeof(n.number[0]), 0);
	if (!r->answers)
		scan_fail(s, ERR_MEMORY);
}

static void read_host(struct scan *s, struct pool_host *h, struct host_read *r, struct later *later)
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
	if (later->version > 1)
		read_visit(s, &h->visit);
	if (later->version > 2) {
		read_guest(s, h);
		read_processors(s, h);
	}
	read_answers_of(s, r, later);
}

/* Makes room for one more host.  The length of the text limits how much memory this takes. */
static bool make_room(struct scan *s, struct pool *p, struct later *later)
{
	struct pool_host *host = array_room(p->host, p->hosts, sizeof(*host));
	struct host_read *read = array_room(later->host, p->hosts, sizeof(*read));

	p->host = host ? host : p->host;
	later->host = read ? read : later->host;
	if (host && read)
		return true;
	scan_fail(s, ERR_MEMORY);
	return false;
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

		read_host(s, h, &later->host[p->hosts], later);
		if (s->err == ERR_NONE && p->hosts && pool_compare(h - 1, h) >= 0) {
			*s = line;
			scan_fail(s, ERR_ORDER);
		}
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

/* Fails at a place if nothing has failed before. */
static void fail_at(struct scan *s, enum err err, struct where where)
{
	if (s->err == ERR_NONE) {
		s->err = err;
		s->where = where;
	}
}

/* Adds the next answer, which must be after the last one. */
static enum err add_answer(const struct scan *s, struct pool *p, struct later *later,
                           const struct cpuid_set *set)
{
	if (p->answers && cpuid_compare(&p->answer[p->answers - 1]->set, set) >= 0)
		return ERR_ORDER;
	if (p->no_zeros && has_empty_leaf(set))
		return ERR_EMPTY_LEAF;

	struct pool_answer **answer = array_room(p->answer, p->answers, sizeof(*answer));
	p->answer = answer ? answer : p->answer;
	size_t *line = array_room(later->line, p->answers, sizeof(*line));
	later->line = line ? line : later->line;
	struct pool_answer *kept = pool_answer(p, set);
	if (!answer || !line || !kept)
		return ERR_MEMORY;
	line[p->answers] = s->line;
	kept->index = p->answers;
	answer[p->answers++] = kept;
	return ERR_NONE;
}

static void read_answer(struct scan *s, struct pool *p, struct later *later)
{
	const struct scan line = *s;
	struct cpuid_set set;
	enum err err = ERR_NONE;

	scan_word(s, "answer", ERR_WORD);
	scan_space(s);
	if (scan_decimal(s, UINT32_MAX - 1) != p->answers)
		err = ERR_ORDER;
	scan_line_end(s);
	cpuid_text_read(s, &set);
	if (!p->no_zeros)
		cpuid_text_read_msrs(s, &set);
	if (s->err != ERR_NONE)
		return;
	if (err == ERR_NONE)
		err = add_answer(&line, p, later, &set);
	if (err != ERR_NONE) {
		*s = line;
		scan_fail(s, err);
	}
}

/* Gives a host its answers, and fails if one does not exist. */
static void join_host(struct scan *s, struct pool *p, const struct host_read *r,
                      struct pool_host *h)
{
	const struct numbers *n = r->answers;
	struct pool_list list = { .count = n->count };

	/* They ascend. */
	if (n->number[n->count - 1] >= p->answers) {
		fail_at(s, ERR_NO_SUCH_ANSWER, r->where);
		return;
	}
	for (size_t k = 0; k < n->count; k++) {
		list.at[k] = p->answer[n->number[k]];
		list.at[k]->index = 0;
	}
	if (pool_give(p, h, &list) != ERR_NONE)
		fail_at(s, ERR_MEMORY, r->where);
}

/* Joins hosts and answers, and fails if no host has one. */
static void join_all(struct scan *s, struct pool *p, const struct later *later)
{
	for (size_t i = 0; i < p->answers; i++)
		p->answer[i]->index = SIZE_MAX;
	for (size_t i = 0; later->host && i < p->hosts && s->err == ERR_NONE; i++)
		join_host(s, p, &later->host[i], &p->host[i]);
	for (size_t i = 0; later->line && i < p->answers; i++) {
		if (p->answer[i]->index == SIZE_MAX)
			fail_at(s, ERR_UNUSED_ANSWER, (struct where){ later->line[i], 1 });
		p->answer[i]->index = i;
	}
}

/* Reads the names of the files that were left out, if there are any. */
static void read_left_out(struct scan *s, struct pool *p)
{
	struct pool_name name;

	while (scan_is(s, "left-out")) {
		const struct scan line = *s;

		scan_word(s, "left-out", ERR_WORD);
		scan_space(s);
		scan_quoted(s, name.name, sizeof(name.name));
		scan_line_end(s);
		if (s->err != ERR_NONE)
			return;
		const size_t count = p->left_outs;
		enum err err = ERR_ORDER;
		if (!count || ascii_compare(p->left_out[count - 1].name, name.name) < 0)
			err = pool_leave_out(p, name.name);
		if (err != ERR_NONE) {
			*s = line;
			scan_fail(s, err);
		}
	}
}

static void read_head(struct scan *s, struct pool *p, struct later *later)
{
	static const char version[][2] = { "1", "2", "3", "4" };
	char program[REPORT_STRING_MAX + 1];

	scan_word(s, POOL_MAGIC, ERR_NOT_POOL);
	scan_space(s);
	later->version = 1;
	while (later->version < 4 && !scan_is(s, version[later->version - 1]))
		later->version++;
	p->no_machines = later->version < 2;
	p->no_zeros = later->version < 3;
	scan_word(s, version[later->version - 1], ERR_VERSION);
	scan_line_end(s);
	scan_word(s, "program", ERR_WORD);
	scan_space(s);
	scan_quoted(s, program, sizeof(program));
	scan_line_end(s);
}

static void read_pool(struct scan *s, struct pool *p, struct later *later)
{
	read_head(s, p, later);
	read_hosts(s, p, later);
	if (later->version > 3) {
		read_left_out(s, p);
		if (p->left_outs == 0)
			scan_fail(s, ERR_SPELLING);
	}
	while (s->err == ERR_NONE && scan_is(s, "answer"))
		read_answer(s, p, later);
	scan_word(s, "end", ERR_WORD);
	scan_line_end(s);
	if (s->err == ERR_NONE && s->at != s->end)
		scan_fail(s, ERR_TRAILING);
	if (s->err == ERR_NONE)
		join_all(s, p, later);
	p->as_read = p->finished = true;
}

/* Gives the answers of a pool of version 1 or 2 the leaves that are all zero. */
static enum err add_zeros(struct pool *p)
{
	struct pool before = *p;

	pool_start(p);
	p->no_machines = before.no_machines;
	enum err err = pool_add_pool(p, &before);
	if (err == ERR_NONE)
		err = pool_finish(p);
	pool_free(&before);
	return err;
}

enum err pool_read(struct pool *p, const char *text, size_t size, struct where *reterr_where)
{
	struct later later = { .version = 1 };
	struct scan s;

	pool_start(p);
	scan_start(&s, text, size);
	if (size == 0)
		s.err = ERR_EMPTY;
	else if (!scan_is(&s, POOL_MAGIC))
		s.err = ERR_NOT_POOL;
	read_pool(&s, p, &later);
	if (s.err == ERR_NONE && p->no_zeros)
		s.err = add_zeros(p);
	if (s.err != ERR_NONE)
		pool_free(p);
	free(later.host);
	free(later.line);
	intern_free(&later.lists);
	*reterr_where = s.where;
	return s.err;
}
