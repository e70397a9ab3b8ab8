/* SPDX-License-Identifier: MIT */
#include "mask/kvm_offer.h"

#include "table/feature_names.h"
#include "table/kvm_since.h"

unsigned kvm_offer_proxmox_qemu(unsigned proxmox)
{
	/* Sources: the release notes of Proxmox VE 8.0 to 9.1. */
	static const struct {
		unsigned proxmox, qemu;
	} versions[] = {
		{ CPU_VERSION(9, 1), CPU_VERSION(10, 1) },
		{ CPU_VERSION(9, 0), CPU_VERSION(10, 0) },
		{ CPU_VERSION(8, 4), CPU_VERSION(9, 2) },
		{ CPU_VERSION(8, 3), CPU_VERSION(9, 0) },
		{ CPU_VERSION(8, 2), CPU_VERSION(8, 1) },
		{ CPU_VERSION(8, 0), CPU_VERSION(8, 0) },
	};

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (proxmox >= versions[i].proxmox)
			return versions[i].qemu;
	return KVM_OFFER_QEMU_MIN;
}

const char *kvm_offer_model(const struct kvm_offer *o, enum cpu_model_id id)
{
	const struct cpu_model *m = &cpu_models[id];

	if (id == M_NO_MODEL)
		return NULL;
	switch (o->reader) {
	case KVM_QEMU:
		return m->qemu <= o->qemu ? m->name : NULL;
	case KVM_LIBVIRT:
		if (m->qemu > o->qemu)
			return NULL;
		if (m->libvirt <= o->libvirt)
			return m->name;
		return m->alias_in_libvirt <= o->libvirt ? m->alias : NULL;
	case KVM_PROXMOX:
		/* The first list had names that a later QEMU only knows. */
		if (m->proxmox > o->proxmox ||
		    (m->proxmox == KVM_OFFER_PROXMOX_MIN && m->qemu > o->qemu))
			return NULL;
		return *m->alias ? m->alias : m->name;
	}
	return NULL;
}

const char *kvm_offer_feature(const struct kvm_offer *o, enum feature_id id)
{
	if (kvm_since_qemu(id) > o->qemu)
		return NULL;
	if (o->reader != KVM_LIBVIRT)
		return feature_named(id, NAMED_QEMU);
	return kvm_since_libvirt(id) <= o->libvirt ? feature_named(id, NAMED_LIBVIRT) : NULL;
}
