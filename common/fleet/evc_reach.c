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
