/* SPDX-License-Identifier: MIT */
/*
 * option_list.h - prints the setup options of one host, or in what those of several differ.
 */
#ifndef OPTION_LIST_H
#define OPTION_LIST_H

#include "output/drift_setup.h"

/*
 * Prints the options in which the hosts of the group that begins at first differ: values, defaults,
 * and options that some lack; with all, the others too.
 */
void option_list_print(const struct fleet *f, size_t first, bool all);

/* Returns true if an option is not the same on all hosts whose setup is known. */
bool option_list_differs(const struct drift_setup *s, const struct setup_option *o);

/* Returns true if something in setup differs in such a group, listed or not. */
bool option_list_group_differs(const struct fleet *f, size_t first);

/* Prints the setup options of all hosts as JSON, and the differences of each group. */
void option_json_print(const struct fleet *f, int exit_status);

#endif
