/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli.h"
#include "output/csv.h"
#include "output/document.h"
#include "output/level_print.h"

static json_t *name_of(unsigned level)
{
	char name[16];

	snprintf(name, sizeof(name), "x86-64-v%u", level);
	return level ? json_text(name) : json_null();
}

/* The features of a level of which has is true; NULL: all of them. */
static json_t *features_of(const struct level_result *r, unsigned level, const enum host_has *has)
{
	json_t *list = json_array();

	for (size_t i = 0; i < level_features_count; i++)
		if (level_features[i].level == level && (!has || r->has[i] == *has))
			json_add(list,
			         json_text(feature_name((enum feature_id)level_features[i].id)));
	return list;
}

static void put_outcome(json_t *object, const struct level_result *r, unsigned level)
{
	static const enum host_has lacks = HOST_LACKS, unknown = HOST_UNKNOWN;
	const enum host_has reached = level_reached(r, level);

	json_put(object, "reached",
	         reached == HOST_UNKNOWN ? json_null() : json_boolean(reached == HOST_HAS));
	json_put(object, "lacking", features_of(r, level, &lacks));
	json_put(object, "unknown", features_of(r, level, &unknown));
}

void level_json(const struct level_result *r, int exit_status)
{
	json_t *document = document_start("level", 1);

	if (r->pool) {
		document_hosts(document, r->pool);
		json_put(document, "level", name_of(r->reached));
	}
	json_t *levels = json_put_list(document, "levels");
	for (unsigned level = 1; level <= r->asked; level++) {
		json_t *object = json_add_object(levels);

		json_put(object, "level", name_of(level));
		json_put(object, "features", features_of(r, level, NULL));
		if (r->pool)
			put_outcome(object, r, level);
	}
	document_print(document, exit_status);
}

static void put_cell(const struct level_result *r, unsigned level, const enum host_has *has)
{
	char cell[1024];
	struct text t;

	text_start(&t, cell, sizeof(cell));
	for (size_t i = 0; i < level_features_count; i++) {
		if (level_features[i].level != level || (has && r->has[i] != *has))
			continue;
		text_put(&t, t.used ? " " : "");
		text_put(&t, feature_name((enum feature_id)level_features[i].id));
	}
	csv_put(text_string(&t));
}

void level_csv(const struct level_result *r)
{
	static const char *const words[] = {
		[HOST_LACKS] = "no", [HOST_UNKNOWN] = "unknown", [HOST_HAS] = "yes"
	};
	static const enum host_has lacks = HOST_LACKS, unknown = HOST_UNKNOWN;

	csv_head(r->pool ? "level,features,reached,lacking,unknown" : "level,features");
	for (unsigned level = 1; level <= r->asked; level++) {
		char name[16];

		snprintf(name, sizeof(name), "x86-64-v%u", level);
		csv_put(name);
		put_cell(r, level, NULL);
		if (r->pool) {
			csv_put(words[level_reached(r, level)]);
			put_cell(r, level, &lacks);
			put_cell(r, level, &unknown);
		}
		csv_end();
	}
}
