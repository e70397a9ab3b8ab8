/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command/verify_print.h"
#include "command/verify_total.h"
#include "input/crew.h"
#include "input/load.h"
#include "input/visits.h"
#include "output/document.h"
#include "output/printing.h"
#include "output/progress.h"

struct arguments {
	struct inputs in;
	struct verify_tpm tpm;
	struct verify_total total;
	enum printing printing;
	json_t *files; /* of the document, if one is made */
	int worst;     /* exit code */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = &a->in;
	state->child_inputs[1] = &a->tpm;
	state->child_inputs[2] = &a->printing;
	return 0;
}

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &verify_tpm_argp, 0, NULL, 0 },
	{ &printing_table_argp, 0, NULL, 0 },
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

/* The exit code for a file that was refused; a message has been printed. */
static int refused(const struct seal_found *seal)
{
	return seal->err == ERR_BAD_SIGNATURE || seal->err == ERR_BAD_COMMENT ? EXIT_NO
	                                                                      : EXIT_TROUBLE;
}

/* What is found in a file, in any thread. */
struct found {
	bool pool, tpm_only; /* tpm_only: it is not read here */
	bool parsed, tpm;    /* tpm: sha256 is set */
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
	f->tpm = l.tpm;
	if (l.tpm)
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

static void print(struct arguments *a, const struct verified *v)
{
	switch (a->printing) {
	case PRINT_TEXT:
		verify_print(v);
		break;
	case PRINT_JSON:
		json_add(a->files, verify_json(v));
		break;
	case PRINT_CSV:
		verify_csv(v);
		break;
	case PRINT_NOTHING:
		break;
	}
}

/* Prints what is found.  Returns an exit code. */
static int print_found(struct arguments *a, const char *path, const struct found *f)
{
	struct tpm_verdict tpm = { .outcome = TPM_OUT_NONE };
	const int seal = f->tpm_only ? EXIT_YES : refused(&f->seal);
	struct verified v = { .path = path,
		              .pool = f->pool,
		              .seen = f->parsed && seal != EXIT_NO,
		              .seal = f->tpm_only ? NULL : &f->seal,
		              .tpm = &tpm };

	if (f->tpm_only)
		verify_tpm_alone(&tpm, &a->tpm, path, &a->in.trust);
	else if (v.seen && !f->pool)
		verify_tpm(&tpm, &a->tpm, path, &f->visit, f->tpm ? f->sha256 : NULL);
	const int own = v.seen && f->seal.err == ERR_NONE ? EXIT_YES : seal;
	v.result = tpm.result > own ? tpm.result : own;
	print(a, &v);
	return v.result;
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
	json_t *document = a->printing == PRINT_JSON ? document_start("verify", 1) : NULL;
	if (document)
		a->files = json_put_list(document, "files");
	if (a->printing == PRINT_TEXT || a->printing == PRINT_CSV)
		progress_beside_output();
	if (a->printing == PRINT_CSV)
		verify_csv_head();
	crew_run(&crew);
	if (!machines_save(&a->tpm.machines))
		a->worst = EXIT_TROUBLE;
	machines_free(&a->tpm.machines);
	const int worst = a->worst;
	if (a->printing == PRINT_TEXT)
		verify_total_print(&a->total);
	if (document) {
		verify_total_json(&a->total, document);
		document_print(document, worst);
	}
	verify_total_free(&a->total);
	free(a);
	return output_write("", 0) ? worst : EXIT_TROUBLE;
}
