/* SPDX-License-Identifier: MIT */
/*
 * glance.h - a machine on one screen: what people look for first.
 *
 * What a report does not tell is said to be unknown, or is left out; it is never 0.
 */
#ifndef GLANCE_H
#define GLANCE_H

#include "report/caches.h"
#include "report/report.h"

/* The column after the labels. */
#define GLANCE_COLUMN 19

/* A blank at which a line is not broken. */
#define NO_BREAK "\v"

/*
 * Prints a label and words, wrapped; each line of the words begins at GLANCE_COLUMN. Prints nothing
 * if there are no words.
 */
void glance_line(const char *label, const char *words);

/* Appends what a processor with these leaves is; k: with its registers that list features. */
typedef void glance_put(struct text *t, const struct report_kind *k, const struct cpuid_set *set);

glance_put glance_brand, glance_vendor, glance_name, glance_tlbs, glance_widths, glance_level,
	glance_virtualization, glance_speculation, glance_software, glance_firmware,
	glance_microcode;

/*
 * Prints a line for each different answer of a machine's kinds, with which cores or processors it
 * is of if there are several.
 */
void glance_kinds(const char *label, glance_put *put, const struct report *r);

/* The same below a title. */
void glance_section(const char *title, glance_put *put, const struct report *r);

/* Appends the topology.  Returns true if it is known. */
bool glance_put_topology(struct text *t, const struct report *r);

/* Prints a line for each cache. */
void glance_caches(const struct report *r);

/* Prints all lines about a machine, or what is known of a baseline. */
void glance_print(const struct report *r);
void glance_print_baseline(const struct cpuid_set *baseline);

/* The sizes and names of caches and TLBs in words: "1.25 MiB", "L1 data", "8 ways". */
void glance_kib(struct text *t, uint64_t kib);
void glance_cache_name(struct text *t, const struct cache *c);
void glance_ways(struct text *t, unsigned ways);
const char *glance_tlb_type(enum tlb_type type);
void glance_pages(struct text *t, unsigned pages);

/* "P-core" or "E-core" in a hybrid machine, otherwise "". */
const char *glance_core(const struct report *r, const struct report_kind *k);

#endif
