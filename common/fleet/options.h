/* SPDX-License-Identifier: MIT */
/*
 * options.h - the setup options of many hosts: which host has which option, value and default.
 *
 * Options are recognised as option.h says.  All of it takes time in proportion to the number of
 * hosts, but for sorting.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "compare/option.h"
#include "report/report.h"

/* The setup options in the report of a host. */
struct option_host {
	char bios[REPORT_STRING_MAX + 1]; /* version; "" if it is unknown */
	bool there;                       /* the report has setup lines, */
	bool none;                        /* which say that nothing was read, and why: */
	char why[REPORT_STRING_MAX + 1];
	uint32_t found, chosen, faults;
	uint8_t digest[SETUP_DIGEST];
	size_t count;
	struct setup_question *question; /* allocated, and its strings */
	char *text;
};

/* Sets *h from a report.  Returns false if there is no memory.  option_host_free frees it. */
bool option_host_take(struct option_host *h, const struct report *r);
void option_host_free(struct option_host *h);

/* An option as one host has it. */
struct option_at {
	size_t host;
	const struct setup_question *question;
	size_t nth; /* of those with its path and prompt and, where these occur twice, its store */
};

/* One option, and the hosts that have it, ascending. */
struct setup_option {
	size_t hosts;
	const struct option_at *at;
	bool twice; /* a host has its path and prompt twice: the store is part of its name */
};

/* All options of some hosts, in the order of the first host that has each. */
struct options {
	size_t hosts;
	const struct option_host *const *host;
	size_t count;
	struct setup_option *option; /* allocated, as at */
	struct option_at *at;
};

/*
 * Sets *o to the options of hosts; host[] and they must stay.  Returns false if there is no memory.
 * options_free frees it.
 */
bool options_make(struct options *o, const struct option_host *const *host, size_t hosts);
void options_free(struct options *o);

/* Returns how a host has an option, NULL if it has not. */
const struct setup_question *option_on(const struct setup_option *option, size_t host);

/* Return true if hosts that have an option have other values, or other defaults. */
bool option_values_differ(const struct setup_option *option);
bool option_defaults_differ(const struct setup_option *option);

/*
 * Returns what the hosts have of an option, o->hosts of them, those of one value beside each other:
 * the values in the order of their first hosts, and the hosts of each ascending.  Time grows as
 * that of sorting.  For free; NULL if there is no memory.
 */
const struct option_at **options_by_value(const struct setup_option *option);

/* Returns how many from list[0] on, of left, are of one value. */
size_t options_of_value(const struct option_at *const *list, size_t left);

/* Returns true if the reports of two hosts say that all of setup is the same: by the digest. */
bool option_hosts_same(const struct option_host *a, const struct option_host *b);

#endif
