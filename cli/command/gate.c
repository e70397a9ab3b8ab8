/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compare/drift.h"
#include "input/load.h"
#include "output/document.h"
#include "output/message.h"

struct arguments {
	struct inputs in;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	case ARGP_KEY_END:
		if (a->in.count < 2)
			arguments_missing(state, a->in.count ? "a REPORT" : "the golden report");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "GOLDEN REPORT...",
	.doc = "Compares hosts with a golden report, for a pipeline that stops at a host which "
	       "deviates: prints one line of JSON, and nothing else, on standard output. A host "
	       "deviates if drift would name it as the odd one beside the golden host: in a "
	       "feature, in what firmware has switched off, or in the number of processors; or if "
	       "it is of another type. Exit status: 0 all hosts are equal to the golden one; 1 one "
	       "deviates; 2 trouble: a report cannot be used, and the others are judged all the "
	       "same.",
	.children = inputs_children,
};

/* What is counted, and the document. */
struct gate {
	json_t *document, *deviating, *left_out;
	size_t equal;
	struct drift_host golden, host;
};

static bool take(struct drift_host *to, const char *path, const struct trust *trust,
                 char name[static PRINTABLE_MAX])
{
	struct loaded l = { .lent = false };

	if (load_report(path, trust, &l) != ERR_NONE)
		return false;
	const bool ok = load_host(to, path, l.report);
	printable(name, PRINTABLE_MAX, l.name);
	load_free(&l);
	return ok;
}

static json_t *difference_of(const struct drift *d)
{
	static const char *const kinds[] = { [DRIFT_FEATURE] = "feature",
		                             [DRIFT_SWITCH] = "switched_off",
		                             [DRIFT_PROCESSORS] = "processors",
		                             [DRIFT_END] = "" };
	json_t *object = json_object();

	json_put(object, "kind", json_text(kinds[d->what]));
	if (d->what == DRIFT_PROCESSORS) {
		json_put(object, "counted", json_text(drift_counted(d->counted)));
	} else {
		const struct place at =
			d->what == DRIFT_FEATURE ? d->differ.at : feature_place(d->id);

		json_put(object, "feature", json_feature_name(d->id, &at));
	}
	json_put(object, "here", json_count(d->a));
	json_put(object, "golden", json_count(d->b));
	return object;
}

/* Adds a host that deviates. */
static void judge(struct gate *g, const char *path, const char *name)
{
	const bool other = !drift_same_type(&g->host, &g->golden);
	json_t *differences = json_array();

	for (struct drift d = { .what = DRIFT_FEATURE }; drift_next(&d, &g->host, &g->golden);)
		json_add(differences, difference_of(&d));
	if (!other && json_array_size(differences) == 0) {
		g->equal++;
		json_decref(differences);
		return;
	}
	json_t *object = json_add_object(g->deviating);
	json_put(object, "host", json_text(name));
	json_put(object, "file", json_text(path));
	json_put(object, "other_type", json_boolean(other));
	json_put(object, "differences", differences);
}

static int pass(struct gate *g, struct inputs *in)
{
	char name[PRINTABLE_MAX];

	if (!take(&g->golden, in->file[0], &in->trust, name))
		return EXIT_TROUBLE;
	g->document = document_start("gate", 1);
	json_put(g->document, "golden", json_text(name));
	g->deviating = json_array();
	g->left_out = json_array();
	message_sum_start();
	for (int i = 1; i < in->count; i++) {
		if (take(&g->host, in->file[i], &in->trust, name))
			judge(g, in->file[i], name);
		else
			json_add(g->left_out, json_text(in->file[i]));
		if (json_array_size(g->left_out) > in->left_outs &&
		    !inputs_leave_out(in, in->file[i]))
			break;
	}
	message_sum_end();
	const size_t left_out = json_array_size(g->left_out);
	const size_t deviating = json_array_size(g->deviating);
	const int result = left_out ? EXIT_TROUBLE : deviating ? EXIT_NO : EXIT_YES;
	json_put(g->document, "hosts", json_count(g->equal + deviating));
	json_put(g->document, "equal", json_count(g->equal));
	json_put(g->document, "deviating", g->deviating);
	json_put(g->document, "left_out", json_count(left_out));
	json_put(g->document, "left_out_files", g->left_out);
	document_print_line(g->document, result);
	return result;
}

/* True if a file was given as it is, and is not one of those of a folder. */
static bool is_argument(const char *path, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], path) == 0)
			return true;
	return false;
}

int command_gate(int argc, char **argv)
{
	static const struct message_way way = { .keep = true };
	struct arguments *a = allocate(sizeof(*a));
	struct gate *g = allocate(sizeof(*g));

	a->in.max = INT_MAX;
	arguments_parse(&argp, argc, argv, a);
	message_set_way(&way);
	int result = EXIT_TROUBLE;
	if (is_argument(a->in.file[0], argc, argv))
		result = pass(g, &a->in);
	else
		trouble(a->in.file[0],
		        "the golden report must be one file, and this is of a folder");
	free(g);
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
