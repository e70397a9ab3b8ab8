/* SPDX-License-Identifier: MIT */
#include "mask/kvm_guest.h"

#include <string.h>

#include "table/feature_names.h"

/* QEMU's second names, but for those with '_'.  Source: target/i386/cpu.c, x86_cpu_initfn. */
static const struct alias {
	const char *alias, *name;
} aliases[] = {
	{ "sse3", "pni" },      { "pclmuldq", "pclmulqdq" },
	{ "sse4-1", "sse4.1" }, { "sse4-2", "sse4.2" },
	{ "xd", "nx" },         { "ffxsr", "fxsr-opt" },
	{ "i64", "lm" },
};

void kvm_guest_start(struct kvm_guest *g, enum kvm_reader reader)
{
	*g = (struct kvm_guest){ .reader = reader, .libvirt = KVM_OFFER_LIBVIRT };
	kvm_guest_model(g, "qemu64");
}

static void set_name(struct kvm_guest *g, const char *name)
{
	const size_t size = strlen(name);

	memset(g->name, 0, sizeof(g->name));
	memcpy(g->name, name, size < KVM_GUEST_NAME ? size : KVM_GUEST_NAME - 1);
}

bool kvm_guest_model(struct kvm_guest *g, const char *name)
{
	const bool host = strcmp(name, "host") == 0 || strcmp(name, "max") == 0;
	const enum cpu_model_id id = cpu_model_find(name);

	if (g->reader != KVM_LIBVIRT && host) {
		g->from = KVM_FROM_HOST;
		g->host_bits = g->pmu = true;
	} else if (id == M_NO_MODEL && (g->reader != KVM_QEMU || strcmp(name, "base") != 0)) {
		return false;
	} else {
		g->from = KVM_FROM_MODEL;
	}
	g->base = id;
	set_name(g, name);
	return true;
}

/* True if a name of the table is the one that the definition has. */
static bool is_name(const struct kvm_guest *g, const char *known, const char *name)
{
	for (; *known || *name; known++, name++)
		if (*known != *name && (g->reader == KVM_LIBVIRT || *known != '-' || *name != '_'))
			return false;
	return true;
}

size_t kvm_guest_say(struct kvm_guest *g, const char *name, enum kvm_said what)
{
	const enum feature_namer who = g->reader == KVM_LIBVIRT ? NAMED_LIBVIRT : NAMED_QEMU;
	size_t count = 0;

	for (size_t i = 0; who == NAMED_QEMU && i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (is_name(g, aliases[i].alias, name))
			name = aliases[i].name;
	for (unsigned id = F_NONE + 1; *name && id < F_COUNT; id++)
		if (is_name(g, feature_named((enum feature_id)id, who), name)) {
			g->said[id] = (uint8_t)what;
			count++;
		}
	return count;
}
