/* SPDX-License-Identifier: MIT */
#include "command/mask_make.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "output/kvm_notes.h"
#include "output/left_out.h"
#include "output/mask_notes.h"
#include "output/message.h"
#include "table/vmware.h"
#include "table/xen.h"

void mask_job_start(struct mask_job *j)
{
	*j = (struct mask_job){ .mask = { .hw = VMWARE_HW_MAX, .xen = XEN_DEFAULT } };
}

void mask_job_hosts(struct mask_job *j, const struct merge *m, const struct cpuid_set *seen,
                    const struct cpuid_set *baseline)
{
	j->mask.seen = seen;
	j->mask.baseline = baseline;
	j->mask.every = j->mask.hosts = &m->low;
}

static bool write_evc(struct text *t, const struct mask_job *j)
{
	struct mask_merge *m = allocate(sizeof(*m));

	mask_merge_start(m);
	const bool ok = mask_evc_add(m, &j->evc, &j->mask);
	if (ok)
		mask_merge_write(t, m, j->mask.grouped);
	mask_merge_free(m);
	free(m);
	return ok;
}

static bool is_vmware(const struct mask_dialect *d)
{
	return d->write == mask_vmx_write || d->write == mask_featmask_write;
}

static bool is_xen(const struct mask_dialect *d)
{
	return d->write == mask_xen_write || d->write == mask_xend_write;
}

/* Makes the plan, and says what the dialect cannot say of it. */
static bool make_plan(struct mask_job *j, const struct pool *pool)
{
	const struct mask_consumer *consumer = j->dialect->consumer;

	if (consumer) {
		j->kvm.offer.only_adds = consumer->only_adds;
		if (!mask_kvm_plan(&j->kvm, &j->mask, consumer->reader, pool))
			return false;
	}
	return j->evc.mode || mask_dialect_check(j->dialect, &j->mask);
}

/* True if the text is as long as the dialect's reader takes, else false after a message. */
static bool fits(const struct mask_dialect *d, const struct text *t)
{
	char words[128];

	if (!d->consumer || !d->consumer->longest || t->used - 1 <= d->consumer->longest)
		return true;
	snprintf(words, sizeof(words), "%zu characters, and %s takes %zu; try another --base",
	         t->used - 1, d->product, d->consumer->longest);
	trouble("mask", words);
	return false;
}

/* What an administrator should know of the mask. */
static void say_more(bool any, const struct mask_job *j, const struct pool *pool)
{
	if (!any)
		fprintf(message_out(), "nothing to hide: %s\n",
		        j->evc.mode ? "the mode shows every feature that such a VM would see"
		                    : "the hosts do not differ in any feature that this VM would "
		                      "see");
	if (is_xen(j->dialect) && pool->hosts > 1)
		kvm_notes_unread(pool, "what these hosts list there is not hidden");
	if (j->mask.seen && is_vmware(j->dialect))
		mask_notes_print(&j->mask, pool);
}

/* Where the dialect has comments; elsewhere messages alone say it. */
static void write_left_out(struct text *t, const struct mask_dialect *d, const struct pool *pool)
{
	if (!d->comment || !pool->left_outs)
		return;
	text_put(t, d->comment);
	const size_t start = t->used;
	left_out_write(t, pool->left_out, pool->left_outs);
	/* XML has no -- in comments. */
	for (size_t i = start; !t->full && i + 1 < t->used; i++)
		if (t->at[i] == '-' && t->at[i + 1] == '-')
			t->at[i + 1] = '_';
	text_put(t, d->comment_end);
}

bool mask_make(struct text *t, struct mask_job *j, const struct pool *pool)
{
	if (!make_plan(j, pool))
		return false;
	write_left_out(t, j->dialect, pool);
	const size_t start = t->used;
	if (!j->evc.mode)
		j->dialect->write(t, &j->mask);
	else if (!write_evc(t, j))
		return false;
	/* MASK_TEXT_MAX has room for all: full is what had no memory to sort its lines. */
	if (t->full)
		out_of_memory();
	if (!fits(j->dialect, t))
		return false;
	say_more(t->used > start, j, pool);
	return true;
}
