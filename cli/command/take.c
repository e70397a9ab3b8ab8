/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/home.h"
#include "input/inputs.h"
#include "input/load.h"
#include "input/sequence.h"
#include "input/stick.h"
#include "output/color.h"
#include "output/printing.h"
#include "output/progress.h"
#include "report/transcript.h"
#include "tpm/attest_text.h"

struct arguments {
	struct inputs in; /* of it only trust, strict, and what is left out */
	enum printing printing;
	bool stopped; /* at the first report that was left, by --strict */
	const char *folder;
	char **stick; /* of argv */
	int sticks;
	int worst; /* exit code so far */
};

enum fate { FATE_LEFT, FATE_TAKEN, FATE_THERE, FATES };

/* What became of the reports of one folder. */
struct taking {
	struct arguments *a;
	const struct stick *s;
	size_t count[FATES];
	struct sequence numbers;     /* that are accounted for */
	uint8_t (*key)[SEAL_NUMBER]; /* whose seals are good */
	size_t keys;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'o':
		a->folder = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in.trust;
		state->child_inputs[1] = &a->in;
		state->child_inputs[2] = &a->printing;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		a->stick = state->argv + state->next;
		a->sticks = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		if (!a->sticks)
			arguments_missing(state, "a stick");
		if (!a->folder)
			arguments_wrong(state,
			                "--output is needed: the folder that the reports go to");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "output", 'o', "FOLDER", 0,
	  "Write reports and seals to this folder, which is made if it does not exist", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_trust_argp, 0, NULL, 0 },
	{ &inputs_strict_argp, 0, NULL, 0 },
	{ &printing_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "STICK|DEVICE|IMAGE|FOLDER...",
	.doc = "Copies the reports on a stick, with seals, .tpm and .setup files, into a folder of "
	       "this machine. "
	       "The stick can be the folder where it is mounted, its block device, its image, or "
	       "any folder of reports; devices and images are read by mtools. Nothing is written "
	       "to the stick, and nothing is overwritten: a report that is in FOLDER already is "
	       "skipped, and another report of the same name stays on the stick. Each report is "
	       "verified first, as verify does; one without a good seal stays on the stick unless "
	       "--unsigned is given. Says which numbers are missing in the sequence. Exit status: "
	       "0 all reports are here; 1 a signature is bad; 2 a report was left on the stick for "
	       "another reason, or the stick cannot be read.",
	.children = children,
};

/* The stick wrote a report under the name in the trusted comment. */
static void check_renamed(const char *path, const char *name, const struct seal_found *found)
{
	static const char before[] = "cpulevel report ";
	const char *given = found->comment + sizeof(before) - 1;
	char old[TRANSCRIPT_NAME_MAX + 1], message[128];

	if (strncmp(found->comment, before, sizeof(before) - 1) != 0)
		return;
	const size_t size = strcspn(given, " ");
	if (!transcript_name(given, size) ||
	    (strlen(name) == size && memcmp(name, given, size) == 0))
		return;
	memcpy(old, given, size);
	old[size] = '\0';
	snprintf(message, sizeof(message), "renamed: the stick wrote this report as %s", old);
	warn(path, message);
}

static bool knows_key(const struct taking *t, const uint8_t key[static SEAL_NUMBER])
{
	for (size_t i = 0; i < t->keys; i++)
		if (memcmp(t->key[i], key, SEAL_NUMBER) == 0)
			return true;
	return false;
}

/* Returns the number that a report gives itself; 0: none. */
static uint64_t own_number(const struct report *r)
{
	return r->known[FIELD_SEQUENCE] ? strtoull(r->field[FIELD_SEQUENCE], NULL, 10) : 0;
}

/* Returns the number at the beginning of a name that the probe gave; 0: none. */
static uint64_t name_number(const char *name)
{
	const size_t digits = strspn(name, "0123456789");

	return digits && digits < 10 && name[digits] == '-' ? strtoull(name, NULL, 10) : 0;
}

/* Notes what a verified report says of its stick. */
static void note(struct taking *t, const char *path, const char *name, const struct report *r,
                 const struct seal_found *found)
{
	check_renamed(path, name, found);
	sequence_add(&t->numbers, own_number(r));
	if (knows_key(t, found->key))
		return;
	t->key = allocate_room(t->key, t->keys, sizeof(*t->key));
	memcpy(t->key[t->keys++], found->key, SEAL_NUMBER);
}

static void print_fate(const struct taking *t, const char *name, enum fate fate,
                       const struct seal_found *found)
{
	char number[17], folder[PRINTABLE_MAX];

	if (t->a->printing != PRINT_TEXT)
		return;
	printf("%s: ", name);
	if (fate == FATE_THERE)
		printf("already in %s", printable(folder, sizeof(folder), t->a->folder));
	else
		printf("taken");
	seal_number(found->key, number);
	if (found->err == ERR_NONE)
		printf(", written by stick %s\n", number);
	else
		printf(", %sNOT VERIFIED%s\n", color_on(TONE_ODD), color_off());
}

/* Takes a report whose files have been read. */
static enum fate take_files(struct taking *t, const char *path, const char *name,
                            const struct home_files *f, bool *ret_forged)
{
	const struct bytes *const report = &f->part[HOME_REPORT];
	struct seal_found found;
	struct loaded l = { .lent = false };
	bool there;

	const bool accepted = sealed_judge(path, false, &t->a->in.trust, report,
	                                   f->known[HOME_SEAL] ? ERR_NONE : ERR_NO_SEAL,
	                                   &f->part[HOME_SEAL], &found);
	*ret_forged = found.err == ERR_BAD_SIGNATURE || found.err == ERR_BAD_COMMENT;
	if (!accepted || load_parse(path, report, &t->a->in.trust, &l) != ERR_NONE)
		return FATE_LEFT;
	if (found.err == ERR_NONE)
		note(t, path, name, l.report, &found);
	load_free(&l);
	if (!home_put(t->a->folder, name, f, &there))
		return FATE_LEFT;
	const enum fate fate = there ? FATE_THERE : FATE_TAKEN;
	print_fate(t, name, fate, &found);
	return fate;
}

/* Reads a report and the files beside it that are there. */
static bool read_files(const struct stick *s, const char *name, struct home_files *f)
{
	static const size_t max[HOME_PARTS] = { REPORT_TEXT_MAX, SEAL_TEXT_MAX, ATTEST_TEXT_MAX,
		                                SETUP_FILE_MAX, SEAL_TEXT_MAX };
	char part[TRANSCRIPT_NAME_MAX + 16];

	for (size_t i = 0; i < HOME_PARTS; i++) {
		snprintf(part, sizeof(part), "%s%s", name, home_ending((enum home_part)i));
		f->known[i] = stick_has(s, part);
		if (f->known[i] && !stick_read(s, part, max[i], &f->part[i]))
			return false;
	}
	return true;
}

static enum fate take_report(struct taking *t, const char *path, const char *name, bool *ret_forged)
{
	struct home_files f = { 0 };
	enum fate fate = FATE_LEFT;

	*ret_forged = false;
	if (!transcript_name(name, strlen(name)))
		trouble(path, "not taken: no name that the probe gives");
	else if (read_files(t->s, name, &f))
		fate = take_files(t, path, name, &f, ret_forged);
	for (size_t i = 0; i < HOME_PARTS; i++)
		free(f.part[i].at);
	return fate;
}

/* Returns true if a file is no seal, or the seal of a report on the stick. */
static bool has_report(const struct stick *s, const char *path, const char *name)
{
	if (!has_end(name, ".txt.minisig"))
		return true;
	char *report = allocate(strlen(name) + 1);
	memcpy(report, name, strlen(name) - strlen(".minisig"));
	const bool there = stick_has(s, report);
	free(report);
	if (!there)
		trouble(path, "a seal without its report");
	return there;
}

/* Takes a file of the stick if it is a report.  Returns an exit code. */
static int take_file(struct taking *t, const char *name)
{
	char *path = stick_file(t->s, name);
	int result = EXIT_YES;

	sequence_add(&t->numbers, name_number(name));
	if (inputs_report_name(name)) {
		bool forged;
		const enum fate fate = take_report(t, path, name, &forged);

		t->count[fate]++;
		result = forged ? EXIT_NO : fate == FATE_LEFT ? EXIT_TROUBLE : EXIT_YES;
	} else if (!has_report(t->s, path, name)) {
		result = EXIT_TROUBLE;
	}
	if (result != EXIT_YES)
		t->a->stopped = !inputs_leave_out(&t->a->in, path);
	free(path);
	return result;
}

/* A report that was taken earlier, and is on the stick no more, is not missing. */
static void note_home(void *ctx, const char *path, const char *name)
{
	struct taking *t = ctx;
	struct loaded l = { .lent = false };

	if (!sequence_misses(&t->numbers, name_number(name)) ||
	    load_report(path, &t->a->in.trust, &l) != ERR_NONE)
		return;
	if (l.seal.err == ERR_NONE && knows_key(t, l.seal.key))
		sequence_add(&t->numbers, own_number(l.report));
	load_free(&l);
}

static void print_summary(struct taking *t)
{
	char path[PRINTABLE_MAX], folder[PRINTABLE_MAX];
	const size_t left = t->count[FATE_LEFT];

	home_each(t->a->folder, note_home, t);
	printf("%s: %zu taken, %zu already in %s, %s%zu left on the stick%s",
	       printable(path, sizeof(path), t->s->path), t->count[FATE_TAKEN],
	       t->count[FATE_THERE], printable(folder, sizeof(folder), t->a->folder),
	       left ? color_on(TONE_BAD) : "", left, left ? color_off() : "");
	sequence_print(&t->numbers);
}

/* Takes the reports of one folder. */
static bool take_folder(void *ctx, const struct stick *s)
{
	struct arguments *a = ctx;
	struct taking t = { .a = a, .s = s };

	if (a->printing == PRINT_TEXT)
		progress_beside_output();
	progress_start("taking", s->count);
	a->in.count = (int)s->count;
	for (size_t i = 0; i < s->count && !a->stopped; i++) {
		const int result = take_file(&t, s->name[i]);
		a->worst = result > a->worst ? result : a->worst;
		progress_step();
	}
	progress_end();
	if (s->damaged)
		a->worst = EXIT_TROUBLE;
	if (!a->stopped && t.count[FATE_LEFT] + t.count[FATE_TAKEN] + t.count[FATE_THERE] == 0) {
		trouble(s->folder, "no reports in this folder: none of its files ends in .txt");
		a->worst = EXIT_TROUBLE;
	} else if (a->printing == PRINT_TEXT) {
		print_summary(&t);
	}
	free(t.key);
	sequence_free(&t.numbers);
	return true;
}

int command_take(int argc, char **argv)
{
	struct arguments a = { .worst = EXIT_YES };

	arguments_parse(&argp, argc, argv, &a);
	if (!home_open(a.folder))
		return EXIT_TROUBLE;
	for (int i = 0; i < a.sticks && !a.stopped; i++)
		if (!home_apart(a.folder, a.stick[i]) || !stick_each(a.stick[i], take_folder, &a))
			a.worst = EXIT_TROUBLE;
	return output_write("", 0) ? a.worst : EXIT_TROUBLE;
}
