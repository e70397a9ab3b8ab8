/* SPDX-License-Identifier: MIT */
#include "cpuid/cpuid.h"

#include "base/mem.h"
#include "cpuid/subleaves.h"

struct walk {
	struct cpuid_set *set;
	cpuid_exec *exec;
	void *ctx;
};

static struct cpuid_leaf *read_leaf(const struct walk *w, uint32_t leaf, uint32_t subleaf)
{
	if (w->set->count == CPUID_SET_MAX)
		return NULL;

	struct cpuid_leaf *l = &w->set->at[w->set->count++];
	*l = (struct cpuid_leaf){ .leaf = leaf, .subleaf = subleaf };
	w->exec(w->ctx, leaf, subleaf, l->reg);
	return l;
}

/* Reads the subleaves from 1 on whose bit in map is set. */
static bool read_bitmap(const struct walk *w, uint32_t leaf, uint64_t map)
{
	for (uint32_t sub = 1; sub <= CPUID_SUBLEAF_MAX; sub++)
		if (map >> sub & 1 && !read_leaf(w, leaf, sub))
			return false;
	return true;
}

/* Reads subleaves until a field is 0; keeps the one in which it is. */
static bool read_to_field(const struct walk *w, const struct subleaves *s,
                          const struct cpuid_leaf *zero)
{
	const struct cpuid_leaf *l = zero;

	while (l->subleaf < s->first || l->reg[s->reg] & s->mask) {
		if (l->subleaf == CPUID_SUBLEAF_MAX)
			return true;
		l = read_leaf(w, l->leaf, l->subleaf + 1);
		if (!l)
			return false;
	}
	return true;
}

static bool read_counted(const struct walk *w, uint32_t leaf, uint32_t last)
{
	for (uint32_t sub = 1; sub <= last && sub <= CPUID_SUBLEAF_MAX; sub++)
		if (!read_leaf(w, leaf, sub))
			return false;
	return true;
}

static bool read_xsave(const struct walk *w, const struct cpuid_leaf *zero)
{
	const struct cpuid_leaf *one = read_leaf(w, zero->leaf, 1);

	return one && read_bitmap(w, zero->leaf, subleaves_states(zero, one));
}

/* If a subleaf is all zero, or equal to subleaf 0, the leaf does not have it. */
static bool read_unknown(const struct walk *w, const struct cpuid_leaf *zero)
{
	static const uint32_t nothing[CPUID_REGS];

	for (uint32_t sub = 1; sub <= 3; sub++) {
		const struct cpuid_leaf *l = read_leaf(w, zero->leaf, sub);
		if (!l)
			return false;
		if (memcmp(l->reg, nothing, sizeof(nothing)) == 0 ||
		    memcmp(l->reg, zero->reg, sizeof(zero->reg)) == 0)
			w->set->count--;
	}
	return true;
}

static bool collect_leaf(const struct walk *w, uint32_t leaf)
{
	const struct subleaves s = subleaves_of(leaf);
	const struct cpuid_leaf *zero = read_leaf(w, leaf, 0);

	if (!zero)
		return false;
	switch (s.stop) {
	case STOP_NONE:
		break;
	case STOP_COUNT:
		return read_counted(w, leaf, zero->reg[EAX]);
	case STOP_FIELD:
		return read_to_field(w, &s, zero);
	case STOP_BITS:
		return read_bitmap(w, leaf, zero->reg[s.reg]);
	case STOP_XSAVE:
		return read_xsave(w, zero);
	case STOP_PROBE:
		return read_unknown(w, zero);
	}
	return true;
}

/*
 * Returns true if the processor has the range that begins at first: EAX of that leaf is then the
 * last leaf of the range, between first and limit.  For absent leaves Intel returns the data of the
 * highest basic leaf, and some hypervisors return the same for all of 4000xxxxH.
 */
static bool range_present(const struct walk *w, uint32_t first, uint32_t limit, uint32_t *last)
{
	uint32_t reg[CPUID_REGS];

	w->exec(w->ctx, first, 0, reg);
	*last = reg[EAX];
	return *last >= first && *last <= limit;
}

static bool collect_range(const struct walk *w, uint32_t first, uint32_t last)
{
	for (uint32_t leaf = first; leaf <= last; leaf++)
		if (!collect_leaf(w, leaf))
			return false;
	return true;
}

/* Interfaces begin at 40000000H, 40000100H, ... without a gap; each has its own last leaf. */
static bool collect_hypervisor(const struct walk *w)
{
	for (uint32_t first = 0x40000000; first < 0x40010000; first += 0x100) {
		uint32_t last;
		if (!range_present(w, first, first + 0xff, &last)) {
			/* Old KVM returns 0 instead of 40000001H. */
			if (first != 0x40000000 || last != 0)
				return true;
			last = 0x40000001;
		}
		if (!collect_range(w, first, last))
			return false;
	}
	return true;
}

/*
 * Ranges that only some vendors have, by first leaf; other processors return data of other leaves
 * there.
 */
static const struct private
{
	uint32_t first, limit;
	uint8_t family; /* 0: any */
	char vendor[13];
}
privates[] = {
	{ 0x20000000, 0x200000ff, 0x0b, "GenuineIntel" }, /* Xeon Phi, Knights Corner */
	{ 0x80860000, 0x8086ffff, 0, "GenuineTMx86" },    /* Transmeta */
	{ 0x80860000, 0x8086ffff, 0, "TransmetaCPU" },
	{ 0xc0000000, 0xc000ffff, 0, "CentaurHauls" }, /* VIA */
	{ 0xc0000000, 0xc000ffff, 0, "  Shanghai  " }, /* Zhaoxin */
};

static bool is_for(const struct private *p, const struct cpuid_set *set)
{
	char vendor[13];

	cpuid_vendor(set, vendor);
	return memcmp(vendor, p->vendor, sizeof(vendor)) == 0 &&
	       (p->family == 0 || p->family == cpuid_family(set));
}

/* True if a leaf of a private range, or of the hypervisors', is one that the processor has. */
static bool is_had(const struct cpuid_set *set, uint32_t leaf)
{
	bool private = false;

	if (leaf >= CPUID_MSR)
		return false;
	if (leaf >= 0x40000000 && leaf <= 0x4fffffff)
		return cpuid_value(set, 1, 0, ECX) >> 31;
	for (size_t i = 0; i < sizeof(privates) / sizeof(privates[0]); i++) {
		const struct private *p = &privates[i];
		const uint32_t last = cpuid_value(set, p->first, 0, EAX);

		if (leaf < p->first || leaf > p->limit)
			continue;
		if (is_for(p, set) && last >= leaf && last <= p->limit)
			return true;
		private = true;
	}
	return !private;
}

void cpuid_drop_echoes(struct cpuid_set *set)
{
	bool keep[CPUID_SET_MAX];
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++)
		keep[i] = is_had(set, set->at[i].leaf);
	for (size_t i = 0; i < set->count; i++)
		if (keep[i])
			set->at[kept++] = set->at[i];
	set->count = kept;
}

/* Collects the private ranges from first on and below limit. */
static bool collect_privates(const struct walk *w, uint32_t first, uint32_t limit)
{
	for (size_t i = 0; i < sizeof(privates) / sizeof(privates[0]); i++) {
		const struct private *p = &privates[i];
		uint32_t last;

		if (p->first >= first && p->first < limit && is_for(p, w->set) &&
		    range_present(w, p->first, p->limit, &last) &&
		    !collect_range(w, p->first, last))
			return false;
	}
	return true;
}

/*
 * A few AMD processors have a text in this leaf, others zeros.  A hypervisor may return its last
 * basic leaf instead.  Zeros and such copies are not kept.
 */
#define TEXT_LEAF 0x8fffffffU

static bool collect_text(const struct walk *w, uint32_t last_basic)
{
	static const uint32_t nothing[CPUID_REGS];
	const struct cpuid_leaf *echo = cpuid_find(w->set, last_basic, 0);
	char vendor[13];

	cpuid_vendor(w->set, vendor);
	if (memcmp(vendor, "AuthenticAMD", sizeof(vendor)) != 0)
		return true;

	const struct cpuid_leaf *l = read_leaf(w, TEXT_LEAF, 0);
	if (!l)
		return false;
	if (memcmp(l->reg, nothing, sizeof(nothing)) == 0 ||
	    (echo && memcmp(l->reg, echo->reg, sizeof(echo->reg)) == 0))
		w->set->count--;
	return true;
}

bool cpuid_collect(struct cpuid_set *set, cpuid_exec *exec, void *ctx)
{
	const struct walk w = { .set = set, .exec = exec, .ctx = ctx };
	uint32_t last_basic, last;

	set->count = 0;
	if (!range_present(&w, 0, 0xffff, &last_basic))
		last_basic = 0;
	if (!collect_range(&w, 0, last_basic) || !collect_privates(&w, 0x20000000, 0x40000000))
		return false;
	if (cpuid_value(set, 1, 0, ECX) >> 31 && !collect_hypervisor(&w))
		return false;
	if (range_present(&w, 0x80000000, 0x8000ffff, &last) &&
	    !collect_range(&w, 0x80000000, last))
		return false;
	return collect_privates(&w, 0x80000000, TEXT_LEAF) && collect_text(&w, last_basic) &&
	       collect_privates(&w, TEXT_LEAF, UINT32_MAX);
}
