/* SPDX-License-Identifier: MIT */
#include "fleet/visit.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

/* What local time is ahead of UTC at most, and behind: from Kiribati's +14:00 to -12:00. */
#define AHEAD_MAX  ((int64_t)14 * 3600)
#define BEHIND_MAX ((int64_t)12 * 3600)

/* Bytes of a time before its zone. */
#define ZONE_AT 19

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

static int64_t number(const char *digit, size_t count)
{
	int64_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value * 10 + (digit[i] - '0');
	return value;
}

/* Returns how many days a date of the Gregorian calendar is after 1 March of the year 0. */
static int64_t days(int64_t year, int64_t month, int64_t day)
{
	const int64_t y = month > 2 ? year : year - 1;
	const int64_t m = month > 2 ? month - 3 : month + 9;

	return 365 * y + (y + 400) / 4 - (y + 400) / 100 + (y + 400) / 400 + (153 * m + 2) / 5 +
	       day - 98;
}

/*
 * Returns a time as seconds, a time without a zone as if it were UTC: clocks of servers are set to
 * that most often, and any other rule would put some three reports in a circle.
 */
static int64_t instant(const char *time)
{
	const char *const zone = time + ZONE_AT;
	int64_t at, ahead;

	if (!time[0])
		return INT64_MIN;
	at = days(number(time, 4), number(time + 5, 2), number(time + 8, 2)) * 86400 +
	     number(time + 11, 2) * 3600 + number(time + 14, 2) * 60 + number(time + 17, 2);
	if (*zone != '+' && *zone != '-')
		return at;
	ahead = number(zone + 1, 2) * 3600 + number(zone + 4, 2) * 60;
	return *zone == '+' ? at - ahead : at + ahead;
}

static int order_time(const struct visitor *a, const struct visitor *b)
{
	const int64_t x = instant(a->visit->time), y = instant(b->visit->time);

	return (x > y) - (x < y);
}

/* Returns true if only one time has a zone, and in some zone of the other their order changes. */
static bool zone_matters(const struct visitor *a, const struct visitor *b)
{
	const char *const x = a->visit->time, *const y = b->visit->time;

	if (!x[0] || !y[0] || !x[ZONE_AT] == !y[ZONE_AT])
		return false;
	const int64_t after = x[ZONE_AT] ? instant(x) - instant(y) : instant(y) - instant(x);
	return after >= -AHEAD_MAX && after <= BEHIND_MAX;
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
	/* No other report is of its stick then. */
	if (!one_stick(&g[i], &g[i]))
		return NULL;
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
	const struct visitor *kept = NULL, *at;
	size_t left = 0;

	/* While this runs, by leads from one that is kept to the next: they are few. */
	*alternate = false;
	for (size_t i = count; i-- > 0;) {
		for (at = kept; at && !same(g[i].of, at->of);)
			at = at->by;
		g[i].fate = at ? VISIT_REPLACED : VISIT_KEPT;
		g[i].by = at ? at : kept;
		if (at && !same(g[i].of, g[i + 1].of))
			*alternate = true;
		if (!at) {
			kept = &g[i];
			left++;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (g[i].fate == VISIT_KEPT)
			g[i].by = NULL;
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
		g[i].by = NULL;
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
		g[i].zone = g[i].clock && g[i].by && zone_matters(&g[i], g[i].by);
		g[i].shared = shared;
		if (g[i].fate == VISIT_REPLACED && g[i].by && same(g[i].of, g[i].by->of) &&
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
		v[i].clock = v[i].zone = false;
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
