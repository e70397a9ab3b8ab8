/* SPDX-License-Identifier: MIT */
#include "command/mask_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "fleet/pool_kvm.h"
#include "input/guest.h"
#include "input/gather.h"
#include "input/load.h"
#include "output/check_print.h"
#include "output/print.h"
#include "output/left_out.h"

/* An option without a letter. */
enum { OPTION_MODELS = 0x301 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct mask_check *check = state->input;

	if (key == 'c')
		check->file = arg;
	else if (key == OPTION_MODELS)
		check->models = arg;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static const struct argp_option options[] = {
	{ "check", 'c', "FILE", 0,
	  "Print no mask, but say which hosts can take the guest that is defined in this file, and "
	  "what the others lack: libvirt's XML, a -cpu of QEMU, or a VM's file of Proxmox VE. Exit "
	  "status: 0 all can, 1 one cannot, 2 that is not known, or trouble",
	  0 },
	{ "cpu-models", OPTION_MODELS, "FILE", 0,
	  "With --check: cpu-models.conf of Proxmox VE. Default: the one beside the VM's file", 0 },
	{ 0 },
};

const struct argp mask_check_argp = { .options = options, .parser = parse };

/* A definition chooses what its owner chooses; not how the processor idles and what is traced. */
static struct guest_kvm running(unsigned kernel)
{
	struct guest_kvm k = kvm_plan_host(kernel, true);

	k.idle = k.trace = false;
	return k;
}

static size_t count_said(const struct kvm_guest *g, enum kvm_said what)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		count += g->said[i] == what;
	return count;
}

/* Prints what was read, and what of it is not judged. */
static void print_definition(const char *path, const struct guest *guest)
{
	const struct kvm_guest *g = &guest->kvm;
	const size_t on = count_said(g, KVM_SAID_ON), off = count_said(g, KVM_SAID_OFF);
	char name[PRINTABLE_MAX], model[PRINTABLE_MAX];
	struct check_list l;

	printf("%s: %s, %s", printable(name, sizeof(name), path), guest->format,
	       printable(model, sizeof(model), g->name));
	if (on)
		printf(", %zu feature%s on", on, on == 1 ? "" : "s");
	if (off)
		printf(", %zu %soff", off, on ? "" : off == 1 ? "feature " : "features ");
	putchar('\n');
	if (g->from != KVM_FROM_MODEL || g->minimum)
		puts("    the guest has what the host has on which it starts: every other host "
		     "must have that too");
	check_list_start(&l);
	for (size_t i = 0; i < guest->count; i++)
		fprintf(l.to, "%s%s", l.count++ ? ", " : "",
		        printable(name, sizeof(name), guest->other[i]));
	check_list_print(&l, "not judged, as CPUID does not say:", "");
}

/* Prints the names that the given versions do not have.  Returns true if they have all. */
static bool print_versions(const struct checking *c, struct kvm_offer *o)
{
	const struct kvm_guest *g = c->check.guest;
	const bool given =
		o->qemu || o->libvirt || o->proxmox || o->models.given || o->features.given;
	struct check_list l;

	if (!given)
		return true;
	if (o->reader == KVM_PROXMOX && o->proxmox)
		o->qemu = kvm_offer_proxmox_qemu(o->proxmox);
	o->qemu = o->qemu ? o->qemu : CPU_NEVER - 1;
	o->libvirt = o->libvirt ? o->libvirt : CPU_NEVER - 1;
	o->proxmox = o->proxmox ? o->proxmox : CPU_NEVER - 1;
	const bool model = g->base == M_NO_MODEL || kvm_offer_model(o, g->base);
	if (!model)
		puts("    this version does not know the model");
	check_list_start(&l);
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (g->said[i] != KVM_SAID_NOTHING && !kvm_offer_feature(o, (enum feature_id)i))
			check_list_add(&l, c, i);
	const bool all = !l.count;
	check_list_print(&l, "this version has no name for", "");
	return model && all;
}

/* Prints what else the guest could have, or that there is a better definition. */
static void print_advice(const struct checking *c, bool all)
{
	static const char *const dialects[] = {
		[KVM_QEMU] = "qemu", [KVM_LIBVIRT] = "libvirt", [KVM_PROXMOX] = "proxmox"
	};
	const char *dialect = dialects[c->check.guest->reader];
	struct merge *m = allocate(sizeof(*m));
	struct cpuid_set *baseline = allocate(sizeof(*baseline));

	if (!all) {
		printf("a definition for all of them: cpulevel mask --for %s\n", dialect);
	} else if (c->check.guest->from == KVM_FROM_MODEL && pool_merge(c->pool, m)) {
		merge_baseline(m, baseline);
		const size_t unused = kvm_check_unused(&c->check, &c->kernel, baseline);
		if (unused)
			printf("all hosts have %zu more feature%s: cpulevel mask --for %s\n",
			       unused, unused == 1 ? "" : "s", dialect);
	}
	free(baseline);
	free(m);
}

/* Prints the definition and all hosts. */
static int print_all(struct checking *c, const char *path, const struct guest *guest,
                     struct kvm_offer *offer)
{
	size_t able = 0, unknown = 0;
	struct cpuid_set set;

	for (const struct pool_host *h = c->pool->host; h < c->pool->host + c->pool->hosts; h++) {
		const struct guest_kvm kernel = pool_kvm_host(&c->kernel, h);

		for (size_t n = 0; pool_processor(h, n, &set); n++)
			kvm_check_add(&c->check, &kernel, &set);
	}
	print_definition(path, guest);
	const bool known = print_versions(c, offer), stays = kvm_check_stays(&c->check);
	if (stays)
		puts("    does not migrate: it has TSC_INVARIANT (invtsc), and the frequency of "
		     "its clock is not given");
	for (size_t i = 0; i < c->pool->hosts; i++) {
		const enum kvm_fit fit = check_print_host(c, &c->pool->host[i]);

		able += fit == KVM_FIT_YES;
		unknown += fit == KVM_FIT_UNKNOWN;
	}
	printf("%zu of %zu host%s can take this VM\n", able, c->pool->hosts,
	       c->pool->hosts == 1 ? "" : "s");
	const bool safe = known && !stays && able + unknown == c->pool->hosts;
	print_advice(c, safe);
	return !safe ? EXIT_NO : unknown ? EXIT_TROUBLE : EXIT_YES;
}

int mask_check(const struct mask_check *check, struct inputs *in, struct mask_kvm *kvm)
{
	struct guest *guest = allocate(sizeof(*guest));
	struct pool *pool = allocate(sizeof(*pool));
	struct checking *c = allocate(sizeof(*c));
	int result = EXIT_TROUBLE;

	*c = (struct checking){ .pool = pool };
	if (guest_read(check->file, check->models, guest)) {
		const char *unused = mask_kvm_unused(kvm, &guest->kvm.reader);

		if (kvm->offer.libvirt)
			guest->kvm.libvirt = kvm->offer.libvirt;
		kvm->offer.reader = guest->kvm.reader;
		kvm_check_start(&c->check, &guest->kvm);
		if (unused)
			trouble(unused, "is not for the format of this file");
		else if (gather_hosts(in, pool)) {
			mask_kvm_kernel(kvm);
			c->kernel = running(kvm->kernel);
			result = inputs_exit(in, print_all(c, check->file, guest, &kvm->offer));
			left_out_show(pool);
		}
	}
	guest_free(guest);
	load_pool_free(pool);
	free(guest);
	free(c);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
