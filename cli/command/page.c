/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdlib.h>

#include "cli.h"
#include "base/program.h"
#include "command/page_masks.h"
#include "command/page_write.h"
#include "input/evc_modes.h"
#include "input/fleet_pool.h"
#include "input/output_file.h"
#include "output/caveats.h"
#include "output/left_out.h"
#include "output/page_data.h"
#include "output/said.h"
#include "output/vendors.h"

enum { OPTION_ALL_VISITS = 0x100 };

struct arguments {
	struct inputs in;
	struct output_file output;
	const char *title;
	bool all_visits;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPTION_ALL_VISITS:
		a->all_visits = true;
		return 0;
	case 't':
		a->title = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->output;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "title", 't', "TEXT", 0, "What the page is about. Default: Fleet", 0 },
	{ "all-visits", OPTION_ALL_VISITS, NULL, 0,
	  "Show every report of a machine, not only its latest", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &output_file_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT|POOL...",
	.doc = "Writes one HTML file that shows hosts at a glance: which differ from hosts that "
	       "should be identical, in which feature, why, and which setup option is the likely "
	       "cause; what their baseline has; and their masks in all dialects. The file needs no "
	       "network and no other file. A machine with several reports counts once, with its "
	       "latest. A file that cannot be used is named, and the others are still shown. "
	       "Exit status: 0 written, 2 trouble.",
	.children = children,
};

/* Returns what is to be said of the hosts: the same as of a pool that is merged. */
static json_t *make_caveats(const struct explained *e)
{
	json_t *list = json_array();
	struct said said;

	said_start(&said);
	vendors_warn(e->merge);
	said_end_line(&said, list);
	said_start(&said);
	left_out_print(e->pool);
	caveats_print_pool(e->pool);
	said_end(&said, list);
	return list;
}

/* Returns what the page shows, but for its title. */
static json_t *make_data(const struct fleet_pool *p, const struct explained *e)
{
	json_t *data = json_object();
	struct evc_modes modes;

	json_put(data, "program", json_text(PROGRAM));
	json_put(data, "left_out", json_count(p->pool.left_outs));
	json_put(data, "caveats", make_caveats(e));
	json_put(data, "matrix", page_matrix(&p->fleet, p->known, e));
	json_put(data, "levels", page_levels(e));
	if (evc_modes_load(NULL, &modes)) {
		json_put(data, "evc", page_evc(modes.at, modes.count, e));
		evc_modes_free(&modes);
	}
	json_put(data, "baseline", page_baseline(e));
	json_put(data, "masks", page_masks(e));
	return data;
}

/* Returns false after a message. */
static bool write_page(const struct arguments *a, const struct fleet_pool *p)
{
	static struct cpuid_set baseline;
	struct merge *m = allocate(sizeof(*m));
	struct explained e = { .pool = NULL };
	bool ok = pool_merge(&p->pool, m);

	if (ok) {
		merge_baseline(m, &baseline);
		if (!explained_start(&e, &p->pool, m, &baseline))
			out_of_memory();
		json_t *data = make_data(p, &e);
		json_put(data, "title", json_text(a->title ? a->title : "Fleet"));
		const struct bytes b = page_write(data);
		ok = output_file_write(&a->output, b.at, b.size);
		free(b.at);
		json_decref(data);
	} else {
		trouble(a->in.file[0], err_text(ERR_MANY_LEAVES));
	}
	explained_free(&e);
	free(m);
	return ok;
}

int command_page(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct fleet_pool *p = allocate(sizeof(*p));

	a->in.min = 1;
	a->in.max = INT_MAX;
	arguments_parse(&argp, argc, argv, a);
	const bool ok = output_file_free(&a->output) && fleet_pool_load(p, &a->in, a->all_visits) &&
	                write_page(a, p);
	const int result = ok ? inputs_exit(&a->in, EXIT_YES) : EXIT_TROUBLE;
	fleet_pool_free(p);
	free(p);
	free(a);
	return result;
}
