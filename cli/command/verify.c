/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command/verify_total.h"
#include "command/verify_tpm.h"
#include "input/crew.h"
#include "input/load.h"
#include "input/visits.h"

struct arguments {
	struct inputs in;
	struct verify_tpm tpm;
	struct verify_total total;
	int worst; /* exit code */
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

/* What is found in a file, in any thread. */
struct found {
	bool pool, tpm_only; /* tpm_only: it is not read here */
	bool parsed;
	struct seal_found seal;
	struct visit visit;
	uint8_t sha256[TPM_SHA256];
};

static void find_report(struct found *f, const char *path, const struct trust *trust,
                        struct report *room)
{
	struct loaded l;

	f->tpm_only = !trust->unsigned_too && verify_tpm_only(path);
	if (f->tpm_only)
		return;
	f->parsed = load_report_into(path, trust, room, &l) == ERR_NONE;
	f->seal = l.seal;
	if (!f->parsed)
		return;
	visits_describe(&f->visit, l.report);
	memcpy(f->sha256, l.sha256, sizeof(f->sha256));
	load_free(&l);
}

static void work(const void *ctx, void *room, size_t job, void *slot)
{
	const struct arguments *a = ctx;
	const char *path = a->in.file[job];
	struct found *f = slot;

	f->pool = inputs_is_pool(path, &a->in.trust);
	if (!f->pool) {
		find_report(f, path, &a->in.trust, room);
		return;
	}
	struct pool *pool = load_pool(path, &a->in.trust, &f->seal);
	f->parsed = pool != NULL;
	load_pool_free(pool);
}

static int print_found(struct arguments *a, const char *path, const struct found *f)
{
	if (f->tpm_only)
		return verify_tpm_alone(&a->tpm, path, &a->in.trust);

	const int result = refused(&f->seal);
	if (!f->parsed || result == EXIT_NO)
		return result;
	const int seal = print_seal(path, f->pool, &f->seal);
	const int tpm = f->pool ? EXIT_YES : verify_tpm(&a->tpm, path, &f->visit, f->sha256);
	return tpm > seal ? tpm : seal;
}

static bool take(void *ctx, size_t job, void *slot)
{
	struct arguments *a = ctx;
	const struct found *f = slot;
	const int result = print_found(a, a->in.file[job], f);

	verify_total_count(&a->total, result);
	if (f->parsed && !f->pool && f->seal.err == ERR_NONE && f->visit.numbered)
		verify_total_number(&a->total, f->seal.key, f->visit.sequence);
	a->worst = result > a->worst ? result : a->worst;
	return result == EXIT_YES || inputs_leave_out(&a->in, a->in.file[job]);
}

int command_verify(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct crew crew = { .verb = "checking",
		             .slot_size = sizeof(struct found),
		             .room_size = sizeof(struct report),
		             .ctx = a,
		             .work = work,
		             .take = take };

	a->in.min = 1;
	a->in.max = INT_MAX;
	a->in.trust.checking = true;
	arguments_parse(&argp, argc, argv, a);
	crew.count = (size_t)a->in.count;
	crew_run(&crew);
	if (!machines_save(&a->tpm.machines))
		a->worst = EXIT_TROUBLE;
	machines_free(&a->tpm.machines);
	verify_total_print(&a->total);
	verify_total_free(&a->total);
	const int worst = a->worst;
	free(a);
	return output_write("", 0) ? worst : EXIT_TROUBLE;
}
