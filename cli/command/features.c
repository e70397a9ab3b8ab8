/* SPDX-License-Identifier: MIT */
#include "table/feature_find.h"
#include "table/feature_setup.h"

#include <argp.h>
#include <stdio.h>

#include "cli.h"
#include "input/file.h"
#include "input/name.h"
#include "output/print.h"
#include "table/feature_text.h"
#include "table/feature_unit.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **pattern = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
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
	.doc = "Prints the table of CPUID bits and fields: the manual's name, leaf, register and "
	       "bits, how it merges, its names elsewhere, how a field is read, and the firmware "
	       "switch that can hide it. PATTERN is a part of any name or of the description, or "
	       "the place of a bit, "
	       "like 7.0.EBX[5]. Exit status 1 if nothing matches.",
};

static const char *rule_name(enum feature_id id)
{
	static const char *const name[] = { "ALL", "ANY", "MIN", "SAME", "FIXED", "NEVER" };

	return name[features[id].rule];
}

static void print_names(enum feature_id id)
{
	const struct feature_names *n = &feature_names[id];
	const struct {
		const char *where, *name;
	} list[] = {
		{ "VMware", n->vmware },   { "Linux", n->linux_ }, { "QEMU", n->qemu },
		{ "libvirt", n->libvirt }, { "Xen", n->xen },      { "also", n->other },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (list[i].name[0]) {
			printf("%s%s %s", any ? ", " : "    ", list[i].where, list[i].name);
			any = true;
		}
	if (any)
		putchar('\n');
}

static void print_unit(enum feature_id id)
{
	char words[1024];
	struct text t;

	text_start(&t, words, sizeof(words));
	feature_unit_about(&t, id);
	if (t.used)
		printf("    read as %s\n", text_string(&t));
}

static void print_row(enum feature_id id)
{
	const struct feature_guest *g = &feature_guests[id];
	char place[PLACE_MAX];

	print_row_place(place, id);
	printf("%-24s %-20s %-5s  %s\n", feature_name(id), place, rule_name(id), feature_about(id));
	print_names(id);
	print_unit(id);
	if (g->need[0] != F_NONE)
		printf("    needs %s%s%s\n", feature_name((enum feature_id)g->need[0]),
		       g->need[1] != F_NONE ? ", " : "", feature_name((enum feature_id)g->need[1]));
	if (*feature_setup(id))
		printf("    in setup: %s\n", feature_setup(id));
}

static int print_place_row(const char *name)
{
	struct place at;

	if (!name_place(name, &at))
		return EXIT_TROUBLE;
	if (at.id == F_NONE) {
		trouble(name, "no row of the table has this bit");
		return EXIT_NO;
	}
	print_row(at.id);
	return output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}

int command_features(int argc, char **argv)
{
	const char *pattern = "";
	enum feature_id one;
	size_t count = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &pattern);
	if (name_is_place(pattern))
		return print_place_row(pattern);
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (feature_matches((enum feature_id)id, pattern)) {
			print_row((enum feature_id)id);
			count++;
		}
	/* A whole name may be written with more around it, "cpuid.AES", than a part of one. */
	if (count == 0 && feature_find(pattern, &one, 1) == 1) {
		print_row(one);
		count++;
	}
	if (count == 0)
		name_unknown(pattern);
	if (!output_write("", 0))
		return EXIT_TROUBLE;
	return count ? EXIT_YES : EXIT_NO;
}
