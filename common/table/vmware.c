/* SPDX-License-Identifier: MIT */
#include "table/vmware.h"

enum shows { NONE, YES, NO, ANY, NA };

#define HW_FUTURE VMWARE_HW_FUTURE

static const struct row {
	uint8_t shows, since;
} rows[F_COUNT] = {
#define VMWARE(feature, shows, version) [F_##feature] = { shows, version },
#include "table/vmware.def"
#undef VMWARE
};

const uint8_t vmware_hw_versions[VMWARE_HW_COUNT] = {
	4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
};

enum vmware_shows vmware_shows(enum feature_id id, unsigned hw)
{
	switch ((enum shows)rows[id].shows) {
	case YES:
		return rows[id].since <= hw ? VMWARE_HOSTS : VMWARE_NEVER;
	case ANY:
		return rows[id].since <= hw ? VMWARE_OWN : VMWARE_NEVER;
	case NO:
		return VMWARE_NEVER;
	case NA:
	case NONE:
		break;
	}
	return VMWARE_UNKNOWN;
}

unsigned vmware_since(enum feature_id id)
{
	return rows[id].since;
}
