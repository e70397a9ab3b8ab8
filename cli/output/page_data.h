/* SPDX-License-Identifier: MIT */
/*
 * page_data.h - what the page shows, as one JSON value: hosts, groups, rows, columns, baseline.
 *
 * It is made by the functions that drift, explain, level and evc use.  cli/page/ has the program
 * that shows it; nobody else reads it, so that it has no version.
 */
#ifndef PAGE_DATA_H
#define PAGE_DATA_H

#include "fleet/evc.h"
#include "fleet/explain.h"
#include "output/document.h"
#include "output/drift_print.h"

/* Strings that occur often: each is in the list once, and elsewhere by its number. */
struct page_texts {
	json_t *list, *number;
};

/* What the cells of a column are about. */
struct page_column {
	bool counts;        /* the processors and how they are arranged; else: */
	enum feature_id id; /* F_NONE: a bit without a row */
	struct place at;
	bool drift; /* hosts that should be identical differ in it */
	bool lost;  /* some host has it, and the baseline has not */
};

struct page {
	const struct fleet *fleet;
	const bool *known;         /* of each host: its report is given, not only a pool */
	const struct explained *e; /* its pool has the hosts of the fleet, in this order */
	struct page_texts texts;
	size_t columns;
	struct page_column *column; /* allocated; ascending by place, counts first */
};

/*
 * Returns the hosts with their seals, the groups, rows and columns of the matrix, and the texts
 * that they refer to.
 */
json_t *page_matrix(const struct fleet *fleet, const bool *known, const struct explained *e);

/* Return what level and evc say of the hosts, and the features of the baseline. */
json_t *page_levels(const struct explained *e);
json_t *page_evc(const struct evc *modes, size_t count, const struct explained *e);
json_t *page_baseline(const struct explained *e);

/* For the parts of page_matrix: returns the number of a string. */
json_t *page_text(struct page_texts *texts, const char *string);

/* The same for a sentence of option_say: a list of the option's name and of what follows it. */
json_t *page_sentence(struct page_texts *texts, const char *sentence, size_t name);

/* Finds the columns.  Sets p->columns and p->column. */
void page_columns_find(struct page *p);

/* Returns the number of the column of a difference. */
size_t page_column_of(const struct page *p, const struct drift *d);

/* Returns the columns, with what explain says of those that are lost. */
json_t *page_columns(struct page *p);

/* Add a group of hosts that should be identical, and its rows, to lists. */
void page_group(struct page *p, size_t first, json_t *groups, json_t *rows);

#endif
