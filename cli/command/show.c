/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "cli.h"
#include "input/load.h"
#include "output/caveats.h"
#include "output/feature_list.h"
#include "output/glance.h"
#include "output/left_out.h"
#include "output/print.h"
#include "output/print_control.h"
#include "output/print_varying.h"
#include "output/printing.h"
#include "output/setup_print.h"
#include "output/show_json.h"

/* What of the registers is printed. */
enum registers { NO_REGISTERS, ALL_REGISTERS, RAW_REGISTERS };

struct arguments {
	struct inputs in;
	enum printing printing;
	enum registers registers;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case 'a':
		a->registers = ALL_REGISTERS;
		return 0;
	case 'r':
		a->registers = RAW_REGISTERS;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->printing;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "all", 'a', NULL, 0,
	  "Print every register with its bits and fields instead of the features by group", 0 },
	{ "raw", 'r', NULL, 0, "Print registers in hexadecimal instead", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &printing_json_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT|POOL",
	.doc = "Prints a report: the machine at a glance, where the report is from, and the "
	       "features by group with a sentence each. Prints a pool: its hosts, and their "
	       "baseline, which is what a guest can use on all of them.",
	.children = children,
};

static void print_list(const char *name, const uint32_t *number, size_t count)
{
	static char buffer[16384];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	lines_list_write(&t, name, number, count);
	fputs(text_string(&t), stdout);
}

static void print_fields(const struct report *r)
{
	for (unsigned field = 0; field < FIELD_COUNT; field++) {
		char buffer[PRINTABLE_MAX];

		const char *name = report_field_name((enum report_field)field);

		if (field == FIELD_ORIGIN && r->known[FIELD_SOURCE])
			name = "imported from";
		if (r->known[field])
			printf("%-18s %s\n", name,
			       printable(buffer, sizeof(buffer), r->field[field]));
	}
}

static void print_kind(const struct report *r, size_t kind, enum registers registers)
{
	const struct report_kind *k = &r->kind[kind];
	uint32_t member[REPORT_PROCESSORS_MAX];
	const size_t members = report_members(r, kind, member);
	struct cpuid_set set;

	putchar('\n');
	print_list(members == 1 ? "processor" : "processors", member, members);
	print_identity(&k->set);
	print_control(&k->control);
	if (registers == RAW_REGISTERS || !report_features(k, &set))
		print_raw(&k->set);
	else
		print_features(&set);
	print_varying(r, kind);
}

/* The line of a file's seal.  Returns whether the seal is good. */
static bool print_seal(const struct seal_found *seal, const char *by)
{
	const bool good = seal->err == ERR_NONE;
	char number[17];

	seal_number(seal->key, number);
	printf("%-18s %s%s\n", "seal", good ? by : "NOT VERIFIED", good ? number : "");
	return good;
}

static void print_report(const struct loaded *l, enum registers registers)
{
	const struct report *r = l->report;
	char name[PRINTABLE_MAX];
	struct caveat caveat;

	printf("%-18s %s\n", "host", printable(name, sizeof(name), l->name));
	print_seal(&l->seal, "good, by stick ");
	caveat_take(&caveat, l->name, r);
	caveat_show(&caveat);
	if (r->disabled.count)
		print_list("disabled", r->disabled.number, r->disabled.count);
	if (r->silent.count)
		print_list("NO RESPONSE", r->silent.number, r->silent.count);
	if (r->cut)
		printf("INCOMPLETE: the report reached a limit, see its line \"cut\"\n");
	glance_print(r);
	putchar('\n');
	print_fields(r);
	if (registers == NO_REGISTERS) {
		glance_section("What software must do about speculative execution", glance_software,
		               r);
		feature_list_print_report(r);
	}
	for (size_t i = 0; registers != NO_REGISTERS && i < r->kinds; i++)
		print_kind(r, i, registers);
	print_setup_options(&r->setup);
}

static void print_baseline(const struct cpuid_set *baseline, enum registers registers)
{
	struct feature_list list;

	switch (registers) {
	case NO_REGISTERS:
		glance_print_baseline(baseline);
		feature_list_take(&list, baseline);
		feature_list_print(&list);
		break;
	case ALL_REGISTERS:
		print_features(baseline);
		break;
	case RAW_REGISTERS:
		print_raw(baseline);
		break;
	}
}

static void print_pool(const struct pool *pool, const struct seal_found *seal,
                       const struct merge *m, enum registers registers)
{
	static struct cpuid_set baseline;
	struct caveat caveat;
	const bool good = print_seal(seal, "good, with key ");

	for (const struct pool_host *h = pool->host; h < pool->host + pool->hosts; h++) {
		char name[PRINTABLE_MAX], number[17];

		seal_number(h->key, number);
		printf("host %s, %s%s\n", printable(name, sizeof(name), h->name),
		       !h->sealed ? "NOT VERIFIED"
		       : good     ? "sealed by stick "
		                  : "claimed, not verified: sealed by stick ",
		       h->sealed ? number : "");
		caveat_take_host(&caveat, h);
		caveat_show(&caveat);
	}
	left_out_show(pool);
	merge_baseline(m, &baseline);
	printf("\nbaseline: what a guest can use on all of these hosts\n");
	print_baseline(&baseline, registers);
}

/* Begins a document about a file with its name and its seal. */
static json_t *start_document(const char *key, const char *name, const struct seal_found *seal)
{
	json_t *document = document_start("show", 1);
	char number[17];

	seal_number(seal->key, number);
	json_put(document, key, json_text(name));
	json_put(document, "key", seal->err == ERR_NONE ? json_text(number) : json_null());
	return document;
}

static void pool_json(const char *path, const struct pool *pool, const struct seal_found *seal,
                      const struct merge *m, bool leaves)
{
	static struct cpuid_set baseline;
	json_t *document = start_document("pool", path, seal);

	merge_baseline(m, &baseline);
	show_json_pool(document, pool, &baseline, leaves);
	document_print(document, EXIT_YES);
}

static bool show_pool(const struct arguments *a)
{
	const char *path = a->in.file[0];
	struct seal_found seal;
	struct pool *pool = load_pool(path, &a->in.trust, &seal);
	struct merge *m = allocate(sizeof(*m));
	const bool ok = pool && pool_merge(pool, m);

	if (pool && !ok)
		trouble(path, err_text(ERR_MANY_LEAVES));
	if (ok && a->printing == PRINT_JSON)
		pool_json(path, pool, &seal, m, a->registers != NO_REGISTERS);
	if (ok && a->printing == PRINT_TEXT)
		print_pool(pool, &seal, m, a->registers);
	free(m);
	load_pool_free(pool);
	return ok;
}

static bool show_report(const struct arguments *a)
{
	struct loaded l;

	if (load_report(a->in.file[0], &a->in.trust, &l) != ERR_NONE)
		return false;
	if (a->printing == PRINT_JSON) {
		json_t *document = start_document("host", l.name, &l.seal);

		show_json_report(document, l.report, a->registers != NO_REGISTERS);
		document_print(document, EXIT_YES);
	}
	if (a->printing == PRINT_TEXT)
		print_report(&l, a->registers);
	load_free(&l);
	return true;
}

int command_show(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	bool ok;

	a->in.min = a->in.max = 1;
	arguments_parse(&argp, argc, argv, a);
	ok = inputs_is_pool(a->in.file[0], &a->in.trust) ? show_pool(a) : show_report(a);
	free(a);
	return ok && output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}
