/* SPDX-License-Identifier: MIT */
#include "command/complete.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "cli.h"
#include "command/mask_dialect.h"
#include "fleet/evc.h"
#include "input/formats.h"
#include "mask/kvm_offer.h"
#include "output/arguments.h"
#include "table/feature_names.h"
#include "table/vmware.h"

/* Prints candidates for a word that begins with begun, each after prefix. */
typedef void list(const char *begun, const char *prefix);

static void list_subcommands(const char *begun, const char *prefix)
{
	(void)begun;
	for (size_t i = 0; i < subcommand_count; i++)
		printf("%s%s\t%s\n", prefix, subcommands[i].name, subcommands[i].about);
}

static void list_dialects(const char *begun, const char *prefix)
{
	(void)begun;
	for (size_t i = 0; i < mask_dialect_count; i++)
		printf("%s%s\t%s\n", prefix, mask_dialects[i].name, mask_dialects[i].about);
}

static void list_modes(const char *begun, const char *prefix)
{
	(void)begun;
	for (size_t i = 0; i < evc_count(); i++) {
		struct evc mode;

		if (!evc_mode(&mode, i))
			out_of_memory();
		printf("%s%s\t%s\n", prefix, mode.key, mode.about);
		evc_free(&mode);
	}
}

static void list_models(const char *begun, const char *prefix)
{
	const struct kvm_offer all = { .reader = KVM_QEMU,
		                       .qemu = CPU_NEVER - 1,
		                       .libvirt = CPU_NEVER - 1,
		                       .proxmox = CPU_NEVER - 1 };

	(void)begun;
	for (unsigned i = M_NO_MODEL + 1; i < M_COUNT; i++) {
		const char *name = kvm_offer_model(&all, (enum cpu_model_id)i);

		if (name)
			printf("%s%s\tprocessor model\n", prefix, name);
	}
}

/* Prints a list "a, b, c". */
static void print_names(const char *names, const char *prefix)
{
	while (*names) {
		const size_t size = strcspn(names, ",");

		printf("%s%.*s\n", prefix, (int)size, names);
		names += size;
		names += strspn(names, ", ");
	}
}

static void list_formats(const char *begun, const char *prefix)
{
	(void)begun;
	print_names(format_names(false), prefix);
}

static void list_written(const char *begun, const char *prefix)
{
	(void)begun;
	print_names(format_names(true), prefix);
}

static void list_levels(const char *begun, const char *prefix)
{
	(void)begun;
	print_names("x86-64-v1, x86-64-v2, x86-64-v3, x86-64-v4", prefix);
}

static void list_hw(const char *begun, const char *prefix)
{
	(void)begun;
	for (size_t i = 0; i < VMWARE_HW_COUNT; i++)
		printf("%s%u\tvirtual hardware version\n", prefix, vmware_hw_versions[i]);
}

static bool begins_any_case(const char *name, const char *begun)
{
	while (*begun && ascii_lower(*name) == ascii_lower(*begun)) {
		name++;
		begun++;
	}
	return !*begun;
}

/* Names are read in any case, and are completed in the case in which they were begun. */
static void print_features(const char *begun, const char *prefix, const char *suffix)
{
	const bool lower = ascii_lower(*begun) == *begun;

	for (unsigned id = F_NONE + 1; id < F_COUNT && *begun; id++) {
		const char *name = feature_name((enum feature_id)id);
		const size_t given = ascii_size(begun);

		if (!begins_any_case(name, begun))
			continue;
		printf("%s%s", prefix, begun);
		for (const char *c = name + given; *c; c++)
			putchar(lower ? ascii_lower(*c) : *c);
		printf("%s\t%s\n", suffix, feature_about((enum feature_id)id));
	}
}

static void list_features(const char *begun, const char *prefix)
{
	print_features(begun, prefix, "");
}

static void list_hidden(const char *begun, const char *prefix)
{
	print_features(begun, prefix, "=0");
}

/* The values of options, by command; "" is what is no option. */
static const struct values {
	const char *command, *name, *letter;
	list *print;
} values[] = {
	{ "mask", "--for", "", list_dialects },
	{ "mask", "--evc", "-e", list_modes },
	{ "mask", "--base", "-B", list_models },
	{ "mask", "--with", "-x", list_hidden },
	{ "mask", "--hw-version", "-w", list_hw },
	{ "mask-explain", "--hw-version", "-w", list_hw },
	{ "import", "--from", "", list_formats },
	{ "export", "--to", "-t", list_written },
	{ "level", "--need", "-n", list_levels },
	{ "help", "", "", list_subcommands },
	{ "evc", "", "", list_modes },
	{ "level", "", "", list_levels },
	{ "explain", "", "", list_features },
	{ "features", "", "", list_features },
};

/* Prints the values of an option, of which size bytes are given.  Returns false if none are known.
 */
static bool print_values(const char *subcommand, const char *option, size_t size, const char *begun,
                         const char *prefix)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct values *v = &values[i];
		const bool is = (strlen(v->name) == size && memcmp(v->name, option, size) == 0) ||
		                (size == 2 && memcmp(v->letter, option, size) == 0);

		if (strcmp(v->command, subcommand) != 0 || !is)
			continue;
		v->print(begun, prefix);
		return true;
	}
	return false;
}

/* Prints the options of a subcommand, and ends the program. */
static void print_options(const char *subcommand)
{
	char *argv[] = { "cpulevel", NULL };

	arguments_list = true;
	for (size_t i = 0; i < subcommand_count; i++)
		if (strcmp(subcommands[i].name, subcommand) == 0)
			subcommands[i].run(1, argv);
}

int complete(int argc, char **argv)
{
	char prefix[64];

	if (argc < 3) {
		list_subcommands("", "");
		printf("help\texplain a command\n");
		return EXIT_YES;
	}
	const char *subcommand = argv[1], *last = argv[argc - 1];
	const char *before = argc > 3 ? argv[argc - 2] : "";
	/* bash makes three words of --for=qemu. */
	if (argc > 3 && strcmp(last, "=") == 0)
		last = "";
	else if (argc > 4 && strcmp(before, "=") == 0)
		before = argv[argc - 3];
	if (*before == '-' && print_values(subcommand, before, strlen(before), last, ""))
		return EXIT_YES;
	const size_t name = strcspn(last, "=");
	if (*last == '-' && last[name]) {
		snprintf(prefix, sizeof(prefix), "%.*s", (int)name + 1, last);
		return print_values(subcommand, last, name, last + name + 1, prefix) ? EXIT_YES
		                                                                     : EXIT_NO;
	}
	if (*last == '-')
		print_options(subcommand);
	print_values(subcommand, "", 0, last, "");
	return strcmp(subcommand, "help") == 0 ? EXIT_YES : EXIT_NO;
}
