/* SPDX-License-Identifier: MIT */
#include "mask/kvm_offer.h"

#include <string.h>

#include "table/feature_names.h"
#include "table/kvm_since.h"

/* Of Proxmox VE, newest first.  Sources: its release notes, 8.0 to 9.2. */
static const struct came_with {
	uint16_t proxmox, qemu, kernel;
} came_with[] = {
	{ CPU_VERSION(9, 2), CPU_VERSION(11, 0), CPU_VERSION(7, 0) },
	{ CPU_VERSION(9, 1), CPU_VERSION(10, 1), CPU_VERSION(6, 17) },
	{ CPU_VERSION(9, 0), CPU_VERSION(10, 0), CPU_VERSION(6, 14) },
	{ CPU_VERSION(8, 4), CPU_VERSION(9, 2), CPU_VERSION(6, 8) },
	{ CPU_VERSION(8, 3), CPU_VERSION(9, 0), CPU_VERSION(6, 8) },
	{ CPU_VERSION(8, 2), CPU_VERSION(8, 1), CPU_VERSION(6, 8) },
	{ CPU_VERSION(8, 1), CPU_VERSION(8, 1), CPU_VERSION(6, 5) },
	{ CPU_VERSION(8, 0), CPU_VERSION(8, 0), CPU_VERSION(6, 2) },
};

/* The row of a version; of an earlier one, the oldest. */
static const struct came_with *with_proxmox(unsigned proxmox)
{
	size_t i = 0;

	while (i < sizeof(came_with) / sizeof(came_with[0]) - 1 && proxmox < came_with[i].proxmox)
		i++;
	return &came_with[i];
}

unsigned kvm_offer_proxmox_qemu(unsigned proxmox)
{
	return with_proxmox(proxmox)->qemu;
}

unsigned kvm_offer_proxmox_kernel(unsigned proxmox)
{
	return with_proxmox(proxmox)->kernel;
}

static bool has(const struct kvm_names *n, const char *name)
{
	for (size_t i = 0; *name && i < n->count; i++)
		if (strcmp(n->at[i], name) == 0)
			return true;
	return false;
}

/* The version of a program, or the latest if it has given its own names. */
static unsigned version(const struct kvm_names *n, bool libvirt, unsigned known)
{
	return n->given && n->libvirt == libvirt ? CPU_NEVER - 1 : known;
}

/* The name that these versions know. */
static const char *model_by_version(const struct kvm_offer *o, const struct cpu_model *m)
{
	const unsigned libvirt = version(&o->models, true, o->libvirt);

	/* Proxmox VE 8's list has names that only a later QEMU knows. */
	if (o->reader == KVM_PROXMOX) {
		if (m->proxmox > o->proxmox ||
		    (m->proxmox == KVM_OFFER_PROXMOX_MIN && m->qemu > o->qemu))
			return NULL;
		return *m->alias ? m->alias : m->name;
	}
	if (m->qemu > version(&o->models, false, o->qemu))
		return NULL;
	if (o->reader == KVM_QEMU || m->libvirt <= libvirt)
		return m->name;
	return m->alias_in_libvirt <= libvirt ? m->alias : NULL;
}

const char *kvm_offer_model(const struct kvm_offer *o, enum cpu_model_id id)
{
	const struct cpu_model *m = &cpu_models[id];
	const char *name = id == M_NO_MODEL ? NULL : model_by_version(o, m);

	if (!name || !o->models.given || has(&o->models, name))
		return name;
	return has(&o->models, m->alias) ? m->alias : NULL;
}

const char *kvm_offer_feature(const struct kvm_offer *o, enum feature_id id)
{
	const struct kvm_names *n = &o->features;

	if (n->given && !has(n, feature_named(id, n->libvirt ? NAMED_LIBVIRT : NAMED_QEMU)))
		return NULL;
	if (kvm_since_qemu(id) > version(n, false, o->qemu))
		return NULL;
	if (o->reader != KVM_LIBVIRT)
		return feature_named(id, NAMED_QEMU);
	if (kvm_since_libvirt(id) > version(n, true, o->libvirt))
		return NULL;
	return feature_named(id, NAMED_LIBVIRT);
}

bool kvm_offer_withholds(const struct kvm_offer *o, enum feature_id id)
{
	return has(&o->withheld, feature_named(id, NAMED_QEMU));
}
