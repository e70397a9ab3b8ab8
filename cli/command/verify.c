/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "command/verify_tpm.h"
#include "input/load.h"

struct arguments {
	struct inputs in;
	struct verify_tpm tpm;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = &a->in;
	state->child_inputs[1] = &a->tpm;
	return 0;
}

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &verify_tpm_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.parser = parse,
	.args_doc = "REPORT|POOL...",
	.doc = "Checks that each report is unchanged since a stick wrote it: its seal, "
	       "REPORT.minisig, against the public keys, then its format. Names the stick. If the "
	       "machine's TPM has signed the report too, REPORT.tpm is checked and the TPM named. "
	       "A report without a seal is good if it was signed by the TPM that --machines "
	       "remembers of its machine. "
	       "A pool that merge --sign has sealed is checked in the same way. Exit status: 0 all "
	       "files are good; 1 a signature is bad, or a machine's TPM has changed; 2 a file "
	       "could not be verified (no seal, an unknown key, an unreadable file). With "
	       "--unsigned, the format of files without a good seal is checked too, and the exit "
	       "status is the same.",
	.children = children,
};

/* Prints what is known of a file's seal.  Returns an exit code. */
static int print_seal(const char *path, bool is_pool, const struct seal_found *seal)
{
	char number[17], name[4096], comment[SEAL_COMMENT_MAX + 1];

	printable(name, sizeof(name), path);
	if (seal->err != ERR_NONE) {
		printf("%s: NOT VERIFIED; the format is good\n", name);
		return EXIT_TROUBLE;
	}
	seal_number(seal->key, number);
	printf("%s: good, %s %s: %s\n", name,
	       is_pool ? "a pool sealed with key" : "written by stick", number,
	       printable(comment, sizeof(comment), seal->comment));
	return EXIT_YES;
}

/* The exit code for a file that was refused; a message has been printed. */
static int refused(const struct seal_found *seal)
{
	return seal->err == ERR_BAD_SIGNATURE || seal->err == ERR_BAD_COMMENT ? EXIT_NO
	                                                                      : EXIT_TROUBLE;
}

static int verify_pool(const char *path, const struct trust *trust)
{
	struct seal_found seal;
	struct pool *pool = load_pool(path, trust, &seal);

	load_pool_free(pool);
	const int result = refused(&seal);
	return pool && result != EXIT_NO ? print_seal(path, true, &seal) : result;
}

static int verify_report(const char *path, struct arguments *a)
{
	struct loaded l;
	int result, tpm = EXIT_YES;

	if (!a->in.trust.unsigned_too && verify_tpm_alone(&a->tpm, path, &a->in.trust, &result))
		return result;
	const enum err err = load_report(path, &a->in.trust, &l);
	result = refused(&l.seal);
	if (err == ERR_NONE) {
		if (result != EXIT_NO) {
			result = print_seal(path, false, &l.seal);
			tpm = verify_tpm(&a->tpm, path, &l);
		}
		load_free(&l);
	}
	return tpm > result ? tpm : result;
}

int command_verify(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	int worst = EXIT_YES;

	a->in.min = 1;
	a->in.max = INT_MAX;
	a->in.trust.checking = true;
	arguments_parse(&argp, argc, argv, a);
	for (int i = 0; i < a->in.count; i++) {
		const char *path = a->in.file[i];
		const int result = inputs_is_pool(path, &a->in.trust)
		                           ? verify_pool(path, &a->in.trust)
		                           : verify_report(path, a);

		worst = result > worst ? result : worst;
	}
	if (!machines_save(&a->tpm.machines))
		worst = EXIT_TROUBLE;
	free(a->tpm.machines.at);
	free(a);
	return output_write("", 0) ? worst : EXIT_TROUBLE;
}
