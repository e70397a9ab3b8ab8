/* SPDX-License-Identifier: MIT */
#include "mask/requirement.h"

#include <string.h>

/* The vendors that VMware's names mean: what leaf 0 has on such processors. */
static const struct vendor {
	const char *name, *vendor;
} vendors[] = {
	{ "cpuid.Intel", "GenuineIntel" },
	{ "cpuid.AMD", "AuthenticAMD" },
	{ "cpuid.Cyrix", "CyrixInstead" },
	{ "cpuid.VIA", "CentaurHauls" },
};

#define VENDORS (sizeof(vendors) / sizeof(vendors[0]))

bool requirement_judged(const struct requirement *r)
{
	switch (r->of.kind) {
	case MASK_NAMED_BIT:
	case MASK_NAMED_NUMBER:
	case MASK_NAMED_VENDOR:
		return true;
	case MASK_NAMED_UNKNOWN:
	case MASK_NAMED_OTHER:
		break;
	}
	return false;
}

static bool is_amd(const struct cpuid_set *set)
{
	char vendor[13];

	cpuid_vendor(set, vendor);
	return strcmp(vendor, "AuthenticAMD") == 0 || strcmp(vendor, "HygonGenuine") == 0;
}

enum feature_id requirement_row(const struct requirement *r, const struct cpuid_set *set)
{
	const bool extended = is_amd(set);

	for (size_t i = 0; i < r->of.ids; i++)
		if ((feature_leaf(&features[r->of.id[i]]) >= 0x80000000) == extended)
			return r->of.id[i];
	return r->of.ids ? r->of.id[0] : F_NONE;
}

static uint32_t has_vendor(const struct requirement *r, const struct cpuid_set *set)
{
	char vendor[13];

	cpuid_vendor(set, vendor);
	for (size_t i = 0; i < VENDORS; i++)
		if (strcmp(vendors[i].name, r->of.name) == 0)
			return strcmp(vendors[i].vendor, vendor) == 0;
	return 0;
}

uint32_t requirement_value(const struct requirement *r, const struct cpuid_set *set)
{
	const enum feature_id id = requirement_row(r, set);

	/* VMware's family and model include the extended parts: an EVC mode has the model 0x2d. */
	if (id == F_FAMILY)
		return cpuid_family(set);
	if (id == F_MODEL)
		return cpuid_model(set);
	return id == F_NONE ? has_vendor(r, set) : feature_value(set, id);
}

enum fit requirement_fit(const struct requirement *r, const struct cpuid_set *set)
{
	static const struct place vendor = { 0, 0, EBX, 0, 31 };
	const enum feature_id id = requirement_row(r, set);
	const struct place at = id == F_NONE ? vendor : feature_place(id);
	const uint64_t value = requirement_value(r, set);
	bool good = false;

	/* A pool does not keep what is no property of the machine. */
	if (!place_known(set, &at) || features[id].rule == RULE_NEVER)
		return FIT_UNKNOWN;
	switch (r->value.op) {
	case MASK_MIN:
		good = value >= r->value.number;
		break;
	case MASK_MAX:
		good = value <= r->value.number;
		break;
	case MASK_VAL:
	case MASK_MATCH:
		good = value == r->value.number;
		break;
	}
	return good ? FIT_YES : FIT_NO;
}
