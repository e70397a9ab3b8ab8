/* SPDX-License-Identifier: MIT */
/*
 * Cloud Hypervisor's option --cpus.  Source: its docs/cpu.md, main in 2026.  It gives a guest every
 * feature that KVM offers on the host and can hide none; features= has only "amx", which it leaves
 * out otherwise.  All that a line can say is the width of addresses.  Not tried in it.
 */
#include "mask/mask_bits.h"

bool mask_cloud_hypervisor_shows(const struct mask *m, enum feature_id id)
{
	if (id == F_VENDOR1)
		return feature_value(m->every, id) && !feature_value(m->baseline, id);
	return feature_value(m->seen, id) && !feature_value(m->every, id) &&
	       (mask_is_feature(id) || features[id].rule == RULE_ANY);
}

void mask_cloud_hypervisor_write(struct text *t, const struct mask *m)
{
	const uint32_t bits = feature_value(m->baseline, F_PHYS_BITS);

	if (!bits)
		return;
	text_put(t, "--cpus boot=1,max_phys_bits=");
	text_decimal(t, bits);
	text_put(t, "\n");
}
