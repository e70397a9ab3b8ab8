/* SPDX-License-Identifier: MIT */
#include "report/topology.h"

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
static bool take_levels(struct topology_ids *ids, const struct cpuid_set *set, uint32_t leaf)
{
	uint32_t subleaf = 0;

	*ids = (struct topology_ids){ 0 };
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
static void take_amd(struct topology_ids *ids, const struct cpuid_set *set)
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
static void take_intel(struct topology_ids *ids, const struct cpuid_set *set)
{
	const uint32_t cores = (cpuid_value(set, 4, 0, EAX) >> 26) + 1;
	uint32_t processors = 1;

	if (cpuid_value(set, 1, 0, EDX) >> 28 & 1)
		processors = cpuid_value(set, 1, 0, EBX) >> 16 & 0xff;
	ids->package = bits_for(processors);
	ids->core = processors > cores ? ids->package - bits_for(cores) : 0;
}

/* The leaves with levels, best first. */
static const uint32_t leveled[] = { 0x80000026, 0x1f, 0xb };

void topology_ids(struct topology_ids *ids, const struct cpuid_set *set)
{
	char vendor[13];

	for (size_t i = 0; i < sizeof(leveled) / sizeof(leveled[0]); i++)
		if (take_levels(ids, set, leveled[i]))
			return;
	*ids = (struct topology_ids){ .apic = cpuid_value(set, 1, 0, EBX) >> 24 };
	cpuid_vendor(set, vendor);
	if (vendor[0] == 'G')
		take_intel(ids, set);
	else
		take_amd(ids, set);
}

/* Whether two of the leaves that tell the same thing tell it differently. */
static bool leaves_disagree(const struct cpuid_set *set, const struct topology_ids *best)
{
	struct topology_ids other;

	for (size_t i = 0; i < sizeof(leveled) / sizeof(leveled[0]); i++)
		if (take_levels(&other, set, leveled[i]) &&
		    (other.apic != best->apic || other.core != best->core ||
		     other.package != best->package))
			return true;
	return cpuid_value(set, 1, 0, EBX) >> 24 != (best->apic & 0xff);
}

/* Whether leaf 1 is all that tells where a processor is: no leaf counts the cores. */
static bool leaf_1_alone(const struct cpuid_set *set)
{
	struct topology_ids ids;
	char vendor[13];

	for (size_t i = 0; i < sizeof(leveled) / sizeof(leveled[0]); i++)
		if (take_levels(&ids, set, leveled[i]))
			return false;
	cpuid_vendor(set, vendor);
	return vendor[0] == 'G' ? (cpuid_value(set, 4, 0, EAX) & 0x1f) == 0
	                        : !cpuid_find(set, 0x80000008, 0);
}

/* Leaf 1AH EAX[31:24]: 20H is a core of type Atom. */
bool topology_small(const struct cpuid_set *set)
{
	return cpuid_value(set, 0x1a, 0, EAX) >> 24 == 0x20;
}

bool topology_hybrid(const struct report *r)
{
	size_t small = 0;

	for (size_t i = 0; i < r->kinds; i++)
		small += topology_small(&r->kind[i].set);
	return small > 0 && small < r->kinds;
}

/* What a processor is: the first of its core, the first of its package, in an E-core. */
enum { NEW_CORE = 1, NEW_PACKAGE = 2, SMALL = 4 };

/* Where the processors are: 28 KiB on the stack, of which UEFI guarantees 128. */
struct seats {
	size_t count;
	uint32_t apic[REPORT_PROCESSORS_MAX];
	uint8_t core[REPORT_PROCESSORS_MAX], package[REPORT_PROCESSORS_MAX];
	uint8_t is[REPORT_PROCESSORS_MAX];
};

/* Returns what is left of an ID without its lowest bits. */
static uint32_t without(uint32_t apic, unsigned bits)
{
	return bits < 32 ? apic >> bits << bits : 0;
}

static bool same_core(const struct seats *s, size_t a, size_t b)
{
	return without(s->apic[a], s->core[a]) == without(s->apic[b], s->core[b]);
}

static bool same_package(const struct seats *s, size_t a, size_t b)
{
	return without(s->apic[a], s->package[a]) == without(s->apic[b], s->package[b]);
}

/* Adds a processor.  Returns false if there is one with this APIC ID. */
static bool add_seat(struct seats *s, const struct topology_ids *ids, bool small)
{
	const size_t last = s->count++;
	unsigned is = NEW_CORE | NEW_PACKAGE;

	s->apic[last] = ids->apic;
	s->core[last] = (uint8_t)ids->core;
	s->package[last] = (uint8_t)ids->package;
	for (size_t i = 0; i < last; i++) {
		if (s->apic[i] == ids->apic)
			return false;
		if (same_core(s, i, last))
			is &= ~(unsigned)NEW_CORE;
		if (same_package(s, i, last))
			is &= ~(unsigned)NEW_PACKAGE;
	}
	s->is[last] = (uint8_t)(is | (small ? SMALL : 0));
	return true;
}

/* Returns how many processors the core of a processor has. */
static size_t threads_of(const struct seats *s, size_t core)
{
	size_t threads = 0;

	for (size_t i = 0; i < s->count; i++)
		threads += same_core(s, i, core);
	return threads;
}

/* Returns how many E-cores, or other cores, the package of a processor has. */
static size_t cores_of(const struct seats *s, size_t package, unsigned small)
{
	size_t cores = 0;

	for (size_t i = 0; i < s->count; i++)
		cores += (s->is[i] & (NEW_CORE | SMALL)) == (NEW_CORE | small) &&
		         same_package(s, i, package);
	return cores;
}

/* Finds whether all packages have as many cores, and all cores of a type as many processors. */
static void divide(struct topology *t, const struct seats *s)
{
	size_t *const per_core[] = { [0] = &t->threads, [SMALL] = &t->small_threads };

	for (size_t i = 0; i < s->count; i++) {
		const unsigned small = s->is[i] & SMALL;

		if (s->is[i] & NEW_CORE) {
			const size_t threads = threads_of(s, i);

			t->cores_differ |= *per_core[small] && *per_core[small] != threads;
			*per_core[small] = threads;
		}
		if (s->is[i] & NEW_PACKAGE)
			t->packages_differ |=
				cores_of(s, i, 0) * t->packages != t->cores - t->small ||
				cores_of(s, i, SMALL) * t->packages != t->small;
	}
}

void topology_take(struct topology *t, const struct report *r)
{
	const bool hybrid = topology_hybrid(r);
	struct seats seats;
	struct cpuid_set set;

	*t = (struct topology){ .processors = r->processors, .partial = report_boot_only(r) };
	seats.count = 0;
	for (size_t i = 0; i < r->processors; i++) {
		struct topology_ids ids;
		bool small;

		report_processor_set(r, i, &set);
		topology_ids(&ids, &set);
		small = hybrid && topology_small(&set);
		t->disagree |= leaves_disagree(&set, &ids);
		t->leaf_1_alone |= r->processors > 1 && leaf_1_alone(&set);
		if (!add_seat(&seats, &ids, small)) {
			t->packages = t->cores = t->small = 0;
			return;
		}
		t->cores += (seats.is[i] & NEW_CORE) != 0;
		t->packages += (seats.is[i] & NEW_PACKAGE) != 0;
		t->small += small && seats.is[i] & NEW_CORE;
	}
	t->known = r->processors > 0;
	divide(t, &seats);
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

bool topology_one_of_several(const struct report *r)
{
	return r->known[FIELD_SOURCE] && r->processors == 1 && topology_told(&r->kind[0].set) > 1;
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
