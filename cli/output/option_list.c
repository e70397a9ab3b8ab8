/* SPDX-License-Identifier: MIT */
#include "output/option_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/print.h"

/* Of the value that most hosts have, no more names than these are printed. */
#define NAMED 8

bool option_list_differs(const struct drift_setup *s, const struct setup_option *o)
{
	return o->hosts < s->known || option_values_differ(o) || option_defaults_differ(o);
}

/* Prints names after what is in the line, or how many they are. */
static void print_hosts(const struct drift_setup *s, const size_t *host, size_t count, int column,
                        bool brief)
{
	if (brief && count > NAMED) {
		printf(" %zu hosts\n", count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		char name[PRINTABLE_MAX];

		if (i)
			column += printf(",");
		print_part(&column, 1,
		           printable(name, sizeof(name), s->fleet->at[s->of[host[i]]]->name), 8);
	}
	putchar('\n');
}

static int print_value(const struct setup_question *q)
{
	char buffer[OPTION_SENTENCE_MAX];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	option_put_value(&t, q, &q->value);
	return printf("      %s:", text_string(&t));
}

/* Prints each value, and the hosts that have it. */
static void print_values(const struct drift_setup *s, const struct setup_option *o)
{
	const struct option_at **list = options_by_value(o);
	size_t *host = allocate(o->hosts * sizeof(*host));

	if (!list)
		out_of_memory();
	for (size_t i = 0; i < o->hosts; i++)
		host[i] = list[i]->host;
	for (size_t i = 0, count; i < o->hosts; i += count) {
		count = options_of_value(&list[i], o->hosts - i);
		print_hosts(s, &host[i], count, print_value(list[i]->question),
		            count > s->options.hosts / 2);
	}
	free(list);
	free(host);
}

/* Prints the hosts that have setup options, but not this one. */
static void print_absent(const struct drift_setup *s, const struct setup_option *o)
{
	size_t *host = allocate(s->options.hosts * sizeof(*host)), count = 0;

	for (size_t i = 0; i < s->options.hosts; i++) {
		const struct option_host *h = s->options.host[i];

		if (h->there && !h->none && !option_on(o, i))
			host[count++] = i;
	}
	if (count)
		print_hosts(s, host, count, printf("      not in setup:"),
		            count > s->options.hosts / 2);
	free(host);
}

static void print_option(const struct drift_setup *s, const struct setup_option *o)
{
	const struct option_sides sides = { .options = &s->options, .side = s->side };
	char buffer[OPTION_SENTENCE_MAX];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	option_put_name(&t, o);
	print_wrapped(4, "", text_string(&t), ' ');
	print_values(s, o);
	print_absent(s, o);
	text_start(&t, buffer, sizeof(buffer));
	const bool versions = option_put_defaults(&t, &sides, o);
	print_wrapped(6, versions ? "default differs between BIOS versions:" : "", text_string(&t),
	              ' ');
}

bool option_list_group_differs(const struct fleet *f, size_t first)
{
	struct drift_setup s;

	drift_setup_start(&s, f, first);
	bool differ = drift_setup_digests_differ(&s);
	for (size_t i = 0; i < s.options.count && !differ; i++)
		differ = option_list_differs(&s, &s.options.option[i]);
	drift_setup_free(&s);
	return differ;
}

void option_list_print(const struct fleet *f, size_t first, bool all)
{
	struct drift_setup s;
	size_t differ = 0;

	drift_setup_start(&s, f, first);
	memset(s.side, SIDE_THERE, s.options.hosts);
	for (size_t i = 0; i < s.options.count; i++)
		differ += option_list_differs(&s, &s.options.option[i]);
	printf("%s:\n  ", f->at[first]->about);
	printf("%zu host%s, %zu with setup options; %zu of %zu options differ\n", s.options.hosts,
	       s.options.hosts == 1 ? "" : "s", s.known, differ, s.options.count);
	for (const struct setup_option *o = s.options.option;
	     o < s.options.option + s.options.count; o++) {
		if (all || option_list_differs(&s, o))
			print_option(&s, o);
	}
	drift_setup_more(&s, differ == 0);
	drift_setup_free(&s);
}
