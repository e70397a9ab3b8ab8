/* SPDX-License-Identifier: MIT */
#include "command/mask_kvm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/capabilities.h"
#include "input/version.h"
#include "output/near_models.h"
#include "table/feature_names.h"

/* Options without a letter. */
enum { OPTION_QEMU = 0x201, OPTION_LIBVIRT, OPTION_PROXMOX, OPTION_MAP, OPTION_CAPABILITIES };

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
	  "qemu, libvirt: use only what this QEMU has names for, 7.2 or later. Default 10.0, as in "
	  "Debian 13",
	  0 },
	{ "libvirt-version", OPTION_LIBVIRT, "VERSION", 0,
	  "libvirt: the same for libvirt, 9.0 or later. Default 11.3, as in Debian 13", 0 },
	{ "proxmox-version", OPTION_PROXMOX, "VERSION", 0,
	  "proxmox: the same for Proxmox VE and its QEMU, 8.0 or later. Default 9.0", 0 },
	{ "cpu-map", OPTION_MAP, "DIR", 0,
	  "libvirt: use the names in this folder, such as a host's /usr/share/libvirt/cpu_map", 0 },
	{ "capabilities", OPTION_CAPABILITIES, "FILE", 0,
	  "qemu, libvirt, proxmox: use what a host says in this file: virsh domcapabilities, "
	  "qemu-system-x86_64 -cpu help, or QMP's query-cpu-definitions or "
	  "query-cpu-model-expansion. Can be repeated",
	  0 },
	{ 0 },
};

const struct argp mask_kvm_argp = { .options = options, .parser = parse };

const char *mask_kvm_unused(const struct mask_kvm *k, const enum kvm_reader *reader)
{
	if (k->offer.qemu && (!reader || *reader == KVM_PROXMOX))
		return "--qemu-version";
	if (k->offer.libvirt && (!reader || *reader != KVM_LIBVIRT))
		return "--libvirt-version";
	if (k->offer.proxmox && (!reader || *reader != KVM_PROXMOX))
		return "--proxmox-version";
	if ((k->offer.models.given || k->offer.features.given) && !reader)
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

/* Sets the versions that are not given, and says so. */
static void assume(struct kvm_offer *o)
{
	if (o->reader == KVM_PROXMOX) {
		if (!o->proxmox) {
			o->proxmox = KVM_OFFER_PROXMOX;
			fprintf(stderr, "for Proxmox VE 9.0; for another: --proxmox-version\n");
		}
		o->qemu = kvm_offer_proxmox_qemu(o->proxmox);
		return;
	}
	if (o->reader == KVM_LIBVIRT && !o->libvirt) {
		o->libvirt = KVM_OFFER_LIBVIRT;
		if (!is_told(o, true))
			fprintf(stderr,
			        "for libvirt 11.3 (Debian 13); for another: --libvirt-version\n");
	}
	if (!o->qemu) {
		o->qemu = KVM_OFFER_QEMU;
		if (!is_told(o, false))
			fprintf(stderr, "for QEMU 10.0 (Debian 13); for another: --qemu-version\n");
	}
}

/* True for names that show each host's own processor. */
static bool is_host(const char *name)
{
	return strcmp(name, "host") == 0 || strcmp(name, "max") == 0;
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
		trouble(m->base, "unknown processor model");
		near_models_print(&k->offer, m->base);
		return;
	case KVM_BASE_TOO_NEW:
		trouble(m->base ? m->base : "mask", "this version does not know the model");
		if (m->base)
			near_models_print(&k->offer, m->base);
		return;
	case KVM_BASE_NOT_SAFE:
		snprintf(words, sizeof(words),
		         "has %s, which not all hosts have, and this version has no name "
		         "to turn it off; use another --base",
		         feature_name(id));
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
			fprintf(stderr, "%s %s", count++ ? "," : words,
			        feature_name((enum feature_id)i));
	if (count)
		fputc('\n', stderr);
}

/* Returns the year of the oldest generation in a pool, or 0 if some host's is not known. */
static unsigned oldest(const struct pool *pool)
{
	unsigned year = 0;

	for (size_t i = 0; i < pool->answers; i++) {
		const unsigned age = cpu_model_age(&pool->answer[i]->set);

		if (age && (!year || age < year))
			year = age;
	}
	return year;
}

bool mask_kvm_plan(struct mask_kvm *k, struct mask *m, enum kvm_reader reader,
                   const struct pool *pool)
{
	enum feature_id id = F_NONE;

	k->offer.reader = reader;
	assume(&k->offer);
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
		fprintf(stderr, "%s is of another vendor than the hosts\n", m->base);
	return true;
}
