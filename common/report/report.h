/* SPDX-License-Identifier: MIT */
/*
 * report.h - what one machine answered: its identity, its processors, every register of each.
 *
 * Processors that answer alike under the same control registers are one kind: the kind holds the
 * first one's answers, each processor the registers in which it may differ (APIC ids).  Nothing is
 * lost: report_processor_set gives back what a processor answered, bit for bit.
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/err.h"
#include "base/text.h"
#include "cpuid/control.h"
#include "cpuid/cpuid.h"

#define REPORT_STRING_MAX     128 /* bytes in a field, NUL not counted */
#define REPORT_PROCESSORS_MAX 1024
#define REPORT_KINDS_MAX      32
#define REPORT_VARY_MAX       24       /* registers in which processors of a kind may differ */
#define REPORT_NUMBER_MAX     65535    /* of a processor */
#define REPORT_TEXT_MAX       0x180000 /* bytes; no report is longer, see tests/test_report.c */

enum report_field {
#define FIELD(id, name, type) FIELD_##id,
#include "report/report_field.def"
#undef FIELD
	FIELD_COUNT,
};

/* What did not fit into a report, so that it is known to be incomplete. */
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
	struct cpuid_set set; /* as the first processor of the kind answered */
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
	uint16_t number[REPORT_PROCESSORS_MAX]; /* ascending */
};

/* About half a mebibyte. */
struct report {
	bool known[FIELD_COUNT];
	char field[FIELD_COUNT][REPORT_STRING_MAX + 1];
	unsigned cut;                /* enum report_cut, ored */
	struct report_list disabled; /* by firmware: present, not asked */
	struct report_list silent;   /* asked, gave no answer in time */
	size_t kinds;
	struct report_kind kind[REPORT_KINDS_MAX];
	size_t processors;
	struct report_processor processor[REPORT_PROCESSORS_MAX]; /* ascending by number */
};

void report_start(struct report *r);

/* Sets a field.  A longer string is shortened and CUT_STRINGS set. */
void report_set(struct report *r, enum report_field field, const char *string);
void report_set_decimal(struct report *r, enum report_field field, uint64_t value);
void report_set_hex(struct report *r, enum report_field field, uint64_t value);

/* Returns the name of a field's line. */
const char *report_field_name(enum report_field field);

/*
 * Adds what processor number answered.  Numbers must ascend.  Returns false, with the cause in
 * r->cut and the processor not recorded, if a limit above is reached.
 */
bool report_add(struct report *r, uint16_t number, const struct control *control,
                const struct cpuid_set *set);

/* Adds a number to r->disabled or r->silent; CUT_PROCESSORS is set if it is full. */
void report_list_add(struct report *r, struct report_list *list, uint16_t number);

/* Returns how many processors are of a kind, their numbers ascending in number[]. */
size_t report_members(const struct report *r, size_t kind,
                      uint16_t number[static REPORT_PROCESSORS_MAX]);

/* Gives back in *set what the processor at index answered. */
void report_processor_set(const struct report *r, size_t index, struct cpuid_set *set);

/* Writes the report by its one spelling (docs/report-format.md); t->full if it did not fit. */
void report_write(struct text *t, const struct report *r);

/*
 * Reads a report.  What it accepts, report_write writes back byte for byte.  On failure *r is
 * unspecified and *reterr_where is the place of the cause.
 */
enum err report_read(struct report *r, const char *text, size_t size, struct where *reterr_where);

#endif
