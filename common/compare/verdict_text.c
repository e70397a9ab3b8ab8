/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "compare/option.h"
#include "compare/verdict.h"
#include "report/setup_text.h"
#include "table/feature_setup.h"

/* So many differences are named; the report has the others. */
#define NAMED 6

#define HINTS_MAX 4

/* An option that needs more bytes is named as the table names it: the screen has few lines. */
#define OPTION_MAX 240
#define PATH_MAX   100

enum form {
	FORM_HOSTS,  /* "AESNI is off here, on in 7 of 8 earlier hosts" */
	FORM_GOLDEN, /* "AESNI is off here, on there" */
	FORM_THERE,  /* "AESNI off there" */
	FORM_CHANGE, /* "AESNI on -> off" */
};

enum which { WHICH_ALL, WHICH_DEVIATIONS, WHICH_UNDECIDED };

/* What is being written, and which setup options were named. */
struct writing {
	struct text *t;
	const struct verdict *v; /* for the number of hosts, and which items; may be NULL */
	const struct setup *mine, *there; /* the options of this host and of golden.txt, or NULL */
	size_t named, hints;
	enum feature_id hint[HINTS_MAX];
};

static void put_name(struct text *t, const struct verdict_item *item)
{
	if (item->what == DRIFT_PROCESSORS) {
		text_put(t, "number of ");
		text_put(t, drift_counted(item->counted));
	} else if (item->id != F_NONE) {
		text_put(t, feature_name(item->id));
	} else {
		text_put(t, "<");
		place_write(t, &item->at);
		text_put(t, ">");
	}
}

static void put_value(struct text *t, const struct verdict_item *item, uint64_t value)
{
	static const char word[][6] = {
		[VERDICT_OFF] = "off",
		[VERDICT_ON] = "on",
		[VERDICT_MIXED] = "mixed",
	};

	if (item->bit)
		text_put(t, word[value]);
	else
		text_decimal(t, value);
}

/* Appends "3 earlier hosts", "1 of 2 earlier hosts". */
static void put_hosts(struct text *t, size_t count, size_t of)
{
	text_decimal(t, count);
	if (count != of) {
		text_put(t, " of ");
		text_decimal(t, of);
	}
	text_put(t, of == 1 ? " earlier host" : " earlier hosts");
}

/* Appends what a group of features is, here and there; many: of several features. */
static void put_values(struct writing *w, const struct verdict_item *item, enum form form,
                       bool many)
{
	switch (form) {
	case FORM_HOSTS:
	case FORM_GOLDEN:
		text_put(w->t, many ? " are " : " is ");
		put_value(w->t, item, item->mine);
		text_put(w->t, " here, ");
		put_value(w->t, item, item->theirs);
		if (form == FORM_GOLDEN) {
			text_put(w->t, " there");
			return;
		}
		text_put(w->t, " in ");
		put_hosts(w->t, item->hosts, w->v->like);
		break;
	case FORM_THERE:
		text_put(w->t, " ");
		put_value(w->t, item, item->theirs);
		text_put(w->t, " there");
		break;
	case FORM_CHANGE:
		text_put(w->t, " ");
		put_value(w->t, item, item->theirs);
		text_put(w->t, " -> ");
		put_value(w->t, item, item->mine);
		break;
	}
}

/* " (Hyper-Threading off here)"; of a change only what is off now. */
static void put_cause(struct text *t, const struct verdict_item *item, enum form form)
{
	const bool here = item->here.processors < item->there.processors;

	if (topology_cause(&item->here, &item->there) == TOPOLOGY_UNCLEAR ||
	    (form == FORM_CHANGE && !here))
		return;
	text_put(t, " (");
	topology_write_cause(t, &item->here, &item->there);
	if (form != FORM_CHANGE)
		text_put(t, here ? " here" : " there");
	text_put(t, ")");
}

static bool is_meant(const struct writing *w, const struct verdict_item *item, enum which which)
{
	return which == WHICH_ALL || verdict_is(w->v, item, which == WHICH_UNDECIDED);
}

/* Returns true if two items can be said in one clause. */
static bool are_grouped(const struct verdict_item *a, const struct verdict_item *b)
{
	return a->bit && b->bit && a->mine == b->mine && a->theirs == b->theirs &&
	       a->hosts == b->hosts;
}

/* Appends the items that are meant, by groups, NAMED at most. */
static void put_items(struct writing *w, const struct verdict_list *list, enum form form,
                      enum which which)
{
	bool written[VERDICT_ITEMS_MAX] = { false };
	size_t named = 0, left = list->more;

	for (size_t i = 0; i < list->count; i++) {
		const struct verdict_item *first = &list->item[i];
		bool many = false;

		if (written[i] || !is_meant(w, first, which))
			continue;
		if (named == NAMED) {
			left++;
			continue;
		}
		text_put(w->t, named ? "; " : "");
		put_name(w->t, first);
		named++;
		for (size_t k = i + 1; k < list->count && named < NAMED; k++) {
			if (written[k] || !is_meant(w, &list->item[k], which) ||
			    !are_grouped(first, &list->item[k]))
				continue;
			text_put(w->t, ", ");
			put_name(w->t, &list->item[k]);
			written[k] = many = true;
			named++;
		}
		put_values(w, first, form, many);
		put_cause(w->t, first, form);
	}
	if (left) {
		text_put(w->t, "; ");
		text_decimal(w->t, left);
		text_put(w->t, " more");
	}
}

/* Returns true if the setup option of an item was not named yet, and notes it. */
static bool is_new_hint(struct writing *w, const struct verdict_item *item)
{
	if (!*feature_setup(item->id))
		return false;
	for (size_t i = 0; i < w->hints; i++)
		if (ascii_compare(feature_setup(w->hint[i]), feature_setup(item->id)) == 0)
			return false;
	if (w->hints == HINTS_MAX)
		return false;
	w->hint[w->hints++] = item->id;
	return true;
}

/*
 * Returns this host's option for a feature, NULL if its report has none; if it has several, one
 * whose value is another one in golden.txt.  *ret_there is that option there.
 */
static const struct setup_question *find_option(const struct writing *w, enum feature_id id,
                                                const struct setup_question **ret_there)
{
	const struct setup_question *q = NULL, *found = NULL;

	*ret_there = NULL;
	while (w->mine && (q = option_next(w->mine, id, q)) != NULL) {
		const struct setup_question *there =
			w->there ? option_find(w->mine, q, w->there) : NULL;

		if (found && (!there || option_same_value(&q->value, &there->value)))
			continue;
		found = q;
		*ret_there = there;
		if (there && !option_same_value(&q->value, &there->value))
			break;
	}
	return found;
}

/* Appends path and prompt, with "..." for the first titles if they are long. */
static void put_path(struct text *t, const struct setup_question *q)
{
	struct setup_question tail = *q;

	while (*tail.path && ascii_size(tail.path) + ascii_size(q->prompt) > PATH_MAX)
		tail.path++;
	if (tail.path != q->path) {
		while (*tail.path && !(tail.path[0] == '>' && tail.path[1] == ' '))
			tail.path++;
		tail.path += *tail.path ? 2 : 0;
		text_put(t, "... > ");
	}
	setup_path_put(t, &tail);
}

static void put_option_values(struct text *t, const struct setup_question *q,
                              const struct setup_question *there)
{
	const bool same = there && option_same_value(&q->value, &there->value);

	text_put(t, " (");
	setup_value_write(t, q, &q->value);
	text_put(t, same ? " here and in golden.txt: not the cause" : " here, ");
	if (!same && there)
		setup_value_write(t, there, &there->value);
	if (!same)
		text_put(t, there ? " in golden.txt" : "default ");
	if (!there)
		setup_value_write(t, q, &q->standard);
	text_put(t, ")");
}

/* Appends the option of a feature in the firmware's words, and a quote.  False: there is none. */
static bool put_option(const struct writing *w, enum feature_id id)
{
	const struct setup_question *there, *q = find_option(w, id, &there);
	char buffer[OPTION_MAX];
	struct text t;

	if (!q)
		return false;
	text_start(&t, buffer, sizeof(buffer));
	put_path(&t, q);
	text_put(&t, "\"");
	setup_hidden_write(&t, q);
	put_option_values(&t, q, there);
	if (!text_string(&t))
		return false;
	text_put(w->t, buffer);
	return true;
}

/* Appends before, the setup options that have not been named, and after; nothing if there is none.
 */
static void put_hints(struct writing *w, const struct verdict_list *list, enum which which,
                      bool off_only, const char *before, const char *after)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct verdict_item *item = &list->item[i];

		if (!is_meant(w, item, which) ||
		    (off_only && item->bit && item->mine == VERDICT_ON) || !is_new_hint(w, item))
			continue;
		text_put(w->t, count++ ? ", \"" : before);
		if (put_option(w, item->id))
			continue;
		feature_setup_put(w->t, item->id);
		text_put(w->t, "\"");
	}
	text_put(w->t, count ? after : "");
}

/* Returns the hosts that differ, of which the latest was added first; NULL if none is known. */
static const struct verdict_class *odd_class(const struct verdict *v)
{
	for (const struct verdict_class *c = v->class; c < v->class + v->classes; c++)
		if (c->hosts)
			return c;
	return NULL;
}

/* Hosts in which the fault is, where this host deviates in nothing. */
static void put_odd(struct writing *w)
{
	const struct verdict *v = w->v;
	const struct verdict_class *odd = odd_class(v);
	const size_t differ = v->like - v->same;
	struct writing there = { .t = w->t, .v = v };
	struct verdict_list list;

	text_put(w->t, ". ");
	if (differ > 1 || !odd)
		text_decimal(w->t, differ);
	if (!odd) {
		text_put(w->t, differ > 1 ? " differ" : " differs");
		return;
	}
	text_put(w->t, differ > 1 ? " differ, the latest is " : "Odd one out: ");
	text_printable(w->t, odd->from);
	text_put(w->t, " (");
	verdict_compare(&list, v->mine, &odd->host);
	put_items(&there, &list, FORM_THERE, WHICH_ALL);
	put_hints(&there, &list, WHICH_ALL, false, "; check \"", " in its setup");
	text_put(w->t, ")");
}

static void put_earlier(struct writing *w)
{
	const struct verdict *v = w->v;
	const enum which which = v->deviations ? WHICH_DEVIATIONS : WHICH_UNDECIDED;

	if (v->deviations || v->undecided) {
		text_put(w->t, v->deviations ? "DIFFERS: " : "NO MAJORITY: ");
		put_items(w, &v->differences, FORM_HOSTS, which);
		put_hints(w, &v->differences, which, !v->deviations, ". Check \"", " in setup");
		return;
	}
	text_put(w->t, v->same ? "OK: matches " : "OK: in each feature as most of ");
	put_hosts(w->t, v->same ? v->same : v->like, v->like);
	if (v->same < v->like)
		put_odd(w);
}

static void put_previous(struct writing *w)
{
	const struct verdict_list *list = &w->v->previous;

	text_put(w->t, list->count ? ". CHANGED" : ". Unchanged");
	text_put(w->t, " since its last visit (");
	text_printable(w->t, w->v->previous_from);
	text_put(w->t, ")");
	if (list->count == 0)
		return;
	text_put(w->t, ": ");
	put_items(w, list, FORM_CHANGE, WHICH_ALL);
	put_hints(w, list, WHICH_ALL, true, ". Check \"", " in setup");
}

void verdict_write(struct text *t, const struct verdict *v)
{
	struct writing w = { .t = t, .v = v, .mine = v->setup };

	if (v->like == 0)
		text_put(t, v->before ? "ONLY HOST of its type on this stick"
		                      : "FIRST HOST of its type on this stick");
	else
		put_earlier(&w);
	if (v->before)
		put_previous(&w);
	if (v->shared[0]) {
		text_put(t, ". Two hosts claim the serial number in ");
		text_printable(t, v->shared);
	}
}

void verdict_write_golden(struct text *t, const struct verdict_list *list,
                          const struct verdict_golden *golden)
{
	const char *from = golden->sealed ? "golden.txt" : "golden.txt (no seal)";
	struct writing w = { .t = t, .mine = golden->mine, .there = golden->there };

	if (!golden->like) {
		text_put(t, "NO MATCH: ");
		text_put(t, from);
		text_put(t, " is for another vendor, product or processor");
		return;
	}
	text_put(t, list->count ? "DIFFERS from " : "OK: matches ");
	text_put(t, from);
	if (list->count == 0)
		return;
	text_put(t, ": ");
	put_items(&w, list, FORM_GOLDEN, WHICH_ALL);
	put_hints(&w, list, WHICH_ALL, false, ". Check \"", " in setup");
}
