/* SPDX-License-Identifier: MIT */
/*
 * cpuid.h - what one processor answers to CPUID, as a sorted list.
 *
 * Everything after the instruction itself (report, merge, mask) works on a struct cpuid_set and
 * never on registers, so it runs the same in firmware, on a workstation, on a recorded dump and
 * under a fuzzer.
 */
#ifndef CPUID_H
#define CPUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cpuid_reg { EAX, EBX, ECX, EDX, CPUID_REGS };

/* One answer.  The pair (leaf, subleaf) is the key; reg[] is what came back. */
struct cpuid_leaf {
	uint32_t leaf, subleaf;
	uint32_t reg[CPUID_REGS];
};

/* Twice what the largest recorded processor (about 200 with two hypervisor ranges) answers. */
#define CPUID_SET_MAX 512

/* No walk goes beyond this subleaf; leaf 0DH, the longest, ends at 62. */
#define CPUID_SUBLEAF_MAX 63

/* Answers in ascending (leaf, subleaf) order, without repetition. */
struct cpuid_set {
	size_t count;
	struct cpuid_leaf at[CPUID_SET_MAX];
};

/* Executes CPUID.  On a machine this is the instruction; in a test, a table. */
typedef void cpuid_exec(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS]);

/*
 * Asks every leaf and subleaf the processor reports and stores the answers in *set.  Returns
 * false if there are more than CPUID_SET_MAX; *set then holds the first CPUID_SET_MAX of them.
 */
bool cpuid_collect(struct cpuid_set *set, cpuid_exec *exec, void *ctx);

/*
 * Takes out of a set what its processor does not have: leaves of ranges that are another vendor's,
 * or a hypervisor's where there is none.  Intel's processors answer there with the data of their
 * last basic leaf, and some programs record that.  cpuid_collect does not ask for them.
 */
void cpuid_drop_echoes(struct cpuid_set *set);

/* Returns the answer for (leaf, subleaf), or NULL if the set has none. */
const struct cpuid_leaf *cpuid_find(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf);

/*
 * Returns the place of (leaf, subleaf), made and zeroed if the set has none, or NULL if the set is
 * full.  A place that was made moves those behind it.
 */
struct cpuid_leaf *cpuid_insert(struct cpuid_set *set, uint32_t leaf, uint32_t subleaf);

/* Returns "eax" for EAX, and so on. */
const char *cpuid_register(enum cpuid_reg reg);

/* True if a leaf is known to have several subleaves: 4, 7, 0BH, ... */
bool cpuid_has_subleaves(uint32_t leaf);

/* Returns one register, 0 if the set has no such answer: a leaf that is absent has no bit set. */
uint32_t cpuid_value(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf,
                     enum cpuid_reg reg);

/* Family and model as they are told, from leaf 1 EAX: SDM vol. 2A, CPUID, figure 3-6. */
uint32_t cpuid_family(const struct cpuid_set *set);
uint32_t cpuid_model(const struct cpuid_set *set);

/* Orders sets leaf by leaf, a shorter one that begins alike first: negative, 0 or positive. */
int cpuid_compare(const struct cpuid_set *a, const struct cpuid_set *b);

/*
 * The 12 bytes of leaf 0 in the order EBX EDX ECX, and the 48 bytes of leaves 80000002H to
 * 80000004H, each with a NUL behind it.  The bytes are the processor's own: they may be zero or
 * unprintable.
 */
void cpuid_vendor(const struct cpuid_set *set, char vendor[static 13]);
void cpuid_brand(const struct cpuid_set *set, char brand[static 49]);

#endif
