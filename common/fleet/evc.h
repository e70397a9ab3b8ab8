/* SPDX-License-Identifier: MIT */
/*
 * evc.h - VMware's EVC modes: the baselines that vCenter sets for a cluster.
 *
 * The modes in evc.def are from various sources; only those imported from a vCenter are VMware's
 * own.  So every answer must name its weakest source.
 */
#ifndef EVC_H
#define EVC_H

#include "table/feature.h"

/* The source of a row, the strongest first. */
enum evc_source {
	EVC_IMPORTED,
	EVC_STORY,
	EVC_DUMP,
	EVC_VM_LIST,
	EVC_UNVERIFIED,
	EVC_UNKNOWN,
	EVC_SOURCES,
};

/* What a mode says: nothing; guests do not see it; they see what the host has; hosts need it. */
enum evc_state { EVC_SILENT, EVC_LACKS, EVC_MAY, EVC_HAS };
enum evc_vendor { EVC_INTEL, EVC_AMD, EVC_NO_VENDOR };

struct evc_register {
	struct place at;
	uint32_t bits; /* 0 for what guests do not see, 1 for the rest */
	enum evc_source source;
};

struct evc_other {
	const char *name, *value;
};

/* A mode, with the features that it has from earlier modes. */
struct evc {
	const char *key, *about;
	enum evc_vendor vendor;
	unsigned tier;
	bool partial; /* the first of the earlier modes is not known whole, so there may be more */
	bool named;   /* it has a list of VMware's names, so what the list leaves out is hidden */
	enum evc_source source; /* the weakest of its features */
	uint8_t state[F_COUNT]; /* enum evc_state */
	size_t registers, others;
	struct evc_register *reg; /* allocated: evc_free */
	struct evc_other *other;  /* allocated; not those of earlier modes */
};

/* Returns the number of modes in evc.def, which ascend by vendor and tier. */
size_t evc_count(void);

/* Sets *mode to a mode of evc.def; index is below evc_count.  Returns false if there is no memory.
 */
bool evc_mode(struct evc *mode, size_t index);

/* Add to the lists of a mode, for evc_free.  Return false if there is no memory. */
bool evc_add_register(struct evc *mode, const struct evc_register *reg);
bool evc_add_other(struct evc *mode, const struct evc_other *other);
void evc_free(struct evc *mode);

/* Returns the mode with this key, in any case, or NULL. */
const struct evc *evc_find(const struct evc *modes, size_t count, const char *key);

/* True if a mode is for the vendor of the processor in set. */
bool evc_vendor_is(const struct evc *mode, const struct cpuid_set *set);

/* True if the mode needs a feature that is not in the baseline. */
bool evc_misses(const struct evc *mode, enum feature_id id, const struct cpuid_set *baseline);

/* Returns the weaker of two sources. */
enum evc_source evc_weaker(enum evc_source a, enum evc_source b);

/* Return the name of a source ("imported", "story", ...), and what it means. */
const char *evc_source_name(enum evc_source source);
const char *evc_source_about(enum evc_source source);

#endif
