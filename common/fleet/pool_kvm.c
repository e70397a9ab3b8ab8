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

/* The leaves of a processor, and of which host it is: many hosts offer the same. */
struct offer {
	const struct pool_answer *answer;
	const struct pool_host *host;
};

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_answer(const void *x, const void *y)
{
	const struct offer *a = x, *b = y;
	const struct control_value *mine = &a->host->microcode, *other = &b->host->microcode;

	if (a->answer->index != b->answer->index)
		return compare(a->answer->index, b->answer->index);
	if (mine->known != other->known)
		return compare(mine->known, other->known);
	return mine->known ? compare(mine->value, other->value) : 0;
}

bool pool_kvm_merge(const struct pool_host *host, size_t hosts, const struct guest_kvm *k,
                    struct merge *m)
{
	size_t count = 0;
	struct cpuid_set offered;

	merge_start(m);
	for (size_t i = 0; i < hosts; i++)
		count += host[i].answers;
	struct offer *list = calloc(count ? count : 1, sizeof(*list));
	bool ok = list != NULL;
	count = 0;
	for (size_t i = 0; ok && i < hosts; i++)
		for (size_t n = 0; n < host[i].answers; n++)
			list[count++] = (struct offer){ host[i].answer[n], &host[i] };
	if (ok)
		qsort(list, count, sizeof(*list), by_answer);
	for (size_t i = 0; ok && i < count; i++) {
		const struct guest_kvm own = pool_kvm_host(k, list[i].host);

		if (i && by_answer(&list[i - 1], &list[i]) == 0)
			continue;
		guest_kvm_set(&own, &list[i].answer->set, &offered);
		ok = merge_add(m, &offered);
	}
	free(list);
	return ok;
}

enum guest_kvm_why pool_kvm_why(const struct pool_host *host, const struct guest_kvm *k,
                                enum feature_id id, const struct cpuid_set **reterr_set)
{
	const struct guest_kvm own = pool_kvm_host(k, host);
	enum guest_kvm_why why = GUEST_KVM_HOSTS;

	for (size_t i = 0; i < host->answers; i++) {
		const struct cpuid_set *set = &host->answer[i]->set;
		const enum guest_kvm_why one = guest_kvm_why(&own, set, id);

		if (i && (why > GUEST_KVM_MADE || one <= GUEST_KVM_MADE))
			continue;
		why = one;
		if (reterr_set)
			*reterr_set = set;
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
