/* SPDX-License-Identifier: MIT */
#include "fleet/evc_reach.h"

#include "fleet/evc_settle.h"

/* True if a mode of the vendor needs a feature, and each one that shows it lacks another. */
static bool excludes(const struct evc *modes, size_t count, enum evc_vendor vendor,
                     enum feature_id has, enum feature_id other)
{
	bool needed = false;

	for (const struct evc *m = modes; m < modes + count; m++) {
		if (m->vendor != vendor || !evc_shows(m, has))
			continue;
		if (m->state[other] != EVC_LACKS)
			return false;
		needed = needed || m->state[has] == EVC_HAS;
	}
	return needed;
}

/* True if a host lacks a feature of the mode, and has one of a generation that never has it. */
static bool never_has(const struct evc *modes, size_t count, const struct evc *mode,
                      const struct pool *pool, enum feature_id missing)
{
	size_t missed = 0;

	while (missed < pool->answers && !evc_misses(mode, missing, &pool->answer[missed]->set))
		missed++;
	for (unsigned id = F_NONE + 1; missed < pool->answers && id < F_COUNT; id++) {
		if (!excludes(modes, count, mode->vendor, (enum feature_id)id, missing))
			continue;
		for (size_t i = missed; i < pool->answers; i++)
			if (feature_value(&pool->answer[i]->set, (enum feature_id)id) &&
			    evc_misses(mode, missing, &pool->answer[i]->set))
				return true;
	}
	return false;
}

bool evc_reachable(const struct evc *modes, size_t count, const struct evc *mode,
                   const struct pool *pool)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (never_has(modes, count, mode, pool, (enum feature_id)id))
			return false;
	return true;
}

static bool qualifies(const struct evc *mode, const struct cpuid_set *baseline)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (evc_misses(mode, (enum feature_id)id, baseline))
			return false;
	return mode->source != EVC_UNKNOWN;
}

bool evc_qualifies(const struct evc *mode, const struct cpuid_set *baseline)
{
	return evc_vendor_is(mode, baseline) && qualifies(mode, baseline);
}

const struct evc *evc_highest(const struct evc *modes, size_t count, const struct pool *pool,
                              const struct cpuid_set *baseline, const struct evc **next,
                              bool *above)
{
	*next = NULL;
	*above = false;
	for (size_t i = count; i-- > 0;) {
		const struct evc *mode = &modes[i];

		if (!evc_vendor_is(mode, baseline) || mode->source == EVC_UNKNOWN)
			continue;
		if (qualifies(mode, baseline))
			return mode;
		*above = true;
		if (evc_reachable(modes, count, mode, pool))
			*next = mode;
	}
	return NULL;
}
