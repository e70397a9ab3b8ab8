// SPDX-License-Identifier: MIT
/*
 * judging.c - what is said of any set of hosts: how they differ, the probe's verdict, why a feature
 * is lost, and which EVC mode they reach.
 */
#include <string.h>

#include "base/ascii.h"
#include "compare/verdict.h"
#include "fleet/evc_reach.h"
#include "fleet/evc_settle.h"
#include "fleet/explain.h"
#include "hosts.h"
#include "mask/evc_mask.h"
#include "mask/mask_bits.h"
#include "table/vmware.h"

/* Far more differences than two hosts of this size have. */
#define DIFFERENCES_MAX 20000

static struct drift_host drifts[HOSTS_MAX];

static size_t count_differences(const struct drift_host *a, const struct drift_host *b)
{
	struct drift d = { .what = DRIFT_FEATURE };
	size_t count = 0;

	while (drift_next(&d, a, b)) {
		CHECK(d.a != d.b || d.a_some != d.b_some);
		CHECK(++count < DIFFERENCES_MAX);
	}
	return count;
}

static void check_text(const struct text *t)
{
	CHECK(!t->full);
	for (size_t i = 0; i < t->used; i++)
		CHECK(ascii_printable(t->at[i]));
}

static void check_verdict(const struct hosts *h)
{
	static struct verdict v;
	static char room[0x8000];
	struct text t;

	verdict_start(&v, &drifts[0]);
	v.setup = &h->report[0].setup;
	for (size_t i = 1; i < h->count; i++)
		verdict_add(&v, &drifts[i], h->host[i].name);
	const bool differs = verdict_judge(&v);
	CHECK(v.same <= v.like && v.like < h->count);
	CHECK(differs || v.deviations + v.undecided == 0);
	text_start(&t, room, sizeof(room));
	verdict_write(&t, &v);
	check_text(&t);
	for (size_t i = 1; i < h->count; i++) {
		static struct verdict_list list;
		const struct verdict_golden golden = { drift_same_type(&drifts[0], &drifts[i]),
			                               i & 1, &h->report[0].setup,
			                               &h->report[i].setup };

		CHECK(verdict_compare(&list, &drifts[0], &drifts[i]) ==
		      (count_differences(&drifts[0], &drifts[i]) > 0));
		text_start(&t, room, sizeof(room));
		verdict_write_golden(&t, &list, &golden);
		check_text(&t);
	}
}

void fuzz_drifts(const uint8_t *data, size_t size)
{
	struct feed f = { data, data + size };
	struct hosts *h = hosts_take(&f);

	for (size_t i = 0; i < h->count; i++)
		if (!drift_take(&drifts[i], &h->report[i]))
			return;
	for (size_t i = 0; i < h->count; i++) {
		CHECK(count_differences(&drifts[i], &drifts[i]) == 0);
		CHECK(drift_same_type(&drifts[i], &drifts[i]));
		for (size_t k = 0; k < i; k++)
			CHECK(count_differences(&drifts[i], &drifts[k]) ==
			      count_differences(&drifts[k], &drifts[i]));
	}
	check_verdict(h);
}

/* The reason fits what the hosts have. */
static void check_reason(const struct explained *e, const struct place *at)
{
	const uint32_t value = place_value(e->baseline, at);
	struct reason r;

	explain_place(e, at, &r);
	CHECK(r.lacking + r.unknown <= e->pool->hosts && (r.lacking == 0) == (r.one == NULL));
	for (size_t i = 0; i < e->pool->hosts; i++)
		CHECK(e->has[i] == explain_has(&e->pool->host[i], at));
	switch (r.kind) {
	case REASON_NONE:
		CHECK(value);
		return;
	case REASON_NOBODY:
		CHECK(!value && !place_value(&e->merge->high, at));
		return;
	case REASON_HOSTS:
		CHECK(!value && r.lacking + r.unknown > 0);
		return;
	case REASON_NEED:
		CHECK(!value && explain_all_have(e->pool, at) == HOST_HAS);
		return;
	case REASON_LAYOUT:
	case REASON_DIFFER:
	case REASON_NEVER:
		return;
	}
}

static struct evc *builtin_modes(void)
{
	static struct evc modes[32];
	static bool made;

	CHECK(evc_count() <= COUNT(modes));
	for (size_t i = 0; i < evc_count() && !made; i++)
		CHECK(evc_mode(&modes[i], i));
	made = true;
	return modes;
}

/* The highest mode is one that the hosts have all of, and its mask hides nothing that it shows. */
static void check_evc(const struct pool *p, const struct cpuid_set *baseline, unsigned hw)
{
	const struct evc *modes = builtin_modes(), *next;
	struct mask_merge m;
	bool above;

	const struct evc *mode = evc_highest(modes, evc_count(), p, baseline, &next, &above);
	CHECK(!next || above);
	if (!mode)
		return;
	CHECK(evc_qualifies(mode, baseline) && evc_vendor_is(mode, baseline));
	mask_merge_start(&m);
	const enum evc_source source = evc_mask(mode, hw, &m);
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		CHECK(!(evc_misses(mode, id, baseline) && mode->state[id] == EVC_HAS));
		if (source != EVC_UNKNOWN && mask_merge_hidden(&m, &at))
			CHECK(!evc_shows(mode, id) || !mask_is_feature(id));
	}
	mask_merge_free(&m);
}

/* Without the only host that tells of leaf 0DH nothing is known of it. */
static bool all_know_states(const struct pool *p)
{
	for (size_t i = 0; i < p->answers; i++)
		if (!cpuid_find(&p->answer[i]->set, 0xd, 0) ||
		    !cpuid_find(&p->answer[i]->set, 0xd, 1))
			return false;
	return true;
}

void fuzz_reasons(const uint8_t *data, size_t size)
{
	static struct cpuid_set baseline, more;
	struct feed f = { data, data + size };
	struct hosts *h = hosts_take(&f);
	bool out[HOSTS_MAX] = { false }, same[HOSTS_MAX];
	static struct merge merged, other;
	static struct pool p;

	hosts_pool(&p, h, NULL, h->count);
	if (pool_merge(&p, &merged)) {
		struct explained e;
		struct differ d = { .id = F_NONE };

		merge_baseline(&merged, &baseline);
		CHECK(explained_start(&e, &p, &merged, &baseline));
		for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
			const struct place at = feature_place((enum feature_id)id);

			check_reason(&e, &at);
		}
		while (explain_next_lost(&e, &d))
			check_reason(&e, &d.at);
		for (size_t i = 0; i < p.hosts; i++)
			CHECK(explain_alike(&p, &p.host[i], same) > 0 && same[i]);
		CHECK(explain_without(&p, out, &other, &more));
		fuzz_same_set(&more, &baseline);
		out[feed_below(&f, p.hosts)] = true;
		if (explain_without(&p, out, &other, &more) && all_know_states(&p))
			CHECK(explain_gain(&baseline, &more) == 0);
		check_evc(&p, &baseline, vmware_hw_versions[feed_below(&f, VMWARE_HW_COUNT)]);
		explained_free(&e);
	}
	pool_free(&p);
}
