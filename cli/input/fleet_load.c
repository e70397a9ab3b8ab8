/* SPDX-License-Identifier: MIT */
#include "input/fleet_load.h"

#include <stdlib.h>
#include <string.h>

#include "input/crew.h"
#include "input/visits.h"
#include "output/left_out.h"

/* What a file has. */
struct read {
	bool ok;
	struct fleet_read of;
};

struct loading {
	struct fleet *fleet;
	struct inputs *in;
};

void drifter_free(struct drifter *d)
{
	if (d)
		free(d->name);
	free(d);
}

void fleet_read_drop(struct fleet_read *r)
{
	drifter_free(r->host);
	free(r->kind);
	option_host_free(&r->setup.host);
}

static enum err take_report(struct fleet_read *r, struct loaded *l)
{
	if (!l->report->kinds)
		return ERR_NO_KINDS;
	r->kind = fleet_kind_take(l->report);
	if (!r->kind)
		return ERR_MANY_LEAVES;
	if (!fleet_setup_take(&r->setup, l->report))
		return ERR_MEMORY;

	struct drifter *d = r->host = allocate(sizeof(*d));
	d->name = l->name;
	l->name = NULL;
	drift_describe_about(r->about, l->report);
	drift_describe_revisions(r->revisions, l->report);
	caveat_take(&d->caveat, d->name, l->report);
	visits_describe(&d->visit, l->report);
	d->sealed = l->seal.err == ERR_NONE;
	memcpy(d->key, l->seal.key, sizeof(d->key));
	return ERR_NONE;
}

bool fleet_read_take(struct fleet_read *r, const char *path, struct loaded *l)
{
	const enum err err = take_report(r, l);

	if (err != ERR_NONE)
		trouble(path, err_text(err));
	return err == ERR_NONE;
}

const char *fleet_words(struct fleet *f, const char *words)
{
	const char *kept = intern_keep(&f->words, words, strlen(words) + 1, 0);

	if (!kept)
		out_of_memory();
	return kept;
}

struct drifter *fleet_read_keep(struct fleet *f, struct fleet_read *r)
{
	struct drifter *d = r->host;

	d->about = fleet_words(f, r->about);
	d->revisions = fleet_words(f, r->revisions);
	d->host = fleet_kind_keep(f, r->kind);
	d->setup = fleet_setup_keep(f, &r->setup);
	return d;
}

static void drop(void *slot)
{
	fleet_read_drop(&((struct read *)slot)->of);
}

static void work(const void *ctx, void *room, size_t job, void *slot)
{
	const struct inputs *in = ((const struct loading *)ctx)->in;
	const char *path = in->file[job];
	struct read *r = slot;
	struct loaded l;

	if (load_report_into(path, &in->trust, room, &l) != ERR_NONE)
		return;
	r->ok = fleet_read_take(&r->of, path, &l);
	load_free(&l);
}

static bool take(void *ctx, size_t job, void *slot)
{
	struct loading *l = ctx;
	struct read *r = slot;

	if (!r->ok) {
		drop(slot);
		return inputs_leave_out(l->in, l->in->file[job]);
	}
	l->fleet->at[l->fleet->count++] = fleet_read_keep(l->fleet, &r->of);
	return true;
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
	visits_judge(v, f->count, fleet_identical);
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

bool fleet_load(struct fleet *f, struct inputs *in, bool all_visits)
{
	struct loading l = { .fleet = f, .in = in };
	const struct crew crew = { .verb = "reading",
		                   .count = (size_t)in->count,
		                   .slot_size = sizeof(struct read),
		                   .room_size = sizeof(struct report),
		                   .ctx = &l,
		                   .work = work,
		                   .take = take,
		                   .drop = drop };

	*f = (struct fleet){ .at = allocate((size_t)in->count * sizeof(*f->at)) };
	const bool all = crew_run(&crew);
	f->left_outs = in->left_outs;
	f->left_out = in->left_out;
	if (!all || !inputs_any_used(in)) {
		while (f->count)
			drifter_free(f->at[--f->count]);
		return false;
	}
	if (!all_visits)
		settle(f);
	print_caveats(f);
	fleet_group(f);
	left_out_print_names(in->left_out, in->left_outs);
	return true;
}

void fleet_free(struct fleet *f)
{
	for (size_t i = 0; i < f->count; i++)
		drifter_free(f->at[i]);
	free(f->at);
	fleet_group_free(f);
	intern_free(&f->words);
}
