/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "compare/differ.h"
#include "output/explain_print.h"
#include "output/page_data.h"
#include "output/print.h"
#include "table/feature_setup.h"
#include "table/feature_words.h"

/* Where counts are in the order of places: before all. */
static const struct place nowhere;

static int compare(const struct page_column *a, const struct page_column *b)
{
	if (a->counts != b->counts)
		return a->counts ? -1 : 1;
	if (a->at.leaf != b->at.leaf)
		return a->at.leaf < b->at.leaf ? -1 : 1;
	if (a->at.subleaf != b->at.subleaf)
		return a->at.subleaf < b->at.subleaf ? -1 : 1;
	if (a->at.reg != b->at.reg)
		return a->at.reg < b->at.reg ? -1 : 1;
	return a->at.low < b->at.low ? -1 : a->at.low > b->at.low;
}

/* Returns the index of a column, or of the first one after it; *found says which. */
static size_t find(const struct page *p, const struct page_column *column, bool *found)
{
	size_t low = 0, high = p->columns;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare(&p->column[middle], column) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = low < p->columns && compare(&p->column[low], column) == 0;
	return low;
}

static struct page_column column_of(const struct drift *d)
{
	if (d->what == DRIFT_PROCESSORS)
		return (struct page_column){ .counts = true, .at = nowhere };
	return (struct page_column){
		.id = d->id,
		.at = d->what == DRIFT_SWITCH ? feature_place(d->id) : d->differ.at,
	};
}

static void add(struct page *p, const struct page_column *column)
{
	bool found;
	const size_t at = find(p, column, &found);

	if (!found) {
		p->column = allocate_room(p->column, p->columns, sizeof(*p->column));
		memmove(&p->column[at + 1], &p->column[at], (p->columns - at) * sizeof(*p->column));
		p->column[at] = *column;
		p->columns++;
		return;
	}
	p->column[at].drift |= column->drift;
	p->column[at].lost |= column->lost;
}

static void add_group(struct page *p, size_t first)
{
	const struct fleet *f = p->fleet;
	bool alone = true;
	const size_t reference = drift_majority(f, first, &alone);

	for (size_t i = first; i < f->count; i = f->at[i]->group_next) {
		struct drift d = { .what = DRIFT_FEATURE };

		if (f->at[i]->cluster != i || i == reference)
			continue;
		while (drift_next(&d, f->at[i]->host, f->at[reference]->host)) {
			struct page_column column = column_of(&d);

			column.drift = true;
			add(p, &column);
		}
	}
}

void page_columns_find(struct page *p)
{
	for (size_t i = 0; i < p->fleet->count; i++)
		if (p->fleet->at[i]->group == i)
			add_group(p, i);
	for (struct differ d = { .id = F_NONE }; explain_next_lost(p->e, &d);)
		add(p, &(struct page_column){ .id = d.id, .at = d.at, .lost = true });
}

size_t page_column_of(const struct page *p, const struct drift *d)
{
	const struct page_column column = column_of(d);
	bool found;

	return find(p, &column, &found);
}

/* Adds the names that other programs have for a feature, each once. */
static void put_names(json_t *object, enum feature_id id)
{
	json_t *names = json_put_list(object, "names"), *known = json_object();
	struct feature_words w;

	for (feature_words_start(&w, id); id != F_NONE && feature_words_next(&w);) {
		json_t *name = json_stringn(w.word, w.size);
		const char *string = name ? json_string_value(name) : NULL;

		if (!string || json_object_get(known, string)) {
			json_decref(name);
			continue;
		}
		json_put(known, string, json_true());
		json_add(names, name);
	}
	json_decref(known);
}

/* Options of all hosts: of whatever model, those that lack a feature against those that have it. */
struct all_options {
	struct page *page;
	struct options options;
	const struct option_host **host;
	uint8_t *side;
	json_t *sentences;
};

static void options_start(struct all_options *a, struct page *p)
{
	const struct fleet *f = p->fleet;

	*a = (struct all_options){ .page = p };
	a->host = allocate(f->count * sizeof(const struct option_host *));
	a->side = allocate(f->count);
	for (size_t i = 0; i < f->count; i++)
		a->host[i] = f->at[i]->setup;
	if (!options_make(&a->options, a->host, f->count))
		out_of_memory();
}

static void options_end(struct all_options *a)
{
	options_free(&a->options);
	free(a->host);
	free(a->side);
}

static void take_sentence(void *ctx, const char *sentence, size_t name)
{
	struct all_options *a = ctx;

	json_add(a->sentences, page_sentence(&a->page->texts, sentence, name));
}

/* Adds what explain says: why the baseline lacks it, and how setup is set on whom. */
static void put_reason(json_t *object, struct all_options *a, const struct page_column *c)
{
	struct reason reason;

	explain_place(a->page->e, &c->at, &reason);
	json_put(object, "reason", json_text(explain_reason_word(reason.kind)));
	json_put(object, "lacking", json_count(reason.lacking));
	json_put(object, "unknown", json_count(reason.unknown));
	if (reason.kind == REASON_NEED)
		json_put(object, "need", json_text(feature_name(reason.need)));
	const struct option_sides sides = explain_sides(a->page->e, &a->options, a->side);
	a->sentences = json_put_list(object, "firmware");
	option_causes(&sides, c->id, take_sentence, a);
}

static json_t *column_json(struct all_options *a, const struct page_column *c)
{
	json_t *object = c->counts ? json_object() : json_feature(c->id, &c->at);

	if (c->counts) {
		json_put(object, "name", json_text("processors"));
		json_put(object, "about", json_text("sockets, cores and threads that were read"));
	}
	json_put(object, "drift", json_boolean(c->drift));
	json_put(object, "lost", json_boolean(c->lost));
	put_names(object, c->id);
	if (*feature_setup(c->id))
		json_put(object, "setup", json_text(feature_setup(c->id)));
	if (feature_setup_missing(c->id))
		json_put(object, "hidden", json_true());
	if (c->lost)
		put_reason(object, a, c);
	return object;
}

json_t *page_columns(struct page *p)
{
	json_t *columns = json_array();
	struct all_options a;

	options_start(&a, p);
	for (size_t i = 0; i < p->columns; i++)
		json_add(columns, column_json(&a, &p->column[i]));
	options_end(&a);
	return columns;
}
