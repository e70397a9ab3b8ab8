/* SPDX-License-Identifier: MIT */
#include "input/name.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "output/print.h"
#include "table/feature_find.h"
#include "table/msr.h"

#define OFFERED 5

/* Names of VMware's that are not of CPUID, by their beginnings; and of any key of a .vmx file. */
static const char *const not_cpuid[] = { "hv.", "vt.", "vpmc.", "misc.", "MSR." };
static const char *const masked[] = { "featMask.vm.", "featMask.evc." };

static void offer(char *line, size_t size, const enum feature_id *ids, size_t count)
{
	for (size_t i = 0; i < count && i < OFFERED; i++) {
		const size_t used = strlen(line);
		char place[PLACE_MAX];

		snprintf(line + used, size - used, "%s%s (%s)", i ? ", " : "", feature_name(ids[i]),
		         print_row_place(place, ids[i]));
	}
}

static bool is_other_capability(const char *name)
{
	for (size_t i = 0; i < sizeof(masked) / sizeof(masked[0]); i++)
		if (strncasecmp(name, masked[i], strlen(masked[i])) == 0)
			name += strlen(masked[i]);
	for (size_t i = 0; i < sizeof(not_cpuid) / sizeof(not_cpuid[0]); i++)
		if (strncasecmp(name, not_cpuid[i], strlen(not_cpuid[i])) == 0)
			return true;
	return false;
}

void name_unknown(const char *name)
{
	enum feature_id ids[OFFERED];
	const size_t count = feature_nearest(name, ids, OFFERED);
	char line[512] = "unknown feature; did you mean ";

	if (msr_known(name)) {
		trouble(name, "a model-specific register that no feature of CPUID depends on");
	} else if (is_other_capability(name)) {
		trouble(name,
		        "a capability that VMware does not take from CPUID: reports and pools "
		        "do not have it");
	} else if (count) {
		offer(line, sizeof(line) - 1, ids, count);
		strcat(line, "?");
		trouble(name, line);
	} else {
		trouble(name, "unknown feature; all are listed by: cpulevel features");
	}
}

/*
 * Returns the place of a row; for a row FROM(n), in the first subleaf from n in which no other row
 * stands for these bits.
 */
static struct place place_of(enum feature_id id)
{
	struct place at = feature_place(id);

	if (id != F_NONE && feature_subleaf(&features[id]) >= FROM(0))
		while (feature_of(&at) != id && at.subleaf < FROM(0))
			at.subleaf++;
	return at;
}

/* True if the set has the row: a bit that is 1, or a field in a leaf that is there. */
static bool is_present(enum feature_id id, const struct cpuid_set *set)
{
	const struct place at = feature_place(id);

	return at.low == at.high ? feature_value(set, id) != 0
	                         : cpuid_find(set, at.leaf, at.subleaf) != NULL;
}

/* Returns the only one of several rows that the set has, or F_NONE. */
static enum feature_id find_present(const enum feature_id *ids, size_t count,
                                    const struct cpuid_set *set)
{
	enum feature_id one = F_NONE;

	for (size_t i = 0; i < count; i++) {
		if (!is_present(ids[i], set))
			continue;
		if (one != F_NONE)
			return F_NONE;
		one = ids[i];
	}
	return one;
}

/* Finds the rows that are printed with this place: all of a register, and those of "d.2+.EAX". */
static size_t rows_of_place(const char *name, enum feature_id *ids, size_t max)
{
	char place[PLACE_MAX];
	struct place at;
	size_t count = 0;

	const bool whole =
		(size_t)snprintf(place, sizeof(place), "%s[31:0]", name) < sizeof(place) &&
		place_read(&at, place);
	for (unsigned i = F_NONE + 1; (whole || strchr(name, '+')) && i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place of = feature_place(id);

		if (whole ? !place_same_register(&of, &at)
		          : strcasecmp(print_row_place(place, id), name) != 0)
			continue;
		if (count < max)
			ids[count] = id;
		count++;
	}
	return count;
}

/* Finds the rows that a model-specific register can switch off. */
static size_t rows_of_msr(const char *name, enum feature_id *ids, size_t max)
{
	struct msr_finding f;
	size_t count = 0;

	for (size_t row = 0; msr_switch(&f, row); row++) {
		if (strcasecmp(msr_name(f.number), name) != 0)
			continue;
		if (count < max)
			ids[count] = f.id;
		count++;
	}
	return count;
}

size_t name_rows(const char *name, enum feature_id *ids, size_t max)
{
	size_t count = rows_of_place(name, ids, max);

	if (!count)
		count = feature_find(name, ids, max);
	return count ? count : rows_of_msr(name, ids, max);
}

static void say_which(const char *name, const enum feature_id *ids, size_t count)
{
	char line[512] = "more than one feature has this name: ";

	offer(line, sizeof(line), ids, count);
	const size_t used = strlen(line);
	if (count > OFFERED)
		snprintf(line + used, sizeof(line) - used,
		         " and %zu more; give a place, cpulevel features has all of them",
		         count - OFFERED);
	else
		strcat(line, "; give one of these places");
	trouble(name, line);
}

static void say_taken(const char *name, enum feature_id id)
{
	char line[256], place[PLACE_MAX];

	snprintf(line, sizeof(line),
	         "taken as %s (%s); nothing else of this name is on these hosts", feature_name(id),
	         print_row_place(place, id));
	trouble(name, line);
}

static enum feature_id find_feature(const char *name, const struct cpuid_set *set)
{
	enum feature_id ids[NAMED_MAX];
	const size_t count = name_rows(name, ids, NAMED_MAX);
	enum feature_id one = F_NONE;

	if (count == 1)
		return ids[0];
	if (set && count <= NAMED_MAX)
		one = find_present(ids, count, set);
	if (one != F_NONE)
		say_taken(name, one);
	else if (count == 0)
		name_unknown(name);
	else
		say_which(name, ids, count);
	return one;
}

bool name_is_place(const char *name)
{
	enum feature_id id;
	struct place at;

	return place_read(&at, name) || (strpbrk(name, "<>[]") && name_rows(name, &id, 1) == 0);
}

bool name_place(const char *name, const struct cpuid_set *set, struct place *ret_place)
{
	struct place at;

	if (!name_is_place(name)) {
		const enum feature_id id = find_feature(name, set);

		*ret_place = place_of(id);
		return id != F_NONE;
	}
	if (!place_read(&at, name)) {
		trouble(name, "not a bit position; expected LEAF.REGISTER[BIT] or "
		              "LEAF.SUBLEAF.REGISTER[BIT], such as 7.0.EDX[6]");
		return false;
	}
	const enum feature_id id = feature_of(&at);
	const struct feature *f = &features[id];
	if (at.low != at.high && (id == F_NONE || f->low != at.low || f->high != at.high)) {
		trouble(name, "no field in the table has exactly these bits");
		return false;
	}
	if (id != F_NONE) {
		at.low = f->low;
		at.high = f->high;
	}
	*ret_place = at;
	return true;
}
