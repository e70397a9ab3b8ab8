/* SPDX-License-Identifier: MIT */
#include "command/mask_dialect.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "output/message.h"
#include "table/feature_names.h"

static const struct mask_consumer libvirt = { .reader = KVM_LIBVIRT },
				  qemu = { .reader = KVM_QEMU },
				  proxmox = { .reader = KVM_PROXMOX },
				  firecracker = { .reader = KVM_FIRECRACKER },
				  cloud = { .reader = KVM_CLOUD_HYPERVISOR };

/* KubeVirt, DefaultObsoleteCPUModels of pkg/virt-handler/node-labeller, main in 2026. */
static const char *const obsolete[] = { "486",        "pentium", "pentium2", "pentium3",
	                                "pentiumpro", "coreduo", "n270",     "core2duo",
	                                "Conroe",     "athlon",  "phenom",   "qemu64",
	                                "qemu32",     "kvm64",   "kvm32",    "Opteron_G1",
	                                "Opteron_G2", NULL };

static const struct mask_consumer kubevirt = {
	.reader = KVM_LIBVIRT, .no_width = true, .no_vendor = true, .obsolete = obsolete
};
static const struct mask_consumer adder = {
	.reader = KVM_LIBVIRT, .only_adds = true, .no_width = true, .no_vendor = true
};
static const struct mask_consumer ovirt = {
	.reader = KVM_LIBVIRT, .no_width = true, .no_vendor = true, .longest = 255
};

/*
 * Comments: VMware's .vmx by its use in the field, libvirt's XML, YAML, nova.conf by oslo.config,
 * Proxmox by SectionConfig.pm, OpenNebula by its reference of templates, xl.cfg(5), and a shell's
 * for VBoxManage.
 */
#define HASH "# ", "\n"
#define XML  "<!-- ", " -->\n"
#define NONE NULL, NULL

const struct mask_dialect mask_dialects[] = {
	{ "vmx", mask_vmx_write, "register masks for a VMware .vmx file", NULL, NULL, HASH },
	{ "vmx-featmask", mask_featmask_write, "the same, by VMware's feature names", NULL, NULL,
	  HASH },
	{ "libvirt", mask_libvirt_write, "a <cpu> element for a domain", NULL, &libvirt, XML },
	{ "qemu", mask_qemu_write, "a -cpu option", NULL, &qemu, NONE },
	{ "proxmox", mask_proxmox_write, "a stanza for Proxmox VE's cpu-models.conf", NULL,
	  &proxmox, HASH },
	{ "kubevirt", mask_kubevirt_write, "domain.cpu of KubeVirt or Harvester; not tried",
	  "KubeVirt", &kubevirt, HASH },
	{ "nova", mask_nova_write, "[libvirt] of OpenStack's nova.conf; not tried", "nova", &adder,
	  HASH },
	{ "opennebula", mask_opennebula_write, "CPU_MODEL of OpenNebula; not tried", "OpenNebula",
	  &adder, HASH },
	{ "ovirt", mask_ovirt_write, "a custom CPU type of oVirt; not tried", "oVirt", &ovirt,
	  NONE },
	{ "incus", mask_incus_write, "a cluster group of Incus; not tried", NULL, &qemu, HASH },
	{ "cloud-hypervisor", mask_cloud_hypervisor_write,
	  "option --cpus, the width of addresses only; not tried", "Cloud Hypervisor", &cloud,
	  NONE },
	{ "xen", mask_xen_write, "a line of xl.cfg, by feature names", NULL, NULL, HASH },
	{ "xen-xend", mask_xend_write, "the same, by registers", NULL, NULL, HASH },
	{ "firecracker", mask_firecracker_write, "a custom CPU template", NULL, &firecracker,
	  NONE },
	{ "virtualbox", mask_virtualbox_write, "VBoxManage commands", NULL, NULL, HASH },
};

const size_t mask_dialect_count = sizeof(mask_dialects) / sizeof(mask_dialects[0]);

const struct mask_dialect *mask_dialect_find(const char *name)
{
	for (size_t i = 0; i < mask_dialect_count; i++)
		if (strcmp(mask_dialects[i].name, name) == 0)
			return &mask_dialects[i];
	return NULL;
}

/* QEMU's width unless it is told another. */
#define DEFAULT_WIDTH 40

static void say_width(const struct mask_dialect *d, const struct mask *m)
{
	const unsigned bits = m->plan->phys_bits;

	if (!bits || (bits >= DEFAULT_WIDTH && feature_value(m->seen, F_PHYS_BITS) == bits))
		return;
	fprintf(message_out(),
	        "%s cannot set the width of physical addresses: a guest sees %d bits or, with Red "
	        "Hat's machine types, those of the host it starts on; the narrowest host has %u\n",
	        d->product, DEFAULT_WIDTH, bits);
}

/* A model of libvirt's that has SVM, where it can only stay. */
static bool keeps_svm(const struct mask_consumer *c, const struct kvm_plan *p)
{
	struct cpu_model_features f;

	cpu_model_features(p->base, &f);
	return c->only_adds && (p->say[F_SVM] == KVM_ON || f.has[F_SVM] != f.unlike[F_SVM]);
}

/* True for a model of the list, with or without its version. */
static bool is_obsolete(const char *const *list, const char *model)
{
	for (; list && *list; list++) {
		const size_t size = strlen(*list);

		if (strncmp(model, *list, size) == 0 &&
		    (!model[size] || strcmp(model + size, "-v1") == 0))
			return true;
	}
	return false;
}

static void say_plan(const struct mask_dialect *d, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;
	const char *model = kvm_offer_model(&p->offer, p->base);

	if (d->consumer->no_width)
		say_width(d, m);
	if (d->consumer->no_vendor && p->several_vendors)
		fprintf(message_out(),
		        "%s cannot set the vendor: a guest sees another one when it moves to a "
		        "host of another vendor\n",
		        d->product);
	if (keeps_svm(d->consumer, p))
		fprintf(message_out(),
		        "guests see SVM, because %s cannot turn it off: nested virtualization must "
		        "be on for kvm_amd on all hosts, as it is by default\n",
		        d->product);
	if (is_obsolete(d->consumer->obsolete, model))
		fprintf(message_out(),
		        "%s counts %s as obsolete and starts no VM with it, unless you remove it "
		        "from obsoleteCPUModels\n",
		        d->product, model);
}

/* Names what a guest of Cloud Hypervisor sees on some hosts only. */
static bool check_differences(const struct mask_dialect *d, const struct mask *m)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (mask_cloud_hypervisor_shows(m, (enum feature_id)i))
			fprintf(message_out(), "%s%s",
			        count++ ? ", " : "not the same on all processors: ",
			        feature_name((enum feature_id)i));
	if (!count)
		return true;
	fprintf(message_out(), "\n");
	trouble(d->product, "gives a guest all that its host has and can hide nothing: a guest of "
	                    "these hosts cannot move among all of them");
	return false;
}

bool mask_dialect_check(const struct mask_dialect *d, const struct mask *m)
{
	if (d->write == mask_cloud_hypervisor_write)
		return check_differences(d, m);
	if (m->plan)
		say_plan(d, m);
	return true;
}
