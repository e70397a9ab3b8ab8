/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "cli.h"
#include "input/load.h"
#include "output/caveats.h"
#include "output/print.h"
#include "output/print_control.h"
#include "output/print_varying.h"
#include "output/setup_print.h"
#include "report/topology.h"

struct arguments {
	struct inputs in;
	bool raw;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case 'r':
		a->raw = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "raw", 'r', NULL, 0, "Print registers in hexadecimal instead of features", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT|POOL",
	.doc = "Prints a report: the machine, its processors, and their features. Prints a pool: "
	       "its hosts, and their baseline, which is what a guest can use on all of them.",
	.children = inputs_pool_children,
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

static void print_kind(const struct report *r, size_t kind, bool raw)
{
	const struct report_kind *k = &r->kind[kind];
	uint32_t member[REPORT_PROCESSORS_MAX];
	const size_t members = report_members(r, kind, member);
	struct cpuid_set set;

	putchar('\n');
	print_list(members == 1 ? "processor" : "processors", member, members);
	print_identity(&k->set);
	print_control(&k->control, &k->set);
	if (raw || !report_features(k, &set))
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

static void print_topology(const struct report *r)
{
	struct topology topology;
	char buffer[128];
	struct text t;

	topology_take(&topology, r);
	text_start(&t, buffer, sizeof(buffer));
	topology_write(&t, &topology);
	printf("%-18s %s\n", "topology", text_string(&t));
}

static void print_report(const struct loaded *l, bool raw)
{
	const struct report *r = l->report;
	char name[PRINTABLE_MAX];
	struct caveat caveat;

	printf("%-18s %s\n", "host", printable(name, sizeof(name), l->name));
	print_seal(&l->seal, "good, by stick ");
	print_fields(r);
	print_topology(r);
	caveat_take(&caveat, l->name, r);
	caveat_show(&caveat);
	if (r->disabled.count)
		print_list("disabled", r->disabled.number, r->disabled.count);
	if (r->silent.count)
		print_list("NO RESPONSE", r->silent.number, r->silent.count);
	if (r->cut)
		printf("INCOMPLETE: the report reached a limit, see its line \"cut\"\n");
	for (size_t i = 0; i < r->kinds; i++)
		print_kind(r, i, raw);
	print_setup_options(&r->setup);
}

static void print_pool(const struct pool *pool, const struct seal_found *seal,
                       const struct merge *m, bool raw)
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
	merge_baseline(m, &baseline);
	printf("\nbaseline: what a guest can use on all of these hosts\n");
	(raw ? print_raw : print_features)(&baseline);
}

static bool show_pool(const char *path, const struct trust *trust, bool raw)
{
	struct seal_found seal;
	struct pool *pool = load_pool(path, trust, &seal);
	struct merge *m = allocate(sizeof(*m));
	const bool ok = pool && pool_merge(pool, m);

	if (ok)
		print_pool(pool, &seal, m, raw);
	else if (pool)
		trouble(path, err_text(ERR_MANY_LEAVES));
	free(m);
	load_pool_free(pool);
	return ok;
}

int command_show(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct loaded l;
	bool ok;

	a->in.min = a->in.max = 1;
	arguments_parse(&argp, argc, argv, a);
	if (inputs_is_pool(a->in.file[0], &a->in.trust)) {
		ok = show_pool(a->in.file[0], &a->in.trust, a->raw);
	} else {
		ok = load_report(a->in.file[0], &a->in.trust, &l) == ERR_NONE;
		if (ok) {
			print_report(&l, a->raw);
			load_free(&l);
		}
	}
	free(a);
	return ok && output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}
