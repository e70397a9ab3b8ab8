/* SPDX-License-Identifier: MIT */
#include "msrs.h"

#include "guard.h"
#include "native.h"
#include "table/msr.h"

void msrs_start(struct msrs *m, const struct firmware *fw, bool allowed,
                const struct cpuid_set *set)
{
	uint32_t number[CONTROL_MSRS_MAX];
	uint64_t value;

	*m = (struct msrs){ .allowed = allowed };
	m->guarded = allowed && guard_start(fw);
	if (!m->guarded)
		return;
	m->microcode = msr_has_microcode(set) && guard_rdmsr(MSR_MICROCODE, &value);
	m->count = msr_list(set, number, CONTROL_MSRS_MAX);
	for (size_t i = 0; i < m->count; i++) {
		m->at[i].number = number[i];
		m->at[i].absent = !guard_rdmsr(number[i], &value);
	}
}

void msrs_stop(const struct msrs *m)
{
	if (m->guarded)
		guard_stop();
}

/* SDM vol. 3A, 10.11.7.1: executing CPUID leaf 1 loads the revision into the register. */
static void read_microcode(struct control_value *revision, const struct cpuid_set *set)
{
	uint32_t reg[CPUID_REGS];
	uint64_t value;

	native_cpuid(NULL, 1, 0, reg);
	revision->known = guard_rdmsr(MSR_MICROCODE, &value);
	if (revision->known)
		revision->value = msr_microcode(set, value);
}

void msrs_read(const struct msrs *m, struct control *control, const struct cpuid_set *set)
{
	control->msrs = 0;
	if (!m->guarded || !guard_covers())
		return;
	if (m->microcode)
		read_microcode(&control->microcode, set);
	for (size_t i = 0; i < m->count; i++) {
		struct control_msr *r = &control->msr[control->msrs++];

		*r = (struct control_msr){ .number = m->at[i].number };
		r->value.known = !m->at[i].absent && guard_rdmsr(r->number, &r->value.value);
	}
}

const char *msrs_access(const struct msrs *m)
{
	if (!m->allowed)
		return "off";
	return m->guarded ? "guarded" : "no guard";
}
