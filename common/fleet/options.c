/* SPDX-License-Identifier: MIT */
#include "fleet/options.h"

#include <stdlib.h>
#include <string.h>

/* A copy of a string of from->text in text, which is a copy of all of them. */
static const char *moved(const char *string, const struct setup *from, const char *text)
{
	return string ? text + (string - from->text) : NULL;
}

static void move_strings(struct setup_question *q, const struct setup *from, const char *text)
{
	q->path = moved(q->path, from, text);
	q->prompt = moved(q->prompt, from, text);
	q->store.name = moved(q->store.name, from, text);
	q->value.text = moved(q->value.text, from, text);
	q->standard.text = moved(q->standard.text, from, text);
	q->manufacturing.text = moved(q->manufacturing.text, from, text);
}

bool option_host_take(struct option_host *h, const struct report *r)
{
	const struct setup *s = &r->setup;

	*h = (struct option_host){ .there = s->there };
	if (r->known[FIELD_BIOS_VERSION])
		memcpy(h->bios, r->field[FIELD_BIOS_VERSION], sizeof(h->bios));
	if (!s->there)
		return true;
	h->none = s->none != NULL;
	if (h->none)
		memcpy(h->why, s->none, strlen(s->none) + 1);
	h->found = s->found;
	h->chosen = s->chosen;
	h->faults = s->faults;
	memcpy(h->digest, s->digest, sizeof(h->digest));
	h->question = malloc((s->count + 1) * sizeof(*h->question));
	h->text = malloc(s->used + 1);
	if (!h->question || !h->text) {
		option_host_free(h);
		return false;
	}
	memcpy(h->question, s->question, s->count * sizeof(*h->question));
	memcpy(h->text, s->text, s->used);
	h->count = s->count;
	for (size_t i = 0; i < h->count; i++)
		move_strings(&h->question[i], s, h->text);
	return true;
}

void option_host_free(struct option_host *h)
{
	free(h->question);
	free(h->text);
	*h = (struct option_host){ .there = false };
}

static int by_number(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* Within one host, in the order of its questions. */
static int by_host(const struct option_at *x, const struct option_at *y)
{
	return x->host != y->host ? by_number(x->host, y->host)
	                          : (x->question > y->question) - (x->question < y->question);
}

static int by_name(const void *a, const void *b)
{
	const struct option_at *x = a, *y = b;
	const int name = option_compare(x->question, y->question);

	return name ? name : by_host(x, y);
}

static int by_store(const void *a, const void *b)
{
	const struct option_at *x = a, *y = b;
	const int store = option_compare_store(x->question, y->question);

	return store ? store : by_host(x, y);
}

/* After nth is set. */
static int by_nth(const void *a, const void *b)
{
	const struct option_at *x = a, *y = b;
	const int store = option_compare_store(x->question, y->question);

	if (store)
		return store;
	return x->nth != y->nth ? by_number(x->nth, y->nth) : by_host(x, y);
}

static int by_first(const void *a, const void *b)
{
	const struct setup_option *x = a, *y = b;

	return by_host(x->at, y->at);
}

/* Returns how many from at[0] on are of one path and prompt; *twice if a host has two of these. */
static size_t run_of(const struct option_at *at, size_t left, bool *twice)
{
	size_t size = 1;

	*twice = false;
	while (size < left && option_compare(at[0].question, at[size].question) == 0) {
		*twice |= at[size - 1].host == at[size].host;
		size++;
	}
	return size;
}

/* Sorts options of one path and prompt by their stores, and counts those of one store. */
static void tell_apart(struct option_at *at, size_t size)
{
	qsort(at, size, sizeof(*at), by_store);
	for (size_t i = 1; i < size; i++)
		if (at[i].host == at[i - 1].host &&
		    option_compare_store(at[i].question, at[i - 1].question) == 0)
			at[i].nth = at[i - 1].nth + 1;
	qsort(at, size, sizeof(*at), by_nth);
}

static bool is_same(const struct option_at *a, const struct option_at *b, bool twice)
{
	return !twice || (a->nth == b->nth && option_compare_store(a->question, b->question) == 0);
}

/* Adds the options of one path and prompt. */
static void add_run(struct options *o, struct option_at *at, size_t size, bool twice)
{
	if (twice)
		tell_apart(at, size);
	for (size_t i = 0; i < size;) {
		struct setup_option *option = &o->option[o->count++];

		*option = (struct setup_option){ .at = &at[i], .twice = twice };
		while (i < size && is_same(option->at, &at[i], twice))
			option->hosts++, i++;
	}
}

bool options_make(struct options *o, const struct option_host *const *host, size_t hosts)
{
	size_t all = 0, used = 0;
	bool twice;

	*o = (struct options){ .hosts = hosts, .host = host };
	for (size_t i = 0; i < hosts; i++)
		all += host[i]->count;
	o->at = malloc((all + 1) * sizeof(*o->at));
	o->option = malloc((all + 1) * sizeof(*o->option));
	if (!o->at || !o->option) {
		options_free(o);
		return false;
	}
	for (size_t i = 0; i < hosts; i++)
		for (size_t k = 0; k < host[i]->count; k++)
			o->at[used++] = (struct option_at){ i, &host[i]->question[k], 0 };
	qsort(o->at, all, sizeof(*o->at), by_name);
	for (size_t i = 0; i < all; i += used) {
		used = run_of(&o->at[i], all - i, &twice);
		add_run(o, &o->at[i], used, twice);
	}
	qsort(o->option, o->count, sizeof(*o->option), by_first);
	return true;
}

void options_free(struct options *o)
{
	free(o->at);
	free(o->option);
	*o = (struct options){ .hosts = 0 };
}

const struct setup_question *option_on(const struct setup_option *option, size_t host)
{
	size_t low = 0, high = option->hosts;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (option->at[middle].host == host)
			return option->at[middle].question;
		if (option->at[middle].host < host)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool option_values_differ(const struct setup_option *option)
{
	for (size_t i = 1; i < option->hosts; i++)
		if (!option_same_value(&option->at[0].question->value,
		                       &option->at[i].question->value))
			return true;
	return false;
}

bool option_defaults_differ(const struct setup_option *option)
{
	for (size_t i = 1; i < option->hosts; i++)
		if (!option_same_value(&option->at[0].question->standard,
		                       &option->at[i].question->standard))
			return true;
	return false;
}

/* One of the hosts, and the first that has the same value. */
struct valued {
	const struct option_at *at, *first;
};

static int by_value(const void *a, const void *b)
{
	const struct valued *x = a, *y = b;
	const int value = option_compare_value(&x->at->question->value, &y->at->question->value);

	return value ? value : (x->at > y->at) - (x->at < y->at);
}

static int by_first_of_value(const void *a, const void *b)
{
	const struct valued *x = a, *y = b;

	return x->first != y->first ? (x->first > y->first) - (x->first < y->first)
	                            : (x->at > y->at) - (x->at < y->at);
}

const struct option_at **options_by_value(const struct setup_option *option)
{
	const size_t hosts = option->hosts;
	struct valued *v = malloc((hosts + 1) * sizeof(*v));
	const struct option_at **list = malloc((hosts + 1) * sizeof(*list));

	if (!v || !list) {
		free(v);
		free(list);
		return NULL;
	}
	for (size_t i = 0; i < hosts; i++)
		v[i].at = &option->at[i];
	qsort(v, hosts, sizeof(*v), by_value);
	for (size_t i = 0; i < hosts; i++)
		v[i].first = i && option_same_value(&v[i].at->question->value,
		                                    &v[i - 1].at->question->value)
		                     ? v[i - 1].first
		                     : v[i].at;
	qsort(v, hosts, sizeof(*v), by_first_of_value);
	for (size_t i = 0; i < hosts; i++)
		list[i] = v[i].at;
	free(v);
	return list;
}

size_t options_of_value(const struct option_at *const *list, size_t left)
{
	size_t size = left != 0;

	while (size < left &&
	       option_same_value(&list[0]->question->value, &list[size]->question->value))
		size++;
	return size;
}

bool option_hosts_same(const struct option_host *a, const struct option_host *b)
{
	return a->there && b->there && !a->none && !b->none && a->found == b->found &&
	       memcmp(a->digest, b->digest, sizeof(a->digest)) == 0;
}
