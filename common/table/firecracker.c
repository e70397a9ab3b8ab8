/* SPDX-License-Identifier: MIT */
#include "table/firecracker.h"

#include "table/feature_names.h"

static const uint16_t own[] = {
#define FIRECRACKER_OWN(feature) F_##feature,
#include "table/firecracker.def"
#undef FIRECRACKER_OWN
};

static bool is_own(enum feature_id id)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] == id)
			return true;
	return false;
}

/*
 * What KVM can show has a name in QEMU, but for the extended states.  SGX, processor trace, the
 * tiles' and AVX10's own leaves and VIA's are not among those that Firecracker starts with.
 */
bool firecracker_shows(enum feature_id id)
{
	const struct place at = feature_place(id);

	if (is_own(id))
		return false;
	if (at.leaf == 0xd && at.subleaf == 0)
		return true;
	return *feature_named(id, NAMED_QEMU) && (at.leaf <= 0xd || at.leaf >= 0x80000000);
}
