/* SPDX-License-Identifier: MIT */
#include "table/feature_text.h"

const struct feature_names feature_names[F_COUNT] = {
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, support, hw, cap, vmware, linux_, \
                qemu, libvirt, xen, other, need1, need2, setup, unit, about)                   \
	[F_##name] = { cap, vmware, linux_, qemu, libvirt, xen, other, about },
#include "table/feature.def"
#undef FEATURE
};

const char *feature_about(enum feature_id id)
{
	return id == F_NONE ? "" : feature_names[id].about;
}
