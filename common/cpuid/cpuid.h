/* SPDX-License-Identifier: MIT */
/*
 * cpuid.h - what CPUID returns on one processor, as a sorted list.
 *
 * Reports, merging and masks work on a struct cpuid_set and do not execute CPUID themselves.  So
 * they run unchanged in firmware, on a workstation, on a recorded dump and under a fuzzer.
 */
#ifndef CPUID_H
#define CPUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cpuid_reg { EAX, EBX, ECX, EDX, CPUID_REGS };

/*
 * One entry: leaf and subleaf are the key, reg[] is what CPUID returns.  unknown[] has the bits
 * that nobody read, because the set is from a program that prints names of features; they are 0 in
 * reg[].
 */
struct cpuid_leaf {
	uint32_t leaf, subleaf;
	uint32_t reg[CPUID_REGS];
	uint32_t unknown[CPUID_REGS];
};

/*
 * Leaves that CPUID does not have: CPUID_MSR | number is a model-specific register that lists
 * features (msr_add_features), EAX its low half and EDX its high half.  No vendor has leaves there.
 */
#define CPUID_MSR 0xd0000000U

/* Twice what the largest recorded processor has: about 200 with two hypervisor ranges. */
#define CPUID_SET_MAX 512

/* The last subleaf that is read; leaf 0DH, the longest, ends at 62. */
#define CPUID_SUBLEAF_MAX 63

/* Entries in ascending order of (leaf, subleaf), each once. */
struct cpuid_set {
	size_t count;
	struct cpuid_leaf at[CPUID_SET_MAX];
};

/* Executes CPUID: the instruction on a machine, a table in a test. */
typedef void cpuid_exec(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS]);

/*
 * Reads every leaf and subleaf that the processor has into *set.  Returns false if there are more
 * than CPUID_SET_MAX; *set then has the first CPUID_SET_MAX of them.
 */
bool cpuid_collect(struct cpuid_set *set, cpuid_exec *exec, void *ctx);

/*
 * Removes leaves that the processor does not have: those of another vendor's range, and of a
 * hypervisor's range where there is none.  Intel's processors return the data of their last basic
 * leaf there, and some programs record it.  cpuid_collect does not read these leaves.
 */
void cpuid_drop_echoes(struct cpuid_set *set);

/*
 * Returns true if a set says what the processor has in a subleaf: it contains the subleaf, or the
 * last leaf or subleaf that it contains says that there is no such subleaf, which is all zero then.
 * Of a register (CPUID_MSR) a feature in CPUID says whether the processor has it.
 * Otherwise it is unknown, as in a dump that was cut.  Only the basic leaves (up to FFFFH) and the
 * extended ones (80000000H to 8000FFFFH) can be unknown.
 */
bool cpuid_knows(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf);

/*
 * The same with the unknown bits of another set, which has the same leaves and subleaves: an
 * unknown bit may be set, so what it would announce is unknown.
 */
bool cpuid_knows_with(const struct cpuid_set *set, const struct cpuid_set *unknown, uint32_t leaf,
                      uint32_t subleaf);

/* Returns the bits of a register that a set does not say: all, if cpuid_knows not the subleaf. */
uint32_t cpuid_unknown(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf,
                       enum cpuid_reg reg);

/*
 * Moves *leaf and *subleaf to the first subleaf, from them on, that cpuid_knows does not.  Returns
 * false if there is none.
 */
bool cpuid_next_unknown(const struct cpuid_set *set, uint32_t *leaf, uint32_t *subleaf);

/*
 * Sets *to to a set from which leaves that are all zero were left out, with these leaves.  Returns
 * false if they are too many.
 */
bool cpuid_complete(struct cpuid_set *to, const struct cpuid_set *from);

/* Returns the entry of (leaf, subleaf), or NULL if the set has none. */
const struct cpuid_leaf *cpuid_find(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf);

/*
 * Returns the entry of (leaf, subleaf), or NULL if the set is full.  If the set has none, it is
 * inserted, all zero, and the entries after it move.
 */
struct cpuid_leaf *cpuid_insert(struct cpuid_set *set, uint32_t leaf, uint32_t subleaf);

/* Returns "eax" for EAX, and so on. */
const char *cpuid_register(enum cpuid_reg reg);

/* Returns true if a leaf is known to have several subleaves: 4, 7, 0BH, ... */
bool cpuid_has_subleaves(uint32_t leaf);

/* Returns one register, or 0 if the set has no such leaf: an absent leaf has no bit set. */
uint32_t cpuid_value(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf,
                     enum cpuid_reg reg);

/* Return the display family and model, from leaf 1 EAX: SDM vol. 2A, CPUID, figure 3-6. */
uint32_t cpuid_family(const struct cpuid_set *set);
uint32_t cpuid_model(const struct cpuid_set *set);

/*
 * Compares sets entry by entry; returns a negative number, 0 or a positive one.  A set that is the
 * beginning of another comes first.
 */
int cpuid_compare(const struct cpuid_set *a, const struct cpuid_set *b);

/*
 * Set vendor to the 12 bytes of leaf 0 in the order EBX EDX ECX, and brand to the 48 bytes of
 * leaves 80000002H to 80000004H, both with a NUL appended.  The bytes are unchecked: they may be
 * zero or unprintable.
 */
void cpuid_vendor(const struct cpuid_set *set, char vendor[static 13]);
void cpuid_brand(const struct cpuid_set *set, char brand[static 49]);

/*
 * Returns true if the processor is a virtual machine's (leaf 1 ECX[31]).  Sets hypervisor to the
 * name in leaf 40000000H, 12 bytes in the order EBX ECX EDX, with a NUL appended; "" if there is
 * none.
 */
bool cpuid_guest(const struct cpuid_set *set, char hypervisor[static 13]);

#endif
