/* SPDX-License-Identifier: MIT */
#include "base/mem.h"
#include "hii/hii_walk.h"

/* Forms in the order in which they are reached: a list through their next. */
struct queue {
	uint32_t first, last;
};

/* Returns a form of a form set by its id, or its first one for 0; HII_NONE if there is none. */
static uint32_t form_of(const struct hii *h, uint32_t set, unsigned id)
{
	if (id == 0)
		return h->set[set].form;
	const size_t at = hii_find(h->form_key, h->forms, hii_key(set, id, 0));
	if (at == h->forms || h->form_key[at] >> 32 != hii_key(set, id, 0) >> 32)
		return HII_NONE;
	return (uint32_t)h->form_key[at];
}

/* Returns where a reference leads, or HII_NONE.  Of form sets with one GUID the first with a form.
 */
static uint32_t target(const struct hii *h, const struct hii_form *from, const struct hii_ref *r)
{
	if (!r->guid)
		return form_of(h, from->set, r->form);
	for (uint32_t set = 0; set < h->sets; set++) {
		if (memcmp(h->data + h->set[set].at + 2, h->data + r->guid, SETUP_GUID) != 0)
			continue;
		const uint32_t form = form_of(h, set, r->form);
		if (form != HII_NONE)
			return form;
	}
	return HII_NONE;
}

static void append(struct hii *h, struct queue *q, uint32_t form)
{
	h->form[form].reached = true;
	if (q->first == HII_NONE)
		q->first = form;
	else
		h->form[q->last].next = form;
	q->last = form;
}

/* Follows the references of all forms in the queue, and of those that they lead to. */
static void follow(struct hii *h, struct queue *q, bool suppressed)
{
	for (uint32_t at = q->first; at != HII_NONE; at = h->form[at].next) {
		const struct hii_form *from = &h->form[at];

		for (uint32_t i = from->ref; i < from->ref + from->refs; i++) {
			const struct hii_ref *r = &h->ref[i];

			if (!suppressed && (r->state & SETUP_SUPPRESSED))
				continue;
			if (r->to == HII_NONE || h->form[r->to].reached)
				continue;
			h->form[r->to].via = at;
			h->form[r->to].state = from->state | r->state;
			append(h, q, r->to);
		}
	}
}

static void find_targets(struct hii *h)
{
	for (uint32_t i = 0; i < h->forms; i++) {
		const struct hii_form *from = &h->form[i];

		for (struct hii_ref *r = h->ref + from->ref; r < h->ref + from->ref + from->refs;
		     r++) {
			r->to = target(h, from, r);
			if (r->to == HII_NONE || h->form[r->to].set == from->set)
				continue;
			struct hii_set *set = &h->set[h->form[r->to].set];
			set->targeted |= set->form == r->to;
		}
	}
}

/*
 * A form set's first form is where a browser begins, unless another form set leads to it.  Ways
 * that menus show go before those that they hide.  Form sets that lead to each other in a circle
 * begin at the first of them.
 */
void hii_ways(struct hii *h)
{
	struct queue q = { HII_NONE, HII_NONE };

	find_targets(h);
	for (uint32_t i = 0; i < h->sets; i++)
		if (h->set[i].form != HII_NONE && !h->set[i].targeted)
			append(h, &q, h->set[i].form);
	follow(h, &q, false);
	follow(h, &q, true);
	for (uint32_t i = 0; i < h->sets; i++) {
		const uint32_t form = h->set[i].form;
		struct queue rest = { HII_NONE, HII_NONE };

		if (form == HII_NONE || h->form[form].reached)
			continue;
		append(h, &rest, form);
		follow(h, &rest, true);
	}
}
