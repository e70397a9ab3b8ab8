/* SPDX-License-Identifier: MIT */
/*
 * msr.h - the model-specific registers that explain an answer: which to ask for, what they say.
 *
 * A feature that CPUID shows may be locked off all the same (VMX), and of one that it does not show
 * a register may tell that the firmware did it (AES).  msr.def is the table.
 */
#ifndef MSR_H
#define MSR_H

#include "cpuid/control.h"
#include "table/feature.h"

/*
 * Lists in number[max] the registers that a processor which answered set should have, ascending.
 * Returns how many.
 */
size_t msr_list(const struct cpuid_set *set, uint32_t *number, size_t max);

/*
 * The revision of the microcode, as MSR 8BH holds it after leaf 1 was asked for: Intel has it in
 * the upper half, AMD in the lower one; of others it is not known where.
 */
#define MSR_MICROCODE 0x8bU
bool msr_has_microcode(const struct cpuid_set *set);
uint64_t msr_microcode(const struct cpuid_set *set, uint64_t value);

/* "FEATURE_CONTROL"; "" for a number that is not in the table. */
const char *msr_name(uint32_t number);

/* The bits of a register that differ from processor to processor of one kind. */
uint64_t msr_processor_bits(uint32_t number);

#define MSR_SWITCHES_MAX 64

/* A feature that the firmware has switched off, as a register tells. */
struct msr_finding {
	enum feature_id id;
	uint32_t number; /* of the register */
	bool locked;     /* until the next reset */
	size_t row;      /* of MSR_SWITCH in msr.def, below MSR_SWITCHES_MAX */
	size_t next;     /* how far the walk has come; start with a zeroed struct */
};

/*
 * Moves *f to the next finding about a processor.  A register speaks only where CPUID agrees with
 * it: of a bit that it clears, where the bit is 0; of one that stays, where it is 1; and under a
 * hypervisor it says nothing.  Returns false when there is no more.
 */
bool msr_next(struct msr_finding *f, const struct control *control, const struct cpuid_set *set);

/* Sets id and number of *f to what a row is about.  Returns false if there are not so many rows. */
bool msr_switch(struct msr_finding *f, size_t row);

#endif
