/* SPDX-License-Identifier: MIT */
#include "table/vmware.h"

enum shows { NONE, HOST, OWN, NEVER, NA };
enum requires { NO, YES, UNSURE };
enum source { HEADER, KB_52085, KB_317619, KB_76799, VM_LIST, GUESTS, UNVERIFIED };

#define HW_FUTURE VMWARE_HW_FUTURE

static const struct row {
	uint8_t shows, requires, since, source;
} rows[F_COUNT] = {
#define VMWARE(feature, shows, requires, version, source) \
	[F_##feature] = { shows, requires, version, source },
#include "table/vmware.def"
#undef VMWARE
};

static const char *const words[F_COUNT] = {
#define VMWARE_WORDS(feature, words) [F_##feature] = (words),
#include "table/vmware_words.def"
#undef VMWARE_WORDS
};

const uint8_t vmware_hw_versions[VMWARE_HW_COUNT] = {
	4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
};

enum vmware_shows vmware_shows(enum feature_id id, unsigned hw)
{
	switch ((enum shows)rows[id].shows) {
	case HOST:
		return rows[id].since <= hw ? VMWARE_HOSTS : VMWARE_NEVER;
	case OWN:
		return rows[id].since <= hw ? VMWARE_OWN : VMWARE_NEVER;
	case NEVER:
		return VMWARE_NEVER;
	case NA:
	case NONE:
		break;
	}
	return VMWARE_UNKNOWN;
}

bool vmware_requires(enum feature_id id, unsigned hw)
{
	return vmware_shows(id, hw) == VMWARE_HOSTS && rows[id].requires != NO;
}

bool vmware_verified(enum feature_id id)
{
	return rows[id].source != UNVERIFIED && rows[id].requires != UNSURE;
}

const char *vmware_source(enum feature_id id)
{
	static const char *const name[] = {
		[HEADER] = "VMware's x86cpuid.h",      [KB_52085] = "Broadcom KB 52085",
		[KB_317619] = "Broadcom KB 317619",    [KB_76799] = "Broadcom KB 76799",
		[VM_LIST] = "a VM's requirement list", [GUESTS] = "flags of Linux in VMs",
		[UNVERIFIED] = "unverified",
	};

	return rows[id].shows == NONE ? "" : name[rows[id].source];
}

unsigned vmware_since(enum feature_id id)
{
	return rows[id].since;
}

const char *vmware_words(enum feature_id id)
{
	return words[id] ? words[id] : "";
}
