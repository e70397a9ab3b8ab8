/* SPDX-License-Identifier: MIT */
#include "mask/kvm_check.h"

#include <string.h>

#include "table/feature_names.h"

/* What a guest does not have without another feature: QEMU turns it off unasked. */
static const struct depends {
	uint16_t needed;
	uint32_t first, last; /* leaves */
	uint16_t id;          /* if not F_NONE: only this feature */
} depends[] = {
	/* Source: QEMU target/i386/cpu.c, feature_dependencies. */
	{ F_ARCH_CAPABILITIES, CPUID_MSR | 0x10a, CPUID_MSR | 0x10a, F_NONE },
	{ F_CORE_CAPABILITIES, CPUID_MSR | 0xcf, CPUID_MSR | 0xcf, F_NONE },
	{ F_PDCM, CPUID_MSR | 0x345, CPUID_MSR | 0x345, F_NONE },
	{ F_VMX, CPUID_MSR | 0x480, CPUID_MSR | 0x491, F_NONE },
	{ F_RDRAND, 0, 0, F_VMX_RDRAND_EXIT },
	{ F_RDSEED, 0, 0, F_VMX_RDSEED_EXIT },
	{ F_INVPCID, 0, 0, F_VMX_INVPCID_EXIT },
	{ F_RDTSCP, 0, 0, F_VMX_RDTSCP_EXIT },
	{ F_XSAVES, 0, 0, F_VMX_XSAVES },
	{ F_WAITPKG, 0, 0, F_VMX_USER_WAIT_PAUSE },
	{ F_SVM, 0x8000000a, 0x8000000a, F_NONE },
	{ F_INTEL_PT, 0x14, 0x14, F_NONE },
	{ F_LM, 0, 0, F_FRED },
	{ F_LKGS, 0, 0, F_FRED },
	{ F_WRMSRNS, 0, 0, F_FRED },
	{ F_AVX10, 0x24, 0x24, F_NONE },
};

/*
 * True if a definition can speak of a feature: one bit, with a name.  HTT follows -smp, and QEMU
 * sets the bit of hypervisors itself.
 */
static bool is_judged(enum feature_id id)
{
	const struct feature *f = &features[id];

	return f->low == f->high && feature_subleaf(f) < FROM(0) && f->kind == KIND_FEATURE &&
	       (f->rule == RULE_ALL || f->rule == RULE_ANY) && id != F_HTT &&
	       id != F_HYPERVISOR_PRESENT &&
	       (*feature_named(id, NAMED_QEMU) || *feature_named(id, NAMED_LIBVIRT));
}

/* True if QEMU or libvirt gives the feature to a guest that has what the host has. */
static bool is_hosts(const struct kvm_guest *g, enum feature_id id)
{
	switch (guest_kvm_choice(id)) {
	case GUEST_KVM_IDLE:
	case GUEST_KVM_SGX:
	case GUEST_KVM_TRACE:
		return false;
	case GUEST_KVM_TIMER:
		return g->fixed;
	case GUEST_KVM_PMU:
		return g->pmu || (id != F_PDCM && id != F_ARCH_LBR);
	case GUEST_KVM_NONE:
	case GUEST_KVM_NESTED:
	case GUEST_KVM_TOPOLOGY:
	case GUEST_KVM_AVX10:
	case GUEST_KVM_TILES:
		break;
	}
	return true;
}

static enum kvm_want want_unsaid(const struct kvm_guest *g, const struct cpu_model_features *f,
                                 enum feature_id id)
{
	if (g->from == KVM_FROM_MODEL) {
		if (cpu_model_gives(f, id))
			return KVM_WANT_IT;
		if (!g->minimum)
			return KVM_WANT_NOT;
	}
	return is_hosts(g, id) ? KVM_WANT_HOSTS : KVM_WANT_NOT;
}

static enum kvm_want want(const struct kvm_guest *g, const struct cpu_model_features *f,
                          enum feature_id id)
{
	switch ((enum kvm_said)g->said[id]) {
	case KVM_SAID_ON:
		return KVM_WANT_IT;
	case KVM_SAID_OFF:
		return KVM_WANT_NOT;
	case KVM_SAID_OPTIONAL:
		return KVM_WANT_HOSTS;
	case KVM_SAID_FORBIDDEN:
		return KVM_WANT_NONE;
	case KVM_SAID_NOTHING:
		break;
	}
	return want_unsaid(g, f, id);
}

static bool is_wanted(const struct kvm_check *c, unsigned id)
{
	return c->want[id] == KVM_WANT_IT || c->want[id] == KVM_WANT_HOSTS;
}

/* Drops what needs a feature that the guest has not. */
static void drop(struct kvm_check *c, const struct depends *d)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const uint32_t leaf = feature_leaf(&features[id]);

		if (is_wanted(c, id) &&
		    (d->id == F_NONE ? leaf >= d->first && leaf <= d->last : id == d->id))
			c->want[id] = KVM_WANT_NOT;
	}
}

/*
 * True if libvirt's model has the feature, and libvirt looks for it.  What later versions have
 * added to their models for guests that run guests is turned off where it is missing.
 */
static bool is_compared(const struct kvm_guest *g, const struct cpu_model_features *f,
                        enum feature_id id)
{
	const bool added = guest_kvm_choice(id) == GUEST_KVM_NESTED &&
	                   feature_leaf(&features[id]) >= CPUID_MSR;

	return !added && cpu_model_in_libvirt(f, id, g->libvirt);
}

/* Adds what libvirt looks for, whatever QEMU makes of it. */
static void add_compared(struct kvm_check *c, const struct cpu_model_features *f)
{
	const struct kvm_guest *g = c->guest;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (is_judged(id) && *feature_named(id, NAMED_LIBVIRT) &&
		    (g->said[i] == KVM_SAID_ON ||
		     (g->said[i] == KVM_SAID_NOTHING && is_compared(g, f, id))))
			c->want[i] = KVM_WANT_IT;
	}
}

void kvm_check_start(struct kvm_check *c, const struct kvm_guest *guest)
{
	struct cpu_model_features f;

	*c = (struct kvm_check){ .guest = guest };
	cpu_model_features(guest->base, &f);
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (is_judged((enum feature_id)id))
			c->want[id] = (uint8_t)want(guest, &f, (enum feature_id)id);
	for (size_t i = 0; i < sizeof(depends) / sizeof(depends[0]); i++)
		if (!is_wanted(c, depends[i].needed))
			drop(c, &depends[i]);
	if (guest->compared)
		add_compared(c, &f);
}

/* What a guest of one processor gets of a feature. */
static enum kvm_fit gets(const struct guest_kvm *k, const struct cpuid_set *set, enum feature_id id)
{
	const struct place at = feature_place(id);

	switch (guest_kvm_why(k, set, id)) {
	case GUEST_KVM_HOSTS:
	case GUEST_KVM_OWN:
	case GUEST_KVM_MADE:
		return KVM_FIT_YES;
	case GUEST_KVM_UNREAD:
		return KVM_FIT_UNKNOWN;
	case GUEST_KVM_LACKS:
		return place_known(set, &at) ? KVM_FIT_NO : KVM_FIT_UNKNOWN;
	case GUEST_KVM_NEVER:
	case GUEST_KVM_NEWER:
	case GUEST_KVM_PROCESSOR:
	case GUEST_KVM_MICROCODE:
	case GUEST_KVM_CHOICE:
		break;
	}
	return KVM_FIT_NO;
}

static unsigned width_of(const struct kvm_guest *g, const struct cpuid_set *set)
{
	const unsigned bits = feature_value(set, F_PHYS_BITS);

	return g->limit && bits > g->limit ? g->limit : bits;
}

static uint32_t signature_of(const struct cpuid_set *set)
{
	return cpuid_family(set) << 16 | cpuid_model(set);
}

void kvm_check_add(struct kvm_check *c, const struct guest_kvm *k, const struct cpuid_set *set)
{
	const unsigned width = width_of(c->guest, set);
	char vendor[13];

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		if (c->want[id] != KVM_WANT_HOSTS)
			continue;
		const enum kvm_fit fit = gets(k, set, (enum feature_id)id);
		c->some[id] = c->some[id] || fit == KVM_FIT_YES;
		c->perhaps[id] = c->perhaps[id] || fit == KVM_FIT_UNKNOWN;
	}
	c->widest = width > c->widest ? width : c->widest;
	cpuid_vendor(set, vendor);
	if (!c->processors++) {
		memcpy(c->vendor, vendor, sizeof(vendor));
		c->signature = signature_of(set);
	}
	c->vendors = c->vendors || strcmp(c->vendor, vendor) != 0;
	c->signatures = c->signatures || c->signature != signature_of(set);
}

enum kvm_fit kvm_check_feature(const struct kvm_check *c, const struct guest_kvm *k,
                               const struct cpuid_set *set, enum feature_id id)
{
	if (!is_judged(id) || (c->want[id] == KVM_WANT_NOT && !c->guest->strict))
		return KVM_FIT_YES;
	const enum kvm_fit fit = gets(k, set, id);
	switch ((enum kvm_want)c->want[id]) {
	case KVM_WANT_IT:
		return fit;
	case KVM_WANT_HOSTS:
		/* If no host has it, but this one may, another that may not is no worse. */
		if (c->some[id])
			return fit;
		return c->perhaps[id] && c->processors > 1 ? KVM_FIT_UNKNOWN : KVM_FIT_YES;
	case KVM_WANT_NONE:
		return fit == KVM_FIT_YES ? KVM_FIT_MORE : fit == KVM_FIT_NO ? KVM_FIT_YES : fit;
	case KVM_WANT_NOT:
		break;
	}
	return fit == KVM_FIT_YES && c->guest->said[id] != KVM_SAID_OFF ? KVM_FIT_MORE
	                                                                : KVM_FIT_YES;
}

unsigned kvm_check_bits(const struct kvm_check *c)
{
	if (c->guest->host_bits)
		return c->widest;
	return c->guest->bits ? c->guest->bits : KVM_GUEST_BITS;
}

enum kvm_fit kvm_check_width(const struct kvm_check *c, const struct cpuid_set *set)
{
	const unsigned bits = feature_value(set, F_PHYS_BITS);

	if (!bits)
		return KVM_FIT_UNKNOWN;
	if (c->guest->host_bits)
		return width_of(c->guest, set) < c->widest ? KVM_FIT_NO : KVM_FIT_YES;
	return kvm_check_bits(c) > bits ? KVM_FIT_NO : KVM_FIT_YES;
}

/* KVM gives an Intel host's guest what AMD's processors do, see kvm_plan.c. */
enum kvm_fit kvm_check_vendor(const struct kvm_check *c, const struct cpuid_set *set)
{
	const struct kvm_guest *g = c->guest;
	char vendor[13];

	cpuid_vendor(set, vendor);
	if (*g->host_vendor && strcmp(g->host_vendor, vendor) != 0)
		return KVM_FIT_NO;
	if (!*g->vendor)
		return c->vendors ? KVM_FIT_NO : KVM_FIT_YES;
	return strcmp(g->vendor, vendor) == 0 || strcmp(g->vendor, "AuthenticAMD") == 0
	               ? KVM_FIT_YES
	               : KVM_FIT_NO;
}

enum kvm_fit kvm_check_signature(const struct kvm_check *c)
{
	return c->guest->from == KVM_FROM_HOST && c->signatures ? KVM_FIT_NO : KVM_FIT_YES;
}

bool kvm_check_stays(const struct kvm_check *c)
{
	const enum kvm_want invtsc = (enum kvm_want)c->want[F_TSC_INVARIANT];

	return !c->guest->paced &&
	       (invtsc == KVM_WANT_IT || (invtsc == KVM_WANT_HOSTS && c->some[F_TSC_INVARIANT]));
}

size_t kvm_check_unused(const struct kvm_check *c, const struct guest_kvm *k,
                        const struct cpuid_set *every)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (c->want[id] == KVM_WANT_NOT && is_judged(id) && features[id].rule == RULE_ALL &&
		    feature_leaf(&features[id]) < CPUID_MSR && *feature_named(id, NAMED_QEMU) &&
		    guest_kvm_choice(id) == GUEST_KVM_NONE &&
		    guest_kvm_why(k, every, id) == GUEST_KVM_HOSTS &&
		    (id != F_XSAVES || c->guest->reader != KVM_LIBVIRT))
			count++;
	}
	return count;
}
