/* SPDX-License-Identifier: MIT */
#include "table/guest_kvm.h"

#include "base/mem.h"
#include "table/guest_kvm_host.h"
#include "table/guest_kvm_set.h"

static const struct row {
	uint8_t gives, choice;
	uint16_t since, updates;
} rows[F_COUNT] = {
#define KVM(feature, gives, since, updates, choice) \
	[F_##feature] = { GUEST_KVM_GIVES_##gives, GUEST_KVM_##choice, since, updates },
#include "table/guest_kvm.def"
#undef KVM
};

enum guest_kvm_gives guest_kvm_gives(enum feature_id id)
{
	return (enum guest_kvm_gives)rows[id].gives;
}

enum guest_kvm_choice guest_kvm_choice(enum feature_id id)
{
	return (enum guest_kvm_choice)rows[id].choice;
}

unsigned guest_kvm_since(enum feature_id id, unsigned *updates)
{
	*updates = rows[id].updates;
	return rows[id].since;
}

static bool is_chosen(const struct guest_kvm *k, enum feature_id id)
{
	switch ((enum guest_kvm_choice)rows[id].choice) {
	case GUEST_KVM_NESTED:
		return k->nested;
	case GUEST_KVM_PMU:
		return k->pmu;
	case GUEST_KVM_IDLE:
		return k->idle;
	case GUEST_KVM_SGX:
		return k->sgx;
	case GUEST_KVM_TRACE:
		return k->trace;
	case GUEST_KVM_TIMER:
		return k->timer;
	case GUEST_KVM_NONE:
	case GUEST_KVM_TOPOLOGY:
	case GUEST_KVM_AVX10:
	case GUEST_KVM_TILES:
		break;
	}
	return true;
}

bool guest_kvm_reaches(const struct guest_kvm *k, unsigned since, unsigned updates)
{
	return k->kernel >= since || (k->updated && updates && k->kernel >= updates);
}

static bool is_intel(const struct cpuid_set *host)
{
	char vendor[13];

	cpuid_vendor(host, vendor);
	return memcmp(vendor, "GenuineIntel", sizeof(vendor)) == 0;
}

/* True if KVM has the feature in software on this host. */
static bool has_own(const struct cpuid_set *host, enum feature_id id)
{
	return rows[id].gives == GUEST_KVM_GIVES_OWN ||
	       (rows[id].gives == GUEST_KVM_GIVES_INTEL && is_intel(host));
}

/* True if the feature is in a register of the host that the set does not have. */
static bool is_unread(const struct guest_kvm *k, const struct cpuid_set *host, enum feature_id id)
{
	const uint32_t leaf = feature_leaf(&features[id]);

	return leaf >= CPUID_MSR && !cpuid_find(host, leaf, 0) && guest_kvm_lists(k, host, id);
}

/* What the kernel and the processor say, before the owner's choice. */
static enum guest_kvm_why of_kernel(const struct guest_kvm *k, const struct cpuid_set *host,
                                    enum feature_id id)
{
	uint32_t fixed;

	if (rows[id].since == 0)
		return GUEST_KVM_NEVER;
	const bool has = feature_value(host, id) != 0, own = has_own(host, id);
	const bool made = !has && !own && guest_kvm_made(k, host, id);
	if (!has && !own && !made)
		return is_unread(k, host, id) ? GUEST_KVM_UNREAD : GUEST_KVM_LACKS;
	if (!guest_kvm_reaches(k, rows[id].since, rows[id].updates))
		return GUEST_KVM_NEWER;
	if (!guest_kvm_lists(k, host, id))
		return has ? GUEST_KVM_NEWER : GUEST_KVM_LACKS;
	if (guest_kvm_taken(k, host, id, &fixed))
		return fixed ? GUEST_KVM_MICROCODE : GUEST_KVM_PROCESSOR;
	if (has)
		return GUEST_KVM_HOSTS;
	return made ? GUEST_KVM_MADE : GUEST_KVM_OWN;
}

enum guest_kvm_why guest_kvm_why(const struct guest_kvm *k, const struct cpuid_set *host,
                                 enum feature_id id)
{
	const enum guest_kvm_why why = of_kernel(k, host, id);

	return why <= GUEST_KVM_MADE && !is_chosen(k, id) ? GUEST_KVM_CHOICE : why;
}

bool guest_kvm_offers(const struct guest_kvm *k, const struct cpuid_set *host, enum feature_id id)
{
	return guest_kvm_why(k, host, id) <= GUEST_KVM_MADE;
}
