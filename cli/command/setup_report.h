/* SPDX-License-Identifier: MIT */
/*
 * setup_report.h - what cpulevel setup does with reports.
 */
#ifndef SETUP_REPORT_H
#define SETUP_REPORT_H

#include "input/inputs.h"
#include "output/printing.h"

/* The options of the subcommand. */
struct setup_asked {
	bool all, baseline;
	enum printing printing;
};

/* Prints the options of one report, or in what those of several differ.  Returns an exit code. */
int setup_reports(struct inputs *in, const struct setup_asked *asked);

/* Prints what to change on each host for the baseline to gain features.  Returns an exit code. */
int setup_baseline(struct inputs *in, const struct setup_asked *asked);

#endif
