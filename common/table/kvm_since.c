/* SPDX-License-Identifier: MIT */
#include "table/kvm_since.h"

#include "table/feature_names.h"

#define V(major, minor) CPU_VERSION(major, minor)
#define NEVER           CPU_NEVER

/* The versions of features without a row. */
static const uint16_t oldest[] = { V(7, 2), V(9, 0) };

static const uint16_t rows[F_COUNT][2] = {
#define SINCE(feature, qemu, libvirt) [F_##feature] = { qemu, libvirt },
#include "table/kvm_since.def"
#undef SINCE
};

static unsigned since(enum feature_id id, enum feature_namer who, size_t column)
{
	if (!*feature_named(id, who))
		return NEVER;
	return rows[id][column] ? rows[id][column] : oldest[column];
}

unsigned kvm_since_qemu(enum feature_id id)
{
	return since(id, NAMED_QEMU, 0);
}

unsigned kvm_since_libvirt(enum feature_id id)
{
	return since(id, NAMED_LIBVIRT, 1);
}
