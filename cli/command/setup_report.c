/* SPDX-License-Identifier: MIT */
#include "command/setup_report.h"

#include <stdio.h>

#include "input/fleet_load.h"
#include "input/load.h"
#include "output/left_out.h"
#include "output/option_list.h"
#include "output/setup_print.h"

static int print_one(const struct inputs *in)
{
	char name[PRINTABLE_MAX], bios[PRINTABLE_MAX];
	struct loaded l;

	if (load_report(in->file[0], &in->trust, &l) != ERR_NONE)
		return EXIT_TROUBLE;
	const struct report *r = l.report;
	const bool known = r->known[FIELD_BIOS_VERSION];
	printf("%s, BIOS %s\n", printable(name, sizeof(name), l.name),
	       known ? printable(bios, sizeof(bios), r->field[FIELD_BIOS_VERSION]) : "unknown");
	if (!r->setup.there)
		printf("the report has no setup options: the setting setup was off, or an older "
		       "probe wrote it\n");
	print_setup_options(&r->setup);
	load_free(&l);
	return output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}

/* Prints all groups.  Returns true if the setup of some differs. */
static bool print_fleet(const struct fleet *f, const struct setup_asked *asked)
{
	bool differ = false;

	for (size_t i = 0; i < f->count; i++) {
		if (f->at[i]->group != i)
			continue;
		differ |= option_list_group_differs(f, i);
		if (asked->printing == PRINT_TEXT)
			option_list_print(f, i, asked->all);
	}
	return differ;
}

int setup_reports(struct inputs *in, const struct setup_asked *asked)
{
	struct fleet f;

	if (in->count == 1 && asked->printing == PRINT_TEXT)
		return print_one(in);
	int result = EXIT_TROUBLE;

	if (fleet_load(&f, in, false)) {
		result = inputs_exit(in, print_fleet(&f, asked) ? EXIT_NO : EXIT_YES);
		if (asked->printing == PRINT_TEXT)
			left_out_show_names(in->left_out, in->left_outs);
		if (asked->printing == PRINT_JSON)
			option_json_print(&f, result);
	}
	fleet_free(&f);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
