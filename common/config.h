/* SPDX-License-Identifier: MIT */
/*
 * config.h - the settings on the stick, cpulevel.conf: a name, blanks, a value in each line.
 *
 * Empty lines and lines that begin with # say nothing.  A later line of the same name wins.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "report.h"

#define CONFIG_TEXT_MAX 8192

struct config {
	uint32_t countdown;                /* seconds until power-off; 0 at once */
	char label[REPORT_STRING_MAX + 1]; /* what the user calls the box, "" for nothing */
};

/* The settings of a stick without a file: countdown 10, no label. */
void config_default(struct config *c);

/*
 * Reads settings over those in *c.  Returns the number of lines that say nothing known; the first
 * of them is *reterr_where with its cause in *reterr.  The other lines count all the same: a box
 * in a cold aisle is not left unread for a misspelt setting.
 */
size_t config_read(struct config *c, const char *text, size_t size, enum err *reterr,
                   struct where *reterr_where);

#endif
