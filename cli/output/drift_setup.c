/* SPDX-License-Identifier: MIT */
#include "output/drift_setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/print.h"

/* So many options that differ are named; setup names all. */
#define NAMED 12

void drift_setup_start(struct drift_setup *s, const struct fleet *f, size_t first)
{
	size_t hosts = 0;

	*s = (struct drift_setup){ .fleet = f };
	s->host = allocate(f->at[first]->group_hosts * sizeof(*s->host));
	s->of = allocate(f->at[first]->group_hosts * sizeof(*s->of));
	s->side = allocate(f->at[first]->group_hosts);
	for (size_t i = first; i < f->count; i = f->at[i]->group_next) {
		s->of[hosts] = i;
		s->host[hosts++] = f->at[i]->setup;
		s->known += f->at[i]->setup->there && !f->at[i]->setup->none;
	}
	if (!options_make(&s->options, s->host, hosts))
		out_of_memory();
}

void drift_setup_free(struct drift_setup *s)
{
	options_free(&s->options);
	free(s->host);
	free(s->of);
	free(s->side);
}

void drift_setup_sides(struct drift_setup *s, size_t cluster)
{
	for (size_t i = 0; i < s->options.hosts; i++)
		s->side[i] = s->fleet->at[s->of[i]]->cluster == cluster ? SIDE_HERE : SIDE_THERE;
}

struct option_sides drift_setup_compared(const struct drift_setup *s)
{
	return (struct option_sides){ .options = &s->options,
		                      .side = s->side,
		                      .here = s->here,
		                      .there = s->there,
		                      .unlike = s->unlike };
}

bool drift_setup_causes(const struct drift_setup *s, int indent, enum feature_id id)
{
	const struct option_sides sides = drift_setup_compared(s);

	return option_print_causes(indent, &sides, id);
}

bool drift_setup_same(const struct drift_setup *s, size_t a, size_t b)
{
	return !s->unlike && option_hosts_same(s->fleet->at[a]->setup, s->fleet->at[b]->setup);
}

void drift_setup_no_cause(const struct drift_setup *s, size_t a, size_t b)
{
	if (drift_setup_same(s, a, b))
		print_wrapped(4, "", "all of setup is the same: the cause is " OPTION_NO_CAUSE,
		              ' ');
}

/* Prints the names of the options whose values differ.  Returns how many these are. */
static size_t print_options(const struct drift_setup *s)
{
	const struct options *all = &s->options;
	size_t count = 0, named = 0;
	int column;

	for (const struct setup_option *o = all->option; o < all->option + all->count; o++)
		count += option_values_differ(o);
	if (count)
		column = printf("  different in setup (cpulevel setup has the values):");
	for (const struct setup_option *o = all->option; named < count && named < NAMED; o++) {
		char name[PRINTABLE_MAX], word[PRINTABLE_MAX + 1];

		if (!option_values_differ(o))
			continue;
		named++;
		snprintf(word, sizeof(word), "%s%s",
		         printable(name, sizeof(name), o->at->question->prompt),
		         named < count && named < NAMED ? "," : "");
		print_part(&column, 1, word, 4);
	}
	if (count > NAMED)
		printf(" and %zu more", count - NAMED);
	if (count)
		putchar('\n');
	return count;
}

/*
 * Returns a host whose setup differs from that of an earlier one with the same BIOS version, by the
 * digest, or NULL.  The digest has the offsets, so that other versions have others.
 */
static const struct drifter *find_other(const struct drift_setup *s, const struct drifter **ret)
{
	for (size_t i = 1; i < s->options.hosts && !s->unlike; i++) {
		const struct drifter *a = s->fleet->at[s->of[i - 1]], *b = s->fleet->at[s->of[i]];

		if (a->setup->there && b->setup->there && !a->setup->none && !b->setup->none &&
		    strcmp(a->setup->bios, b->setup->bios) == 0 &&
		    !option_hosts_same(a->setup, b->setup)) {
			*ret = a;
			return b;
		}
	}
	return NULL;
}

bool drift_setup_digests_differ(const struct drift_setup *s)
{
	const struct drifter *a;

	return find_other(s, &a) != NULL;
}

static void print_unknown(const struct drift_setup *s)
{
	const char *before = "";
	int column = printf("  setup options are not known of:");

	for (size_t i = 0; i < s->options.hosts; i++) {
		const struct drifter *d = s->fleet->at[s->of[i]];
		char name[PRINTABLE_MAX], why[PRINTABLE_MAX], words[2 * PRINTABLE_MAX + 4];

		if (d->setup->there && !d->setup->none)
			continue;
		printable(name, sizeof(name), d->name);
		printable(why, sizeof(why), d->setup->why);
		snprintf(words, sizeof(words), *why ? "%s (%s)" : "%s", name, why);
		column += printf("%s", before);
		print_part(&column, 1, words, 4);
		before = ",";
	}
	putchar('\n');
}

void drift_setup_more(const struct drift_setup *s, bool none_listed)
{
	const struct drifter *a, *b = none_listed ? find_other(s, &a) : NULL;
	char x[PRINTABLE_MAX], y[PRINTABLE_MAX];

	if (b)
		printf("  something else in setup differs, which reports do not list: %s, %s\n",
		       printable(x, sizeof(x), a->name), printable(y, sizeof(y), b->name));
	if (s->known < s->options.hosts)
		print_unknown(s);
}

/* Returns true if drift_setup_rest has something to say. */
static bool any_rest(const struct drift_setup *s)
{
	if (s->known < s->options.hosts || drift_setup_digests_differ(s))
		return true;
	for (size_t i = 0; i < s->options.count; i++)
		if (option_values_differ(&s->options.option[i]))
			return true;
	return false;
}

void drift_setup_rest(const struct drift_setup *s, const char *heading)
{
	if (!s->known || !any_rest(s))
		return;
	fputs(heading, stdout);
	drift_setup_more(s, print_options(s) == 0);
}
