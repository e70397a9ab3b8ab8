/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fleet/explain.h"
#include "output/document.h"
#include "output/evc_print.h"
#include "output/vendors.h"

static json_t *names_of(evc_pick *picks, const void *ctx)
{
	json_t *list = json_array();

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (picks(ctx, (enum feature_id)id))
			json_add(list, json_text(feature_name((enum feature_id)id)));
	return list;
}

/* Adds the weakest source of an answer; partial: only a part of a mode in it is known. */
static void put_source(json_t *object, enum evc_source source, bool partial)
{
	json_put(object, "source", json_text(evc_source_name(source)));
	json_put(object, "source_about", json_text(evc_source_about(source)));
	json_put(object, "incomplete", json_boolean(partial));
}

static json_t *mode_of(const struct evc *mode)
{
	static const char *const vendors[] = { [EVC_INTEL] = "intel", [EVC_AMD] = "amd" };
	json_t *object = json_object();

	json_put(object, "mode", json_text(mode->key));
	json_put(object, "about", json_text(mode->about));
	json_put(object, "vendor",
	         mode->vendor == EVC_NO_VENDOR ? json_null() : json_text(vendors[mode->vendor]));
	json_put(object, "tier", json_count(mode->tier));
	put_source(object, mode->source, mode->partial);
	return object;
}

static json_t *document_of(const char *kind)
{
	json_t *document = document_start("evc", 1);

	json_put(document, "answer", json_text(kind));
	return document;
}

void evc_json_modes(const struct evc *modes, size_t count)
{
	json_t *document = document_of("modes"), *list = json_put_list(document, "modes");

	for (size_t i = 0; i < count; i++)
		json_add(list, mode_of(&modes[i]));
	document_print(document, 0);
}

void evc_json_mode(const struct evc *mode)
{
	json_t *document = document_of("mode"), *object = mode_of(mode);

	json_put(document, "mode", object);
	json_put(object, "guarantees", names_of(evc_is_guaranteed, mode));
	json_put(object, "shows_if_host_has", names_of(evc_is_allowed, mode));
	json_t *others = json_put_list(object, "others");
	for (size_t i = 0; i < mode->others; i++) {
		json_t *other = json_add_object(others);

		json_put(other, "name", json_text(mode->other[i].name));
		json_put(other, "value", json_text(mode->other[i].value));
	}
	document_print(document, 0);
}

static void add_other(json_t *list, const char *name, const char *first, const char *second)
{
	json_t *object = json_add_object(list);

	json_put(object, "name", json_text(name));
	json_put(object, "first", first ? json_text(first) : json_null());
	json_put(object, "second", second ? json_text(second) : json_null());
}

static json_t *others_of(const struct evc *a, const struct evc *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->others; i++) {
		const char *other = evc_value_in(b, a->other[i].name);

		if (!other || strcmp(other, a->other[i].value) != 0)
			add_other(list, a->other[i].name, a->other[i].value, other);
	}
	for (size_t i = 0; i < b->others; i++)
		if (!evc_value_in(a, b->other[i].name))
			add_other(list, b->other[i].name, NULL, b->other[i].value);
	return list;
}

void evc_json_difference(const struct evc *a, const struct evc *b, int exit_status)
{
	const struct evc_pair forth = { a, b }, back = { b, a };
	json_t *document = document_of("difference");

	json_put(document, "first", mode_of(a));
	json_put(document, "second", mode_of(b));
	json_put(document, "only_first", names_of(evc_only_first, &forth));
	json_put(document, "required_only_by_first", names_of(evc_need_differs, &forth));
	json_put(document, "only_second", names_of(evc_only_first, &back));
	json_put(document, "required_only_by_second", names_of(evc_need_differs, &back));
	json_put(document, "others", others_of(a, b));
	put_source(document, evc_weaker(a->source, b->source), a->partial || b->partial);
	document_print(document, exit_status);
}

/* Adds what keeps the hosts from the next mode. */
static void put_next(json_t *document, const struct evc_hosts *h)
{
	struct evc_missing missing = { h->next, h->pool, h->baseline, false };

	json_put(document, "lacking", h->next ? names_of(evc_is_missing, &missing) : json_array());
	missing.unknown = true;
	json_put(document, "unknown", h->next ? names_of(evc_is_missing, &missing) : json_array());
}

void evc_json_hosts(const struct evc_hosts *h, int exit_status)
{
	const struct evc *answer = h->highest ? h->highest : h->next;
	json_t *document = document_of("hosts");

	json_put(document, "file", json_text(h->file));
	document_hosts(document, h->pool);
	json_put(document, "highest", h->highest ? mode_of(h->highest) : json_null());
	json_put(document, "next", h->next ? mode_of(h->next) : json_null());
	put_next(document, h);
	json_put(document, "vendors", vendors_json(h->pool));
	json_put(document, "higher_modes", json_boolean(h->above));
	json_t *not_checked = json_put_list(document, "not_checked");
	for (size_t i = 0; i < EVC_NOT_CHECKED; i++)
		json_add(not_checked, json_text(evc_not_checked[i]));
	if (answer)
		put_source(document,
		           evc_weaker(answer->source, h->next ? h->next->source : EVC_IMPORTED),
		           answer->partial);
	document_print(document, exit_status);
}
