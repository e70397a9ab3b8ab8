/* SPDX-License-Identifier: MIT */
#include "fleet/visit.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

/* Of the time, what does not depend on whether the firmware knows its zone. */
#define TIME_COMPARED 19

static int order_machine(const struct visitor *a, const struct visitor *b)
{
	if (a->visit->known != b->visit->known)
		return (int)a->visit->known - (int)b->visit->known;
	return memcmp(a->visit->machine, b->visit->machine, VISIT_MACHINE);
}

static bool one_stick(const struct visitor *a, const struct visitor *b)
{
	return a->sealed && b->sealed && memcmp(a->key, b->key, SEAL_NUMBER) == 0 &&
	       a->visit->numbered && b->visit->numbered;
}

static int order_sequence(const struct visitor *a, const struct visitor *b)
{
	return (a->visit->sequence > b->visit->sequence) -
	       (a->visit->sequence < b->visit->sequence);
}

static int order_time(const struct visitor *a, const struct visitor *b)
{
	return strncmp(a->visit->time, b->visit->time, TIME_COMPARED);
}

/* What is left, so that the order in which reports are given makes no difference. */
static int order_host(const struct visitor *a, const struct visitor *b)
{
	const int order = ascii_compare(a->host, b->host);

	return order ? order : (a->of > b->of) - (a->of < b->of);
}

static int by_machine(const void *x, const void *y)
{
	const struct visitor *a = x, *b = y;
	const int order = order_machine(a, b);

	return order ? order : order_host(a, b);
}

static int by_sequence(const void *x, const void *y)
{
	const struct visitor *a = x, *b = y;
	const int order = order_sequence(a, b);

	return order ? order : order_host(a, b);
}

static int by_time(const void *x, const void *y)
{
	const struct visitor *a = x, *b = y;
	const int order = order_time(a, b);

	return order ? order : order_host(a, b);
}

/* Returns the last report before g[i] that the same stick numbered; NULL if there is none. */
static const struct visitor *before_on_stick(const struct visitor *g, size_t i)
{
	for (size_t j = i; j-- > 0;)
		if (one_stick(&g[j], &g[i]))
			return &g[j];
	return NULL;
}

/* The group is sorted.  Returns true if two of its reports differ and nothing tells which is later.
 */
static bool unordered(const struct visitor *g, size_t count, bool stick, visit_same *same)
{
	for (size_t i = 0; i < count; i++) {
		const struct visitor *last = stick ? NULL : before_on_stick(g, i);

		if (!stick && !g[i].visit->time[0])
			return true;
		if (last && order_sequence(last, &g[i]) > 0)
			return true;
		if (i && (stick ? order_sequence : order_time)(&g[i - 1], &g[i]) == 0 &&
		    !same(g[i - 1].of, g[i].of))
			return true;
	}
	return false;
}

/*
 * Marks each report of a sorted group as replaced by the last with the same leaves.  Returns how
 * many are left, and sets *alternate if leaves come again after others.
 */
static size_t fold(struct visitor *g, size_t count, bool *alternate, visit_same *same)
{
	size_t left = 0;

	*alternate = false;
	for (size_t i = count; i-- > 0;) {
		g[i].fate = VISIT_KEPT;
		for (size_t j = i + 1; j < count && g[i].fate == VISIT_KEPT; j++)
			if (g[j].fate == VISIT_KEPT && same(g[i].of, g[j].of)) {
				g[i].fate = VISIT_REPLACED;
				g[i].by = &g[j];
			}
		left += g[i].fate == VISIT_KEPT;
		if (g[i].fate == VISIT_REPLACED && !same(g[i].of, g[i + 1].of))
			*alternate = true;
	}
	return left;
}

/* Replaces all of a group by its latest report with a good seal, or by its latest. */
static void replace(struct visitor *g, size_t count, visit_same *same)
{
	size_t keeper = count - 1;

	for (size_t i = count; i-- > 0;)
		if (g[i].sealed) {
			keeper = i;
			break;
		}
	for (size_t i = 0; i < count; i++) {
		const bool later = i > keeper;

		g[i].by = &g[later && !same(g[i].of, g[keeper].of) ? count - 1 : keeper];
		g[i].fate = VISIT_REPLACED;
	}
	g[keeper].fate = VISIT_KEPT;
	if (g[count - 1].by == &g[count - 1] && keeper != count - 1) {
		g[count - 1].fate = VISIT_UNSEALED;
		g[count - 1].by = &g[keeper];
	}
}

static void judge_machine(struct visitor *g, size_t count, visit_same *same)
{
	bool stick = true, shared = false, alternate;

	for (size_t i = 0; i < count; i++) {
		stick = stick && one_stick(&g[0], &g[i]);
		shared = shared || g[i].visit->shared;
	}
	qsort(g, count, sizeof(*g), stick ? by_sequence : by_time);
	const size_t different = fold(g, count, &alternate, same);
	if (different > 1 && (shared || alternate || unordered(g, count, stick, same))) {
		shared = true;
		for (size_t i = 0; i < count; i++)
			if (g[i].fate == VISIT_KEPT)
				g[i].fate = VISIT_SHARED;
	} else {
		replace(g, count, same);
	}
	for (size_t i = 0; i < count; i++) {
		g[i].clock = !stick && different > 1;
		g[i].shared = shared;
		if (g[i].fate == VISIT_REPLACED && same(g[i].of, g[i].by->of) &&
		    (stick ? order_sequence : order_time)(&g[i], g[i].by) >= 0)
			g[i].fate = VISIT_REPEATED;
	}
}

void visit_judge(struct visitor *v, size_t count, visit_same *same)
{
	qsort(v, count, sizeof(*v), by_machine);
	for (size_t i = 0, next; i < count; i = next) {
		next = i + 1;
		v[i].fate = VISIT_KEPT;
		v[i].by = NULL;
		v[i].clock = false;
		v[i].shared = v[i].visit->shared;
		if (!v[i].visit->known)
			continue;
		while (next < count && order_machine(&v[i], &v[next]) == 0)
			next++;
		if (next > i + 1)
			judge_machine(&v[i], next - i, same);
	}
}

bool visit_counts(const struct visitor *v)
{
	return v->fate != VISIT_REPLACED && v->fate != VISIT_REPEATED;
}
