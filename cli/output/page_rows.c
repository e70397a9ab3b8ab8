/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "output/drift_setup.h"
#include "output/page_data.h"
#include "table/feature_unit.h"
#include "table/level.h"
#include "table/msr.h"

/* What is in a cell; from CELL_TEXT on it is the number of a text. */
enum { CELL_UNKNOWN = -1, CELL_LACKS, CELL_HAS, CELL_SOME, CELL_TEXT };

static json_t *cell_text(struct page *p, const struct text *t)
{
	struct text copy = *t;
	json_t *number = page_text(&p->texts, text_string(&copy));
	const json_int_t value = json_integer_value(number);

	json_decref(number);
	return json_integer(CELL_TEXT + value);
}

static json_t *cell_of(struct page *p, const struct page_column *c, const struct drift_host *h)
{
	char words[256];
	struct text t;

	text_start(&t, words, sizeof(words));
	if (c->counts) {
		topology_write(&t, &h->topology);
		return h->topology.partial ? json_integer(CELL_UNKNOWN) : cell_text(p, &t);
	}
	if (!merge_knows(&h->bounds, &c->at))
		return json_integer(CELL_UNKNOWN);
	const uint32_t low = place_value(&h->bounds.low, &c->at);
	const bool some = low != place_value(&h->bounds.high, &c->at);
	if (c->at.low == c->at.high)
		return json_integer(some ? CELL_SOME : low ? CELL_HAS : CELL_LACKS);
	feature_unit_value(&t, &h->bounds.low, c->id, low);
	text_put(&t, some ? " on some processors" : "");
	return cell_text(p, &t);
}

/* A difference that is being told. */
struct telling {
	struct page *page;
	const struct drift_setup *setup;
	const struct drifter *odd, *other;
	json_t *sentences;
};

static void take_sentence(void *ctx, const char *sentence, size_t name)
{
	struct telling *w = ctx;

	json_add(w->sentences, page_sentence(&w->page->texts, sentence, name));
}

/* "-": the odd host lacks something; "+": it has more; "=": another value. */
static const char *sign_of(const struct drift *d)
{
	switch (d->what) {
	case DRIFT_FEATURE:
		if (d->differ.at.low != d->differ.at.high || d->a == d->b)
			return "=";
		return d->a < d->b ? "-" : "+";
	case DRIFT_SWITCH:
		return d->a ? "-" : "+";
	case DRIFT_PROCESSORS:
		return d->a < d->b ? "-" : "+";
	case DRIFT_END:
		break;
	}
	return "=";
}

/* Appends what there is on one of the two hosts. */
static void put_value(struct text *t, const struct drift *d, const struct drifter *host, bool first)
{
	switch (d->what) {
	case DRIFT_FEATURE:
		drift_value_write(t, d, host, first);
		break;
	case DRIFT_SWITCH:
		text_put(t, (first ? d->a : d->b) ? "1, but not usable" : "1, usable");
		break;
	case DRIFT_PROCESSORS:
		topology_write(t, &host->host->topology);
		break;
	case DRIFT_END:
		break;
	}
}

static json_t *text_of(struct page *p, struct text *t)
{
	return t->used ? page_text(&p->texts, text_string(t)) : json_null();
}

static json_t *odd_of(struct telling *w, const struct drift *d)
{
	const struct option_sides sides = drift_setup_compared(w->setup);
	json_t *object = json_object();
	char words[256];
	struct msr_finding f;
	struct text t;

	json_put(object, "sign", json_text(sign_of(d)));
	text_start(&t, words, sizeof(words));
	put_value(&t, d, w->odd, true);
	json_put(object, "here", text_of(w->page, &t));
	text_start(&t, words, sizeof(words));
	put_value(&t, d, w->other, false);
	json_put(object, "there", text_of(w->page, &t));
	w->sentences = json_put_list(object, "firmware");
	option_causes(&sides, d->id, take_sentence, w);
	json_t *also = json_put_list(object, "also");
	if (d->what == DRIFT_PROCESSORS) {
		text_start(&t, words, sizeof(words));
		topology_write_cause(&t, &w->odd->host->topology, &w->other->host->topology);
		if (t.used)
			json_add(also, text_of(w->page, &t));
	}
	for (size_t row = 0; msr_switch(&f, row); row++) {
		text_start(&t, words, sizeof(words));
		drift_switch_write(&t, d->id, row, w->odd, w->other);
		if (t.used)
			json_add(also, text_of(w->page, &t));
	}
	return object;
}

static void put_cells(json_t *row, struct page *p, const struct drifter *host)
{
	json_t *cells = json_put_list(row, "cells");

	for (size_t i = 0; i < p->columns; i++)
		json_add(cells, cell_of(p, &p->column[i], host->host));
}

/* Adds the differences by the number of their column. */
static void put_odd(json_t *row, struct telling *w)
{
	json_t *odd = json_put_object(row, "odd");
	struct drift d = { .what = DRIFT_FEATURE };

	while (drift_next(&d, w->odd->host, w->other->host)) {
		char column[24];

		snprintf(column, sizeof(column), "%zu", page_column_of(w->page, &d));
		json_put(odd, column, odd_of(w, &d));
	}
}

/* Adds the hosts of a cluster as a row. */
static void add_row(struct page *p, struct drift_setup *s, size_t cluster, size_t reference,
                    json_t *rows)
{
	const struct fleet *f = p->fleet;
	struct telling w = { p, s, f->at[cluster], f->at[reference], NULL };
	json_t *row = json_add_object(rows), *hosts = json_put_list(row, "hosts");

	for (size_t i = cluster; i < f->count; i = f->at[i]->cluster_next)
		json_add(hosts, json_count(i));
	json_put(row, "level", json_count(level_of(&w.odd->host->bounds.low)));
	put_cells(row, p, w.odd);
	if (cluster == reference)
		return;
	drift_setup_sides(s, cluster);
	put_odd(row, &w);
	if (drift_setup_same(s, cluster, reference))
		json_put(row, "note",
		         page_text(&p->texts,
		                   "all of setup is the same: the cause is " OPTION_NO_CAUSE));
}

/* Adds what in setup differs, as cpulevel setup would list it. */
static void put_setup(json_t *group, struct page *p, const struct drift_setup *s)
{
	json_t *differ = json_put_list(group, "setup_differs");
	char words[OPTION_SENTENCE_MAX];
	struct text t;

	for (size_t i = 0; i < s->options.count; i++) {
		if (!option_values_differ(&s->options.option[i]))
			continue;
		text_start(&t, words, sizeof(words));
		option_put_name(&t, &s->options.option[i]);
		json_add(differ, text_of(p, &t));
	}
	json_put(group, "setup_known", json_count(s->known));
	json_put(group, "digests_differ", json_boolean(drift_setup_digests_differ(s)));
}

void page_group(struct page *p, size_t first, json_t *groups, json_t *rows)
{
	const struct fleet *f = p->fleet;
	json_t *group = json_add_object(groups);
	bool alone = true;
	const size_t reference = drift_majority(f, first, &alone);
	struct drift_setup s;

	drift_setup_start(&s, f, first);
	json_put(group, "about", json_text(f->at[first]->about));
	json_put(group, "known", json_boolean(p->known[first]));
	json_put(group, "majority", json_boolean(alone));
	json_put(group, "first", json_count(json_array_size(rows)));
	add_row(p, &s, reference, reference, rows);
	for (size_t i = first; i < f->count; i = f->at[i]->group_next)
		if (f->at[i]->cluster == i && i != reference)
			add_row(p, &s, i, reference, rows);
	json_put(group, "rows",
	         json_count(json_array_size(rows) -
	                    (size_t)json_integer_value(json_object_get(group, "first"))));
	put_setup(group, p, &s);
	drift_setup_free(&s);
}
