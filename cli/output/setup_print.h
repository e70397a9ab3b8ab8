/* SPDX-License-Identifier: MIT */
/*
 * setup_print.h - prints the setup options of a report, or those of an export of forms.
 */
#ifndef SETUP_PRINT_H
#define SETUP_PRINT_H

#include "report/setup.h"

/* Prints a value in words: the option's text, else the number; or why there is none. */
void print_setup_value(const struct setup_question *q, const struct setup_value *v);

/* Prints the line of a menu, unless the one before it has the same path; NULL: there is none. */
void print_setup_path(const char *before, const char *path);

/* Prints one question on indented lines. */
void print_setup_question(const struct setup_question *q);

/* Prints all of a report's setup lines, grouped by menu.  Nothing if it has none. */
void print_setup_options(const struct setup *s);

#endif
