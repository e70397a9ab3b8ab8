/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "output/option_list.h"
#include "output/setup_json.h"

static json_t *host_of(const struct drifter *d)
{
	json_t *object = json_object(), *list = json_array();
	const struct option_host *h = d->setup;
	char digest[2 * SETUP_DIGEST + 1];

	for (unsigned i = 0; i < SETUP_DIGEST; i++)
		snprintf(digest + (size_t)2 * i, 3, "%02x", h->digest[i]);
	json_put(object, "host", json_text(d->name));
	json_put(object, "bios_version", h->bios[0] ? json_text(h->bios) : json_null());
	json_put(object, "sealed", json_boolean(d->sealed));
	json_put(object, "known", json_boolean(h->there && !h->none));
	if (h->none)
		json_put(object, "why", json_text(h->why));
	if (h->there && !h->none) {
		json_put(object, "found", json_count(h->found));
		json_put(object, "chosen", json_count(h->chosen));
		json_put(object, "faults", json_count(h->faults));
		json_put(object, "digest", json_text(digest));
	}
	for (size_t i = 0; i < h->count; i++)
		json_add(list, json_setup_question(&h->question[i]));
	json_put(object, "options", list);
	return object;
}

/* One option that differs: what each host has. */
static json_t *difference_of(const struct drift_setup *s, const struct setup_option *o)
{
	const struct setup_question *q = o->at->question;
	json_t *object = json_object(), *list = json_array();

	json_put(object, "path", json_text(q->path));
	json_put(object, "prompt", json_text(q->prompt));
	if (o->twice)
		json_put(object, "store", json_setup_store(&q->store));
	for (const struct option_at *at = o->at; at < o->at + o->hosts; at++) {
		json_t *on = json_object();

		json_put(on, "host", json_text(s->fleet->at[s->of[at->host]]->name));
		json_put(on, "value", json_setup_value(&at->question->value));
		json_put(on, "default", json_setup_value(&at->question->standard));
		json_add(list, on);
	}
	json_put(object, "on", list);
	return object;
}

static json_t *group_of(const struct fleet *f, size_t first)
{
	json_t *object = json_object(), *names = json_array(), *list = json_array();
	struct drift_setup s;

	drift_setup_start(&s, f, first);
	for (size_t i = 0; i < s.options.hosts; i++)
		json_add(names, json_text(f->at[s.of[i]]->name));
	for (const struct setup_option *o = s.options.option;
	     o < s.options.option + s.options.count; o++)
		if (option_list_differs(&s, o))
			json_add(list, difference_of(&s, o));
	json_put(object, "digests_differ", json_boolean(drift_setup_digests_differ(&s)));
	drift_setup_free(&s);
	json_put(object, "about", json_text(f->at[first]->about));
	json_put(object, "hosts", names);
	json_put(object, "differences", list);
	return object;
}

void option_json_print(const struct fleet *f, int exit_status)
{
	json_t *document = document_start("setup", 1);
	json_t *hosts = json_put_list(document, "hosts"),
	       *groups = json_put_list(document, "groups");

	for (size_t i = 0; i < f->count; i++) {
		json_add(hosts, host_of(f->at[i]));
		if (f->at[i]->group == i)
			json_add(groups, group_of(f, i));
	}
	document_left_out(document, f->left_out, f->left_outs);
	document_print(document, exit_status);
}
