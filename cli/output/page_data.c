/* SPDX-License-Identifier: MIT */
#include "output/page_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/evc_reach.h"
#include "fleet/evc_settle.h"
#include "output/level_print.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_unit.h"

json_t *page_text(struct page_texts *texts, const char *string)
{
	json_t *text = json_text(string);
	json_t *number = text ? json_object_get(texts->number, json_string_value(text)) : NULL;

	if (number) {
		json_decref(text);
		return json_incref(number);
	}
	number = json_count(json_array_size(texts->list));
	json_put(texts->number, json_string_value(text), json_incref(number));
	json_add(texts->list, text);
	return number;
}

json_t *page_sentence(struct page_texts *texts, const char *sentence, size_t name)
{
	json_t *parts = json_array();
	char *option = allocate(name + 1);

	memcpy(option, sentence, name);
	json_add(parts, page_text(texts, option));
	sentence += name;
	sentence += strspn(sentence, " =");
	json_add(parts, page_text(texts, sentence));
	free(option);
	return parts;
}

/* What is known of a host's seal: "good", "claimed" by a pool without a seal, "none". */
static const char *seal_word(const struct pool_host *host)
{
	return !host->sealed ? "none" : host->claimed ? "claimed" : "good";
}

static json_t *host_json(struct page *p, size_t i)
{
	const struct pool_host *host = &p->e->pool->host[i];
	const struct drifter *d = p->fleet->at[i];
	char name[PRINTABLE_MAX], key[2 * sizeof(host->key) + 1];
	json_t *object = json_object();

	json_put(object, "name", json_text(printable(name, sizeof(name), host->name)));
	json_put(object, "seal", json_text(seal_word(host)));
	if (host->sealed) {
		for (size_t k = 0; k < sizeof(host->key); k++)
			snprintf(key + 2 * k, 3, "%02X", host->key[k]);
		json_put(object, "key", page_text(&p->texts, key));
	}
	if (*host->visit.time)
		json_put(object, "time", json_text(host->visit.time));
	json_put(object, "revisions", page_text(&p->texts, d->revisions));
	if (!d->setup->there || d->setup->none)
		json_put(
			object, "no_setup",
			page_text(&p->texts, d->setup->none ? d->setup->why : "not in the report"));
	return object;
}

json_t *page_matrix(const struct fleet *fleet, const bool *known, const struct explained *e)
{
	struct page p = { .fleet = fleet, .known = known, .e = e };
	json_t *object = json_object();

	p.texts = (struct page_texts){ json_put_list(object, "texts"), json_object() };
	page_columns_find(&p);
	json_t *hosts = json_put_list(object, "hosts");
	for (size_t i = 0; i < fleet->count; i++)
		json_add(hosts, host_json(&p, i));
	json_put(object, "columns", page_columns(&p));
	json_t *groups = json_put_list(object, "groups"), *rows = json_put_list(object, "rows");
	for (size_t i = 0; i < fleet->count; i++)
		if (fleet->at[i]->group == i)
			page_group(&p, i, groups, rows);
	json_decref(p.texts.number);
	free(p.column);
	return object;
}

json_t *page_levels(const struct explained *e)
{
	json_t *levels = json_array();
	struct level_result r;

	level_judge(&r, e->pool, e->baseline);
	for (unsigned level = 1; level <= LEVELS; level++) {
		const enum host_has reached = level_reached(&r, level);
		json_t *object = json_add_object(levels);
		json_t *lacking = json_put_list(object, "lacking");
		json_t *unknown = json_put_list(object, "unknown");
		char name[16];

		for (size_t i = 0; i < level_features_count; i++)
			if (level_features[i].level == level && r.has[i] != HOST_HAS)
				json_add(r.has[i] == HOST_UNKNOWN ? unknown : lacking,
				         json_text(feature_name(
						 (enum feature_id)level_features[i].id)));
		snprintf(name, sizeof(name), "x86-64-v%u", level);
		json_put(object, "level", json_text(name));
		json_put(object, "reached",
		         reached == HOST_UNKNOWN ? json_null() : json_boolean(reached == HOST_HAS));
	}
	level_free(&r);
	return levels;
}

json_t *page_evc(const struct evc *modes, size_t count, const struct explained *e)
{
	json_t *object = json_object();
	const struct evc *next;
	bool above;
	const struct evc *highest = evc_highest(modes, count, e->pool, e->baseline, &next, &above);
	const struct evc *answer = highest ? highest : next;

	json_put(object, "mode", highest ? json_text(highest->key) : json_null());
	json_put(object, "about", highest ? json_text(highest->about) : json_null());
	json_put(object, "next", next ? json_text(next->key) : json_null());
	json_put(object, "above", json_boolean(above));
	json_t *lacking = json_put_list(object, "lacking");
	json_t *unknown = json_put_list(object, "unknown");
	for (unsigned i = F_NONE + 1; next && i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (evc_misses(next, id, e->baseline))
			json_add(explain_missing(e->pool, id) == HOST_UNKNOWN ? unknown : lacking,
			         json_text(feature_name(id)));
	}
	if (answer) {
		const enum evc_source source =
			evc_weaker(answer->source, next ? next->source : EVC_IMPORTED);

		json_put(object, "source", json_text(evc_source_name(source)));
		json_put(object, "source_about", json_text(evc_source_about(source)));
		json_put(object, "partial", json_boolean(answer->partial));
	}
	return object;
}

json_t *page_baseline(const struct explained *e)
{
	json_t *list = json_array();

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const uint32_t value = feature_value(e->baseline, id);
		const struct place at = feature_place(id);
		char words[128];
		struct text t;

		if (!value || features[i].kind != KIND_FEATURE)
			continue;
		json_t *object = json_add_object(list);
		json_put(object, "name", json_feature_name(id, &at));
		json_put(object, "place", json_text(print_row_place(words, id)));
		if (at.low == at.high)
			continue;
		text_start(&t, words, sizeof(words));
		feature_unit_value(&t, e->baseline, id, value);
		json_put(object, "value", json_text(text_string(&t)));
	}
	return list;
}
