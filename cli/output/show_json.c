/* SPDX-License-Identifier: MIT */
#include "output/show_json.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "cli.h"
#include "output/feature_list.h"
#include "output/glance.h"
#include "report/topology.h"
#include "table/feature_names.h"
#include "table/msr.h"

static void put_topology(json_t *document, const struct report *r)
{
	struct topology t;
	char words[256];
	struct text text;

	text_start(&text, words, sizeof(words));
	const bool known = glance_put_topology(&text, r);
	json_t *object = json_put_object(document, "topology");
	topology_take(&t, r);
	json_put(object, "words", json_text(text_string(&text)));
	json_put(object, "processors", json_count(r->processors));
	json_put(object, "sockets", known ? json_count(t.packages) : json_null());
	json_put(object, "cores", known ? json_count(t.cores) : json_null());
	json_put(object, "e_cores", known ? json_count(t.small) : json_null());
	json_put(object, "disabled", json_count(r->disabled.count));
	json_put(object, "silent", json_count(r->silent.count));
}

static json_t *words_of_ways(unsigned ways)
{
	return ways && ways != WAYS_ALL ? json_count(ways) : json_null();
}

static void put_caches(json_t *document, const struct report *r)
{
	static const char *const types[] = { "", "data", "instruction", "unified", "trace" };
	static const char *const cores[] = { "", "P-core", "E-core" };
	struct machine_cache list[MACHINE_CACHES_MAX];
	enum cache_source source;
	const size_t count = caches_take(r, list, &source);
	json_t *caches = json_put_list(document, "caches");

	for (const struct machine_cache *c = list; c < list + count; c++) {
		json_t *object = json_add_object(caches);

		json_put(object, "level", json_count(c->cache.level));
		json_put(object, "type", json_text(types[c->cache.type]));
		json_put(object, c->cache.type == CACHE_TRACE ? "kilo_operations" : "kib",
		         json_count(c->cache.kib));
		json_put(object, "ways", words_of_ways(c->cache.ways));
		json_put(object, "fully_associative", json_boolean(c->cache.ways == WAYS_ALL));
		json_put(object, "line_bytes",
		         c->cache.line ? json_count(c->cache.line) : json_null());
		json_put(object, "cores", json_words(cores[c->cores]));
		json_put(object, "count", c->count ? json_count(c->count) : json_null());
		json_put(object, "processors_least", c->count ? json_count(c->least) : json_null());
		json_put(object, "processors_most", c->count ? json_count(c->most) : json_null());
	}
	json_put(document, "caches_known", json_boolean(source != CACHE_UNKNOWN));
}

static json_t *sentence_of(enum feature_id id)
{
	const struct place at = feature_place(id);
	json_t *object = json_feature(id, &at);

	json_put(object, "sentence", json_text(feature_sentence(id)));
	return object;
}

static json_t *group_name(enum feature_group group)
{
	char name[16] = "";

	for (size_t i = 0; i + 1 < sizeof(name) && feature_group_name(group)[i]; i++)
		name[i] = ascii_lower(feature_group_name(group)[i]);
	return json_text(name);
}

void show_json_features(json_t *object, const struct cpuid_set *set)
{
	struct feature_list *list = allocate(sizeof(*list));
	json_t *groups = json_put_list(object, "features");

	feature_list_take(list, set);
	for (unsigned group = 0; group < G_COUNT; group++) {
		json_t *of = json_array();

		for (size_t id = F_NONE + 1; id < F_COUNT; id++)
			if (list->has[id] &&
			    feature_group((enum feature_id)id) == (enum feature_group)group)
				json_add(of, sentence_of((enum feature_id)id));
		if (!json_array_size(of)) {
			json_decref(of);
			continue;
		}
		json_t *one = json_add_object(groups);
		json_put(one, "group", group_name((enum feature_group)group));
		json_put(one, "title", json_text(feature_group_title((enum feature_group)group)));
		json_put(one, "features", of);
	}
	json_t *unnamed = json_put_list(object, "unnamed");
	for (size_t i = 0; i < list->unnamed; i++)
		json_add(unnamed, json_feature_name(F_NONE, &list->unnamed_at[i]));
	free(list);
}

void show_json_leaves(json_t *object, const struct cpuid_set *set)
{
	json_t *leaves = json_put_list(object, "leaves");

	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++) {
		json_t *one = json_object();
		bool any = false;

		if ((l->leaf & 0xffff0000) == CPUID_MSR) {
			json_decref(one);
			continue;
		}
		json_add(leaves, one);
		json_put(one, "leaf", json_hex(l->leaf, 8));
		json_put(one, "subleaf", json_hex(l->subleaf, 2));
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			json_put(one, cpuid_register((enum cpuid_reg)reg),
			         json_hex(l->reg[reg], 8));
			any = any || l->unknown[reg];
		}
		if (!any)
			continue;
		json_t *unknown = json_put_object(one, "unknown");
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			json_put(unknown, cpuid_register((enum cpuid_reg)reg),
			         json_hex(l->unknown[reg], 8));
	}
}

static void put_msrs(json_t *object, const struct control *control)
{
	json_t *msrs = json_put_list(object, "msrs");

	for (const struct control_msr *m = control->msr; m < control->msr + control->msrs; m++) {
		json_t *one = json_add_object(msrs);

		json_put(one, "number", json_hex(m->number, 8));
		json_put(one, "name", json_words(msr_name(m->number)));
		json_put(one, "value", m->value.known ? json_hex(m->value.value, 16) : json_null());
	}
}

static void put_kind(json_t *kinds, const struct report *r, size_t kind, bool leaves)
{
	const struct report_kind *k = &r->kind[kind];
	uint32_t *member = allocate(REPORT_PROCESSORS_MAX * sizeof(*member));
	struct cpuid_set *set = allocate(sizeof(*set));
	json_t *object = json_add_object(kinds), *processors = json_put_list(object, "processors");
	const size_t members = report_members(r, kind, member);

	for (size_t i = 0; i < members; i++)
		json_add(processors, json_count(member[i]));
	json_put(object, "core", json_words(glance_core(r, k)));
	if (!report_features(k, set))
		*set = k->set;
	show_json_processor(object, k, set);
	show_json_features(object, set);
	if (leaves) {
		show_json_leaves(object, set);
		put_msrs(object, &k->control);
	}
	free(set);
	free(member);
}

void show_json_report(json_t *document, const struct report *r, bool leaves)
{
	json_t *fields = json_put_object(document, "report");

	for (unsigned field = 0; field < FIELD_COUNT; field++)
		json_put(fields, report_field_name((enum report_field)field),
		         r->known[field] ? json_text(r->field[field]) : json_null());
	json_put(document, "incomplete", json_boolean(r->cut != 0));
	put_topology(document, r);
	put_caches(document, r);
	json_t *kinds = json_put_list(document, "kinds");
	for (size_t i = 0; i < r->kinds; i++)
		put_kind(kinds, r, i, leaves);
}

void show_json_pool(json_t *document, const struct pool *pool, const struct cpuid_set *baseline,
                    bool leaves)
{
	json_t *hosts = json_put_list(document, "hosts");

	for (size_t i = 0; i < pool->hosts; i++)
		json_add(hosts, json_text(pool->host[i].name));
	json_t *object = json_put_object(document, "baseline");
	show_json_features(object, baseline);
	if (leaves)
		show_json_leaves(object, baseline);
}
