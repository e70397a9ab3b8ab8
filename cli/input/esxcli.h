/* SPDX-License-Identifier: MIT */
/*
 * esxcli.h - reads the CPUID leaves of an ESXi host, as its command line prints them in JSON.
 *
 * localcli --formatter=json hardware cpu cpuid get --cpu=0, or esxcli: a list of objects with the
 * numbers Level, EAX, EBX, ECX and EDX.  The fields are known from VMware's own scripts, which read
 * them (the upgrade precheck of ESXi); there is no subleaf.
 */
#ifndef ESXCLI_H
#define ESXCLI_H

#include "input/file.h"
#include "report/report.h"

/* True if a text is JSON and has the word "Level". */
bool esxcli_is(const struct bytes *b);

/*
 * Reads a processor into *r; the caller sets the fields.  Leaves may be in any order.  Returns
 * false after a message.  b is changed.
 */
bool esxcli_read(struct report *r, const char *path, struct bytes *b);

#endif
