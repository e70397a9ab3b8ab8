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
static const char *const not_cpuid[] = { "hv.", "vt.", "vpmc.", "misc." };
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

/* Rows that were found, and how many there are; the first max are kept. */
struct rows {
	enum feature_id *ids;
	size_t max, count;
};

static void add_row(struct rows *r, enum feature_id id)
{
	if (r->count < r->max)
		r->ids[r->count] = id;
	r->count++;
}

/* Adds all rows of a register, "7.0.EBX". */
static void add_register(struct rows *r, const char *name)
{
	char place[2 * PLACE_MAX];
	struct place at;

	if ((size_t)snprintf(place, sizeof(place), "%s[31:0]", name) >= sizeof(place) ||
	    !place_read(&at, place))
		return;
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const struct place of = feature_place((enum feature_id)i);

		if (place_same_register(&of, &at))
			add_row(r, (enum feature_id)i);
	}
}

/*
 * Adds the rows that are printed with this place or this register: "d.2+.EAX[31:0]", "MSR.10a".
 * VMware writes MSR.0x10a.
 */
static void add_printed(struct rows *r, const char *name)
{
	char vmware[PLACE_MAX];

	if (strncasecmp(name, "MSR.0x", 6) == 0 &&
	    (size_t)snprintf(vmware, sizeof(vmware), "MSR.%s", name + 6) < sizeof(vmware))
		name = vmware;
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		char place[PLACE_MAX];
		const size_t size = strlen(name);

		print_row_place(place, (enum feature_id)i);
		if (strncasecmp(place, name, size) == 0 && (!place[size] || place[size] == '['))
			add_row(r, (enum feature_id)i);
	}
}

/* Adds the rows that a model-specific register can switch off. */
static void add_switched(struct rows *r, const char *msr)
{
	struct msr_finding f;

	for (size_t row = 0; msr_switch(&f, row); row++)
		if (strcasecmp(msr_name(f.number), msr) == 0)
			add_row(r, f.id);
}

/* Adds the rows of a model-specific register that lists features, by its name. */
static void add_listed(struct rows *r, const char *msr)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const uint32_t leaf = feature_leaf(&features[i]);

		if ((leaf & 0xf0000000) == CPUID_MSR &&
		    strcasecmp(msr_name(leaf - CPUID_MSR), msr) == 0)
			add_row(r, (enum feature_id)i);
	}
}

size_t name_rows(const char *name, enum feature_id *ids, size_t max)
{
	struct rows r = { .ids = ids, .max = max };

	if (strncasecmp(name, "MSR.", 4) == 0 || strchr(name, '+'))
		add_printed(&r, name);
	else
		add_register(&r, name);
	if (!r.count)
		r.count = feature_find(name, ids, max);
	if (!r.count)
		add_switched(&r, name);
	if (!r.count)
		add_listed(&r, name);
	return r.count;
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
