/* SPDX-License-Identifier: MIT */
#include "table/feature.h"

const struct feature_guest feature_guests[F_COUNT] = {
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, support, hw, cap, vmware, linux_, \
                qemu, libvirt, xen, other, need1, need2, ...)                                  \
	[F_##name] = { VMWARE_##support, hw, { F_##need1, F_##need2 } },
#include "table/feature.def"
#undef FEATURE
};
