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
#include "table/feature_unit.h"
#include "table/guest_kvm.h"
#include "table/vmware.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **pattern = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		inputs_operands(state);
		if (state->arg_num)
			arguments_wrong(state, "one PATTERN at a time; quote one that has blanks");
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
	       "the setup option that can hide it. PATTERN is a name, a part of a name or of a "
	       "description, a line of a message from vCenter, a bit position such as "
	       "7.0.EBX[5], or a register such as 7.0.EBX. Exit status 1 if nothing matches.",
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
	else if (vmware_requires(id, since))
		printf("; whether it then needs that on every host is not known");
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
		print_wrapped(4, "", part, ' ');
	}
}

static void print_row(enum feature_id id)
{
	char place[PLACE_MAX];

	print_row_place(place, id);
	printf("%-24s %-20s %-5s  %s\n", feature_name(id), place, rule_name(id), feature_about(id));
	print_names(id);
	print_wrapped(4, "in vCenter:", vmware_words(id), ';');
	print_unit(id);
	print_needs(id);
	print_vmware(id);
	print_kvm(id);
	print_setup(4, "in setup:", id);
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

/* Prints the rows of a name, and those that have it as a part of a name or of the description. */
static size_t print_matching(const char *pattern)
{
	enum feature_id named[NAMED_MAX];
	const size_t names = name_rows(pattern, named, NAMED_MAX);
	size_t count = 0, next = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const bool is_named = next < names && next < NAMED_MAX && named[next] == id;

		next += is_named;
		if (!is_named && !feature_matches(id, pattern))
			continue;
		print_row(id);
		count++;
	}
	return count;
}

int command_features(int argc, char **argv)
{
	const char *pattern = "";

	arguments_parse(&argp, argc, argv, &pattern);
	if (name_is_place(pattern))
		return print_place_row(pattern);
	const size_t count = print_matching(pattern);
	if (count == 0)
		name_unknown(pattern);
	if (!output_write("", 0))
		return EXIT_TROUBLE;
	return count ? EXIT_YES : EXIT_NO;
}
