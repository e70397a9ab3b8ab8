/* SPDX-License-Identifier: MIT */
#include "output/drift_setup_json.h"

#include "output/print.h"
#include "table/feature_setup.h"

void json_add_cause(json_t *causes, const char *kind, const char *text)
{
	json_t *cause = json_add_object(causes);

	json_put(cause, "kind", json_text(kind));
	json_put(cause, "text", json_text(text));
}

static void add_option(void *causes, const char *sentence, size_t name)
{
	(void)name;
	json_add_cause(causes, "option", sentence);
}

bool json_add_options(json_t *causes, const struct option_sides *s, enum feature_id id)
{
	return option_causes(s, id, add_option, causes);
}

void json_add_setup(json_t *causes, enum feature_id id)
{
	if (*feature_setup(id))
		json_add_cause(causes, "look_for", feature_setup(id));
	if (feature_setup_missing(id))
		json_add_cause(causes, "no_option_known", PRINT_SETUP_MISSING);
}

json_t *json_setup_summary(const struct drift_setup *s)
{
	json_t *object = json_object(), *options = json_put_list(object, "different");
	json_t *unknown = json_put_list(object, "unknown");

	for (const struct setup_option *o = s->options.option;
	     o < s->options.option + s->options.count; o++)
		if (option_values_differ(o))
			json_add(options, json_text(o->at->question->prompt));
	for (size_t i = 0; i < s->options.hosts; i++)
		if (!s->host[i]->there || s->host[i]->none)
			json_add(unknown, json_text(s->fleet->at[s->of[i]]->name));
	json_put(object, "digests_differ", json_boolean(drift_setup_digests_differ(s)));
	return object;
}
