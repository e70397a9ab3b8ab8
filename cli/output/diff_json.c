/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "output/csv.h"
#include "output/diff_print.h"
#include "output/drift_setup_json.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_unit.h"
#include "table/msr.h"

static const char *const group_words[DIFF_GROUPS] = {
	[DIFF_ONLY_FIRST] = "only_first", [DIFF_ONLY_SECOND] = "only_second",
	[DIFF_UNSEEN] = "unmasked",       [DIFF_NUMBERS] = "numbers",
	[DIFF_EXPECTED] = "expected",
};

static const char *value_in(char words[static 128], const struct diff *d, size_t side,
                            const struct differ *next)
{
	struct text t;

	text_start(&t, words, 128);
	feature_unit_value(&t, &d->side[side].host.bounds.low, next->id, side ? next->b : next->a);
	return text_string(&t);
}

static json_t *difference_of(const struct diff *d, enum diff_group group, const struct differ *next)
{
	const struct option_sides sides = drift_setup_compared(&d->setup);
	json_t *object = json_object();

	json_put(object, "feature", json_feature(next->id, &next->at));
	for (size_t side = 0; side < 2; side++) {
		json_t *value = json_put_object(object, side ? "second" : "first");
		char words[128];

		json_put(value, "number", json_count(side ? next->b : next->a));
		json_put(value, "text", json_text(value_in(words, d, side, next)));
	}
	json_t *causes = json_put_list(object, "causes");
	if (next->id != F_NONE && group != DIFF_EXPECTED)
		json_add_options(causes, &sides, next->id);
	return object;
}

static json_t *lost_of(const struct diff *d)
{
	enum feature_id id = F_NONE, need;
	json_t *list = json_array();

	while (diff_next_lost(&id, d, &need)) {
		json_t *object = json_add_object(list);
		const struct place at = feature_place(id);

		json_put(object, "feature", json_feature(id, &at));
		json_put(object, "needs", json_words(feature_name(need)));
	}
	return list;
}

static json_t *switches_of(const struct diff *d)
{
	const struct option_sides sides = drift_setup_compared(&d->setup);
	json_t *list = json_array();

	for (struct drift next = { .what = DRIFT_FEATURE }; diff_next_switch(&next, d);) {
		json_t *object = json_add_object(list);
		const struct place at = feature_place(next.id);

		json_put(object, "feature", json_feature(next.id, &at));
		json_put(object, "off_first", json_boolean(next.a));
		json_put(object, "off_second", json_boolean(next.b));
		json_put(object, "msr", json_count(next.number));
		json_put(object, "msr_name", json_text(msr_name(next.number)));
		json_put(object, "locked", json_boolean(next.locked));
		json_add_options(json_put_list(object, "causes"), &sides, next.id);
	}
	return list;
}

void diff_json(const struct diff *d, int exit_status)
{
	json_t *document = document_start("diff", 1), *hosts = json_put_list(document, "hosts");

	for (size_t i = 0; i < 2; i++) {
		json_t *host = json_add_object(hosts);

		json_put(host, "host", json_text(d->side[i].name));
		json_put(host, "hosts", json_count(d->side[i].hosts));
		json_put(host, "kinds", json_count(d->side[i].kinds));
	}
	for (enum diff_group g = DIFF_ONLY_FIRST; g < DIFF_GROUPS; g++) {
		if (g == DIFF_EXPECTED && !d->all)
			continue;
		json_t *list = json_put_list(document, group_words[g]);
		for (struct differ next = { .id = F_NONE }; diff_next(&next, d, g);)
			json_add(list, difference_of(d, g, &next));
	}
	json_put(document, "masked_too", lost_of(d));
	json_put(document, "switched_off", switches_of(d));
	json_put(document, "setup", json_setup_summary(&d->setup));
	json_put(document, "setup_same", json_boolean(drift_setup_same(&d->setup, 0, 1)));
	document_print(document, exit_status);
}

static void put_row(const char *group, enum feature_id id, const struct place *at, const char *a,
                    const char *b)
{
	char place[PLACE_MAX];

	csv_put(group);
	csv_put(id == F_NONE ? "" : feature_name(id));
	csv_put(print_place(place, at));
	csv_put(a);
	csv_put(b);
	csv_put(id == F_NONE ? "" : feature_about(id));
	csv_end();
}

void diff_csv(const struct diff *d)
{
	enum feature_id id = F_NONE, need;

	csv_head("group,name,place,first,second,about");
	for (enum diff_group g = DIFF_ONLY_FIRST; g < (d->all ? DIFF_GROUPS : DIFF_EXPECTED); g++)
		for (struct differ next = { .id = F_NONE }; diff_next(&next, d, g);) {
			char a[128], b[128];

			put_row(group_words[g], next.id, &next.at, value_in(a, d, 0, &next),
			        value_in(b, d, 1, &next));
		}
	while (diff_next_lost(&id, d, &need)) {
		const struct place at = feature_place(id);

		put_row("masked_too", id, &at, "", "");
	}
	for (struct drift next = { .what = DRIFT_FEATURE }; diff_next_switch(&next, d);) {
		const struct place at = feature_place(next.id);

		put_row("switched_off", next.id, &at, next.a ? "off" : "", next.b ? "off" : "");
	}
}
