/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input/load.h"

static const char about[] =
	"Checks that each report is unchanged since a stick wrote it: its seal, REPORT.minisig, "
	"against the public keys, then its format. Names the stick. A pool that merge --sign has "
	"sealed is checked in the same way. Exit status: 0 all files are good; 1 a signature is "
	"bad; 2 a file could not be verified (no seal, an unknown key, an unreadable file). With "
	"--unsigned, the format of files without a good seal is checked too, and the exit status "
	"is the same.";

/* Loads a file, so that its seal and its format are checked.  Returns false after a message. */
static bool check(const char *path, bool is_pool, const struct trust *trust,
                  struct seal_found *ret_seal)
{
	struct loaded l;

	if (is_pool) {
		struct pool *pool = load_pool(path, trust, ret_seal);

		load_pool_free(pool);
		return pool != NULL;
	}
	const enum err err = load_report(path, trust, &l);
	*ret_seal = l.seal;
	if (err == ERR_NONE)
		load_free(&l);
	return err == ERR_NONE;
}

static int verify(const char *path, const struct trust *trust)
{
	char number[17], name[4096], comment[SEAL_COMMENT_MAX + 1];
	const bool is_pool = inputs_is_pool(path, trust);
	struct seal_found seal;
	const bool form = check(path, is_pool, trust, &seal);

	if (seal.err == ERR_BAD_SIGNATURE || seal.err == ERR_BAD_COMMENT)
		return EXIT_NO;
	if (!form)
		return EXIT_TROUBLE;
	printable(name, sizeof(name), path);
	if (seal.err != ERR_NONE) {
		printf("%s: NOT VERIFIED; the format is good\n", name);
		return EXIT_TROUBLE;
	}
	seal_number(seal.key, number);
	printf("%s: good, %s %s: %s\n", name,
	       is_pool ? "a pool sealed with key" : "written by stick", number,
	       printable(comment, sizeof(comment), seal.comment));
	return EXIT_YES;
}

int command_verify(int argc, char **argv)
{
	struct inputs *in = allocate(sizeof(*in));
	int worst = EXIT_YES;

	in->min = 1;
	in->max = INT_MAX;
	in->trust.checking = true;
	inputs_parse(in, inputs_pool_children, "REPORT|POOL...", about, argc, argv);
	for (int i = 0; i < in->count; i++) {
		const int result = verify(in->file[i], &in->trust);
		worst = result > worst ? result : worst;
	}
	free(in);
	return output_write("", 0) ? worst : EXIT_TROUBLE;
}
