/* SPDX-License-Identifier: MIT */
#include "fleet/pool_kvm.h"

#include <stdlib.h>

struct guest_kvm pool_kvm_host(const struct guest_kvm *k, const struct pool_host *host)
{
	struct guest_kvm own = *k;

	own.microcode_known = host->microcode.known;
	own.microcode = host->microcode.value;
	return own;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Orders hosts so that those whose guests are offered the same are side by side. */
static int by_processors(const void *x, const void *y)
{
	const struct pool_host *a = *(const struct pool_host *const *)x;
	const struct pool_host *b = *(const struct pool_host *const *)y;
	int order = compare(a->steppings, b->steppings);

	if (!order)
		order = compare(a->microcode.known, b->microcode.known);
	if (!order && a->microcode.known)
		order = compare(a->microcode.value, b->microcode.value);
	if (!order)
		order = compare(a->answers, b->answers);
	for (size_t i = 0; !order && i < a->answers; i++)
		order = compare(a->answer[i]->index, b->answer[i]->index);
	return order;
}

static bool add_host(struct merge *m, const struct guest_kvm *k, const struct pool_host *host)
{
	const struct guest_kvm own = pool_kvm_host(k, host);
	struct cpuid_set set, offered;

	for (size_t i = 0; pool_processor(host, i, &set); i++) {
		guest_kvm_set(&own, &set, &offered);
		if (!merge_add(m, &offered))
			return false;
	}
	return true;
}

enum err pool_kvm_merge(const struct pool_host *host, size_t hosts, const struct guest_kvm *k,
                        struct merge *m)
{
	const struct pool_host **list = calloc(hosts ? hosts : 1, sizeof(const struct pool_host *));
	bool ok = true;

	merge_start(m);
	if (!list)
		return ERR_MEMORY;
	for (size_t i = 0; i < hosts; i++)
		list[i] = &host[i];
	qsort(list, hosts, sizeof(const struct pool_host *), by_processors);
	for (size_t i = 0; ok && i < hosts; i++)
		if (i == 0 || by_processors(&list[i - 1], &list[i]) != 0)
			ok = add_host(m, k, list[i]);
	free(list);
	return ok ? ERR_NONE : ERR_MANY_LEAVES;
}

enum guest_kvm_why pool_kvm_why(const struct pool_host *host, const struct guest_kvm *k,
                                enum feature_id id, struct cpuid_set *cause)
{
	const struct guest_kvm own = pool_kvm_host(k, host);
	enum guest_kvm_why why = GUEST_KVM_HOSTS;
	struct cpuid_set set;

	for (size_t i = 0; pool_processor(host, i, &set); i++) {
		const enum guest_kvm_why one = guest_kvm_why(&own, &set, id);

		if (i && (why > GUEST_KVM_MADE || one <= GUEST_KVM_MADE))
			continue;
		why = one;
		if (cause)
			*cause = set;
	}
	return why;
}

bool pool_kvm_unread(const struct pool_host *host, uint32_t leaf)
{
	for (size_t i = 0; i < host->answers; i++)
		if (!cpuid_knows(&host->answer[i]->set, leaf, 0))
			return true;
	return false;
}
