/* SPDX-License-Identifier: MIT */
#include "output/printing.h"

#include "output/arguments.h"
#include "output/color.h"
#include "output/message.h"
#include "output/progress.h"

enum { OPTION_COLOR = 0x401, OPTION_CSV };

static void set(enum printing *p, enum printing to, const struct argp_state *state)
{
	if (*p != PRINT_TEXT && *p != to)
		arguments_wrong(state, "--json, --csv and --quiet exclude each other");
	*p = to;
	message_set_way(
		&(struct message_way){ .keep = to == PRINT_JSON, .quiet = to == PRINT_NOTHING });
	if (to == PRINT_NOTHING)
		progress_off();
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'j':
		set(state->input, PRINT_JSON, state);
		return 0;
	case OPTION_CSV:
		set(state->input, PRINT_CSV, state);
		return 0;
	case 'q':
		set(state->input, PRINT_NOTHING, state);
		return 0;
	case OPTION_COLOR:
		if (!color_set(arg ? arg : "always"))
			arguments_wrong(state, "--color: expected auto, always or never");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "quiet", 'q', NULL, 0, "Print nothing but errors: the exit status is the answer", 0 },
	{ "color", OPTION_COLOR, "WHEN", OPTION_ARG_OPTIONAL,
	  "Colour: auto (the default: on a terminal, unless NO_COLOR is set), always or never", 0 },
	{ 0 },
};

static const struct argp_option json_options[] = {
	{ "json", 'j', NULL, 0, "Print the result as JSON, see docs/json.md", 0 },
	{ 0 },
};

static const struct argp_option csv_options[] = {
	{ "csv", OPTION_CSV, NULL, 0, "Print the result as a table in CSV", 0 },
	{ 0 },
};

/* The options of a child are those of another argp with the same input. */
static error_t parse_more(int key, char *arg, struct argp_state *state)
{
	if (key != ARGP_KEY_INIT)
		return parse(key, arg, state);
	state->child_inputs[0] = state->input;
	return 0;
}

const struct argp printing_argp = { .options = options, .parser = parse };

static const struct argp_child common[] = { { &printing_argp, 0, NULL, 0 }, { 0 } };

const struct argp printing_json_argp = {
	.options = json_options,
	.parser = parse_more,
	.children = common,
};

static const struct argp_child with_json[] = { { &printing_json_argp, 0, NULL, 0 }, { 0 } };

const struct argp printing_table_argp = {
	.options = csv_options,
	.parser = parse_more,
	.children = with_json,
};
