/* SPDX-License-Identifier: MIT */
/*
 * feature_print.h - prints rows of the table of features, with all that is known of each.
 */
#ifndef FEATURE_PRINT_H
#define FEATURE_PRINT_H

#include <stdbool.h>

#include "table/feature.h"

/* Returns the name of a row's merge rule. */
const char *feature_rule_name(enum feature_id id);

/* Prints a row, with names elsewhere and what hypervisors do. */
void feature_print(enum feature_id id);

/* Print the rows of which chosen[] is true: as a JSON document, as a table. */
void feature_json(const bool chosen[F_COUNT], int exit_status);
void feature_csv(const bool chosen[F_COUNT]);

#endif
