/* SPDX-License-Identifier: MIT */
#include "output/option_print.h"

#include <stdio.h>
#include <string.h>

#include "output/print.h"
#include "report/setup_text.h"
#include "table/feature_setup.h"

/* So many different values are told. */
#define VALUES_MAX 6

/* The hosts of a side that have one value, or one BIOS version and default. */
struct tally {
	const struct option_at *first;
	size_t hosts;
	bool here;
};

struct tallies {
	size_t count, more; /* more: hosts with further values */
	size_t absent;      /* hosts whose setup has no such option */
	size_t unknown;     /* hosts whose reports have no setup options */
	struct tally at[VALUES_MAX];
};

void option_put_value(struct text *t, const struct setup_question *q, const struct setup_value *v)
{
	if (v->known != SETUP_UNKNOWN) {
		setup_value_write(t, q, v);
		return;
	}
	text_put(t, "no value (");
	text_printable(t, v->text);
	text_put(t, ")");
}

void option_put_name(struct text *t, const struct setup_option *o)
{
	const struct setup_question *q = o->at->question;

	setup_path_put(t, q);
	if (o->twice && q->store.kind != SETUP_NOWHERE) {
		text_put(t, " in ");
		text_put(t, setup_store_word(q->store.kind));
		text_put(t, " ");
		text_printable(t, q->store.name);
	}
	if (o->twice && q->store.kind != SETUP_NAMED && q->store.kind != SETUP_NOWHERE) {
		text_put(t, " at 0x");
		text_hex(t, q->store.offset, 1);
	}
	setup_hidden_write(t, q);
}

static bool same_bios(const struct options *o, size_t a, size_t b)
{
	return strcmp(o->host[a]->bios, o->host[b]->bios) == 0;
}

static void count_one(struct tallies *t, const struct options *o, const struct option_at *at,
                      bool defaults, bool here)
{
	size_t i = 0;

	for (; i < t->count; i++) {
		const struct option_at *first = t->at[i].first;
		const struct setup_question *a = first->question, *b = at->question;

		if (defaults ? same_bios(o, first->host, at->host) &&
		                       option_same_value(&a->standard, &b->standard)
		             : option_same_value(&a->value, &b->value))
			break;
	}
	if (i == VALUES_MAX) {
		t->more++;
		return;
	}
	if (i == t->count)
		t->at[t->count++] = (struct tally){ .first = at };
	t->at[i].hosts++;
	t->at[i].here |= here;
}

/* Counts the values of one side. */
static void count_values(struct tallies *t, const struct option_sides *s,
                         const struct setup_option *o, enum option_side side)
{
	const struct option_at *at = o->at;

	*t = (struct tallies){ .count = 0 };
	for (size_t i = 0; i < s->options->hosts; i++) {
		const struct option_host *h = s->options->host[i];
		const bool has = at < o->at + o->hosts && at->host == i;

		if (s->side[i] == side && has)
			count_one(t, s->options, at, false, side == SIDE_HERE);
		else if (s->side[i] == side && h->there && !h->none)
			t->absent++;
		else if (s->side[i] == side)
			t->unknown++;
		at += has;
	}
}

/* "here", "on 2 here", "on 1 other", "on 11 others", "on web-01". */
static void put_where(struct text *t, const struct option_sides *s, enum option_side side,
                      size_t hosts, bool all)
{
	const char *name = side == SIDE_HERE ? s->here : s->there;

	if (name) {
		text_put(t, " on ");
		text_printable(t, name);
		return;
	}
	if (s->lacking) {
		text_put(t, " on ");
		text_decimal(t, hosts);
		text_put(t, hosts == 1 ? " host" : " hosts");
		text_put(t, side == SIDE_HERE ? " without it" : " with it");
		return;
	}
	if (side == SIDE_HERE && all) {
		text_put(t, " here");
		return;
	}
	text_put(t, " on ");
	text_decimal(t, hosts);
	text_put(t, side == SIDE_HERE ? " here" : hosts == 1 ? " other" : " others");
}

static void put_side(struct text *t, const struct option_sides *s, enum option_side side,
                     const struct tallies *n)
{
	const bool all = n->count + (n->more > 0) + (n->absent > 0) + (n->unknown > 0) == 1;
	const struct {
		size_t hosts;
		const char *words;
	} rest[] = { { n->more, "other values" },
		     { n->absent, "not in setup" },
		     { n->unknown, "not known" } };
	const char *before = side == SIDE_HERE ? "" : "; ";

	for (size_t i = 0; i < n->count; i++) {
		const struct setup_question *q = n->at[i].first->question;

		text_put(t, before);
		option_put_value(t, q, &q->value);
		put_where(t, s, side, n->at[i].hosts, all);
		before = "; ";
	}
	for (size_t i = 0; i < 3; i++) {
		if (!rest[i].hosts)
			continue;
		text_put(t, before);
		text_put(t, rest[i].words);
		put_where(t, s, side, rest[i].hosts, all);
		before = "; ";
	}
}

static const struct setup_value *default_of(const struct tally *t)
{
	return &t->first->question->standard;
}

/* Returns true if no BIOS version has two defaults, and all versions are known. */
static bool told_by_version(const struct tallies *n, const struct options *o)
{
	for (size_t i = 0; i < n->count; i++) {
		if (!o->host[n->at[i].first->host]->bios[0])
			return false;
		for (size_t k = 0; k < i; k++)
			if (same_bios(o, n->at[i].first->host, n->at[k].first->host))
				return false;
	}
	return n->more == 0;
}

static void put_versions(struct text *t, const struct option_sides *s, const struct tallies *n,
                         bool here, bool this, size_t *written)
{
	for (size_t i = 0; i < n->count; i++) {
		const struct option_at *first = n->at[i].first;

		if (n->at[i].here != here)
			continue;
		text_put(t, *written ? ", " : "");
		if (here && this)
			text_put(t, "this BIOS version");
		else
			text_printable(t, s->options->host[first->host]->bios);
		text_put(t, (*written)++ ? "'s is " : "'s default is ");
		option_put_value(t, first->question, default_of(&n->at[i]));
	}
}

static void put_counts(struct text *t, const struct tallies *n)
{
	text_put(t, "defaults differ: ");
	for (size_t i = 0; i < n->count; i++) {
		text_put(t, i ? ", " : "");
		option_put_value(t, n->at[i].first->question, default_of(&n->at[i]));
		text_put(t, " on ");
		text_decimal(t, n->at[i].hosts);
	}
	text_put(t, n->more ? ", and more" : "");
}

bool option_put_defaults(struct text *t, const struct option_sides *s, const struct setup_option *o)
{
	struct tallies n = { .count = 0 };
	size_t here = 0, written = 0;
	bool same = true;

	for (const struct option_at *at = o->at; at < o->at + o->hosts; at++)
		if (s->side[at->host] != SIDE_NONE)
			count_one(&n, s->options, at, true, s->side[at->host] == SIDE_HERE);
	for (size_t i = 0; i < n.count; i++) {
		same &= option_same_value(default_of(&n.at[i]), default_of(&n.at[0]));
		here += n.at[i].here;
	}
	if (n.count == 0)
		return false;
	if (same && n.more == 0) {
		text_put(t, "the default is ");
		option_put_value(t, n.at[0].first->question, default_of(&n.at[0]));
		return false;
	}
	if (!told_by_version(&n, s->options)) {
		put_counts(t, &n);
		return false;
	}
	put_versions(t, s, &n, true, here == 1 && !s->here && !s->lacking, &written);
	put_versions(t, s, &n, false, false, &written);
	return true;
}

static void say_option(const struct option_sides *s, const struct setup_option *o,
                       const struct tallies *here, const struct tallies *there, option_say *say,
                       void *ctx)
{
	char buffer[OPTION_SENTENCE_MAX];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	option_put_name(&t, o);
	const size_t name = t.used;
	text_put(&t, " = ");
	put_side(&t, s, SIDE_HERE, here);
	put_side(&t, s, SIDE_THERE, there);
	text_put(&t, "; ");
	option_put_defaults(&t, s, o);
	text_put(&t, ".");
	say(ctx, text_string(&t), name);
}

/* Returns true if all hosts of both sides have the option and one known value. */
static bool one_value(const struct tallies *here, const struct tallies *there)
{
	if (here->count != 1 || there->count != 1 || here->more || there->more || here->absent ||
	    there->absent || here->unknown || there->unknown)
		return false;
	const struct setup_value *v = &here->at[0].first->question->value;
	return v->known != SETUP_UNKNOWN &&
	       option_same_value(v, &there->at[0].first->question->value);
}

/* The values are the same, so that something else is the cause. */
static void say_same(const struct option_sides *s, const struct setup_option *o, option_say *say,
                     void *ctx)
{
	const struct setup_question *q = o->at->question;
	char buffer[OPTION_SENTENCE_MAX];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	option_put_name(&t, o);
	const size_t name = t.used;
	text_put(&t, " = ");
	option_put_value(&t, q, &q->value);
	text_put(&t, " on all: no difference in setup. The cause is ");
	text_put(&t, s->unlike ? "the processor's model, " : "");
	text_put(&t, OPTION_NO_CAUSE ".");
	say(ctx, text_string(&t), name);
}

bool option_causes(const struct option_sides *s, enum feature_id id, option_say *say, void *ctx)
{
	const struct setup_option *same = NULL;
	struct tallies here, there;
	bool any = false;

	for (const struct setup_option *o = s->options->option;
	     o < s->options->option + s->options->count; o++) {
		if (!feature_setup_names(id, o->at->question->prompt))
			continue;
		count_values(&here, s, o, SIDE_HERE);
		count_values(&there, s, o, SIDE_THERE);
		if (one_value(&here, &there)) {
			same = o;
		} else if (here.count + there.count) {
			say_option(s, o, &here, &there, say, ctx);
			any = true;
		}
	}
	if (!any && same)
		say_same(s, same, say, ctx);
	return any || same;
}

static void print_sentence(void *ctx, const char *sentence, size_t name)
{
	(void)name;
	print_wrapped(*(const int *)ctx, "", sentence, ' ');
}

bool option_print_causes(int indent, const struct option_sides *s, enum feature_id id)
{
	return option_causes(s, id, print_sentence, &indent);
}
