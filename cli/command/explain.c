/* SPDX-License-Identifier: MIT */
#include "fleet/explain.h"

#include <argp.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "command/explain_worst.h"
#include "input/host_setups.h"
#include "input/name.h"
#include "input/version.h"
#include "mask/kvm_plan.h"
#include "mask/mask_bits.h"
#include "output/caveats.h"
#include "output/kvm_notes.h"
#include "output/option_print.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/kvm_since.h"
#include "table/vmware.h"

/* Options without a letter. */
enum { OPTION_KERNEL = 0x101, OPTION_SETUP };

/* How many hosts are named without --all: about a line. */
#define HOSTS_NAMED 6

struct arguments {
	struct trust trust;
	struct inputs reports; /* of --setup */
	struct host_setups setups;
	const char *pool;
	char **bit;
	int bits;
	unsigned worst, kernel;
	bool all;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'w':
		a->worst = inputs_number(arg, 0, UINT_MAX, "--worst", state);
		return 0;
	case 'a':
		a->all = true;
		return 0;
	case OPTION_KERNEL:
		a->kernel = version_read(arg, "--kernel-version", KVM_OFFER_KERNEL_MIN, state);
		return 0;
	case OPTION_SETUP:
		inputs_add(&a->reports, arg);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->trust;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		a->pool = state->argv[state->next];
		a->bit = state->argv + state->next + 1;
		a->bits = state->argc - state->next - 1;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "worst", 'w', "N", 0,
	  "Also say what the baseline would gain without the N worst hosts, one after the other. "
	  "Default 3",
	  0 },
	{ "kernel-version", OPTION_KERNEL, "VERSION", 0,
	  "Say what KVM of this Linux gives to guests. Default 6.12, as in Debian 13", 0 },
	{ "setup", OPTION_SETUP, "REPORT", 0,
	  "Say how setup options are set, from the reports of the pool's hosts. A folder means all "
	  "reports in it. Can be repeated",
	  0 },
	{ "all", 'a', NULL, 0, "Name all hosts that lack a feature, however many there are", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "POOL [FEATURE...]",
	.doc = "For each feature that some hosts of a pool have and the baseline lacks, names the "
	       "hosts that lack it or the feature it needs that is missing, and the setup option "
	       "that may hide it. With FEATUREs, explains these: by any known name, or by bit "
	       "position, such as 1.ECX[25].",
	.children = inputs_trust_children,
};

/* Names the hosts that lack it, or those whose reports do not say; count: how many these are. */
static void print_hosts(const struct explained *e, const struct place *at, enum host_has has,
                        size_t count, bool all)
{
	size_t named = 0;

	for (size_t i = 0; i < e->pool->hosts; i++) {
		const struct pool_host *h = &e->pool->host[i];
		char name[PRINTABLE_MAX];

		if (explain_has(h, at) != has)
			continue;
		if (!all && named == HOSTS_NAMED) {
			printf(" and %zu more", count - named);
			return;
		}
		printf("%s%s", named++ ? ", " : "", printable(name, sizeof(name), h->name));
	}
}

/* Prints how the options of a feature are set on the hosts that lack it and on those that have it.
 * Returns false if no report has such an option. */
static bool print_options(const struct explained *e, const struct host_setups *setups,
                          const struct place *at)
{
	const struct option_sides sides = {
		.options = &setups->options, .side = setups->side, .unlike = true, .lacking = true
	};

	for (size_t i = 0; i < e->pool->hosts; i++) {
		const enum host_has has = explain_has(&e->pool->host[i], at);

		setups->side[i] = has == HOST_LACKS ? SIDE_HERE
		                  : has == HOST_HAS ? SIDE_THERE
		                                    : SIDE_NONE;
	}
	return option_print_causes(4, &sides, feature_of(at));
}

static void print_lacking(const struct explained *e, const struct place *at,
                          const struct reason *reason, const struct arguments *a)
{
	const bool all = a->all;
	const enum feature_id id = feature_of(at);

	if (reason->lacking) {
		printf("%zu of %zu hosts lack%s %s: ", reason->lacking, e->pool->hosts,
		       reason->lacking == 1 ? "s" : "", id == F_NONE ? "it" : feature_name(id));
		print_hosts(e, at, HOST_LACKS, reason->lacking, all);
		printf(reason->unknown ? "; " : "\n");
	}
	if (reason->unknown) {
		printf("not in the report%s of ", reason->unknown == 1 ? "" : "s");
		print_hosts(e, at, HOST_UNKNOWN, reason->unknown, all);
		putchar('\n');
	}
	if (!reason->lacking)
		return;
	if (!print_options(e, &a->setups, at))
		print_setup(4, "in setup, look for", id);
}

static void print_need(const struct explained *e, const struct place *at,
                       const struct reason *reason, const struct arguments *a)
{
	const struct place need = feature_place(reason->need);
	struct reason why;

	printf("all have it, but it needs %s; ", feature_name(reason->need));
	explain_place(e, &need, &why);
	if (why.kind == REASON_HOSTS)
		print_lacking(e, &need, &why, a);
	else if (why.kind == REASON_LAYOUT)
		printf("its size or offset in the XSAVE area differs\n");
	else if (why.kind == REASON_NOBODY)
		printf("no host has that\n");
	else
		printf("that is not in the baseline either\n");
	(void)at;
}

/* Prints a version, if it is later than the first of which something is known. */
static void print_since(const char *program, unsigned since, unsigned first)
{
	if (since > first && since != CPU_NEVER)
		printf("    %s has a name for it since %u.%u: not in a mask for an earlier one\n",
		       program, since >> 8, since & 0xff);
}

/* What other settings decide about a feature that KVM passes on. */
static bool print_choice(enum feature_id id)
{
	const char *choice = guest_kvm_choice_text(guest_kvm_choice(id));

	if (*choice)
		printf("    KVM: %s\n", choice);
	return *choice;
}

/* Says what becomes of a feature under KVM: by host, kernel, microcode, choice or version. */
static void print_kvm(const struct explained *e, unsigned kernel, enum feature_id id, bool common)
{
	const struct guest_kvm k = { .kernel = kernel, .updated = true };

	if (id == F_NONE || features[id].kind != KIND_FEATURE ||
	    features[id].low != features[id].high)
		return;
	/* Of what the hosts do not have, only that KVM has it all the same. */
	if (!common && !kvm_notes_all_offer(e->pool, &k, id))
		return;
	if (kvm_notes_explain(e->pool, &k, id) || !common || print_choice(id))
		return;
	print_since("QEMU", kvm_since_qemu(id), KVM_OFFER_QEMU_MIN);
	print_since("libvirt", kvm_since_libvirt(id), KVM_OFFER_LIBVIRT_MIN);
}

static void print_present(const struct explained *e, const struct place *at)
{
	const enum feature_id id = feature_of(at);

	printf("in the baseline");
	if (features[id].rule == RULE_ANY)
		printf(": one host that has it is enough");
	putchar('\n');
	if (mask_vmx_covers(id, VMWARE_HW_MAX) && place_value(&e->merge->low, at) == 0)
		printf("    not all have it: a VMware mask hides it\n");
}

static void print_reason(const struct explained *e, const struct arguments *a,
                         const struct place *at)
{
	const enum feature_id id = feature_of(at);
	struct reason reason;
	char place[PLACE_MAX];

	explain_place(e, at, &reason);
	print_place(place, at);
	if (id == F_NONE) {
		printf("<%s>\n    ", place);
	} else {
		int column = printf("%s  %s", feature_name(id), place);

		print_part(&column, 2, feature_about(id), 4);
		printf("\n    ");
	}
	switch (reason.kind) {
	case REASON_NONE:
		print_present(e, at);
		break;
	case REASON_NOBODY:
		printf("no host has it\n");
		break;
	case REASON_HOSTS:
		print_lacking(e, at, &reason, a);
		break;
	case REASON_NEED:
		print_need(e, at, &reason, a);
		break;
	case REASON_LAYOUT:
		printf("all have it, but its size or offset in the XSAVE area differs\n");
		break;
	case REASON_DIFFER:
		printf("differs between hosts\n");
		break;
	case REASON_NEVER:
		printf("not a property of the machine: never compared, never in the baseline\n");
		break;
	}
	print_kvm(e, a->kernel, id, reason.kind == REASON_NONE);
}

/* Prints the single bits that some host has and the baseline lacks.  Returns how many there are. */
static size_t print_lost(const struct explained *e, const struct arguments *a)
{
	size_t count = 0;

	for (struct differ d = { .id = F_NONE }; explain_next_lost(e, &d);) {
		print_reason(e, a, &d.at);
		count++;
	}
	return count;
}

static bool explain_named(const struct explained *e, const struct arguments *a)
{
	bool ok = true;

	for (int i = 0; i < a->bits; i++) {
		struct place at;

		if (name_place(a->bit[i], &e->merge->high, &at))
			print_reason(e, a, &at);
		else
			ok = false;
	}
	return ok;
}

/* Returns false after a message. */
static bool explain_pool(const struct explained *e, struct arguments *a)
{
	a->reports.trust = a->trust;
	if (!host_setups_load(&a->setups, &a->reports))
		return false;
	host_setups_join(&a->setups, e->pool);
	if (a->bits)
		return explain_named(e, a);
	if (print_lost(e, a) == 0)
		printf("all hosts have the same features\n");
	explain_worst_print(e, a->worst);
	return true;
}

int command_explain(int argc, char **argv)
{
	struct arguments a = { .worst = 3, .kernel = KVM_OFFER_KERNEL };
	struct seal_found seal;
	static struct cpuid_set baseline;
	bool ok = false;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	struct pool *pool = load_pool(a.pool, &a.trust, &seal);
	struct merge *m = allocate(sizeof(*m));
	const struct explained e = { pool, m, &baseline };
	if (pool && !pool_merge(pool, m)) {
		trouble(a.pool, err_text(ERR_MANY_LEAVES));
	} else if (pool) {
		merge_baseline(m, &baseline);
		caveats_print_pool(pool);
		ok = explain_pool(&e, &a);
	}
	host_setups_free(&a.setups);
	free(m);
	load_pool_free(pool);
	return ok && output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}
