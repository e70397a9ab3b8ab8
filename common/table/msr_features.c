/* SPDX-License-Identifier: MIT */
#include "table/msr.h"

/* True if feature.def has rows for a register. */
static bool lists_features(uint32_t number)
{
	size_t low, high;

	feature_register(CPUID_MSR | number, 0, EAX, &low);
	feature_register(CPUID_MSR | number, 0, EDX, &high);
	return low + high > 0;
}

/*
 * The default1 controls: without the true registers they are always 1 (SDM vol. 3D, A.3 to A.5).
 * QEMU's kvm_arch_get_supported_msr_feature and KVM's nested VMX count one of them as a feature if
 * it can be 0.
 */
static uint32_t default1(uint32_t number)
{
	switch (number) {
	case 0x48d:
		return 0x00000016;
	case 0x48e:
		return 0x0401e172;
	case 0x48f:
		return 0x00036dff;
	case 0x490:
		return 0x000011ff;
	}
	return 0;
}

bool msr_add_features(struct cpuid_set *set, const struct control *control)
{
	for (const struct control_msr *m = control->msr; m < control->msr + control->msrs; m++) {
		const uint32_t low = (uint32_t)m->value.value;
		const uint32_t high = (uint32_t)(m->value.value >> 32);

		if (!lists_features(m->number))
			continue;
		struct cpuid_leaf *l = cpuid_insert(set, CPUID_MSR | m->number, 0);
		if (!l)
			return false;
		if (!m->value.known)
			continue;
		l->reg[EAX] = low;
		l->reg[EDX] = high & ~(low & default1(m->number));
	}
	return true;
}
