/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "output/csv.h"
#include "output/drift_print.h"
#include "output/drift_setup_json.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_unit.h"
#include "table/msr.h"

/* The names of the hosts of each cluster, by its first host; NULL for other hosts. */
struct clusters {
	const struct fleet *fleet;
	json_t **hosts; /* allocated */
};

static void clusters_start(struct clusters *c, const struct fleet *f)
{
	c->fleet = f;
	c->hosts = allocate((f->count + 1) * sizeof(json_t *));
	for (size_t i = 0; i < f->count; i++) {
		json_t **hosts = &c->hosts[f->at[i]->cluster];

		if (!*hosts)
			*hosts = json_array();
		json_add(*hosts, json_text(f->at[i]->name));
	}
}

static void clusters_free(struct clusters *c)
{
	for (size_t i = 0; i < c->fleet->count; i++)
		json_decref(c->hosts[i]);
	free(c->hosts);
}

static json_t *causes_of(enum feature_id id, const struct drift_setup *s, const struct drifter *odd,
                         const struct drifter *other)
{
	const struct option_sides sides = drift_setup_compared(s);
	json_t *causes = json_array();
	struct msr_finding f;

	if (!json_add_options(causes, &sides, id))
		json_add_setup(causes, id);
	for (size_t row = 0; msr_switch(&f, row); row++) {
		char words[128];
		struct text t;

		text_start(&t, words, sizeof(words));
		drift_switch_write(&t, id, row, odd, other);
		if (t.used)
			json_add_cause(causes, "register", text_string(&t));
	}
	return causes;
}

/* A value as a number and, if the number alone does not say it, in words. */
static void put_value(json_t *object, const char *key, const struct drift *d,
                      const struct drifter *host, bool first)
{
	json_t *value = json_put_object(object, key);
	char words[256];
	struct text t;

	json_put(value, "number", json_count(first ? d->a : d->b));
	if (d->what != DRIFT_FEATURE)
		return;
	text_start(&t, words, sizeof(words));
	drift_value_write(&t, d, host, first);
	json_put(value, "text", json_text(text_string(&t)));
}

static const char *what_word(enum drift_what what)
{
	static const char *const words[] = { [DRIFT_FEATURE] = "feature",
		                             [DRIFT_SWITCH] = "switched_off",
		                             [DRIFT_PROCESSORS] = "processors",
		                             [DRIFT_END] = "" };

	return words[what];
}

/* Adds what topology.h knows as the cause of other numbers of processors. */
static void put_topology(json_t *object, const struct drifter *odd, const struct drifter *other)
{
	char words[128];
	struct text t;

	text_start(&t, words, sizeof(words));
	topology_write_cause(&t, &odd->host->topology, &other->host->topology);
	json_put(object, "topology_cause", json_words(text_string(&t)));
	text_start(&t, words, sizeof(words));
	topology_write(&t, &odd->host->topology);
	json_put(object, "topology_here", json_words(text_string(&t)));
	text_start(&t, words, sizeof(words));
	topology_write(&t, &other->host->topology);
	json_put(object, "topology_elsewhere", json_words(text_string(&t)));
}

static json_t *difference_of(const struct drift *d, const struct drift_setup *s,
                             const struct drifter *odd, const struct drifter *other)
{
	json_t *object = json_object();

	json_put(object, "kind", json_text(what_word(d->what)));
	if (d->what == DRIFT_PROCESSORS) {
		json_put(object, "counted", json_text(drift_counted(d->counted)));
		put_topology(object, odd, other);
	} else {
		const struct place at =
			d->what == DRIFT_FEATURE ? d->differ.at : feature_place(d->id);

		json_put(object, "feature", json_feature(d->id, &at));
	}
	put_value(object, "here", d, odd, true);
	put_value(object, "elsewhere", d, other, false);
	json_put(object, "causes", causes_of(d->id, s, odd, other));
	return object;
}

static json_t *odd_of(const struct clusters *c, struct drift_setup *s, size_t cluster,
                      size_t reference)
{
	const struct drifter *odd = c->fleet->at[cluster], *other = c->fleet->at[reference];
	json_t *object = json_object(), *differences = json_array();

	json_put(object, "hosts", json_incref(c->hosts[cluster]));
	drift_setup_sides(s, cluster);
	for (struct drift d = { .what = DRIFT_FEATURE };
	     cluster != reference && drift_next(&d, odd->host, other->host);)
		json_add(differences, difference_of(&d, s, odd, other));
	json_put(object, "differences", differences);
	json_put(object, "setup_same",
	         json_boolean(cluster != reference && drift_setup_same(s, cluster, reference)));
	return object;
}

/* The revisions of BIOS and microcode in a group, and the hosts that have each. */
static json_t *revisions_of(const struct fleet *f, size_t first)
{
	json_t *hosts = json_object(), *list = json_array(), *names;
	const char *revisions;

	for (size_t i = first; i < f->count; i = f->at[i]->group_next) {
		names = json_object_get(hosts, f->at[i]->revisions);
		json_add(names ? names : json_put_list(hosts, f->at[i]->revisions),
		         json_text(f->at[i]->name));
	}
	json_object_foreach(hosts, revisions, names)
	{
		json_t *object = json_add_object(list);

		json_put(object, "revisions", json_text(revisions));
		json_put(object, "hosts", json_incref(names));
	}
	json_decref(hosts);
	return list;
}

static json_t *group_of(const struct clusters *c, size_t first)
{
	const struct fleet *f = c->fleet;
	json_t *object = json_object(), *hosts = json_put_list(object, "hosts");
	json_t *odd = json_array();
	const bool differ = drift_group_differs(f, first);
	bool alone = true;
	const size_t reference = drift_majority(f, first, &alone);
	struct drift_setup s;

	drift_setup_start(&s, f, first);
	for (size_t i = first; i < f->count; i = f->at[i]->group_next) {
		json_add(hosts, json_text(f->at[i]->name));
		if (differ && c->hosts[i] && !(alone && i == reference))
			json_add(odd, odd_of(c, &s, i, reference));
	}
	json_put(object, "about", json_text(f->at[first]->about));
	json_put(object, "outcome",
	         json_text(json_array_size(hosts) == 1 ? "single"
	                   : !differ                   ? "identical"
	                   : alone                     ? "drift"
	                                               : "no_majority"));
	json_put(object, "majority", alone ? json_incref(c->hosts[reference]) : json_null());
	json_put(object, "reference", json_text(f->at[reference]->name));
	json_put(object, "odd", odd);
	json_put(object, "revisions", revisions_of(f, first));
	json_put(object, "setup", json_setup_summary(&s));
	drift_setup_free(&s);
	return object;
}

void drift_json(const struct fleet *f, int exit_status)
{
	json_t *document = document_start("drift", 1), *groups = json_put_list(document, "groups");
	struct clusters c;

	clusters_start(&c, f);
	for (size_t i = 0; i < f->count; i++)
		if (f->at[i]->group == i)
			json_add(groups, group_of(&c, i));
	clusters_free(&c);
	document_left_out(document, f->left_out, f->left_outs);
	document_print(document, exit_status);
}

static void put_cell(const struct drift *d, const struct drifter *host, bool first)
{
	char words[256];
	struct text t;

	text_start(&t, words, sizeof(words));
	if (d->what == DRIFT_FEATURE)
		drift_value_write(&t, d, host, first);
	else
		text_decimal(&t, first ? d->a : d->b);
	csv_put(text_string(&t));
}

static void put_row(const struct drift *d, const struct drifter *host, const struct drifter *odd,
                    const struct drifter *other)
{
	const bool counted = d->what == DRIFT_PROCESSORS;
	char place[PLACE_MAX] = "";

	csv_put(host->about);
	csv_put(host->name);
	csv_put(what_word(d->what));
	csv_put(counted ? drift_counted(d->counted) : d->id == F_NONE ? "" : feature_name(d->id));
	if (d->what == DRIFT_FEATURE)
		print_place(place, &d->differ.at);
	csv_put(place);
	put_cell(d, odd, true);
	put_cell(d, other, false);
	csv_put(counted || d->id == F_NONE ? "" : feature_about(d->id));
	csv_end();
}

void drift_csv(const struct fleet *f)
{
	size_t *reference = allocate((f->count + 1) * sizeof(*reference)); /* of each group */

	csv_head("group,host,kind,name,place,here,elsewhere,about");
	for (size_t i = 0; i < f->count; i++) {
		const struct drifter *host = f->at[i], *odd = f->at[host->cluster];
		bool alone;

		if (host->group == i)
			reference[i] = drift_majority(f, i, &alone);
		const struct drifter *other = f->at[reference[host->group]];
		for (struct drift d = { .what = DRIFT_FEATURE };
		     odd != other && drift_next(&d, odd->host, other->host);)
			put_row(&d, host, odd, other);
	}
	free(reference);
}
