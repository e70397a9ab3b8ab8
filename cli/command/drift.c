/* SPDX-License-Identifier: MIT */
#include "compare/drift.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/load.h"
#include "input/visits.h"
#include "output/drift_print.h"

enum { OPTION_ALL_VISITS = 0x100 };

struct arguments {
	struct inputs in;
	bool all_visits;
};

static bool identical(const void *x, const void *y)
{
	const struct drifter *a = x, *b = y;
	struct drift d = { .what = DRIFT_FEATURE };

	return !drift_next(&d, &a->host, &b->host);
}

/* Finds the group and the cluster of a host among those before it. */
static void group(const struct fleet *f, size_t at)
{
	struct drifter *d = f->at[at];

	d->group = d->cluster = at;
	for (size_t i = at; i-- > 0;) {
		if (!drift_same_type(&f->at[i]->host, &d->host))
			continue;
		d->group = f->at[i]->group;
		if (identical(f->at[i], d))
			d->cluster = f->at[i]->cluster;
	}
}

static void drifter_free(struct drifter *d)
{
	free(d->name);
	free(d);
}

/* Adds a report.  Returns false after a message if it cannot be used. */
static bool add(struct fleet *f, const char *path, const struct trust *trust)
{
	struct loaded l;

	if (load_report(path, trust, &l) != ERR_NONE)
		return false;

	struct drifter *d = allocate(sizeof(*d));
	enum err err = l.report->kinds ? ERR_NONE : ERR_NO_KINDS;
	if (err == ERR_NONE && !drift_take(&d->host, l.report))
		err = ERR_MANY_LEAVES;
	d->name = l.name;
	l.name = NULL;
	if (err != ERR_NONE) {
		trouble(path, err_text(err));
		drifter_free(d);
	} else {
		drift_describe(d, l.report);
		caveat_take(&d->caveat, d->name, l.report);
		visits_describe(&d->visit, l.report);
		d->sealed = l.seal.err == ERR_NONE;
		memcpy(d->key, l.seal.key, sizeof(d->key));
		f->at[f->count++] = d;
	}
	load_free(&l);
	return err == ERR_NONE;
}

/* Drops the reports of machines that have a later one. */
static void settle(struct fleet *f)
{
	struct visitor *v = allocate((f->count + 1) * sizeof(*v));
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct drifter *d = f->at[i];

		v[i] = (struct visitor){ .visit = &d->visit,
			                 .host = d->name,
			                 .sealed = d->sealed,
			                 .key = d->key,
			                 .of = d };
	}
	visits_judge(v, f->count, identical);
	for (size_t i = 0; i < f->count; i++)
		f->at[i]->replaced = false;
	for (size_t i = 0; i < f->count; i++)
		((struct drifter *)v[i].of)->replaced = !visit_counts(&v[i]);
	for (size_t i = 0; i < f->count; i++) {
		if (f->at[i]->replaced)
			drifter_free(f->at[i]);
		else
			f->at[kept++] = f->at[i];
	}
	f->count = kept;
	free(v);
}

static void print_caveats(const struct fleet *f)
{
	struct caveat *list = allocate(f->count * sizeof(*list));

	for (size_t i = 0; i < f->count; i++)
		list[i] = f->at[i]->caveat;
	caveats_print(list, f->count);
	free(list);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case OPTION_ALL_VISITS:
		a->all_visits = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "all-visits", OPTION_ALL_VISITS, NULL, 0,
	  "Compare every report of a machine, not only its latest", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT...",
	.doc = "Finds the hosts that differ from hosts that should be identical: hosts with the "
	       "same system vendor and product, and with processors of the same vendor, signature "
	       "and brand. Names the features in which they differ and the likely setup option. "
	       "Expected differences, such as APIC IDs, are ignored. A machine with several "
	       "reports counts once, with its latest. A report that cannot be used is named, and "
	       "the others are still compared. Exit status: 0 no drift, 1 drift, 2 trouble.",
	.children = inputs_children,
};

int command_drift(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	bool ok = true, drift = false;

	a->in.min = 1;
	a->in.max = INT_MAX;
	argp_parse(&argp, argc, argv, 0, NULL, a);
	struct fleet f = { 0, allocate((size_t)a->in.count * sizeof(*f.at)) };
	for (int i = 0; i < a->in.count; i++)
		ok &= add(&f, a->in.file[i], &a->in.trust);
	if (!a->all_visits)
		settle(&f);
	print_caveats(&f);
	for (size_t i = 0; i < f.count; i++)
		group(&f, i);
	for (size_t i = 0; i < f.count; i++)
		if (f.at[i]->group == i)
			drift |= drift_print(&f, i);
	for (size_t i = 0; i < f.count; i++)
		drifter_free(f.at[i]);
	free(f.at);
	free(a);
	if (!output_write("", 0) || !ok)
		return EXIT_TROUBLE;
	return drift ? EXIT_NO : EXIT_YES;
}
