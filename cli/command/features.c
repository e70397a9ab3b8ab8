/* SPDX-License-Identifier: MIT */
#include "table/feature_find.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"
#include "input/inputs.h"
#include "input/name.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_setup.h"
#include "table/feature_unit.h"
#include "table/guest_kvm.h"
#include "table/vmware.h"

/* No name has more rows; a unit test holds it. */
#define NAMED_MAX 32

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **pattern = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		inputs_operands(state);
		if (state->arg_num)
			argp_usage(state);
		*pattern = arg;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "[PATTERN]",
	.doc = "Prints the table of CPUID bits and fields: the name in the manual, leaf, register "
	       "and bits, the merge rule, the description, names elsewhere, how a field is read, "
	       "what a feature needs, what VMware shows a VM of it, what KVM shows a guest, and "
	       "the setup option that can hide it. PATTERN is a part of a name or of a "
	       "description, or a bit position such as 7.0.EBX[5]. Exit status 1 if nothing "
	       "matches.",
};

static const char *rule_name(enum feature_id id)
{
	static const char *const name[] = { "ALL", "ANY", "MIN", "SAME", "FIXED", "NEVER" };

	return name[features[id].rule];
}

static void print_names(enum feature_id id)
{
	static const char *const where[NAMERS] = {
		[NAMED_VMWARE] = "VMware",   [NAMED_LINUX] = "Linux", [NAMED_QEMU] = "QEMU",
		[NAMED_LIBVIRT] = "libvirt", [NAMED_XEN] = "Xen",     [NAMED_OTHER] = "also",
	};
	char names[1024] = "";
	size_t used = 0;

	for (unsigned who = NAMED_VMWARE; who < NAMERS; who++) {
		const char *name = feature_named(id, (enum feature_namer)who);

		if (*name)
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s %s",
			                         used ? ", " : "", where[who], name);
	}
	print_wrapped(4, "", names, ',');
}

static void print_needs(enum feature_id id)
{
	const char *before = "    needs ";

	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++) {
		printf("%s%s", before, feature_name((enum feature_id)need[0]));
		before = ", ";
	}
	if (*feature_needs(id) != F_NONE)
		putchar('\n');
}

static void print_unit(enum feature_id id)
{
	char words[1024];
	struct text t;

	text_start(&t, words, sizeof(words));
	feature_unit_about(&t, id);
	print_wrapped(4, "read as", t.used ? text_string(&t) : "", ',');
}

/* What a VM sees that VMware runs, from which virtual hardware version on, and who says so. */
static void print_vmware(enum feature_id id)
{
	const unsigned since = vmware_since(id);

	switch (vmware_shows(id, since)) {
	case VMWARE_UNKNOWN:
		return;
	case VMWARE_NEVER:
		printf("    VMware hides it from a VM");
		break;
	case VMWARE_HOSTS:
		printf("    VMware shows a VM the host's value");
		break;
	case VMWARE_OWN:
		printf("    VMware shows a VM a value of its own");
		break;
	}
	if (since == VMWARE_HW_FUTURE)
		printf(", from a later hardware version on");
	else if (since > VMWARE_HW_MIN)
		printf(", from hardware %u on", since);
	if (vmware_verified(id) && vmware_requires(id, since))
		printf("; it then needs that on every host");
	printf(" (%s)\n", vmware_source(id));
}

/* What guests of KVM see, from which Linux on, and on which processors not. */
static void print_kvm(enum feature_id id)
{
	char words[4096];
	struct text t;

	text_start(&t, words, sizeof(words));
	guest_kvm_about(&t, id);
	char *part = t.used ? words : NULL;
	text_string(&t);
	for (char *end; part && (end = strchr(part, ';')); part = end + 2) {
		*end = '\0';
		print_wrapped(4, "", part, ',');
	}
}

static void print_row(enum feature_id id)
{
	char place[PLACE_MAX];

	print_row_place(place, id);
	printf("%-24s %-20s %-5s  %s\n", feature_name(id), place, rule_name(id), feature_about(id));
	print_names(id);
	print_unit(id);
	print_needs(id);
	print_vmware(id);
	print_kvm(id);
	print_wrapped(4, "in setup:", feature_setup(id), ';');
}

static int print_place_row(const char *name)
{
	struct place at;

	if (!name_place(name, NULL, &at))
		return EXIT_TROUBLE;
	const enum feature_id id = feature_of(&at);
	if (id == F_NONE) {
		trouble(name, "this bit is not in the table");
		return EXIT_NO;
	}
	print_row(id);
	return output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}

int command_features(int argc, char **argv)
{
	const char *pattern = "";
	enum feature_id named[NAMED_MAX];
	size_t count = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &pattern);
	if (name_is_place(pattern))
		return print_place_row(pattern);
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (feature_matches((enum feature_id)id, pattern)) {
			print_row((enum feature_id)id);
			count++;
		}
	/* A complete name may have a prefix that a part of a name may not: "cpuid.AES". */
	if (count == 0) {
		count = feature_find(pattern, named, NAMED_MAX);
		for (size_t i = 0; i < count && i < NAMED_MAX; i++)
			print_row(named[i]);
	}
	if (count == 0)
		name_unknown(pattern);
	if (!output_write("", 0))
		return EXIT_TROUBLE;
	return count ? EXIT_YES : EXIT_NO;
}
