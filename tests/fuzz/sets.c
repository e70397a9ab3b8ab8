// SPDX-License-Identifier: MIT
/*
 * sets.c - any set of hosts: merged in any order it is the same, nothing is promised that a host
 * lacks, and with a mask a guest sees no more of any host than that.
 */
#include <stdlib.h>
#include <string.h>

#include "command/mask_dialect.h"
#include "fleet/pool_kvm.h"
#include "hosts.h"
#include "mask/kvm_plan.h"
#include "mask/mask_bits.h"
#include "mask/mask_vmx_read.h"
#include "table/feature_copy.h"
#include "table/vmware.h"
#include "table/xen.h"

/* What is merged of each host: its first processor. */
static struct cpuid_set sets[HOSTS_MAX];

/* Merges all in either direction.  False: too many leaves. */
static bool merge_all(struct merge *m, size_t count, bool back)
{
	merge_start(m);
	for (size_t i = 0; i < count; i++)
		if (!merge_add(m, &sets[back ? count - 1 - i : i]))
			return false;
	return true;
}

/*
 * What the baseline has of a feature, this host has.  Of a leaf 0DH that a host's report does not
 * have, its features in other leaves say what it has.
 */
static void check_promise(const struct cpuid_set *baseline, const struct cpuid_set *set,
                          enum feature_id id)
{
	const struct feature *f = &features[id];
	const uint32_t value = feature_value(baseline, id), own = feature_value(set, id);
	const struct place at = feature_place(id);
	const bool known = place_known(set, &at) && (at.leaf != 0xd || cpuid_find(set, 0xd, 0));

	fuzz_about = feature_name(id);

	if (f->rule == RULE_ALL && (known || at.leaf != 0xd))
		CHECK(f->low == f->high ? !(value & ~own) : !value || own);
	if (f->rule == RULE_MIN && known)
		CHECK(value <= own);
}

/* What is there has what it needs.  Of leaf 0DH that is not known if no host has the leaf. */
static void check_needs(const struct merge *m, const struct cpuid_set *baseline)
{
	const bool states = cpuid_find(&m->low, 0xd, 0) != NULL;

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		if (!feature_value(baseline, (enum feature_id)id))
			continue;
		for (const uint16_t *need = feature_needs((enum feature_id)id); *need; need++)
			CHECK(feature_value(baseline, (enum feature_id) * need) ||
			      (!states && feature_leaf(&features[*need]) == 0xd));
	}
}

void fuzz_merging(const uint8_t *data, size_t size)
{
	static struct cpuid_set forth, back, twice;
	struct feed f = { data, data + size };
	struct hosts *h = hosts_take(&f);
	static struct merge m, other;

	for (size_t i = 0; i < h->count; i++)
		if (!report_features(&h->report[i].kind[0], &sets[i]))
			return;
	if (!merge_all(&m, h->count, false))
		return;
	merge_baseline(&m, &forth);
	if (merge_all(&other, h->count, true)) {
		merge_baseline(&other, &back);
		fuzz_same_set(&forth, &back);
		fuzz_same_set(&m.low, &other.low);
		fuzz_same_set(&m.high, &other.high);
	}
	CHECK(merge_add(&m, &sets[0]));
	merge_baseline(&m, &twice);
	fuzz_same_set(&forth, &twice);
	for (size_t i = 0; i < h->count; i++)
		for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
			check_promise(&forth, &sets[i], (enum feature_id)id);
	check_needs(&m, &forth);
}

/* The lines of VMware's dialect hide what they should, are read back, and are written again. */
static void check_vmx(const struct mask *m, const struct text *lines)
{
	static char room[65536];
	struct mask_lines read;
	struct mask_merge merged;
	struct where where;
	struct text t;

	CHECK(mask_vmx_read(&read, lines->at, lines->used, &where) == ERR_NONE);
	for (const struct mask_line *l = read.at; l < read.at + read.count; l++)
		for (unsigned bit = 0; bit < MASK_BITS; bit++) {
			const enum feature_id id =
				feature_at(l->at.leaf, l->at.subleaf, l->at.reg, bit);

			CHECK(l->bit[bit] == (id != F_NONE && mask_vmx_hides(m, id) ? '0' : '-'));
		}
	mask_merge_start(&merged);
	CHECK(mask_merge_add(&merged, &read));
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct place at = feature_place((enum feature_id)id);

		if (mask_vmx_hides(m, (enum feature_id)id))
			CHECK(mask_merge_hidden(&merged, &at) &&
			      mask_lines_hide(&read, (enum feature_id)id));
	}
	text_start(&t, room, sizeof(room));
	mask_merge_write(&t, &merged, m->grouped);
	fuzz_same_text(lines, &t);
	mask_merge_free(&merged);
	mask_lines_free(&read);
}

/* By names: nothing that the baseline has is hidden, and all is that the other dialect hides. */
static void check_featmask(const struct mask *m, const struct text *lines)
{
	struct mask_lines read;
	struct where where;

	CHECK(mask_vmx_read(&read, lines->at, lines->used, &where) == ERR_NONE);
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (mask_vmx_hides(m, id))
			CHECK(mask_lines_hide(&read, id) || feature_copy_of(id) != F_NONE);
	}
	mask_lines_free(&read);
}

/* What KVM offers on the hosts, as "mask" gives it to a plan; *m is of it then. */
static bool offered(struct mask *m, const struct pool *p, const struct guest_kvm *k)
{
	static struct cpuid_set baseline;
	static struct merge merged;

	if (pool_kvm_merge(p->host, p->hosts, k, &merged) != ERR_NONE)
		return false;
	merge_baseline(&merged, &baseline);
	m->seen = &merged.high;
	m->baseline = &baseline;
	m->every = &merged.low;
	return true;
}

/* A plan turns nothing on that a host's guests cannot have. */
static void check_plan(const struct kvm_plan *plan, const struct pool *p, const struct guest_kvm *k)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		if (plan->say[id] != KVM_ON)
			continue;
		for (size_t i = 0; i < p->hosts; i++)
			CHECK(pool_kvm_why(&p->host[i], k, (enum feature_id)id, NULL) <=
			      GUEST_KVM_MADE);
	}
}

/* Writes in this room and in one that is too small by some bytes. */
static void write_mask(const struct mask_dialect *d, const struct mask *m, struct text *t,
                       size_t less)
{
	static char room[65536];
	struct text small;

	text_start(t, room, sizeof(room));
	d->write(t, m);
	CHECK(!t->full);
	if (!t->used)
		return;
	const size_t size = t->used - 1 - less % t->used;
	char *exact = malloc(size ? size : 1);
	CHECK(exact);
	text_start(&small, exact, size);
	d->write(&small, m);
	CHECK(small.full && small.used <= size);
	free(exact);
}

static void check_dialect(const struct mask_dialect *d, const struct mask *of_hosts,
                          const struct pool *p, struct feed *f)
{
	static const unsigned kernels[] = { 0x050a, 0x0601, 0x0606, 0x060c };
	static struct kvm_plan plan;
	const struct guest_kvm k =
		kvm_plan_host(kernels[feed_below(f, COUNT(kernels))], feed_byte(f) & 1);
	struct mask m = *of_hosts;
	enum feature_id id;
	struct text t;

	if (d->consumer) {
		const struct kvm_offer offer = { .reader = d->consumer->reader,
			                         .only_adds = d->consumer->only_adds,
			                         .qemu = KVM_OFFER_QEMU,
			                         .libvirt = KVM_OFFER_LIBVIRT,
			                         .proxmox = KVM_OFFER_PROXMOX };
		if (!offered(&m, p, &k))
			return;
		if (offer.reader != KVM_FIRECRACKER && offer.reader != KVM_CLOUD_HYPERVISOR) {
			if (kvm_plan_make(&plan, &m, &offer, &id) != KVM_PLANNED)
				return;
			check_plan(&plan, p, &k);
			m.plan = &plan;
		}
	}
	write_mask(d, &m, &t, feed_word(f));
	if (d->write == mask_vmx_write)
		check_vmx(&m, &t);
	if (d->write == mask_featmask_write)
		check_featmask(&m, &t);
}

void fuzz_masks(const uint8_t *data, size_t size)
{
	static struct cpuid_set baseline;
	struct feed f = { data, data + size };
	struct hosts *h = hosts_take(&f);
	static struct merge merged;
	static struct pool p;

	hosts_pool(&p, h, NULL, h->count);
	if (pool_merge(&p, &merged)) {
		merge_baseline(&merged, &baseline);
		const struct mask m = { .seen = &merged.high,
			                .baseline = &baseline,
			                .every = &merged.low,
			                .hosts = &merged.low,
			                .hw = vmware_hw_versions[feed_below(&f, VMWARE_HW_COUNT)],
			                .grouped = feed_byte(&f) & 1,
			                .hide_all = feed_byte(&f) & 1,
			                .xen = feed_byte(&f) & 1 ? XEN_DEFAULT : XEN_OLDEST };

		check_dialect(&mask_dialects[feed_below(&f, mask_dialect_count)], &m, &p, &f);
	}
	pool_free(&p);
}

static struct text spell(const struct pool *p)
{
	const size_t room = pool_size(p);
	char *bytes = malloc(room);
	struct text t;

	CHECK(bytes);
	text_start(&t, bytes, room);
	pool_write(&t, p, "fuzz");
	CHECK(!t.full);
	return t;
}

/* Some order of the hosts. */
static void take_order(struct feed *f, size_t order[HOSTS_MAX], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const size_t at = feed_below(f, i + 1);

		order[i] = order[at];
		order[at] = i;
	}
}

static void check_same(const struct text *wanted, struct pool *p)
{
	const struct text own = spell(p);

	fuzz_same_text(wanted, &own);
	free(own.at);
	pool_free(p);
}

/* The hosts are there, as they were; in any order and in two parts the pool is the same. */
void fuzz_pools(const uint8_t *data, size_t size)
{
	static struct pool all, part, other;
	struct feed f = { data, data + size };
	struct hosts *h = hosts_take(&f);
	size_t order[HOSTS_MAX], count;
	struct where where;

	take_order(&f, order, h->count);
	hosts_pool(&all, h, NULL, h->count);
	const struct text text = spell(&all);
	CHECK(all.hosts == h->count);
	for (size_t i = 0; i < h->count; i++)
		CHECK(pool_find(&all, h->host[i].name, &count) && count > 0);
	hosts_pool(&other, h, order, h->count);
	check_same(&text, &other);
	const size_t split = feed_below(&f, h->count);
	hosts_pool(&part, h, order, split);
	hosts_pool(&other, h, order + split, h->count - split);
	CHECK(pool_add_pool(&part, &other) == ERR_NONE && pool_add_pool(&part, &all) == ERR_NONE);
	pool_free(&other);
	CHECK(pool_finish(&part) == ERR_NONE);
	check_same(&text, &part);
	pool_start(&other);
	CHECK(pool_read(&other, text.at, text.used, &where) == ERR_NONE);
	check_same(&text, &other);
	free(text.at);
	pool_free(&all);
}
