/* SPDX-License-Identifier: MIT */
/*
 * config.h - the settings on the stick, cpulevel.conf: a name, blanks, a value in each line.
 *
 * Empty lines and lines that begin with # say nothing.  A later line of the same name wins.
 * The names and what they can be set to are in docs/cpulevel.1.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "report/report.h"

#define CONFIG_TEXT_MAX 8192

/* What becomes of the machine when all is done and nobody pressed a key. */
enum config_exit { EXIT_OFF, EXIT_REBOOT, EXIT_RETURN, EXIT_WAIT };

/* How much is shown: what was wrong and the verdict; one screen; the whole report as well. */
enum config_verbosity { VERBOSITY_QUIET, VERBOSITY_NORMAL, VERBOSITY_FULL };

struct config {
	uint32_t countdown;                /* seconds until then; 0 at once */
	uint8_t exit, verbosity;           /* enum config_exit, config_verbosity */
	bool msr;                          /* model-specific registers are read */
	char label[REPORT_STRING_MAX + 1]; /* what the user calls the box, "" for nothing */
};

/* The settings of a stick without a file: 10 seconds, power off, one screen, registers read. */
void config_default(struct config *c);

/*
 * Reads settings over those in *c.  Returns the number of lines that say nothing known; the first
 * of them is *reterr_where with its cause in *reterr.  The other lines count all the same: a box
 * in a cold aisle is not left unread for a misspelt setting.
 */
size_t config_read(struct config *c, const char *text, size_t size, enum err *reterr,
                   struct where *reterr_where);

#endif
