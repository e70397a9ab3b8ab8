/* SPDX-License-Identifier: MIT */
#include "input/name.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "output/print.h"
#include "table/feature_find.h"

#define OFFERED 5

static void offer(char *line, size_t size, const enum feature_id *ids, size_t count)
{
	for (size_t i = 0; i < count && i < OFFERED; i++) {
		const size_t used = strlen(line);
		char place[PLACE_MAX];

		snprintf(line + used, size - used, "%s%s (%s)", i ? ", " : "", feature_name(ids[i]),
		         print_row_place(place, ids[i]));
	}
}

void name_unknown(const char *name)
{
	enum feature_id ids[OFFERED];
	const size_t count = feature_nearest(name, ids, OFFERED);
	char line[512] = "unknown feature";

	if (count)
		strcat(line, "; did you mean ");
	offer(line, sizeof(line) - 1, ids, count);
	strcat(line, count ? "?" : "");
	trouble(name, line);
}

/* Returns the only one of several rows that is not 0 in the set, or F_NONE. */
static enum feature_id find_present(const enum feature_id *ids, size_t count,
                                    const struct cpuid_set *set)
{
	enum feature_id one = F_NONE;

	for (size_t i = 0; i < count; i++) {
		if (feature_value(set, ids[i]) == 0)
			continue;
		if (one != F_NONE)
			return F_NONE;
		one = ids[i];
	}
	return one;
}

static enum feature_id find_feature(const char *name, const struct cpuid_set *set)
{
	enum feature_id ids[OFFERED];
	const size_t count = feature_find(name, ids, OFFERED);
	char line[512] = "more than one feature has this name: ";

	if (count == 1)
		return ids[0];
	if (set && count <= OFFERED) {
		const enum feature_id one = find_present(ids, count, set);

		if (one != F_NONE)
			return one;
	}
	if (count == 0) {
		name_unknown(name);
	} else {
		offer(line, sizeof(line), ids, count);
		const size_t used = strlen(line);
		if (count > OFFERED)
			snprintf(line + used, sizeof(line) - used, " and %zu more",
			         count - OFFERED);
		trouble(name, line);
	}
	return F_NONE;
}

bool name_is_place(const char *name)
{
	return strpbrk(name, "<>[]") != NULL;
}

bool name_place(const char *name, const struct cpuid_set *set, struct place *ret_place)
{
	struct place at;

	if (!name_is_place(name)) {
		const enum feature_id id = find_feature(name, set);

		*ret_place = feature_place(id);
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
