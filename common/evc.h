/* SPDX-License-Identifier: MIT */
/*
 * evc.h - VMware's EVC modes: what a cluster promises its guests, host by host.
 *
 * The modes that evc.def knows are not VMware's word; every answer must name the weakest source
 * that it rests on.
 */
#ifndef EVC_H
#define EVC_H

#include "feature.h"
#include "mask_vmx_merge.h"

#define EVC_REGISTERS_MAX 32
#define EVC_OTHERS_MAX    16

/* Where a row is from, the strongest first. */
enum evc_source { EVC_STORY, EVC_DUMP, EVC_DERIVED, EVC_UNVERIFIED, EVC_UNKNOWN, EVC_SOURCES };

enum evc_state { EVC_LACKS, EVC_MAY, EVC_HAS };
enum evc_vendor { EVC_INTEL, EVC_AMD };

struct evc_register {
	uint32_t leaf, subleaf;
	enum cpuid_reg reg;
	uint32_t bits;
	enum evc_source source;
};

struct evc_other {
	const char *name, *value;
};

/* One mode with all that it takes over from those before. */
struct evc {
	const char *key, *about;
	enum evc_vendor vendor;
	unsigned tier;
	bool partial;           /* the first of those before is not known: more may be in it */
	enum evc_source source; /* the weakest of its features */
	uint8_t state[F_COUNT]; /* enum evc_state */
	size_t registers, others;
	struct evc_register reg[EVC_REGISTERS_MAX];
	struct evc_other other[EVC_OTHERS_MAX]; /* its own only */
};

/* Returns how many modes there are; they ascend by vendor and tier. */
size_t evc_count(void);

/* Sets *mode to the one of an index below evc_count. */
void evc_mode(struct evc *mode, size_t index);

/* Finds a mode by its key, in any case. */
bool evc_find(struct evc *mode, const char *key);

/* True if the processor of a set, by its vendor, could have a mode. */
bool evc_vendor_is(const struct evc *mode, const struct cpuid_set *set);

/* True if a feature that the mode needs is not in what hosts promise. */
bool evc_misses(const struct evc *mode, enum feature_id id, const struct cpuid_set *promise);

/*
 * Adds the mode's mask to *m: 0 for what it lacks, by its registers if it has any, else by the
 * features that VMware has a capability for and shows to virtual hardware hw.  The signature in
 * leaf 1 EAX is left alone.  Returns the source of the answer, or EVC_UNKNOWN, with *m as it was,
 * if the mode is partial: the mask would hide what the mode has.  *m must have room for 64
 * registers.
 */
enum evc_source evc_mask(const struct evc *mode, unsigned hw, struct mask_merge *m);

/* "story", "dump", ...; and what that means. */
const char *evc_source_name(enum evc_source source);
const char *evc_source_about(enum evc_source source);

#endif
