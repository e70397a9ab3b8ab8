/* SPDX-License-Identifier: MIT */
/*
 * kvm_since.h - since when QEMU and libvirt have a name for a feature.
 *
 * kvm_since.def is the table.
 */
#ifndef KVM_SINCE_H
#define KVM_SINCE_H

#include "table/cpu_model.h"

/* Return the first known version with a name for the feature; CPU_NEVER if there is none. */
unsigned kvm_since_qemu(enum feature_id id);
unsigned kvm_since_libvirt(enum feature_id id);

#endif
