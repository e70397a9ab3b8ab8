/* SPDX-License-Identifier: MIT */
#include "compare/drift.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "input/load.h"
#include "output/drift_print.h"

static bool alike(const struct drifter *a, const struct drifter *b)
{
	struct drift d = { .what = DRIFT_FEATURE };

	return !drift_next(&d, &a->host, &b->host);
}

/*
 * A serial number is not trusted to be unique: what counts once must also answer alike.  A box that
 * answers otherwise on its next visit has drifted.
 */
static bool is_visit(const struct fleet *f, const struct drifter *d)
{
	for (size_t i = 0; i < f->count; i++)
		if (drift_same_host(&f->at[i]->host, &d->host) && alike(f->at[i], d))
			return true;
	return false;
}

/* Finds the first boxes before the last that it ought to be like, and is like. */
static void place_last(const struct fleet *f)
{
	const size_t last = f->count - 1;
	struct drifter *d = f->at[last];

	d->like = d->same = last;
	for (size_t i = last; i-- > 0;) {
		if (!drift_like(&f->at[i]->host, &d->host))
			continue;
		d->like = f->at[i]->like;
		if (alike(f->at[i], d))
			d->same = f->at[i]->same;
	}
}

static void drifter_free(struct drifter *d)
{
	free(d->name);
	free(d);
}

/* Returns false if the report cannot be used; the cause has been said. */
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
	} else if (is_visit(f, d)) {
		char name[PRINTABLE_MAX];

		fprintf(stderr,
		        "%s: a box with the same serial numbers and answers is there already: "
		        "counted once\n",
		        printable(name, sizeof(name), path));
		drifter_free(d);
	} else {
		drift_describe(d, l.report);
		f->at[f->count++] = d;
		place_last(f);
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
		in, "REPORT...",
		"Groups the boxes that ought to be identical (the same system vendor and product, "
		"processors of the same vendor, signature and brand) and names the odd ones out: "
		"which features, on how many of how many, and which firmware switch is the likely "
		"cause. What is expected to differ is not compared. A report that cannot be used "
		"is named, the others are compared all the same. Exit status 0 if there is no "
		"drift, 1 if there is, 2 after trouble.",
		argc, argv);
	struct fleet f = { 0, allocate((size_t)in->count * sizeof(*f.at)) };
	for (int i = 0; i < in->count; i++)
		ok &= add(&f, in->file[i], &in->trust);
	for (size_t i = 0; i < f.count; i++)
		if (f.at[i]->like == i)
			drift |= drift_print(&f, i);
	for (size_t i = 0; i < f.count; i++)
		drifter_free(f.at[i]);
	free(f.at);
	free(in);
	if (!output_write("", 0) || !ok)
		return EXIT_TROUBLE;
	return drift ? EXIT_NO : EXIT_YES;
}
