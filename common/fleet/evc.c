/* SPDX-License-Identifier: MIT */
#include "fleet/evc.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "fleet/array.h"
#include "fleet/evc_settle.h"

enum mode_id {
#define EVC_MODE(id, ...) MODE_##id,
#define EVC_ROW(...)
#define EVC_OTHER(...)
#define EVC_BITS(...)
#include "fleet/evc.def"
#undef EVC_MODE
	MODE_NONE,
	MODE_UNKNOWN,
};

static const struct mode {
	const char *key;
	uint8_t vendor, tier, after;
	const char *about;
} modes[] = {
#define EVC_MODE(id, key, vendor, tier, after, about) \
	{ key, EVC_##vendor, tier, MODE_##after, about },
#include "fleet/evc.def"
#undef EVC_MODE
};

#define EVC_MODE(...)
#undef EVC_ROW

static const struct row {
	uint8_t mode, state, source;
	uint16_t id;
} rows[] = {
#define EVC_ROW(mode, state, feature, source) \
	{ MODE_##mode, EVC_##state, EVC_##source, F_##feature },
#include "fleet/evc.def"
#undef EVC_ROW
};

#define EVC_ROW(...)
#undef EVC_OTHER

static const struct other {
	uint8_t mode;
	struct evc_other other;
} others[] = {
#define EVC_OTHER(mode, name, value, source) { MODE_##mode, { name, value } },
#include "fleet/evc.def"
#undef EVC_OTHER
};

#define EVC_OTHER(...)
#undef EVC_BITS

static const struct bits {
	uint8_t mode;
	struct evc_register reg;
} registers[] = {
#define EVC_BITS(mode, leaf, subleaf, reg, bits, source) \
	{ MODE_##mode, { { leaf, subleaf, reg, 0, 31 }, bits, EVC_##source } },
#include "fleet/evc.def"
#undef EVC_BITS
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

size_t evc_count(void)
{
	return COUNT(modes);
}

enum evc_source evc_weaker(enum evc_source a, enum evc_source b)
{
	return a > b ? a : b;
}

/* Applies the rows of one mode. */
static void apply_rows(struct evc *mode, size_t index)
{
	for (const struct row *r = rows; r < rows + COUNT(rows); r++) {
		if (r->mode != index)
			continue;
		mode->state[r->id] = r->state;
		mode->source = evc_weaker(mode->source, (enum evc_source)r->source);
	}
}

/* Applies the rows of the earlier modes and of this one, the first mode first. */
static void apply_chain(struct evc *mode, size_t index)
{
	size_t chain[COUNT(modes)], length = 0;

	for (; index < COUNT(modes) && length < COUNT(modes); index = modes[index].after)
		chain[length++] = index;
	mode->partial = index == MODE_UNKNOWN;
	while (length > 0)
		apply_rows(mode, chain[--length]);
}

/* Adds the registers of one mode, and shows what they guarantee.  Returns false without memory. */
static bool apply_registers(struct evc *mode, size_t index)
{
	for (const struct bits *b = registers; b < registers + COUNT(registers); b++) {
		if (b->mode != index)
			continue;
		if (!evc_add_register(mode, &b->reg))
			return false;
		evc_guarantee_bits(mode, &b->reg.at, b->reg.bits, EVC_MAY);
	}
	return true;
}

bool evc_add_register(struct evc *mode, const struct evc_register *reg)
{
	struct evc_register *more = array_room(mode->reg, mode->registers, sizeof(*more));

	if (!more)
		return false;
	mode->reg = more;
	mode->reg[mode->registers++] = *reg;
	return true;
}

bool evc_add_other(struct evc *mode, const struct evc_other *other)
{
	struct evc_other *more = array_room(mode->other, mode->others, sizeof(*more));

	if (!more)
		return false;
	mode->other = more;
	mode->other[mode->others++] = *other;
	return true;
}

void evc_free(struct evc *mode)
{
	free(mode->reg);
	free(mode->other);
	mode->reg = NULL;
	mode->other = NULL;
	mode->registers = mode->others = 0;
}

bool evc_mode(struct evc *mode, size_t index)
{
	memset(mode, 0, sizeof(*mode));
	mode->source = EVC_STORY;
	mode->key = modes[index].key;
	mode->about = modes[index].about;
	mode->vendor = (enum evc_vendor)modes[index].vendor;
	mode->tier = modes[index].tier;
	mode->named = true;
	apply_chain(mode, index);
	bool ok = apply_registers(mode, index);
	for (size_t i = 0; ok && i < COUNT(others); i++)
		if (others[i].mode == index)
			ok = evc_add_other(mode, &others[i].other);
	if (ok)
		evc_settle(mode);
	else
		evc_free(mode);
	return ok;
}

const struct evc *evc_find(const struct evc *modes_at, size_t count, const char *key)
{
	for (const struct evc *mode = modes_at; mode < modes_at + count; mode++)
		if (ascii_same(mode->key, key))
			return mode;
	return NULL;
}

bool evc_vendor_is(const struct evc *mode, const struct cpuid_set *set)
{
	static const char *const name[] = {
		[EVC_INTEL] = "GenuineIntel", [EVC_AMD] = "AuthenticAMD"
	};
	char vendor[13];

	cpuid_vendor(set, vendor);
	return mode->vendor != EVC_NO_VENDOR &&
	       memcmp(vendor, name[mode->vendor], sizeof(vendor)) == 0;
}

bool evc_misses(const struct evc *mode, enum feature_id id, const struct cpuid_set *baseline)
{
	return mode->state[id] == EVC_HAS && !feature_value(baseline, id);
}

const char *evc_source_name(enum evc_source source)
{
	static const char *const name[EVC_SOURCES] = {
		"imported", "story", "dump", "vm", "unverified", "unknown",
	};

	return name[source];
}

const char *evc_source_about(enum evc_source source)
{
	static const char *const about[EVC_SOURCES] = {
		[EVC_IMPORTED] = "a vCenter's own list, imported",
		[EVC_STORY] = "register lines from an administrator's log",
		[EVC_DUMP] = "a feature mask copied from a vCenter or a VM",
		[EVC_VM_LIST] = "what a running VM requires of its hosts, as a vCenter lists it",
		[EVC_UNVERIFIED] = "from memory of VMware's KB 1003212 and release notes",
		[EVC_UNKNOWN] = "the content of the mode was not found",
	};

	return about[source];
}
