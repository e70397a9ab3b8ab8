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

/* True if the set has a feature of a generation that never has the missing one. */
static bool never_has(const struct evc *modes, size_t count, enum evc_vendor vendor,
                      const struct cpuid_set *set, enum feature_id missing)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (feature_value(set, (enum feature_id)id) &&
		    excludes(modes, count, vendor, (enum feature_id)id, missing))
			return true;
	return false;
}

bool evc_reachable(const struct evc *modes, size_t count, const struct evc *mode,
                   const struct pool *pool)
{
	for (size_t i = 0; i < pool->answers; i++) {
		const struct cpuid_set *set = &pool->answer[i]->set;

		for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
			if (evc_misses(mode, (enum feature_id)id, set) &&
			    never_has(modes, count, mode->vendor, set, (enum feature_id)id))
				return false;
	}
	return true;
}

static bool qualifies(const struct evc *mode, const struct cpuid_set *baseline)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (evc_misses(mode, (enum feature_id)id, baseline))
			return false;
	return mode->source != EVC_UNKNOWN;
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
