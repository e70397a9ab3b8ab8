/* SPDX-License-Identifier: MIT */
#include "compare/drift.h"

#include "base/mem.h"
#include "table/msr.h"

static void take_findings(struct drift_host *host, const struct report_kind *k)
{
	struct msr_finding f = { .next = 0 };

	while (msr_next(&f, &k->control, &k->set)) {
		host->switched |= UINT64_C(1) << f.row;
		host->locked |= (uint64_t)f.locked << f.row;
	}
	host->registers |= k->control.msrs > 0;
}

/* Appends a field.  An unknown field differs from an empty one. */
static void put_field(struct text *t, const struct report *r, enum report_field field)
{
	if (r->known[field])
		text_put(t, r->field[field]);
	text_bytes(t, r->known[field] ? "\0=" : "\0-", 2);
}

static void take_type(struct drift_host *host, const struct report *r)
{
	char vendor[13] = "", brand[49] = "";
	struct text t;

	text_start(&t, host->like, sizeof(host->like));
	put_field(&t, r, FIELD_SYSTEM_VENDOR);
	put_field(&t, r, FIELD_SYSTEM_PRODUCT);
	if (r->kinds) {
		cpuid_vendor(&r->kind[0].set, vendor);
		cpuid_brand(&r->kind[0].set, brand);
		text_hex(&t, cpuid_value(&r->kind[0].set, 1, 0, EAX), 8);
	}
	text_bytes(&t, vendor, sizeof(vendor));
	text_bytes(&t, brand, sizeof(brand));
	host->like_size = t.used;
}

_Static_assert(DRIFT_LIKE_MAX >= 2 * (REPORT_STRING_MAX + 2) + 8 + 13 + 49, "two fields, a CPU");

bool drift_take(struct drift_host *host, const struct report *r)
{
	merge_start(&host->bounds);
	topology_take(&host->topology, r);
	host->registers = false;
	host->switched = host->locked = 0;
	take_type(host, r);
	identity_take(&host->identity, r);
	for (size_t i = 0; i < r->kinds; i++) {
		if (!merge_add_kind(&host->bounds, r, i))
			return false;
		take_findings(host, &r->kind[i]);
	}
	return true;
}

bool drift_same_type(const struct drift_host *a, const struct drift_host *b)
{
	return a->like_size == b->like_size && memcmp(a->like, b->like, a->like_size) == 0;
}

bool drift_both_know(const struct drift_host *a, const struct drift_host *b, const struct place *at)
{
	return merge_knows(&a->bounds, at) && merge_knows(&b->bounds, at);
}

/*
 * Finds the next difference in what all processors of a host have (low), or in what only some have
 * (high).
 */
static bool next_feature(struct drift *d, const struct drift_host *a, const struct drift_host *b,
                         bool high)
{
	const struct cpuid_set *x = high ? &a->bounds.high : &a->bounds.low;
	const struct cpuid_set *y = high ? &b->bounds.high : &b->bounds.low;

	while (differ_next(&d->differ, x, y)) {
		const struct place *at = &d->differ.at;
		const uint32_t a_low = place_value(&a->bounds.low, at);
		const uint32_t b_low = place_value(&b->bounds.low, at);

		if (differ_expected(&d->differ) || (high && a_low != b_low) ||
		    !drift_both_know(a, b, at))
			continue;
		d->what = DRIFT_FEATURE;
		d->id = d->differ.id;
		d->a_some = a_low != place_value(&a->bounds.high, at);
		d->b_some = b_low != place_value(&b->bounds.high, at);
		d->a = d->differ.a;
		d->b = d->differ.b;
		return true;
	}
	return false;
}

static bool next_switch(struct drift *d, const struct drift_host *a, const struct drift_host *b)
{
	if (!a->registers || !b->registers)
		return false;
	for (struct msr_finding f; msr_switch(&f, d->row);) {
		const uint64_t bit = UINT64_C(1) << d->row++;

		/* If the CPUID bit differs too, next_feature has found this. */
		if (!((a->switched ^ b->switched) & bit) ||
		    feature_value(&a->bounds.low, f.id) != feature_value(&b->bounds.low, f.id))
			continue;
		d->what = DRIFT_SWITCH;
		d->id = f.id;
		d->number = f.number;
		d->locked = (a->locked | b->locked) & bit;
		d->a = (a->switched & bit) != 0;
		d->b = (b->switched & bit) != 0;
		return true;
	}
	return false;
}

const char *drift_counted(enum drift_counted counted)
{
	static const char name[][12] = {
		[COUNTED_PROCESSORS] = "processors",
		[COUNTED_CORES] = "cores",
		[COUNTED_PACKAGES] = "sockets",
		[COUNTED_SMALL] = "E-cores",
	};

	return name[counted];
}

static bool compare_topology(struct drift *d, const struct topology *a, const struct topology *b)
{
	const size_t of_a[] = { a->processors, a->cores, a->packages, a->small };
	const size_t of_b[] = { b->processors, b->cores, b->packages, b->small };
	size_t i = 0;

	if (!topology_differs(a, b))
		return false;
	while (of_a[i] == of_b[i])
		i++;
	d->what = DRIFT_PROCESSORS;
	d->id = topology_cause(a, b) == TOPOLOGY_THREADS ? F_HTT : F_NONE;
	d->counted = (enum drift_counted)i;
	d->a = of_a[i];
	d->b = of_b[i];
	return true;
}

bool drift_next(struct drift *d, const struct drift_host *a, const struct drift_host *b)
{
	enum { LOW, HIGH, SWITCHES, PROCESSORS };

	for (;; d->stage++) {
		switch (d->stage) {
		case LOW:
		case HIGH:
			if (next_feature(d, a, b, d->stage == HIGH))
				return true;
			d->differ = (struct differ){ .id = F_NONE };
			break;
		case SWITCHES:
			if (next_switch(d, a, b))
				return true;
			break;
		case PROCESSORS:
			d->stage++;
			return compare_topology(d, &a->topology, &b->topology);
		default:
			d->what = DRIFT_END;
			return false;
		}
	}
}
