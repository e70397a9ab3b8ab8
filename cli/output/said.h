/* SPDX-License-Identifier: MIT */
/*
 * said.h - what is said as messages meanwhile goes into a list, and not to standard error.
 */
#ifndef SAID_H
#define SAID_H

#include <stdio.h>

#include "output/document.h"

struct said {
	FILE *to;
	char *at;
	size_t size;
};

/* Begins to collect messages. */
void said_start(struct said *s);

/* Ends it.  Adds each line to a list, without the program's name. */
void said_end(struct said *s, json_t *list);

/* Ends it.  Adds all that was said, if anything, as one line. */
void said_end_line(struct said *s, json_t *list);

#endif
