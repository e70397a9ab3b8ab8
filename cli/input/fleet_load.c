/* SPDX-License-Identifier: MIT */
#include "input/fleet_load.h"

#include <stdlib.h>
#include <string.h>

#include "input/load.h"
#include "input/visits.h"

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

void fleet_group(struct fleet *f)
{
	for (size_t i = 0; i < f->count; i++)
		group(f, i);
}

void drifter_free(struct drifter *d)
{
	option_host_free(&d->setup);
	free(d->name);
	free(d);
}

struct drifter *drifter_make(const char *path, struct loaded *l)
{
	struct drifter *d = allocate(sizeof(*d));
	enum err err = l->report->kinds ? ERR_NONE : ERR_NO_KINDS;

	if (err == ERR_NONE && !drift_take(&d->host, l->report))
		err = ERR_MANY_LEAVES;
	if (err == ERR_NONE && !option_host_take(&d->setup, l->report))
		err = ERR_MEMORY;
	d->name = l->name;
	l->name = NULL;
	if (err != ERR_NONE) {
		trouble(path, err_text(err));
		drifter_free(d);
		return NULL;
	}
	drift_describe(d, l->report);
	caveat_take(&d->caveat, d->name, l->report);
	visits_describe(&d->visit, l->report);
	d->sealed = l->seal.err == ERR_NONE;
	memcpy(d->key, l->seal.key, sizeof(d->key));
	return d;
}

/* Adds a report.  Returns false after a message if it cannot be used. */
static bool add(struct fleet *f, const char *path, const struct trust *trust)
{
	struct drifter *d = NULL;
	struct loaded l;

	if (load_report(path, trust, &l) != ERR_NONE)
		return false;
	d = drifter_make(path, &l);
	if (d)
		f->at[f->count++] = d;
	load_free(&l);
	return d != NULL;
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

bool fleet_load(struct fleet *f, const struct inputs *in, bool all_visits)
{
	*f = (struct fleet){ .at = allocate((size_t)in->count * sizeof(*f->at)) };
	for (int i = 0; i < in->count; i++)
		f->left_out += !add(f, in->file[i], &in->trust);
	if (!all_visits)
		settle(f);
	print_caveats(f);
	fleet_group(f);
	return f->left_out == 0;
}

void fleet_free(struct fleet *f)
{
	for (size_t i = 0; i < f->count; i++)
		drifter_free(f->at[i]);
	free(f->at);
}
