/* SPDX-License-Identifier: MIT */
/*
 * msr.h - the model-specific registers that explain CPUID: which to read, and what they mean.
 *
 * Firmware may have locked a feature off that CPUID still shows (VMX), and if CPUID does not show a
 * feature, a register may say that firmware switched it off (AES).  msr.def is the table.
 */
#ifndef MSR_H
#define MSR_H

#include "cpuid/control.h"
#include "table/feature.h"

/*
 * Lists in number[max] the registers that a processor with these leaves should have, ascending.
 * Returns how many.
 */
size_t msr_list(const struct cpuid_set *set, uint32_t *number, size_t max);

/*
 * MSR 8BH has the microcode revision, after leaf 1 has been read.  True for vendors for which it is
 * known where: Intel has it in the upper half, AMD in the lower half.
 */
#define MSR_MICROCODE 0x8bU
bool msr_has_microcode(const struct cpuid_set *set);

/* Returns the microcode revision in a value of MSR 8BH. */
uint64_t msr_microcode(const struct cpuid_set *set, uint64_t value);

/*
 * Adds to *set, as leaves CPUID_MSR | number, the registers of *control that list features: what
 * feature.def has rows for.  A register that was not read is left out: it is unknown.  One that the
 * processor does not have is all zero.  In the true VMX controls (MSR 48DH to 490H) a control that
 * processors without these registers cannot clear counts as a feature if it can be cleared, as KVM
 * and QEMU have it.  Returns false if the set is full.
 */
bool msr_add_features(struct cpuid_set *set, const struct control *control);

/* Returns a name such as "FEATURE_CONTROL"; "" for a number that is not in the table. */
const char *msr_name(uint32_t number);

/* True if a register has this name, in any case. */
bool msr_known(const char *name);

/* Returns the bits of a register that differ between processors of one kind. */
uint64_t msr_processor_bits(uint32_t number);

#define MSR_SWITCHES_MAX 64

/* A feature that firmware has switched off, according to a register. */
struct msr_finding {
	enum feature_id id;
	uint32_t number; /* of the register */
	bool locked;     /* until the next reset */
	size_t row;      /* of MSR_SWITCH in msr.def, below MSR_SWITCHES_MAX */
	size_t next;     /* the next row; start with a zeroed struct */
};

/*
 * Moves *f to the next finding about a processor.  Returns false if there are no more.  A register
 * counts only if CPUID agrees: a bit that it clears must be 0, and a bit that stays must be 1.
 * Under a hypervisor there are no findings.
 */
bool msr_next(struct msr_finding *f, const struct control *control, const struct cpuid_set *set);

/* Sets id and number of *f to those of a row.  Returns false if there is no such row. */
bool msr_switch(struct msr_finding *f, size_t row);

#endif
