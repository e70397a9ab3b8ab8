/* SPDX-License-Identifier: MIT */
#include "input/import_console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "input/sealed.h"
#include "report/transcript.h"

/* How many bad lines of a report are named; all are counted. */
#define NAMED_MAX 10

struct job {
	const char *path;
	const struct bytes *log;
	const char *output;
	bool folder;
	unsigned number;
	struct transcript *t;
};

/* "line 00037 of report 1 is damaged", "lines 00030 to 00045 of report 1 are missing" */
static void print_lines(const struct job *j, size_t block, size_t first, size_t last,
                        const struct where *where, const char *what)
{
	char message[256];

	if (first == last)
		snprintf(message, sizeof(message), "line %05zu of report %zu is %s", first,
		         block + 1, what);
	else
		snprintf(message, sizeof(message), "lines %05zu to %05zu of report %zu are %s",
		         first, last, block + 1, what);
	trouble_place(j->path, where, message);
}

/* Moves *number to the last of the missing lines that follow, as where a log ends too early. */
static void skip_missing(const struct transcript_block *b, size_t *number)
{
	size_t next = *number;

	while (transcript_next_bad(b, &next, NULL) == ERR_LOG_MISSING && next == *number + 1)
		*number = next;
}

static void print_bad_count(const struct job *j, size_t block, size_t bad)
{
	const struct transcript_block *b = &j->t->block[block];
	char message[96];

	snprintf(message, sizeof(message),
	         "%zu of the %zu lines of report %zu are missing or damaged", bad, b->head.lines,
	         block + 1);
	trouble_place(j->path, &b->first, message);
}

/* Names the lines that are missing or damaged.  Returns true if there are none. */
static bool check_lines(const struct job *j, size_t block)
{
	const struct transcript_block *b = &j->t->block[block];
	size_t number = 0, named = 0, bad = 0;
	struct where where;
	enum err err;

	while ((err = transcript_next_bad(b, &number, named < NAMED_MAX ? &where : NULL)) !=
	       ERR_NONE) {
		const size_t first = number;

		if (err == ERR_LOG_MISSING)
			skip_missing(b, &number);
		if (named++ < NAMED_MAX)
			print_lines(j, block, first, number, &where, err_text(err));
		bad += number - first + 1;
	}
	if (bad > 1)
		print_bad_count(j, block, bad);
	if (b->doubled)
		print_lines(j, block, b->doubled, b->doubled, &b->doubled_at,
		            "repeated here (harmless)");
	if (b->moved)
		print_lines(j, block, b->moved, b->moved, &b->moved_at, "out of order (harmless)");
	return bad == 0;
}

static bool write_pair(const char *path, const struct transcript_files *f)
{
	const struct bytes report = { (char *)f->report, f->report_size };
	const struct bytes seal = { (char *)f->seal, f->seal_size };

	return sealed_write(path, &report, seal.size ? &seal : NULL, false,
	                    "already exists, but the report was sent without a seal; report not "
	                    "written");
}

static bool write_files(const struct job *j, const struct transcript_files *f)
{
	if (!j->folder)
		return write_pair(j->output, f);

	char *path = path_join(j->output, f->name);
	const bool ok = write_pair(path, f);
	free(path);
	return ok;
}

static bool take(const struct job *j, size_t block)
{
	const struct transcript_block *b = &j->t->block[block];
	struct transcript_files f;
	struct text t;

	if (!check_lines(j, block))
		return false;
	char *buffer = allocate(transcript_room(&b->head));
	text_start(&t, buffer, transcript_room(&b->head));
	const enum err err = transcript_join(&t, &f, b);
	bool ok = err == ERR_NONE;
	if (!ok)
		trouble_at(j->path, err, &b->first);
	else if (j->output)
		ok = write_files(j, &f);
	if (ok)
		printf("report %zu: %s, %zu lines, %zu bytes, %s\n", block + 1, f.name,
		       b->head.lines, f.report_size,
		       f.seal_size ? "with its seal"
		                   : "NO SEAL: the other commands accept it with --unsigned");
	free(buffer);
	return ok;
}

static bool check_choice(const struct job *j)
{
	char message[128];

	if (j->number > j->t->blocks)
		snprintf(message, sizeof(message), "no report %u in this log; it has %zu",
		         j->number, j->t->blocks);
	else if (j->output && !j->folder && !j->number && j->t->blocks > 1)
		snprintf(message, sizeof(message),
		         "%zu reports in this log; use a folder for -o, or select one by --number",
		         j->t->blocks);
	else
		return true;
	trouble(j->path, message);
	return false;
}

static bool take_all(const struct job *j)
{
	struct where where;
	bool ok = true;

	for (size_t i = 0; i < j->t->blocks; i++)
		j->t->block[i].piece =
			allocate(j->t->block[i].head.lines * sizeof(struct transcript_piece));
	const enum err err = transcript_collect(j->t, j->log->at, j->log->size, &where);
	for (size_t i = 0; i < j->t->blocks; i++) {
		if (!j->number || j->number == i + 1)
			ok = take(j, i) && ok;
		free(j->t->block[i].piece);
	}
	if (err != ERR_NONE)
		trouble_at(j->path, err, &where);
	/* Lines of an unknown report do not matter to a complete report that was selected. */
	return ok && (err == ERR_NONE || j->number);
}

bool import_console(const char *path, const struct bytes *log, const char *output, unsigned number)
{
	struct job j = { path, log, output, output && path_is_folder(output), number, NULL };
	struct where where;
	bool ok;

	j.t = allocate(sizeof(*j.t));
	const enum err err = transcript_find(j.t, log->at, log->size, &where);
	if (err != ERR_NONE)
		trouble_at(path, err, &where);
	/*
	 * If one report cannot be read, the others still can.  Of a log that is to be cut into
	 * several, only what was asked for is read.
	 */
	ok = j.t->blocks && (err != ERR_LOG_MANY || number) && check_choice(&j) && take_all(&j) &&
	     err == ERR_NONE;
	free(j.t);
	return ok;
}
