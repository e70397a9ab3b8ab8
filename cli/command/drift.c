/* SPDX-License-Identifier: MIT */
#include "compare/drift.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "input/load.h"
#include "output/drift_print.h"

static bool identical(const struct drifter *a, const struct drifter *b)
{
	struct drift d = { .what = DRIFT_FEATURE };

	return !drift_next(&d, &a->host, &b->host);
}

/*
 * True if the report is of a host that is already in the fleet.  Serial numbers are not trusted to
 * be unique, so the leaves must be identical too; a host whose leaves have changed has drifted.
 */
static bool is_repeated(const struct fleet *f, const struct drifter *d)
{
	for (size_t i = 0; i < f->count; i++)
		if (drift_same_host(&f->at[i]->host, &d->host) && identical(f->at[i], d))
			return true;
	return false;
}

/* Finds the group and the cluster of the last host. */
static void group_last(const struct fleet *f)
{
	const size_t last = f->count - 1;
	struct drifter *d = f->at[last];

	d->group = d->cluster = last;
	for (size_t i = last; i-- > 0;) {
		if (!drift_like(&f->at[i]->host, &d->host))
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
	} else if (is_repeated(f, d)) {
		trouble(path,
		        "same serial numbers and CPUID leaves as an earlier report; counted once");
		drifter_free(d);
	} else {
		drift_describe(d, l.report);
		f->at[f->count++] = d;
		group_last(f);
	}
	load_free(&l);
	return err == ERR_NONE;
}

int command_drift(int argc, char **argv)
{
	struct inputs *in = allocate(sizeof(*in));
	bool ok = true, drift = false;

	in->min = 1;
	in->max = INT_MAX;
	inputs_parse(
		in, inputs_children, "REPORT...",
		"Finds the hosts that differ from hosts that should be identical: hosts with the "
		"same system vendor and product, and with processors of the same vendor, signature "
		"and brand. Names the features in which they differ and the likely setup option. "
		"Expected differences, such as APIC IDs, are ignored. A report that cannot be used "
		"is named, and the others are still compared. Exit status: 0 no drift, 1 drift, 2 "
		"trouble.",
		argc, argv);
	struct fleet f = { 0, allocate((size_t)in->count * sizeof(*f.at)) };
	for (int i = 0; i < in->count; i++)
		ok &= add(&f, in->file[i], &in->trust);
	for (size_t i = 0; i < f.count; i++)
		if (f.at[i]->group == i)
			drift |= drift_print(&f, i);
	for (size_t i = 0; i < f.count; i++)
		drifter_free(f.at[i]);
	free(f.at);
	free(in);
	if (!output_write("", 0) || !ok)
		return EXIT_TROUBLE;
	return drift ? EXIT_NO : EXIT_YES;
}
