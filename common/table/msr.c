/* SPDX-License-Identifier: MIT */
#include "table/msr.h"

#include "base/ascii.h"
#include "base/mem.h"

enum vendor { ANY, INTEL, AMD, CENTAUR };
enum effect { CLEARS, STAYS, LIMITS };

/* The highest last leaf under "Limit CPUID Maximum": 3 on NetBurst, else 2. */
#define LIMITED_MAX 3

enum msr_id {
#define MSR(number, name, ...) MSR_##name,
#define MSR_SWITCH(...)
#include "table/msr.def"
#undef MSR
	MSR_COUNT,
};

static const struct msr {
	uint32_t number;
	uint8_t vendor, family_first, family_last, model_first, model_last;
	uint16_t need, processor_bits;
} msrs[MSR_COUNT] = {
#define MSR(number, name, vendor, family1, family2, model1, model2, need, bits) \
	{ number, vendor, family1, family2, model1, model2, F_##need, bits },
#include "table/msr.def"
#undef MSR
};

/* As one object, not as pointers: see feature.c. */
static const struct names {
#define MSR(number, name, ...) char name[sizeof(#name)];
#include "table/msr.def"
#undef MSR
} names = {
#define MSR(number, name, ...) #name,
#include "table/msr.def"
#undef MSR
};

#define MSR(...)
#undef MSR_SWITCH

static const struct change {
	uint64_t mask, off;
	uint32_t lock;
	uint16_t id;
	uint8_t msr, effect;
} changes[] = {
#define MSR_SWITCH(name, feature, mask, off, lock, effect) \
	{ mask, off, lock, F_##feature, MSR_##name, effect },
#include "table/msr.def"
#undef MSR_SWITCH
};

#define CHANGES (sizeof(changes) / sizeof(changes[0]))

_Static_assert(CHANGES <= MSR_SWITCHES_MAX, "msr.def: more rows than MSR_SWITCHES_MAX");

static enum vendor vendor_of(const struct cpuid_set *set)
{
	static const struct {
		char name[13];
		uint8_t vendor;
	} known[] = {
		{ "GenuineIntel", INTEL },   { "AuthenticAMD", AMD },     { "HygonGenuine", AMD },
		{ "CentaurHauls", CENTAUR }, { "  Shanghai  ", CENTAUR },
	};
	char vendor[13];

	cpuid_vendor(set, vendor);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (memcmp(vendor, known[i].name, sizeof(vendor)) == 0)
			return (enum vendor)known[i].vendor;
	return ANY;
}

size_t msr_list(const struct cpuid_set *set, uint32_t *number, size_t max)
{
	const uint32_t family = cpuid_family(set), model = cpuid_model(set);
	const enum vendor vendor = vendor_of(set);
	size_t count = 0;

	for (const struct msr *m = msrs; m < msrs + MSR_COUNT && count < max; m++)
		if ((m->vendor == ANY || m->vendor == vendor) && family >= m->family_first &&
		    family <= m->family_last && model >= m->model_first && model <= m->model_last &&
		    (m->need == F_NONE || feature_value(set, (enum feature_id)m->need)))
			number[count++] = m->number;
	return count;
}

bool msr_has_microcode(const struct cpuid_set *set)
{
	const enum vendor vendor = vendor_of(set);

	return vendor == INTEL || vendor == AMD;
}

uint64_t msr_microcode(const struct cpuid_set *set, uint64_t value)
{
	return vendor_of(set) == INTEL ? value >> 32 : value & UINT32_MAX;
}

/* Returns the row of a register, or MSR_COUNT. */
static size_t find(uint32_t number)
{
	size_t i = 0;

	while (i < MSR_COUNT && msrs[i].number != number)
		i++;
	return i;
}

const char *msr_name(uint32_t number)
{
	const char *name = (const char *)&names;
	size_t before = find(number);

	if (before == MSR_COUNT)
		return "";
	for (; before > 0; name++)
		before -= *name == '\0';
	return name;
}

bool msr_known(const char *name)
{
	for (size_t i = 0; i < MSR_COUNT; i++)
		if (ascii_same(msr_name(msrs[i].number), name))
			return true;
	return false;
}

uint64_t msr_processor_bits(uint32_t number)
{
	const size_t i = find(number);

	return i < MSR_COUNT ? msrs[i].processor_bits : 0;
}

/* True if CPUID agrees that the feature is switched off. */
static bool agrees(const struct change *c, const struct cpuid_set *set)
{
	const uint32_t value = feature_value(set, (enum feature_id)c->id);

	switch ((enum effect)c->effect) {
	case CLEARS:
		return value == 0;
	case STAYS:
		return value != 0;
	case LIMITS:
		break;
	}
	return value <= LIMITED_MAX;
}

static const struct control_value *value_of(const struct control *control, uint32_t number)
{
	static const struct control_value unknown = { .known = false };

	for (size_t i = 0; i < control->msrs; i++)
		if (control->msr[i].number == number)
			return &control->msr[i].value;
	return &unknown;
}

bool msr_switch(struct msr_finding *f, size_t row)
{
	if (row >= CHANGES)
		return false;
	f->id = (enum feature_id)changes[row].id;
	f->number = msrs[changes[row].msr].number;
	return true;
}

bool msr_next(struct msr_finding *f, const struct control *control, const struct cpuid_set *set)
{
	/* Under a hypervisor, the registers have its values and not the firmware's. */
	if (feature_value(set, F_HYPERVISOR_PRESENT))
		return false;
	while (f->next < CHANGES) {
		const struct change *c = &changes[f->next++];
		const uint32_t number = msrs[c->msr].number;
		const struct control_value *v = value_of(control, number);

		if (!v->known || (v->value & c->mask) != c->off || !agrees(c, set))
			continue;
		f->row = f->next - 1;
		msr_switch(f, f->row);
		f->locked = c->lock && (v->value & c->lock) == c->lock;
		return true;
	}
	return false;
}
