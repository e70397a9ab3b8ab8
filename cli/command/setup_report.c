/* SPDX-License-Identifier: MIT */
#include "command/setup_report.h"

#include <stdio.h>

#include "input/fleet_load.h"
#include "input/load.h"
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

int setup_reports(struct inputs *in, const struct setup_asked *asked)
{
	bool differ = false;
	struct fleet f;

	if (in->count == 1 && !asked->json)
		return print_one(in);
	const bool ok = fleet_load(&f, in, false);
	if (asked->json)
		differ = option_json_print(&f);
	for (size_t i = 0; i < f.count && !asked->json; i++)
		if (f.at[i]->group == i)
			differ |= option_list_print(&f, i, asked->all);
	fleet_free(&f);
	if (!output_write("", 0) || !ok)
		return EXIT_TROUBLE;
	return differ ? EXIT_NO : EXIT_YES;
}
