/* SPDX-License-Identifier: MIT */
#include "table/guest_kvm.h"
#include "table/guest_kvm_host.h"

static void put_linux(struct text *t, unsigned kernel)
{
	text_put(t, "Linux ");
	text_decimal(t, kernel >> 8);
	text_put(t, ".");
	text_decimal(t, kernel & 0xff);
}

const char *guest_kvm_choice_text(enum guest_kvm_choice choice)
{
	switch (choice) {
	case GUEST_KVM_NESTED:
		return "only if it is to run guests";
	case GUEST_KVM_PMU:
		return "only with performance counters (pmu=on)";
	case GUEST_KVM_IDLE:
		return "only with -overcommit cpu-pm=on";
	case GUEST_KVM_SGX:
		return "only with memory for SGX";
	case GUEST_KVM_TRACE:
		return "only with kvm_intel's pt_mode=1";
	case GUEST_KVM_TIMER:
		return "only if it is never migrated";
	case GUEST_KVM_TOPOLOGY:
		return "follows -smp";
	case GUEST_KVM_AVX10:
		return "follows avx10-version=";
	case GUEST_KVM_TILES:
		return "its base model must have leaf 1DH";
	case GUEST_KVM_NONE:
		break;
	}
	return "";
}

static void put_newer(struct text *t, const struct guest_kvm *k, enum feature_id id)
{
	unsigned updates;
	const unsigned since = guest_kvm_since(id, &updates);

	put_linux(t, k->kernel);
	text_put(t, " does not give it to guests");
	if (updates && k->kernel >= updates)
		text_put(t, " (its stable updates do)");
	else if (since > k->kernel) {
		text_put(t, " (");
		put_linux(t, since);
		text_put(t, " does)");
	}
}

static void put_taken(struct text *t, const struct guest_kvm *k, const struct cpuid_set *host,
                      enum feature_id id)
{
	uint32_t fixed;
	const char *why = guest_kvm_taken(k, host, id, &fixed);

	text_put(t, "guests of ");
	put_linux(t, k->kernel);
	text_put(t, " do not get it on this processor");
	if (fixed) {
		text_put(t, " before microcode ");
		text_hex(t, fixed, 1);
		text_put(t, "H");
	}
	text_put(t, ": ");
	text_put(t, why ? why : "");
}

void guest_kvm_taken_text(struct text *t, const struct guest_kvm *k, const struct cpuid_set *host,
                          enum feature_id id)
{
	uint32_t fixed;
	const char *why = guest_kvm_taken(k, host, id, &fixed);

	text_put(t, why ? why : "");
	if (fixed) {
		text_put(t, "; not with microcode ");
		text_hex(t, fixed, 1);
		text_put(t, "H");
	}
}

static void put_made(struct text *t, const struct guest_kvm *k, const struct cpuid_set *host,
                     enum feature_id id)
{
	const char *why = guest_kvm_made(k, host, id);

	put_linux(t, k->kernel);
	text_put(t, " adds it: ");
	text_put(t, why ? why : "");
}

void guest_kvm_why_text(struct text *t, const struct guest_kvm *k, const struct cpuid_set *host,
                        enum feature_id id)
{
	switch (guest_kvm_why(k, host, id)) {
	case GUEST_KVM_HOSTS:
		text_put(t, "the host has it");
		break;
	case GUEST_KVM_OWN:
		text_put(t, "KVM has it in software");
		break;
	case GUEST_KVM_MADE:
		put_made(t, k, host, id);
		break;
	case GUEST_KVM_LACKS:
		text_put(t, "the host lacks it");
		break;
	case GUEST_KVM_UNREAD:
		text_put(t, "it is in a register that was not read");
		break;
	case GUEST_KVM_NEVER:
		text_put(t, "KVM gives it to no guest");
		break;
	case GUEST_KVM_NEWER:
		put_newer(t, k, id);
		break;
	case GUEST_KVM_PROCESSOR:
	case GUEST_KVM_MICROCODE:
		put_taken(t, k, host, id);
		break;
	case GUEST_KVM_CHOICE:
		text_put(t, "a guest has it ");
		text_put(t, guest_kvm_choice_text(guest_kvm_choice(id)));
		break;
	}
}

/* The kernels that everybody has by now are not worth words. */
#define OLDEST 0x050a

static const char *gives_text(enum guest_kvm_gives gives)
{
	switch (gives) {
	case GUEST_KVM_GIVES_NEVER:
		return "KVM hides it from a guest";
	case GUEST_KVM_GIVES_HOSTS:
		return "KVM shows a guest the host's value";
	case GUEST_KVM_GIVES_INTEL:
		return "KVM has it in software on Intel's processors and shows a guest the "
		       "host's value on others";
	case GUEST_KVM_GIVES_OWN:
		return "KVM has it in software on any host";
	case GUEST_KVM_GIVES_UNKNOWN:
		break;
	}
	return "";
}

void guest_kvm_about(struct text *t, enum feature_id id)
{
	unsigned updates;
	const unsigned since = guest_kvm_since(id, &updates);
	const enum guest_kvm_gives gives = guest_kvm_gives(id);

	if (gives == GUEST_KVM_GIVES_UNKNOWN)
		return;
	text_put(t, gives_text(gives));
	if (since > OLDEST) {
		text_put(t, ", from ");
		put_linux(t, since);
		text_put(t, " on");
	}
	if (updates) {
		text_put(t, " (from ");
		put_linux(t, updates);
		text_put(t, " on with stable updates)");
	}
	text_put(t, "; ");
	if (guest_kvm_choice(id) != GUEST_KVM_NONE) {
		text_put(t, guest_kvm_choice_text(guest_kvm_choice(id)));
		text_put(t, "; ");
	}
	guest_kvm_host_about(t, id);
}
