/* SPDX-License-Identifier: MIT */
/*
 * verify_total.h - how many files were good, and which numbers of each stick's reports are missing.
 */
#ifndef VERIFY_TOTAL_H
#define VERIFY_TOTAL_H

#include <jansson.h>

#include "report/seal.h"

/* A stick whose reports were good, and their numbers. */
struct verify_stick;

/* Zero is an empty one. */
struct verify_total {
	size_t good, bad, unverified;
	size_t sticks;
	struct verify_stick *stick; /* allocated */
};

/* Counts a file by its exit code. */
void verify_total_count(struct verify_total *t, int result);

/* Notes the number of a report that has a good seal; 0 is none. */
void verify_total_number(struct verify_total *t, const uint8_t key[static SEAL_NUMBER],
                         uint64_t number);

/* Prints the total, and a line for each stick that has several reports. */
void verify_total_print(struct verify_total *t);

/* Adds "total" and "sticks" to a document. */
void verify_total_json(struct verify_total *t, json_t *document);

void verify_total_free(struct verify_total *t);

#endif
