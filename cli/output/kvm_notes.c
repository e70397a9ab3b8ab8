/* SPDX-License-Identifier: MIT */
#include "output/kvm_notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mask/kvm_plan.h"
#include "output/message.h"
#include "table/feature_names.h"

/* So many hosts are named, and the others counted. */
#define HOSTS_NAMED 6

/* A reason, and the features that are left out for it. */
struct note {
	char *reason, *features;
};

struct notes {
	const struct pool *pool;
	const struct guest_kvm *k;
	size_t count;
	struct note *at;
};

static char *copy(const char *text)
{
	char *new = allocate(strlen(text) + 1);

	return strcpy(new, text);
}

/* Adds words to the features of a reason. */
static void add(struct notes *n, const char *reason, const char *words)
{
	size_t i = 0;

	while (i < n->count && strcmp(n->at[i].reason, reason) != 0)
		i++;
	if (i == n->count) {
		n->at = allocate_room(n->at, n->count, sizeof(*n->at));
		n->at[n->count++] = (struct note){ copy(reason), copy(words) };
		return;
	}
	char *both = allocate(strlen(n->at[i].features) + strlen(words) + 3);
	sprintf(both, "%s, %s", n->at[i].features, words);
	free(n->at[i].features);
	n->at[i].features = both;
}

/* Why guests of a host do not get a feature, if Linux takes it away there; else "". */
static void taken_words(char words[static PRINTABLE_MAX], const struct notes *n,
                        const struct pool_host *host, enum feature_id id)
{
	struct cpuid_set set;
	const struct guest_kvm own = pool_kvm_host(n->k, host);
	const enum guest_kvm_why why = pool_kvm_why(host, n->k, id, &set);
	struct text t;

	text_start(&t, words, PRINTABLE_MAX);
	if (why == GUEST_KVM_PROCESSOR || why == GUEST_KVM_MICROCODE)
		guest_kvm_taken_text(&t, &own, &set, id);
	text_string(&t);
}

/* Names the hosts of a list of flags. */
void kvm_notes_hosts(FILE *f, const struct pool *pool, const bool *which)
{
	size_t count = 0;
	char name[PRINTABLE_MAX];

	for (size_t i = 0; i < pool->hosts; i++) {
		if (!which[i])
			continue;
		if (count++ < HOSTS_NAMED)
			fprintf(f, "%s%s", count > 1 ? ", " : "",
			        printable(name, sizeof(name), pool->host[i].name));
	}
	if (count > HOSTS_NAMED)
		fprintf(f, " and %zu more", count - HOSTS_NAMED);
}

static void add_taken(struct notes *n, enum feature_id id, const char *words, const bool *which)
{
	char *reason = NULL;
	size_t size;
	FILE *f = stream_open(&reason, &size);

	fprintf(f, "as guests of Linux %u.%u do not get it on ", n->k->kernel >> 8,
	        n->k->kernel & 0xff);
	kvm_notes_hosts(f, n->pool, which);
	fprintf(f, " (%s)", words);
	stream_close(f);
	add(n, reason, feature_name(id));
	free(reason);
}

/* Adds a note for each reason for which Linux takes a feature away.  Returns false if none does. */
static bool find_taken(struct notes *n, enum feature_id id)
{
	const size_t hosts = n->pool->hosts;
	char(*words)[PRINTABLE_MAX] = allocate(hosts * sizeof(*words));
	bool *which = allocate(hosts * sizeof(*which)), any = false;

	for (size_t i = 0; i < hosts; i++)
		taken_words(words[i], n, &n->pool->host[i], id);
	for (size_t i = 0; i < hosts; i++) {
		if (!*words[i])
			continue;
		any = true;
		for (size_t k = 0; k < hosts; k++)
			which[k] = strcmp(words[k], words[i]) == 0;
		add_taken(n, id, words[i], which);
		for (size_t k = hosts; k-- > i;)
			if (which[k])
				*words[k] = '\0';
	}
	free(which);
	free(words);
	return any;
}

/* Adds a note if the kernel does not know a feature of some host.  Returns false if it does. */
static bool find_newer(struct notes *n, enum feature_id id)
{
	char reason[64], words[128];
	unsigned updates;
	const unsigned since = guest_kvm_since(id, &updates);
	size_t i = 0;

	while (i < n->pool->hosts &&
	       pool_kvm_why(&n->pool->host[i], n->k, id, NULL) != GUEST_KVM_NEWER)
		i++;
	if (i == n->pool->hosts)
		return false;
	snprintf(reason, sizeof(reason), "as Linux %u.%u gives it to no guest", n->k->kernel >> 8,
	         n->k->kernel & 0xff);
	snprintf(words, sizeof(words), since > n->k->kernel ? "%s (%u.%u does)" : "%s",
	         feature_name(id), since >> 8, since & 0xff);
	add(n, reason, words);
	return true;
}

/* True if guests on all hosts have it: a bit of rule ANY in the baseline may be of some only. */
static bool all_have(const struct mask *m, enum feature_id id)
{
	return feature_value(m->baseline, id) && feature_value(m->every, id);
}

/* True for what the owner of the guest has not chosen, or decides beside its features. */
static bool is_owners(const struct guest_kvm *k, enum feature_id id)
{
	return kvm_plan_is_owners(id) || (guest_kvm_choice(id) == GUEST_KVM_NESTED && !k->nested);
}

bool kvm_notes_all_offer(const struct pool *pool, const struct guest_kvm *k, enum feature_id id)
{
	for (size_t i = 0; i < pool->hosts; i++)
		if (pool_kvm_why(&pool->host[i], k, id, NULL) > GUEST_KVM_MADE)
			return false;
	return true;
}

void kvm_notes_print(const struct pool *pool, const struct guest_kvm *k, const struct mask *hosts,
                     const struct mask *m)
{
	struct notes n = { .pool = pool, .k = k };

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (!*feature_named(id, NAMED_QEMU) || features[i].kind != KIND_FEATURE ||
		    is_owners(k, id) || !all_have(hosts, id) || all_have(m, id))
			continue;
		if (!find_taken(&n, id) && !find_newer(&n, id) && kvm_notes_all_offer(pool, k, id))
			add(&n, "as it needs what is left out", feature_name(id));
	}
	for (size_t i = 0; i < n.count; i++) {
		fprintf(message_out(), "left out, %s: %s\n", n.at[i].reason, n.at[i].features);
		free(n.at[i].reason);
		free(n.at[i].features);
	}
	free(n.at);
}

/* What there is to say of a feature on a host; "" if it has it and KVM passes it on. */
static void say_why(char words[static PRINTABLE_MAX], const struct pool_host *host,
                    const struct guest_kvm *k, enum feature_id id)
{
	struct cpuid_set set;
	const struct guest_kvm own = pool_kvm_host(k, host);
	const enum guest_kvm_why why = pool_kvm_why(host, k, id, &set);
	struct text t;

	text_start(&t, words, PRINTABLE_MAX);
	text_put(&t, why == GUEST_KVM_CHOICE ? "KVM: " : "");
	if (why != GUEST_KVM_HOSTS && why != GUEST_KVM_LACKS)
		guest_kvm_why_text(&t, &own, &set, id);
	text_string(&t);
}

/* What is said of some hosts, and the first of them. */
struct said {
	size_t first;
	char words[PRINTABLE_MAX];
};

/* Returns the kept words of a host, which are NULL if there are none. */
static const struct said *keep_why(struct intern *t, const struct pool *pool, size_t host,
                                   const struct guest_kvm *k, enum feature_id id)
{
	const size_t skip = offsetof(struct said, words);
	struct said s = { .first = host };

	say_why(s.words, &pool->host[host], k, id);
	const struct said *kept = intern_keep(t, &s, skip + strlen(s.words) + 1, skip);
	if (!kept)
		out_of_memory();
	return *s.words ? kept : NULL;
}

bool kvm_notes_explain(const struct pool *pool, const struct guest_kvm *k, enum feature_id id,
                       kvm_notes_say *say, void *ctx)
{
	const struct said **said = allocate(pool->hosts * sizeof(const struct said *));
	bool *which = allocate(pool->hosts * sizeof(*which)), any = false;
	struct intern t = { .count = 0 };

	for (size_t i = 0; i < pool->hosts; i++)
		said[i] = keep_why(&t, pool, i, k, id);
	for (size_t i = 0; i < pool->hosts; i++) {
		size_t count = 0;

		if (!said[i] || said[i]->first != i)
			continue;
		for (size_t n = 0; n < pool->hosts; n++) {
			which[n] = said[n] == said[i];
			count += which[n];
		}
		any = true;
		say(ctx, said[i]->words, pool, count < pool->hosts ? which : NULL);
	}
	intern_free(&t);
	free(which);
	free(said);
	return any;
}

const struct pool_host *kvm_notes_first_unread(const struct pool *pool, uint32_t leaf)
{
	for (const struct pool_host *h = pool->host; h < pool->host + pool->hosts; h++)
		if (pool_kvm_unread(h, leaf))
			return h;
	return NULL;
}

void kvm_notes_unread(const struct pool *pool, const char *consequence)
{
	const uint32_t leaf = CPUID_MSR | 0x10a;
	bool *which = allocate(pool->hosts * sizeof(*which));

	for (size_t i = 0; i < pool->hosts; i++)
		which[i] = pool_kvm_unread(&pool->host[i], leaf);
	if (kvm_notes_first_unread(pool, leaf)) {
		fprintf(message_out(), "cpulevel: ");
		kvm_notes_hosts(message_out(), pool, which);
		fprintf(message_out(), ": ARCH_CAPABILITIES was not read: %s\n", consequence);
	}
	free(which);
}
