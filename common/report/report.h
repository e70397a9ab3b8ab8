/* SPDX-License-Identifier: MIT */
/*
 * report.h - what the probe read on one machine: identity, processors, all CPUID registers.
 *
 * Processors with identical CPUID leaves and control registers are one kind.  The kind has the set
 * of its first processor; each processor has the registers that may differ (APIC IDs).  Nothing is
 * lost: report_processor_set returns the set of each processor, bit for bit.  If there are more
 * kinds than REPORT_KINDS_MAX, further processors join the kind that they differ from in the fewest
 * registers, which are then registers that differ in it.
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/err.h"
#include "base/text.h"
#include "cpuid/control.h"
#include "cpuid/cpuid.h"
#include "report/setup.h"

#define REPORT_STRING_MAX     128 /* bytes in a field, NUL not counted */
#define REPORT_PROCESSORS_MAX 4096
#define REPORT_KINDS_MAX      32
#define REPORT_VARY_MAX       40       /* registers in which processors of a kind may differ */
#define REPORT_NUMBER_MAX     65535    /* of a processor */
#define REPORT_TEXT_MAX       0x300000 /* bytes; tests/unit/test_report.c writes the longest */

enum report_field {
#define FIELD(id, name, type) FIELD_##id,
#include "report/report_field.def"
#undef FIELD
	FIELD_COUNT,
};

/* What did not fit into the report. */
enum report_cut {
	CUT_LEAVES = 1,
	CUT_KINDS = 2,
	CUT_PROCESSORS = 4,
	CUT_STRINGS = 8,
};

struct report_kind {
	struct control control;
	uint16_t first;       /* number of its first processor */
	size_t members;       /* how many processors are of this kind */
	struct cpuid_set set; /* of its first processor */
	size_t varies;
	struct {
		uint16_t leaf, reg;
	} vary[REPORT_VARY_MAX]; /* leaf: index in set, ascending */
};

struct report_processor {
	uint16_t number, kind;
	uint32_t value[REPORT_VARY_MAX]; /* of the registers in its kind's vary[] */
};

struct report_list {
	size_t count;
	uint32_t number[REPORT_PROCESSORS_MAX]; /* ascending */
};

/* About 1.3 mebibytes. */
struct report {
	bool known[FIELD_COUNT];
	char field[FIELD_COUNT][REPORT_STRING_MAX + 1];
	unsigned cut;                /* enum report_cut, ored */
	struct report_list disabled; /* by firmware, so not read */
	struct report_list silent;   /* did not respond in time */
	size_t kinds;
	struct report_kind kind[REPORT_KINDS_MAX];
	size_t processors;
	struct report_processor processor[REPORT_PROCESSORS_MAX]; /* ascending by number */
	struct setup setup;
};

/* Makes *r an empty report: no field is known, no processors. */
void report_start(struct report *r);

/* Sets a field.  A string that is too long is shortened and CUT_STRINGS set. */
void report_set(struct report *r, enum report_field field, const char *string);

/* Set a field to a number, in decimal or in hexadecimal. */
void report_set_decimal(struct report *r, enum report_field field, uint64_t value);
void report_set_hex(struct report *r, enum report_field field, uint64_t value);

/* What FIELD_PROCESSORS_ASKED begins with if the report has only the boot processor. */
#define REPORT_BOOT_ONLY "boot only"

/* Returns true if the report says that only the boot processor was read. */
bool report_boot_only(const struct report *r);

/* Returns the name of a field's line. */
const char *report_field_name(enum report_field field);

/*
 * Adds a processor; its number must be higher than that of the last one.  Returns false if a limit
 * above is reached: the processor is then not added, and r->cut has the cause.
 */
bool report_add(struct report *r, uint16_t number, const struct control *control,
                const struct cpuid_set *set);

/* Takes out all processors, so that others can be added.  Fields stay. */
void report_forget_processors(struct report *r);

/* Adds a number to r->disabled or r->silent.  If the list is full, sets CUT_PROCESSORS instead. */
void report_list_add(struct report *r, struct report_list *list, uint16_t number);

/* Returns how many processors are of a kind; number[] has their numbers, ascending. */
size_t report_members(const struct report *r, size_t kind,
                      uint32_t number[static REPORT_PROCESSORS_MAX]);

/* Returns true if processors of a kind differ in more than the bits that each has for itself. */
bool report_kind_differs(const struct report *r, size_t kind);

/* Sets *set to what CPUID returned on the processor at index. */
void report_processor_set(const struct report *r, size_t index, struct cpuid_set *set);

/*
 * Sets *set to the leaves of a kind, and to the registers of its processors that list features
 * (msr_add_features): what is compared and merged.  Returns false if they are too many.
 */
bool report_features(const struct report_kind *kind, struct cpuid_set *set);

/*
 * Appends the report as docs/report-format.md defines it: in version 3 if it has setup lines, else
 * in version 2 if it has a field of that.  t->full: it did not fit.
 */
void report_write(struct text *t, const struct report *r);

/*
 * Reads a report.  It accepts only what report_write writes, byte for byte.  On failure *r is
 * unspecified and *reterr_where is the place of the error.
 */
enum err report_read(struct report *r, const char *text, size_t size, struct where *reterr_where);

#endif
