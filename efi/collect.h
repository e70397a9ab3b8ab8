/* SPDX-License-Identifier: MIT */
/*
 * collect.h - sends reports to a server, by HTTP PUT.
 *
 * A report is SERIAL-TIME-NUMBER.txt there; seal and TPM's signature have the same name and their
 * endings, as on the stick.  No file is replaced: the server is told so, and the number is another
 * one each time.  The seal comes first and the TPM's signature last, as on the stick.
 */
#ifndef COLLECT_H
#define COLLECT_H

#include "trust.h"

/* 24 characters, 15 of a time, 8 digits, and ".txt". */
#define COLLECT_NAME_MAX 55
#define COLLECT_WHY_MAX  255

/* All zero: nothing is to be sent. */
struct collect {
	const char *folder;               /* the setting; "": nothing is to be sent */
	bool stored;                      /* report and seal are on the server */
	char name[COLLECT_NAME_MAX + 1];  /* of the report there */
	char why[COLLECT_WHY_MAX + 1];    /* a clause: why it is not stored */
	char beside[COLLECT_WHY_MAX + 1]; /* why the TPM's signature is not; "": it is */
	struct trust trust;
};

/* What is sent. */
struct collect_report {
	const char *serial, *time;      /* of the report */
	const struct text *text, *seal; /* seal is empty if there is none */
};

/* Begins to ask for an address.  folder stays; "": nothing is to be sent. */
void collect_start(struct collect *c, const char *folder, const struct beside *from);

/* Sends a report and its seal. */
void collect_put(struct collect *c, const struct beside *from, const struct collect_report *r);

/* Sends a file that belongs to the report, which has this ending after the report's name. */
void collect_beside(struct collect *c, const struct beside *from, const char *ending,
                    const struct text *text);

/* Puts back what the firmware had before: policies of network cards, certificates. */
void collect_end(struct collect *c, const struct beside *from);

#endif
