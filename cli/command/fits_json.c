/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "command/fits_print.h"
#include "output/csv.h"
#include "output/document.h"

static const char *const outcome_words[] = {
	[FIT_YES] = "yes", [FIT_UNKNOWN] = "unknown", [FIT_NO] = "no"
};

/* Returns what a requirement demands, in words, from malloc. */
static char *words_of(const struct requirement *r, const struct pool_host *h)
{
	char *words = NULL;
	size_t size;
	FILE *to = stream_open(&words, &size);

	fits_write_need(to, r, h);
	stream_close(to);
	return words;
}

static json_t *need_of(const struct requirement *r, const struct pool_host *h)
{
	json_t *object = json_object();
	char *words = words_of(r, h);

	json_put(object, "text", json_text(words));
	json_put(object, "name", json_text(r->of.name));
	json_put(object, "feature",
	         json_words(feature_name(requirement_row(r, &h->answer[0]->set))));
	json_put(object, "must_be", json_text(fits_compared(r)));
	json_put(object, "number", json_count(r->value.number));
	free(words);
	return object;
}

static json_t *needs_of(const struct fits *f, size_t host, enum fit which)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->need.count; i++)
		if (fits_of(f, host, i) == which)
			json_add(list, need_of(&f->need.at[i], &f->pool->host[host]));
	return list;
}

static json_t *names_of(const struct requirements *need, enum mask_named_kind kind)
{
	json_t *list = json_array();

	for (size_t i = 0; i < need->count; i++)
		if (need->at[i].of.kind == kind)
			json_add(list, json_text(need->at[i].of.name));
	return list;
}

static void put_requirements(json_t *document, const struct fits *f)
{
	json_t *object = json_put_object(document, "requirements");

	json_put(object, "file", json_text(f->file));
	json_put(object, "count", json_count(f->need.count));
	json_put(object, "lists", json_count(f->need.lists));
	json_put(object, "to_power_on", json_boolean(f->need.offline));
	json_put(object, "not_in_cpuid", names_of(&f->need, MASK_NAMED_OTHER));
	json_put(object, "unknown_names", names_of(&f->need, MASK_NAMED_UNKNOWN));
}

void fits_json(const struct fits *f, int exit_status)
{
	json_t *document = document_start("fits", 1);

	put_requirements(document, f);
	json_put(document, "able", json_count(fits_able(f)));
	json_t *hosts = json_put_list(document, "hosts");
	for (size_t i = 0; i < f->pool->hosts; i++) {
		json_t *host = json_add_object(hosts);

		json_put(host, "host", json_text(f->pool->host[i].name));
		json_put(host, "outcome", json_text(outcome_words[f->worst[i]]));
		json_put(host, "lacking", needs_of(f, i, FIT_NO));
		json_put(host, "unknown", needs_of(f, i, FIT_UNKNOWN));
	}
	document_left_out(document, f->pool->left_out, f->pool->left_outs);
	document_print(document, exit_status);
}

static void put_needs(const struct fits *f, size_t host, enum fit which)
{
	char *list = NULL;
	size_t size, count = 0;
	FILE *to = stream_open(&list, &size);

	for (size_t i = 0; i < f->need.count; i++) {
		if (fits_of(f, host, i) != which)
			continue;
		fputs(count++ ? "; " : "", to);
		fits_write_need(to, &f->need.at[i], &f->pool->host[host]);
	}
	stream_close(to);
	csv_put(list);
	free(list);
}

void fits_csv(const struct fits *f)
{
	csv_head("host,outcome,lacking,unknown");
	for (size_t i = 0; i < f->pool->hosts; i++) {
		csv_put(f->pool->host[i].name);
		csv_put(outcome_words[f->worst[i]]);
		put_needs(f, i, FIT_NO);
		put_needs(f, i, FIT_UNKNOWN);
		csv_end();
	}
}
