/* SPDX-License-Identifier: MIT */
#include "command/mask_kvm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/capabilities.h"
#include "input/version.h"
#include "output/kvm_notes.h"
#include "output/message.h"
#include "output/near_models.h"
#include "table/feature_names.h"

/* Options without a letter. */
enum {
	OPTION_QEMU = 0x201,
	OPTION_LIBVIRT,
	OPTION_PROXMOX,
	OPTION_KERNEL,
	OPTION_NESTED,
	OPTION_MAP,
	OPTION_CAPABILITIES,
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct mask_kvm *k = state->input;

	switch (key) {
	case OPTION_QEMU:
		k->offer.qemu = version_read(arg, "--qemu-version", KVM_OFFER_QEMU_MIN, state);
		return 0;
	case OPTION_LIBVIRT:
		k->offer.libvirt =
			version_read(arg, "--libvirt-version", KVM_OFFER_LIBVIRT_MIN, state);
		return 0;
	case OPTION_PROXMOX:
		k->offer.proxmox =
			version_read(arg, "--proxmox-version", KVM_OFFER_PROXMOX_MIN, state);
		return 0;
	case OPTION_KERNEL:
		k->kernel = version_read(arg, "--kernel-version", KVM_OFFER_KERNEL_MIN, state);
		return 0;
	case OPTION_NESTED:
		k->nested = true;
		return 0;
	case OPTION_MAP:
		if (!capabilities_read_map(arg, &k->offer))
			exit(EXIT_TROUBLE);
		return 0;
	case OPTION_CAPABILITIES:
		if (!capabilities_read(arg, &k->offer))
			exit(EXIT_TROUBLE);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "qemu-version", OPTION_QEMU, "VERSION", 0,
	  "qemu, libvirt and those made of them: use only what this QEMU has names for, 7.2 or "
	  "later. Default 10.0, as in Debian 13",
	  0 },
	{ "libvirt-version", OPTION_LIBVIRT, "VERSION", 0,
	  "libvirt, kubevirt, nova, opennebula, ovirt: the same for libvirt, 9.0 or later. Default "
	  "11.3, as in Debian 13",
	  0 },
	{ "proxmox-version", OPTION_PROXMOX, "VERSION", 0,
	  "proxmox: the same for Proxmox VE and its QEMU, 8.0 or later. Default 9.0", 0 },
	{ "kernel-version", OPTION_KERNEL, "VERSION", 0,
	  "qemu, libvirt, proxmox, firecracker: the hosts run this Linux, 5.10 or later, with its "
	  "stable updates: use only what its KVM gives to guests on each host. Default 6.12, as in "
	  "Debian 13; for Proxmox VE, its own; for Firecracker, 6.1",
	  0 },
	{ "nested", OPTION_NESTED, NULL, 0,
	  "qemu, libvirt, proxmox: for a guest that runs guests: also turn on VMX or SVM, and what "
	  "belongs to it and all hosts have",
	  0 },
	{ "cpu-map", OPTION_MAP, "DIR", 0,
	  "libvirt, kubevirt, nova, opennebula, ovirt: use the names in this folder, such as a "
	  "host's /usr/share/libvirt/cpu_map",
	  0 },
	{ "capabilities", OPTION_CAPABILITIES, "FILE", 0,
	  "qemu, libvirt and those made of them, proxmox: use what a host says in this file: virsh "
	  "domcapabilities, qemu-system-x86_64 -cpu help, or QMP's query-cpu-definitions or "
	  "query-cpu-model-expansion. Can be repeated",
	  0 },
	{ 0 },
};

const struct argp mask_kvm_argp = { .options = options, .parser = parse };

/* True if the reader takes a plan. */
static bool has_plan(const enum kvm_reader *reader)
{
	return reader && *reader != KVM_FIRECRACKER && *reader != KVM_CLOUD_HYPERVISOR;
}

const char *mask_kvm_unused(const struct mask_kvm *k, const enum kvm_reader *reader)
{
	if (k->offer.qemu && (!has_plan(reader) || *reader == KVM_PROXMOX))
		return "--qemu-version";
	if (k->offer.libvirt && (!reader || *reader != KVM_LIBVIRT))
		return "--libvirt-version";
	if (k->offer.proxmox && (!reader || *reader != KVM_PROXMOX))
		return "--proxmox-version";
	if (k->kernel && !reader)
		return "--kernel-version";
	if (k->nested && !has_plan(reader))
		return "--nested";
	if ((k->offer.models.given || k->offer.features.given) && !has_plan(reader))
		return "--capabilities";
	if (k->offer.features.libvirt && *reader != KVM_LIBVIRT)
		return "--cpu-map";
	return NULL;
}

/* True if a program has given its names of models and features. */
static bool is_told(const struct kvm_offer *o, bool libvirt)
{
	return o->models.given && o->models.libvirt == libvirt && o->features.given &&
	       o->features.libvirt == libvirt;
}

void mask_kvm_kernel(struct mask_kvm *k)
{
	const unsigned proxmox = k->offer.proxmox ? k->offer.proxmox : KVM_OFFER_PROXMOX;

	if (k->kernel)
		return;
	switch (k->offer.reader) {
	case KVM_QEMU:
	case KVM_LIBVIRT:
	case KVM_CLOUD_HYPERVISOR:
		k->kernel = KVM_OFFER_KERNEL;
		fprintf(message_out(), "for Linux 6.12 (Debian 13) on the hosts; for another: "
		                       "--kernel-version\n");
		break;
	case KVM_PROXMOX:
		k->kernel = kvm_offer_proxmox_kernel(proxmox);
		fprintf(message_out(),
		        "for Linux %u.%u (that of Proxmox VE %u.%u) on the hosts; for another: "
		        "--kernel-version\n",
		        k->kernel >> 8, k->kernel & 0xff, proxmox >> 8, proxmox & 0xff);
		break;
	case KVM_FIRECRACKER:
		k->kernel = KVM_OFFER_KERNEL_FIRECRACKER;
		fprintf(message_out(),
		        "for Linux 6.1 on the hosts; for another: --kernel-version\n");
		break;
	}
}

/* Sets the versions of programs that are not given, and says so. */
static void assume(struct kvm_offer *o)
{
	if (!has_plan(&o->reader))
		return;
	if (o->reader == KVM_PROXMOX) {
		if (!o->proxmox) {
			o->proxmox = KVM_OFFER_PROXMOX;
			fprintf(message_out(),
			        "for Proxmox VE 9.0; for another: --proxmox-version\n");
		}
		o->qemu = kvm_offer_proxmox_qemu(o->proxmox);
		return;
	}
	if (o->reader == KVM_LIBVIRT && !o->libvirt) {
		o->libvirt = KVM_OFFER_LIBVIRT;
		if (!is_told(o, true))
			fprintf(message_out(),
			        "for libvirt 11.3 (Debian 13); for another: --libvirt-version\n");
	}
	if (!o->qemu) {
		o->qemu = KVM_OFFER_QEMU;
		if (!is_told(o, false))
			fprintf(message_out(),
			        "for QEMU 10.0 (Debian 13); for another: --qemu-version\n");
	}
}

/* True for names that show each host's own processor. */
static bool is_host(const char *name)
{
	return strcmp(name, "host") == 0 || strcmp(name, "max") == 0;
}

/* Says what is wrong with a model's name, and which names are near. */
static void near_models(const struct mask_kvm *k, const char *name, const char *message)
{
	char line[512];
	struct text t;

	text_start(&t, line, sizeof(line));
	text_put(&t, message);
	near_models_put(&t, &k->offer, name);
	trouble(name, text_string(&t));
}

/* Says why there is no plan. */
static void print_failure(const struct mask_kvm *k, const struct mask *m, enum kvm_planned how,
                          enum feature_id id)
{
	char words[256];

	switch (how) {
	case KVM_PLANNED:
		return;
	case KVM_NO_SUCH_BASE:
		if (is_host(m->base)) {
			trouble(m->base,
			        "shows each host's own family, model and features: a guest "
			        "cannot move with it");
			return;
		}
		near_models(k, m->base, "unknown processor model");
		return;
	case KVM_BASE_TOO_NEW:
		if (!m->base && k->offer.only_adds) {
			trouble("mask", "every model has a feature that not all hosts have, and "
			                "this dialect can turn none off");
			return;
		}
		near_models(k, m->base ? m->base : "mask", "this version does not know the model");
		return;
	case KVM_BASE_NOT_SAFE:
		snprintf(words, sizeof(words),
		         "has %s, which not all hosts have, and this %s; use another --base",
		         feature_name(id),
		         k->offer.only_adds ? "dialect can turn nothing off"
		                            : "version has no name to turn it off");
		trouble(m->base, words);
		return;
	}
}

/* Names the features that are left out for one reason. */
static void print_left(const struct kvm_plan *p, enum kvm_left why, const char *words)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->left[i] == why)
			fprintf(message_out(), "%s %s", count++ ? "," : words,
			        feature_name((enum feature_id)i));
	if (count)
		fputc('\n', message_out());
}

/* Returns the year of the oldest generation in a pool, or 0 if some host's is not known. */
static unsigned oldest(const struct pool *pool)
{
	unsigned year = 0;

	struct cpuid_set set;

	for (const struct pool_host *h = pool->host; h < pool->host + pool->hosts; h++)
		for (size_t i = 0; pool_processor(h, i, &set); i++) {
			const unsigned age = cpu_model_age(&set);

			if (age && (!year || age < year))
				year = age;
		}
	return year;
}

/* Of a register that nobody has read, a guest may see whatever KVM could offer. */
static void see_unread(struct cpuid_set *seen, const struct pool_host *host,
                       const struct guest_kvm *running)
{
	const uint32_t leaf = CPUID_MSR | 0x10a;
	struct cpuid_leaf *l = pool_kvm_unread(host, leaf) ? cpuid_insert(seen, leaf, 0) : NULL;

	for (unsigned i = F_COUNT - 1; l && feature_leaf(&features[i]) >= CPUID_MSR; i--) {
		const enum feature_id id = (enum feature_id)i;

		if (feature_leaf(&features[i]) == leaf &&
		    pool_kvm_why(host, running, id, NULL) == GUEST_KVM_UNREAD)
			l->reg[features[i].reg] |= feature_mask(id);
	}
}

/* Sets the sets of the mask to those of what KVM offers.  Returns false after a message. */
static bool take_offered(struct mask_kvm *k, struct mask *m, const struct pool *pool,
                         const struct guest_kvm *running)
{
	const struct pool_host *start = k->start ? k->start : pool->host;
	const size_t hosts = k->start ? 1 : pool->hosts;

	enum err err = pool_kvm_merge(pool->host, pool->hosts, running, &k->offered);
	if (err == ERR_NONE && k->start)
		err = pool_kvm_merge(start, hosts, running, &k->seen);
	else
		k->seen = k->offered;
	if (err == ERR_MEMORY)
		out_of_memory();
	if (err != ERR_NONE) {
		trouble("mask", err_text(err));
		return false;
	}
	/* One host alone is what it is. */
	for (size_t i = 0; i < hosts && pool->hosts > 1; i++)
		see_unread(&k->seen.high, &start[i], running);
	merge_baseline(&k->offered, &k->baseline);
	m->seen = &k->seen.high;
	m->every = &k->offered.low;
	m->baseline = &k->baseline;
	return true;
}

/* Returns false after a message if the hosts cannot have guests that run guests. */
static bool check_nested(const struct pool *pool, const struct mask *m)
{
	char name[PRINTABLE_MAX], words[PRINTABLE_MAX + 64];
	const bool intel = feature_value(m->baseline, F_VMX);
	const struct pool_host *unread =
		intel ? kvm_notes_first_unread(pool, CPUID_MSR | 0x48b) : NULL;

	if (!intel && !feature_value(m->baseline, F_SVM)) {
		trouble("--nested", "not all hosts have VMX, nor all SVM");
		return false;
	}
	if (!unread)
		return true;
	snprintf(words, sizeof(words), "the registers of VMX were not read on %s",
	         printable(name, sizeof(name), unread->name));
	trouble("--nested", words);
	return false;
}

/* Makes the plan.  Returns false after a message. */
static bool plan(struct mask_kvm *k, struct mask *m, const struct pool *pool)
{
	enum feature_id id = F_NONE;

	m->oldest = oldest(pool);
	const enum kvm_planned how = kvm_plan_make(&k->plan, m, &k->offer, &id);
	if (how != KVM_PLANNED) {
		print_failure(k, m, how, id);
		return false;
	}
	m->plan = &k->plan;
	print_left(&k->plan, KVM_LEFT_VERSION, "left out, as this version has no name for it:");
	print_left(&k->plan, KVM_LEFT_WITHHELD,
	           "left out, as the hypervisor gives it to no guest:");
	print_left(&k->plan, KVM_LEFT_BASE,
	           "left out, as the model lacks the leaves that describe it:");
	const enum cpu_vendor vendor = (enum cpu_vendor)cpu_models[k->plan.base].vendor;
	if (vendor != CPU_ANY && vendor != cpu_model_vendor(m->baseline))
		fprintf(message_out(), "%s is of another vendor than the hosts\n", m->base);
	return true;
}

bool mask_kvm_plan(struct mask_kvm *k, struct mask *m, enum kvm_reader reader,
                   const struct pool *pool)
{
	const struct mask hosts = *m;

	k->offer.reader = reader;
	assume(&k->offer);
	mask_kvm_kernel(k);
	/* Of KVM's guests in Firecracker nobody decides about VMX and SVM. */
	const struct guest_kvm running =
		kvm_plan_host(k->kernel, k->nested || reader == KVM_FIRECRACKER);
	if (!take_offered(k, m, pool, &running))
		return false;
	if (!has_plan(&reader)) {
		if (pool->hosts > 1)
			kvm_notes_unread(pool, reader == KVM_FIRECRACKER
			                               ? "the template hides all that it can list"
			                               : "whether they differ in that is unknown");
		return true;
	}
	if ((k->nested && !check_nested(pool, m)) || !plan(k, m, pool))
		return false;
	kvm_notes_print(pool, &running, &hosts, m);
	kvm_notes_unread(pool, "a guest is told of no fault that these processors do not have");
	return true;
}
