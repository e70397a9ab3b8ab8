/* SPDX-License-Identifier: MIT */
/*
 * capabilities.h - what a hypervisor says that it knows: names of models and features.
 */
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include "mask/kvm_offer.h"

/*
 * Reads a file into the names of an offer: the XML of virsh domcapabilities, the JSON of QMP's
 * query-cpu-definitions or query-cpu-model-expansion, or the text of "-cpu help".  Returns false
 * after a message; the offer can then only be freed.
 */
bool capabilities_read(const char *path, struct kvm_offer *o);

/* Reads the folder of libvirt's cpu_map in the same way. */
bool capabilities_read_map(const char *folder, struct kvm_offer *o);

void capabilities_free(struct kvm_offer *o);

#endif
