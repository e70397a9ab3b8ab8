/* SPDX-License-Identifier: MIT */
#include "input/named_bits.h"

#include <string.h>
#include <strings.h>

/* True if a name is one of those in a column, which are separated by '|' or blanks. */
static bool is_one_of(const char *names, const char *name)
{
	const size_t size = strlen(name);

	while (size && *names) {
		const size_t own = strcspn(names, "| ");

		if (own == size && strncasecmp(names, name, size) == 0)
			return true;
		names += own + (names[own] != '\0');
	}
	return false;
}

/* QEMU and libvirt have several names of a bit; '-', '_' and '.' are the same to QEMU. */
static bool has_name(enum feature_id id, enum feature_namer who, const char *name)
{
	if (is_one_of(feature_named(id, who), name))
		return true;
	return who == NAMED_LIBVIRT && !*feature_named(id, who) &&
	       is_one_of(feature_named(id, NAMED_QEMU), name);
}

void named_bits_row(struct dump *d, enum feature_id id, uint32_t value)
{
	const struct place at = feature_place(id);
	struct cpuid_leaf *l;

	if (at.leaf >= CPUID_MSR)
		return;
	l = dump_unknown(d, at.leaf, at.subleaf);
	if (l)
		dump_know(l, at.reg, feature_mask(id), value << at.low);
}

static bool is_amd(const struct dump *d)
{
	char vendor[13];

	cpuid_vendor(&d->set, vendor);
	return strcmp(vendor, "AuthenticAMD") == 0 || strcmp(vendor, "HygonGenuine") == 0;
}

static bool set_named(struct dump *d, enum feature_namer who, const char *name, uint32_t value)
{
	enum feature_id found = F_NONE;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const bool extended = feature_leaf(&features[id]) >= 0x80000000;

		if (features[id].low != features[id].high || !has_name(id, who, name))
			continue;
		if (found == F_NONE || extended == is_amd(d))
			found = id;
	}
	if (found != F_NONE)
		named_bits_row(d, found, value);
	return found != F_NONE;
}

bool named_bits_set(struct dump *d, enum feature_namer who, const char *name)
{
	return set_named(d, who, name, 1);
}

bool named_bits_clear(struct dump *d, enum feature_namer who, const char *name)
{
	return set_named(d, who, name, 0);
}
