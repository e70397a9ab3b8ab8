/* SPDX-License-Identifier: MIT */
/*
 * evc.h - VMware's EVC modes: what a cluster promises its guests, host by host.
 *
 * The modes that evc.def knows are not VMware's word, those that a vCenter tells of itself are;
 * every answer must name the weakest source that it rests on.
 */
#ifndef EVC_H
#define EVC_H

#include "table/feature.h"

/* Where a row is from, the strongest first. */
enum evc_source {
	EVC_IMPORTED,
	EVC_STORY,
	EVC_DUMP,
	EVC_DERIVED,
	EVC_UNVERIFIED,
	EVC_UNKNOWN,
	EVC_SOURCES,
};

enum evc_state { EVC_LACKS, EVC_MAY, EVC_HAS };
enum evc_vendor { EVC_INTEL, EVC_AMD, EVC_NO_VENDOR };

struct evc_register {
	struct place at;
	uint32_t bits; /* 0 for what guests do not see */
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
	struct evc_register *reg; /* both allocated: evc_free */
	struct evc_other *other;  /* its own only */
};

/* Returns how many modes evc.def has; they ascend by vendor and tier. */
size_t evc_count(void);

/* Sets *mode to the one of an index below evc_count.  Returns false if there is no memory. */
bool evc_mode(struct evc *mode, size_t index);

/* Adds to the lists of a mode, which evc_free ends.  They return false if there is no memory. */
bool evc_add_register(struct evc *mode, const struct evc_register *reg);
bool evc_add_other(struct evc *mode, const struct evc_other *other);
void evc_free(struct evc *mode);

/* Adds to a mode what the features that it shows need, so that no mask takes that from them. */
void evc_complete(struct evc *mode);

/* Finds a mode by its key, in any case; NULL: there is none. */
const struct evc *evc_find(const struct evc *modes, size_t count, const char *key);

/* True if the processor of a set, by its vendor, could have a mode. */
bool evc_vendor_is(const struct evc *mode, const struct cpuid_set *set);

/* True if a feature that the mode needs is not in what hosts promise. */
bool evc_misses(const struct evc *mode, enum feature_id id, const struct cpuid_set *baseline);

/* The source of an answer that rests on both. */
enum evc_source evc_weaker(enum evc_source a, enum evc_source b);

/* "imported", "story", ...; and what that means. */
const char *evc_source_name(enum evc_source source);
const char *evc_source_about(enum evc_source source);

#endif
