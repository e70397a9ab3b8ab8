/* SPDX-License-Identifier: MIT */
#include "output/explain_print.h"

#include <stdio.h>

#include "cli.h"
#include "mask/kvm_plan.h"
#include "mask/mask_bits.h"
#include "output/color.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/kvm_since.h"
#include "table/vmware.h"

/* How many hosts are named without --all: about a line. */
#define HOSTS_NAMED 6

/* Names the hosts that lack it, or those whose reports do not say; count: how many these are. */
static void print_hosts(const struct explain_view *v, enum host_has has, size_t count)
{
	const struct pool *pool = v->e->pool;
	size_t named = 0;

	for (size_t i = 0; i < pool->hosts; i++) {
		char name[PRINTABLE_MAX];

		if (v->e->has[i] != has)
			continue;
		if (!v->all && named == HOSTS_NAMED) {
			printf(" and %zu more", count - named);
			return;
		}
		printf("%s%s", named++ ? ", " : "",
		       printable(name, sizeof(name), pool->host[i].name));
	}
}

struct option_sides explain_sides(const struct explained *e, const struct options *options,
                                  uint8_t *side)
{
	static const uint8_t sides[] = {
		[HOST_LACKS] = SIDE_HERE, [HOST_UNKNOWN] = SIDE_NONE, [HOST_HAS] = SIDE_THERE
	};

	for (size_t i = 0; i < e->pool->hosts; i++)
		side[i] = sides[e->has[i]];
	return (struct option_sides){
		.options = options, .side = side, .unlike = true, .lacking = true
	};
}

static void print_lacking(const struct explain_view *v, enum feature_id id,
                          const struct reason *reason)
{
	if (reason->lacking) {
		printf("%s%zu of %zu hosts lack%s%s %s: ", color_on(TONE_ODD), reason->lacking,
		       v->e->pool->hosts, reason->lacking == 1 ? "s" : "", color_off(),
		       id == F_NONE ? "it" : feature_name(id));
		print_hosts(v, HOST_LACKS, reason->lacking);
		printf(reason->unknown ? "; " : "\n");
	}
	if (reason->unknown) {
		printf("not in the report%s of ", reason->unknown == 1 ? "" : "s");
		print_hosts(v, HOST_UNKNOWN, reason->unknown);
		putchar('\n');
	}
	if (!reason->lacking)
		return;
	const struct option_sides sides = explain_sides(v->e, v->options, v->side);
	if (!option_print_causes(4, &sides, id))
		print_setup(4, "in setup, look for", id);
}

static void print_need(const struct explain_view *v, const struct reason *reason)
{
	const struct place need = feature_place(reason->need);
	struct reason why;

	printf("all have it, but it needs %s; ", feature_name(reason->need));
	explain_place(v->e, &need, &why);
	if (why.kind == REASON_HOSTS)
		print_lacking(v, reason->need, &why);
	else if (why.kind == REASON_LAYOUT)
		printf("its size or offset in the XSAVE area differs\n");
	else if (why.kind == REASON_NOBODY)
		printf("no host has that\n");
	else
		printf("that is not in the baseline either\n");
}

/* Says a version, if it is later than the first of which something is known. */
static void say_since(const char *program, unsigned since, unsigned first, kvm_notes_say *say,
                      void *ctx)
{
	char words[128];

	if (since <= first || since == CPU_NEVER)
		return;
	snprintf(words, sizeof(words),
	         "%s has a name for it since %u.%u: not in a mask for an earlier one", program,
	         since >> 8, since & 0xff);
	say(ctx, words, NULL, NULL);
}

/* What other settings decide about a feature that KVM passes on. */
static bool say_choice(enum feature_id id, kvm_notes_say *say, void *ctx)
{
	const char *choice = guest_kvm_choice_text(guest_kvm_choice(id));
	char words[512];

	if (!*choice)
		return false;
	snprintf(words, sizeof(words), "KVM: %s", choice);
	say(ctx, words, NULL, NULL);
	return true;
}

void explain_kvm(const struct explain_view *v, enum feature_id id, bool common, kvm_notes_say *say,
                 void *ctx)
{
	const struct guest_kvm k = { .kernel = v->kernel, .updated = true };
	const struct pool *pool = v->e->pool;

	if (id == F_NONE || features[id].kind != KIND_FEATURE ||
	    features[id].low != features[id].high)
		return;
	/* Of what the hosts do not have, only that KVM has it all the same. */
	if (!common && !kvm_notes_all_offer(pool, &k, id))
		return;
	if (kvm_notes_explain(pool, &k, id, say, ctx) || !common || say_choice(id, say, ctx))
		return;
	say_since("QEMU", kvm_since_qemu(id), KVM_OFFER_QEMU_MIN, say, ctx);
	say_since("libvirt", kvm_since_libvirt(id), KVM_OFFER_LIBVIRT_MIN, say, ctx);
}

static void print_kvm(void *ctx, const char *words, const struct pool *pool, const bool *which)
{
	(void)ctx;
	printf("    ");
	if (which) {
		printf("on ");
		kvm_notes_hosts(stdout, pool, which);
		printf(": ");
	}
	printf("%s\n", words);
}

static void print_present(const struct explained *e, const struct place *at)
{
	const enum feature_id id = feature_of(at);

	printf("%sin the baseline%s", color_on(TONE_GOOD), color_off());
	if (features[id].rule == RULE_ANY)
		printf(": one host that has it is enough");
	putchar('\n');
	if (mask_vmx_covers(id, VMWARE_HW_MAX) && place_value(&e->merge->low, at) == 0)
		printf("    not all have it: a VMware mask hides it\n");
}

static void print_name(enum feature_id id, const struct place *at)
{
	char place[PLACE_MAX];

	print_place(place, at);
	if (id == F_NONE) {
		printf("<%s>\n    ", place);
		return;
	}
	int column = printf("%s  %s", feature_name(id), place);
	print_part(&column, 2, feature_about(id), 4);
	printf("\n    ");
}

void explain_print(const struct explain_view *v, const struct place *at)
{
	const enum feature_id id = feature_of(at);
	struct reason reason;

	explain_place(v->e, at, &reason);
	print_name(id, at);
	switch (reason.kind) {
	case REASON_NONE:
		print_present(v->e, at);
		break;
	case REASON_NOBODY:
		printf("no host has it\n");
		break;
	case REASON_HOSTS:
		print_lacking(v, id, &reason);
		break;
	case REASON_NEED:
		print_need(v, &reason);
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
	explain_kvm(v, id, reason.kind == REASON_NONE, print_kvm, NULL);
}

void explain_print_gain(const struct explained *e, const bool *without,
                        const struct cpuid_set *baseline)
{
	const size_t gain = explain_gain(baseline, e->baseline);
	const char *comma = "";

	printf("\nremoving or fixing ");
	for (size_t i = 0; i < e->pool->hosts; i++) {
		char name[PRINTABLE_MAX];

		if (!without[i])
			continue;
		printf("%s%s", comma, printable(name, sizeof(name), e->pool->host[i].name));
		comma = ", ";
	}
	printf(" would add %zu feature%s to the baseline:\n", gain, gain == 1 ? "" : "s");
	int column = printf("   ");
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (explain_gains((enum feature_id)id, baseline, e->baseline))
			print_part(&column, 1, feature_name((enum feature_id)id), 4);
	putchar('\n');
}
