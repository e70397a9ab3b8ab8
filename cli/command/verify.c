/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input/load.h"

static const char about[] =
	"Checks that each report is unchanged since a stick wrote it: its seal, REPORT.minisig, "
	"against the public keys, then its format. Names the stick. Exit status: 0 all reports are "
	"good; 1 a signature is bad; 2 a report could not be checked (no seal, an unknown key, an "
	"unreadable file).";

static int verify(const char *path, const struct trust *trust)
{
	char number[17], name[4096], comment[SEAL_COMMENT_MAX + 1];
	struct loaded l;
	const enum err err = load_report(path, trust, &l);

	if (err == ERR_BAD_SIGNATURE || err == ERR_BAD_COMMENT)
		return EXIT_NO;
	if (err != ERR_NONE)
		return EXIT_TROUBLE;
	load_free(&l);
	if (!l.sealed)
		return EXIT_TROUBLE;
	seal_number(l.key, number);
	printf("%s: good, written by stick %s: %s\n", printable(name, sizeof(name), path), number,
	       printable(comment, sizeof(comment), l.comment));
	return EXIT_YES;
}

int command_verify(int argc, char **argv)
{
	struct inputs *in = allocate(sizeof(*in));
	int worst = EXIT_YES;

	in->min = 1;
	in->max = INT_MAX;
	inputs_parse(in, "REPORT...", about, argc, argv);
	for (int i = 0; i < in->count; i++) {
		const int result = verify(in->file[i], &in->trust);
		worst = result > worst ? result : worst;
	}
	free(in);
	return worst;
}
