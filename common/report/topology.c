/* SPDX-License-Identifier: MIT */
#include "report/topology.h"

/* A processor's APIC ID, and how far to shift it for its core and for its package. */
struct ids {
	uint32_t apic;
	unsigned core, package;
};

/* Returns the number of bits that hold 0 to count - 1. */
static unsigned bits_for(uint32_t count)
{
	unsigned bits = 0;

	while (bits < 31 && (1U << bits) < count)
		bits++;
	return bits;
}

/*
 * Leaves 0BH, 1FH and 80000026H: a level for each subleaf, from the core outwards.  EAX[4:0] is
 * where the next level begins, EBX[15:0] is 0 in a level that is not there, ECX[15:8] is its type.
 */
static bool take_levels(struct ids *ids, const struct cpuid_set *set, uint32_t leaf)
{
	uint32_t subleaf = 0;

	for (; subleaf < 8; subleaf++) {
		const uint32_t type = cpuid_value(set, leaf, subleaf, ECX) >> 8 & 0xff;
		const unsigned shift = cpuid_value(set, leaf, subleaf, EAX) & 0x1f;

		if ((cpuid_value(set, leaf, subleaf, EBX) & 0xffff) == 0 || type == 0)
			break;
		if (subleaf == 0 && type != 1)
			return false;
		if (subleaf == 0)
			ids->core = shift;
		ids->package = shift;
	}
	ids->apic = cpuid_value(set, leaf, 0, EDX);
	return subleaf > 0;
}

/* AMD before Zen 2. */
static void take_amd(struct ids *ids, const struct cpuid_set *set)
{
	const uint32_t sizes = cpuid_value(set, 0x80000008, 0, ECX);
	const uint32_t threads = (cpuid_value(set, 0x8000001e, 0, EBX) >> 8 & 0xff) + 1;
	const unsigned size = sizes >> 12 & 0xf;

	ids->package = size ? size : bits_for((sizes & 0xff) + 1);
	/* In family 15H the field counts the cores of a compute unit. */
	if (cpuid_family(set) >= 0x17 && cpuid_find(set, 0x8000001e, 0)) {
		ids->core = bits_for(threads);
		ids->apic = cpuid_value(set, 0x8000001e, 0, EAX);
	}
}

/* Intel before leaf 0BH. */
static void take_intel(struct ids *ids, const struct cpuid_set *set)
{
	const uint32_t cores = (cpuid_value(set, 4, 0, EAX) >> 26) + 1;
	uint32_t processors = 1;

	if (cpuid_value(set, 1, 0, EDX) >> 28 & 1)
		processors = cpuid_value(set, 1, 0, EBX) >> 16 & 0xff;
	ids->package = bits_for(processors);
	ids->core = processors > cores ? ids->package - bits_for(cores) : 0;
}

static void take_ids(struct ids *ids, const struct cpuid_set *set)
{
	char vendor[13];

	*ids = (struct ids){ .apic = cpuid_value(set, 1, 0, EBX) >> 24 };
	if (take_levels(ids, set, 0x80000026) || take_levels(ids, set, 0x1f) ||
	    take_levels(ids, set, 0xb))
		return;
	*ids = (struct ids){ .apic = cpuid_value(set, 1, 0, EBX) >> 24 };
	cpuid_vendor(set, vendor);
	if (vendor[0] == 'G')
		take_intel(ids, set);
	else
		take_amd(ids, set);
}

/* Leaf 1AH EAX[31:24]: 20H is a core of type Atom. */
static bool is_small(const struct cpuid_set *set)
{
	return cpuid_value(set, 0x1a, 0, EAX) >> 24 == 0x20;
}

static bool is_hybrid(const struct report *r)
{
	size_t small = 0;

	for (size_t i = 0; i < r->kinds; i++)
		small += is_small(&r->kind[i].set);
	return small > 0 && small < r->kinds;
}

/* Where the processors are: 24 KiB on the stack, of which UEFI guarantees 128. */
struct seats {
	size_t count;
	uint32_t apic[REPORT_PROCESSORS_MAX];
	uint8_t core[REPORT_PROCESSORS_MAX], package[REPORT_PROCESSORS_MAX];
};

/* Returns what is left of an ID without its lowest bits. */
static uint32_t without(uint32_t apic, unsigned bits)
{
	return bits < 32 ? apic >> bits << bits : 0;
}

/* Adds a processor.  Returns false if there is one with this APIC ID. */
static bool add_seat(struct seats *s, const struct ids *ids, bool *new_core, bool *new_package)
{
	const uint32_t core = without(ids->apic, ids->core);
	const uint32_t package = without(ids->apic, ids->package);

	*new_core = *new_package = true;
	for (size_t i = 0; i < s->count; i++) {
		if (s->apic[i] == ids->apic)
			return false;
		*new_core = *new_core && without(s->apic[i], s->core[i]) != core;
		*new_package = *new_package && without(s->apic[i], s->package[i]) != package;
	}
	s->apic[s->count] = ids->apic;
	s->core[s->count] = (uint8_t)ids->core;
	s->package[s->count++] = (uint8_t)ids->package;
	return true;
}

void topology_take(struct topology *t, const struct report *r)
{
	const bool hybrid = is_hybrid(r);
	struct seats seats;
	struct cpuid_set set;

	*t = (struct topology){ .processors = r->processors, .partial = report_boot_only(r) };
	seats.count = 0;
	for (size_t i = 0; i < r->processors; i++) {
		bool new_core, new_package;
		struct ids ids;

		report_processor_set(r, i, &set);
		take_ids(&ids, &set);
		if (!add_seat(&seats, &ids, &new_core, &new_package))
			break;
		t->cores += new_core;
		t->packages += new_package;
		t->small += new_core && hybrid && is_small(&set);
	}
	t->known = seats.count > 0 && seats.count == r->processors;
	if (!t->known)
		t->packages = t->cores = t->small = 0;
}

bool topology_differs(const struct topology *a, const struct topology *b)
{
	if (a->partial || b->partial)
		return false;
	if (a->processors != b->processors)
		return true;
	return a->known && b->known &&
	       (a->cores != b->cores || a->packages != b->packages || a->small != b->small);
}

/* The outermost level of leaf 0BH or 1FH: EBX[15:0] is how many processors it has. */
static uint32_t told_by_levels(const struct cpuid_set *set, uint32_t leaf)
{
	uint32_t told = 0;

	for (uint32_t subleaf = 0; subleaf < 8; subleaf++) {
		const uint32_t count = cpuid_value(set, leaf, subleaf, EBX) & 0xffff;

		if (count == 0 || (cpuid_value(set, leaf, subleaf, ECX) >> 8 & 0xff) == 0)
			break;
		told = count;
	}
	return told;
}

uint32_t topology_told(const struct cpuid_set *set)
{
	uint32_t told = told_by_levels(set, 0x1f);
	char vendor[13];

	cpuid_vendor(set, vendor);
	if (!told)
		told = told_by_levels(set, 0xb);
	if (!told && vendor[0] != 'G' && cpuid_find(set, 0x80000008, 0))
		told = (cpuid_value(set, 0x80000008, 0, ECX) & 0xff) + 1;
	if (!told && (cpuid_value(set, 1, 0, EDX) >> 28 & 1))
		told = cpuid_value(set, 1, 0, EBX) >> 16 & 0xff;
	return told;
}

/* Returns true if both have as many processors in each core. */
static bool same_threads(const struct topology *a, const struct topology *b)
{
	return a->processors * b->cores == b->processors * a->cores;
}

enum topology_cause topology_cause(const struct topology *a, const struct topology *b)
{
	if (!a->known || !b->known || !topology_differs(a, b))
		return TOPOLOGY_UNCLEAR;
	if (a->packages != b->packages)
		return same_threads(a, b) && a->cores * b->packages == b->cores * a->packages
		               ? TOPOLOGY_PACKAGES
		               : TOPOLOGY_UNCLEAR;
	if (a->cores == b->cores)
		return a->small == b->small ? TOPOLOGY_THREADS : TOPOLOGY_UNCLEAR;
	/* A core of a hybrid machine that is off takes along one processor or two. */
	if (a->small != b->small)
		return a->cores - a->small == b->cores - b->small &&
		                       a->processors + b->small == b->processors + a->small
		               ? TOPOLOGY_SMALL
		               : TOPOLOGY_UNCLEAR;
	return same_threads(a, b) ? TOPOLOGY_CORES : TOPOLOGY_UNCLEAR;
}

static void put_count(struct text *t, size_t count, const char *one, const char *many)
{
	text_decimal(t, count);
	text_put(t, count == 1 ? one : many);
}

void topology_write(struct text *t, const struct topology *topology)
{
	if (topology->partial) {
		text_put(t, "not known: only the boot processor was asked");
		return;
	}
	if (topology->known) {
		put_count(t, topology->packages, " package, ", " packages, ");
		put_count(t, topology->cores, " core", " cores");
		if (topology->small) {
			text_put(t, " (");
			put_count(t, topology->small, " E-core)", " E-cores)");
		}
		text_put(t, ", ");
	}
	put_count(t, topology->processors, " processor", " processors");
}

/* Appends "4 of 8 cores off". */
static void put_off(struct text *t, size_t a, size_t b, const char *what)
{
	text_decimal(t, a < b ? b - a : a - b);
	text_put(t, " of ");
	text_decimal(t, a < b ? b : a);
	text_put(t, what);
}

void topology_write_cause(struct text *t, const struct topology *a, const struct topology *b)
{
	switch (topology_cause(a, b)) {
	case TOPOLOGY_UNCLEAR:
		break;
	case TOPOLOGY_THREADS:
		text_put(t, "Hyper-Threading off");
		break;
	case TOPOLOGY_CORES:
		put_off(t, a->cores, b->cores, " cores off");
		break;
	case TOPOLOGY_SMALL:
		if (a->small == 0 || b->small == 0)
			text_put(t, "E-cores off");
		else
			put_off(t, a->small, b->small, " E-cores off");
		break;
	case TOPOLOGY_PACKAGES:
		put_off(t, a->packages, b->packages, " packages off or absent");
		break;
	}
}
