/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"
#include "report/transcript.h"
#include "unit.h"

#define LOG_MAX   0x100000
#define LINES_MAX 4096

/* A log, and one line without its LF. */
struct log {
	size_t used;
	char at[LOG_MAX];
};

struct line {
	char at[TRANSCRIPT_COLUMNS + 1];
};

static struct log sent_log, seen_log;
static struct line sent[LINES_MAX];
static size_t sent_lines;
static struct transcript found;
static char joined[LOG_MAX];

static const char report_text[] =
	"cpulevel-report 1\n"
	"system-product \"A product whose name is so long, with  two blanks, that its line has to "
	"be cut, and more than once at that, for it goes on\"\n"
	"cpuid 00000000 00 00000004 756e6547 6c65746e 49656e69\n"
	"values 00020800 01020800 02020800 03020800 04020800 05020800 06020800 07020800\n"
	"x |00003 not a line|12345678\n"
	"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\n"
	"end\n";
static const char seal_text[] =
	"untrusted comment: x\n"
	"RUThN96HcCuDckYy0v0nqbZ2mZq4m2u1x8y7e7u8e6m2m0z8u7w6e5r4t3y2u1i0o9p8a7s6d5f4g3h2j1k0\n";

static void append(struct log *l, const char *bytes, size_t size)
{
	assert_true(size <= sizeof(l->at) - l->used);
	memcpy(l->at + l->used, bytes, size);
	l->used += size;
}

static void put_line(struct log *l, const char *line)
{
	append(l, line, strlen(line));
	append(l, "\n", 1);
}

/* Writes the lines of a block into sent[]. */
static void send(const char *name, const char *report, const char *seal)
{
	struct transcript_writer w;
	struct text r, s;

	r = (struct text){ .at = (char *)(uintptr_t)report, .used = strlen(report) };
	s = (struct text){ .at = (char *)(uintptr_t)seal, .used = strlen(seal) };
	transcript_start(&w, name, &r, &s);
	memset(sent, 0, sizeof(sent));
	for (sent_lines = 0; transcript_line(&w, sent[sent_lines].at); sent_lines++)
		assert_true(sent_lines + 1 < COUNT(sent));
	assert_false(transcript_line(&w, sent[sent_lines].at));
}

static void log_all(struct log *l)
{
	l->used = 0;
	for (size_t i = 0; i < sent_lines; i++)
		put_line(l, sent[i].at);
}

/* What is wrong with the log, and where; number is that of the first bad line. */
struct outcome {
	enum err err;
	size_t number;
	struct where where;
};

static struct outcome read_block(struct transcript_block *b, struct transcript_files *files)
{
	struct outcome o = { ERR_NONE, 0, { 0, 0 } };
	struct text t;

	text_start(&t, joined, sizeof(joined));
	o.err = transcript_next_bad(b, &o.number, &o.where);
	if (o.err == ERR_NONE) {
		o.number = 0;
		o.err = transcript_join(&t, files, b);
	}
	return o;
}

/* Reads the block at index, from a copy on the heap, where a sanitizer sees its end. */
static struct outcome read_log(const struct log *l, size_t index, struct transcript_files *files)
{
	struct outcome o = { ERR_NONE, 0, { 0, 0 } };
	char *copy = malloc(l->used ? l->used : 1);

	assert_non_null(copy);
	memcpy(copy, l->at, l->used);
	o.err = transcript_find(&found, copy, l->used, &o.where);
	if (o.err == ERR_NONE) {
		for (size_t i = 0; i < found.blocks; i++)
			found.block[i].piece =
				calloc(found.block[i].head.lines, sizeof(*found.block[i].piece));
		o.err = transcript_collect(&found, copy, l->used, &o.where);
		if (o.err == ERR_NONE && index < found.blocks)
			o = read_block(&found.block[index], files);
		for (size_t i = 0; i < found.blocks; i++)
			free(found.block[i].piece);
	}
	free(copy);
	return o;
}

static bool same(const struct transcript_files *f, const char *name, const char *report,
                 const char *seal)
{
	return strcmp(f->name, name) == 0 && f->report_size == strlen(report) &&
	       f->seal_size == strlen(seal) && memcmp(f->report, report, f->report_size) == 0 &&
	       memcmp(f->seal, seal, f->seal_size) == 0;
}

static void must_read(const struct log *l)
{
	struct transcript_files files;
	const struct outcome o = read_log(l, 0, &files);

	if (o.err != ERR_NONE)
		fail_msg("%s: line %zu, %zu:%zu, of\n%.*s", err_text(o.err), o.number, o.where.line,
		         o.where.column, (int)l->used, l->at);
	assert_true(same(&files, "0007-X.txt", report_text, seal_text));
}

static void the_crc_is_that_of_gzip(void **state)
{
	(void)state;
	assert_int_equal(crc32_more(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(crc32_more(crc32_more(0, "1234", 4), "56789", 5), 0xcbf43926);
}

/* The checks were computed with Python's zlib.crc32. */
static void spelling(void **state)
{
	static const char *const lines[] = {
		"|BEGIN cpulevel 1 lines 5 report 83 seal 6 sum 53a7bc70|ccbeac73",
		"|00001 0001-A.txt|1367bf0f",
		"|00002 label \"twelve words that are cut where a line has no room left >2591e5c0",
		"|00003 for more\"|bf17bea5",
		"|00004 end of it|4930c723",
		"|00005 a seal>55445545",
		"|END cpulevel 1 lines 5 report 83 seal 6 sum 53a7bc70|a6902225",
	};

	(void)state;
	send("0001-A.txt",
	     "label \"twelve words that are cut where a line has no room left for more\"\nend of "
	     "it\n",
	     "a seal");
	for (size_t i = 0; i < sent_lines; i++)
		assert_string_equal(sent[i].at, lines[i]);
	assert_int_equal(sent_lines, COUNT(lines));
}

static void lines_are_short(void **state)
{
	(void)state;
	send("0007-X.txt", report_text, seal_text);
	for (size_t i = 0; i < sent_lines; i++)
		assert_in_range(strlen(sent[i].at), 16, TRANSCRIPT_COLUMNS);
	log_all(&sent_log);
	must_read(&sent_log);
}

/* How terminals, console servers and tools change a log without loss. */
struct wear {
	const char *name;
	const char *end;     /* of a row */
	const char *prefix;  /* of each row */
	const char *between; /* characters that are not part of the text */
	const char *other;   /* rows between the lines */
	size_t columns;      /* at which the terminal breaks a line; 0: never */
	bool trims;          /* blanks at the end of a row are lost */
	bool late;           /* the prefix is put before lines, then they are broken */
};

static void put_row(struct log *l, const struct wear *w, const char *row, size_t size)
{
	while (w->trims && size && row[size - 1] == ' ')
		size--;
	for (size_t i = 0; i < size; i++) {
		append(l, row + i, 1);
		if (w->between)
			append(l, w->between, strlen(w->between));
	}
	append(l, w->end, strlen(w->end));
}

static void put_worn(struct log *l, const struct wear *w, const char *line)
{
	const size_t columns = w->columns ? w->columns : SIZE_MAX;
	const char *prefix = w->prefix ? w->prefix : "";
	char row[1024];

	if (w->other)
		append(l, w->other, strlen(w->other));
	snprintf(row, sizeof(row), "%s%s", w->late ? prefix : "", line);
	for (size_t at = 0, size; row[at]; at += size) {
		size = strlen(row + at) < columns ? strlen(row + at) : columns;
		if (!w->late)
			append(l, prefix, strlen(prefix));
		put_row(l, w, row + at, size);
	}
}

static void wear(struct log *l, const struct wear *w)
{
	l->used = 0;
	for (size_t i = 0; i < sent_lines; i++)
		put_worn(l, w, sent[i].at);
}

#define STAMP "[2026-11-22 15:41:29] "
#define NOISE "[   12.345678] usb 1-1: |00003 new device|\r\n\r\n| a | table |00012 |\n"

static const struct wear wears[] = {
	{ .name = "unchanged", .end = "\n" },
	{ .name = "CR LF", .end = "\r\n" },
	{ .name = "CR CR LF", .end = "\r\r\n" },
	{ .name = "CR", .end = "\r" },
	{ .name = "nothing", .end = "" },
	{ .name = "blanks at the end", .end = "                 \r\n" },
	{ .name = "wrapped at 80", .end = "\r\n", .columns = 80 },
	{ .name = "wrapped at 72", .end = "\r\n", .columns = 72 },
	{ .name = "wrapped at 40", .end = "\r\n", .columns = 40 },
	{ .name = "wrapped at 20, trimmed", .end = "\n", .columns = 20, .trims = true },
	{ .name = "wrapped at 72, trimmed", .end = "\n", .columns = 72, .trims = true },
	{ .name = "time stamps", .end = "\n", .prefix = STAMP },
	{ .name = "time stamps, wrapped before", .end = "\n", .prefix = STAMP, .columns = 72 },
	{ .name = "the same, trimmed", .end = "\n", .prefix = STAMP, .columns = 64, .trims = true },
	{ .name = "time stamps, wrapped after",
	  .end = "\n",
	  .prefix = STAMP,
	  .columns = 80,
	  .late = true },
	{ .name = "colours", .end = "\x1b[0m\r\n", .prefix = "\x1b[1;37;40m", .between = "\x1b[m" },
	{ .name = "the cursor set for each row", .end = "\x1b[12;01H", .between = "\x1b[=3h" },
	{ .name = "the same, wrapped", .end = "\x1b[13;1f\x1b[K", .columns = 60 },
	{ .name = "a title", .end = "\n", .prefix = "\x1b]0;sol host\x07", .between = "\x1b(B" },
	{ .name = "strings that do not end", .end = "\x1bPq\n", .prefix = "\x1b]0;\r" },
	{ .name = "a sequence cut short", .end = "\x1b[31\n", .between = "\x1b[3\b" },
	{ .name = "strings of each kind",
	  .end = "\n",
	  .between = "\x1bXa\x1b\\\x1b^b\x07\x1b_c\x1b\x1b\\\x1bPd\x07\x1b]e\x1b\\" },
	{ .name = "escapes that move nothing", .end = "\n", .between = "\x1b(B\x1b#8\x1b=\x1b[5m" },
	{ .name = "escapes that are none", .end = "\n", .between = "\x1b\x7f\x1b\b\x1b[1\x7f" },
	{ .name = "NULs and flow control", .end = "\r\n\x7f", .between = "\x11\x13\xc2\x9b" },
	{ .name = "other output", .end = "\r\n", .other = NOISE },
	{ .name = "all of it",
	  .end = "\x1b[0m  \r\n",
	  .prefix = "ts 12:00 \x1b[31m",
	  .between = "\x1b[m",
	  .other = NOISE,
	  .columns = 50 },
};

static void worn_logs_are_read(void **state)
{
	(void)state;
	send("0007-X.txt", report_text, seal_text);
	for (size_t i = 0; i < COUNT(wears); i++) {
		print_message("# %s\n", wears[i].name);
		wear(&seen_log, &wears[i]);
		must_read(&seen_log);
	}
}

/* Sequences that move the cursor end a row, as a line feed does; at the end of a log even cut. */
static void rows_end_where_the_cursor_moves(void **state)
{
	static const char *const ends[] = { "\033[2A", "\033[2B", "\033[1;1f", "\033[7d", "\033[E",
		                            "\033[1F", "\033[9G", "\033[;H",   "\033[ C", "\033D",
		                            "\033E",   "\033M",   "\033c" };
	static const char *const cuts[] = { "\033",      "\033[", "\033[31", "\033]", "\033]title",
		                            "\033P\033", "\033(", "\033[2A", "\033D", "\t" };

	(void)state;
	send("0007-X.txt", report_text, seal_text);
	for (size_t i = 0; i < COUNT(ends); i++) {
		wear(&seen_log, &(struct wear){ .end = ends[i], .columns = 30 });
		must_read(&seen_log);
	}
	for (size_t i = 0; i < COUNT(cuts); i++) {
		wear(&seen_log, &(struct wear){ .end = "\n" });
		append(&seen_log, cuts[i], strlen(cuts[i]));
		must_read(&seen_log);
	}
}

static void tabs_are_blanks(void **state)
{
	(void)state;
	send("0007-X.txt", report_text, seal_text);
	wear(&seen_log, &(struct wear){ .end = "\n" });
	for (size_t i = 0; i < seen_log.used; i++)
		if (seen_log.at[i] == ' ')
			seen_log.at[i] = '\t';
	must_read(&seen_log);
}

static void any_width(void **state)
{
	(void)state;
	send("0007-X.txt", report_text, seal_text);
	for (size_t columns = 1; columns <= 100; columns++) {
		wear(&seen_log, &(struct wear){ .end = "\r\n", .columns = columns });
		must_read(&seen_log);
		wear(&seen_log,
		     &(struct wear){
			     .end = "\n", .columns = columns, .late = true, .prefix = STAMP });
		must_read(&seen_log);
		/* After a time stamp, a row must have room for a line's number. */
		if (columns < 7)
			continue;
		wear(&seen_log, &(struct wear){ .end = "\n", .columns = columns, .prefix = STAMP });
		must_read(&seen_log);
	}
}

/* Some rows end in a blank of the line; all are filled with others. */
static void blanks_at_the_end_of_rows(void **state)
{
	static const char report[] = "thirteencharsnineteen chars long nineteen chars long more\n";
	struct transcript_files files;

	(void)state;
	send("0007-X.txt", report, "");
	wear(&seen_log, &(struct wear){ .end = "   \n", .columns = 20, .prefix = "[12:00:00] " });
	assert_int_equal(read_log(&seen_log, 0, &files).err, ERR_NONE);
	assert_true(same(&files, "0007-X.txt", report, ""));
}

static void prefix_grows(void **state)
{
	char row[256];

	(void)state;
	send("0007-X.txt", report_text, seal_text);
	seen_log.used = 0;
	for (size_t i = 0, n = 80; i < sent_lines; i++) {
		snprintf(row, sizeof(row), "%zu %.70s", n++, sent[i].at);
		put_line(&seen_log, row);
		if (strlen(sent[i].at) > 70) {
			snprintf(row, sizeof(row), "%zu %s", n++, sent[i].at + 70);
			put_line(&seen_log, row);
		}
	}
	must_read(&seen_log);
}

enum op { FLIP, DROP, DOUBLE, SWAP, CUT };

/* Damages one line of the log; at is a column of it. */
static void harm(struct log *l, enum op op, size_t line, size_t at)
{
	l->used = 0;
	for (size_t i = 0; i < sent_lines; i++) {
		struct line one = sent[i];

		if (i == line && op == FLIP)
			one.at[at] ^= 1;
		if (i == line && op == CUT)
			one.at[at] = '\0';
		if (op == SWAP && (i == line || i == line + 1))
			one = sent[i == line ? i + 1 : line];
		if (i != line || op != DROP)
			put_line(l, one.at);
		if (i == line && op == DOUBLE)
			put_line(l, one.at);
	}
}

static void damage_is_found(void **state)
{
	static const struct {
		const char *name;
		enum op op;
		size_t line, at;
		enum err err;
		size_t number, where;
	} table[] = {
		{ "a character of the text", FLIP, 4, 20, ERR_LOG_DAMAGED, 4, 5 },
		{ "of the number", FLIP, 4, 3, ERR_LOG_DAMAGED, 4, 5 },
		{ "of the check", FLIP, 1, 19, ERR_LOG_DAMAGED, 1, 2 },
		{ "the separator", FLIP, 1, 17, ERR_LOG_DAMAGED, 1, 2 },
		{ "the bar", FLIP, 4, 0, ERR_LOG_MISSING, 4, 6 },
		{ "the blank", FLIP, 4, 6, ERR_LOG_MISSING, 4, 6 },
		{ "BEGIN damaged", FLIP, 0, 10, ERR_NONE, 0, 0 },
		{ "BEGIN missing", DROP, 0, 0, ERR_NONE, 0, 0 },
		{ "the first line missing", DROP, 1, 0, ERR_LOG_MISSING, 1, 2 },
		{ "a line missing", DROP, 7, 0, ERR_LOG_MISSING, 7, 8 },
		{ "a line cut short", CUT, 7, 30, ERR_LOG_DAMAGED, 7, 8 },
		{ "a line cut to its number", CUT, 7, 6, ERR_LOG_MISSING, 7, 9 },
		{ "a line twice", DOUBLE, 7, 0, ERR_NONE, 0, 0 },
		{ "two lines in the wrong order", SWAP, 7, 0, ERR_NONE, 0, 0 },
	};
	struct transcript_files files;

	(void)state;
	send("0007-X.txt", report_text, seal_text);
	for (size_t i = 0; i < COUNT(table); i++) {
		print_message("# %s\n", table[i].name);
		harm(&seen_log, table[i].op, table[i].line, table[i].at);
		const struct outcome o = read_log(&seen_log, 0, &files);
		assert_int_equal(o.err, table[i].err);
		assert_int_equal(o.number, table[i].number);
		if (o.err != ERR_NONE)
			assert_int_equal(o.where.line, table[i].where);
		else
			assert_true(same(&files, "0007-X.txt", report_text, seal_text));
		assert_int_equal(found.block[0].doubled, table[i].op == DOUBLE ? 7 : 0);
		assert_int_equal(found.block[0].moved, table[i].op == SWAP ? 7 : 0);
	}
}

static void every_damaged_character_is_found(void **state)
{
	struct transcript_files files;

	(void)state;
	send("0007-X.txt", report_text, seal_text);
	for (size_t i = 1; i + 1 < sent_lines; i++)
		for (size_t at = 0; sent[i].at[at]; at++) {
			harm(&seen_log, FLIP, i, at);
			const struct outcome o = read_log(&seen_log, 0, &files);
			assert_int_equal(o.number, i);
			if (o.err != ERR_LOG_MISSING || (at != 0 && at != 6))
				assert_int_equal(o.err, ERR_LOG_DAMAGED);
		}
}

/* Appends a line and a check that is good for a block with this sum. */
static void put_checked(struct log *l, const char *line, uint32_t sum)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "%s%08x", line, sum ^ crc32_more(0, line, strlen(line)));
	put_line(l, whole);
}

static void a_cut_log_is_refused(void **state)
{
	struct transcript_files files;
	struct outcome o;

	(void)state;
	send("0007-X.txt", report_text, seal_text);
	log_all(&sent_log);
	for (seen_log.used = 0; seen_log.used + 1 < sent_log.used;) {
		append(&seen_log, sent_log.at + seen_log.used, 1);
		o = read_log(&seen_log, 0, &files);
		/* END says the same as BEGIN: without it nothing is lost. */
		if (o.err == ERR_NONE)
			assert_true(same(&files, "0007-X.txt", report_text, seal_text));
		else if (found.blocks == 0)
			assert_int_equal(o.err, ERR_LOG_NO_REPORT);
		else
			assert_in_range(o.number, 1, sent_lines - 2);
	}
	assert_int_equal(o.err, ERR_NONE);
}

static void sent_twice(void **state)
{
	struct transcript_files files;

	(void)state;
	send("0007-X.txt", report_text, seal_text);
	seen_log.used = 0;
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < sent_lines; i++)
			if (i % 2 == round)
				put_line(&seen_log, sent[i].at);
			else
				put_line(&seen_log, "|00003 something else");
	must_read(&seen_log);
	assert_int_equal(found.blocks, 1);

	/* First without BEGIN and END, then complete. */
	seen_log.used = 0;
	for (size_t i = 1; i + 1 < sent_lines; i++)
		put_line(&seen_log, sent[i].at);
	assert_int_equal(read_log(&seen_log, 0, &files).err, ERR_LOG_NO_REPORT);
	for (size_t i = 0; i < sent_lines; i++)
		put_line(&seen_log, sent[i].at);
	must_read(&seen_log);
}

/* The lines of several machines in one log, interleaved. */
static void many_reports(void **state)
{
	static struct line all[40][64];
	struct transcript_files files;
	char report[128], name[32];

	(void)state;
	for (unsigned host = 0; host < 40; host++) {
		snprintf(name, sizeof(name), "%04u-HOST.txt", host);
		snprintf(report, sizeof(report), "cpulevel-report 1\nlabel \"host %u\"\nend\n",
		         host);
		send(name, report, host % 2 ? seal_text : "");
		memcpy(all[host], sent, sizeof(all[host]));
	}
	seen_log.used = 0;
	for (size_t i = 0; i < 16; i++)
		for (unsigned host = 0; host < 40; host++)
			if (all[host][i].at[0])
				put_line(&seen_log, all[host][i].at);
	for (unsigned host = 0; host < 40; host++) {
		snprintf(name, sizeof(name), "%04u-HOST.txt", host);
		snprintf(report, sizeof(report), "cpulevel-report 1\nlabel \"host %u\"\nend\n",
		         host);
		assert_int_equal(read_log(&seen_log, host, &files).err, ERR_NONE);
		assert_true(same(&files, name, report, host % 2 ? seal_text : ""));
	}
	assert_int_equal(found.blocks, 40);
}

/* Heads that no probe sends, and contradicting lines, all with good checks. */
static void bad_blocks_with_good_checks(void **state)
{
	static const struct {
		const char *lines[5];
		enum err err;
	} table[] = {
		{ { "|BEGIN cpulevel 1 lines 2 report 3 seal 0 sum 66ac4dd0|", "|00001 A.txt|",
		    "|00002 x>" },
		  ERR_LOG_SUM },
		{ { "|BEGIN cpulevel 2 of a kind to come|" }, ERR_VERSION },
		{ { "|END cpulevel 11 lines 2 report 3 seal 0 sum 66ac4dd0|" }, ERR_VERSION },
		{ { "|BEGIN cpulevel 1 lines 2 report 3145729 seal 0 sum 66ac4dd0|" },
		  ERR_LOG_NO_REPORT },
		{ { "|BEGIN cpulevel 1 lines 2 report 3 seal 10241 sum 66ac4dd0|" },
		  ERR_LOG_NO_REPORT },
		{ { "|BEGIN cpulevel 1 lines 0 report 3 seal 0 sum 66ac4dd0|" },
		  ERR_LOG_NO_REPORT },
		{ { "|BEGIN cpulevel 1 lines 2 report 3 seal 0 sum 66ac4dd0 |" },
		  ERR_LOG_NO_REPORT },
		{ { "|BEGIN cpulevel 1 lines 2 report 3 seal 0 sum 66ac4dd0>" },
		  ERR_LOG_NO_REPORT },
		{ { "|BEGIN cpulevel 1 lines 02 report 3 seal 0 sum 66ac4dd0|" },
		  ERR_LOG_NO_REPORT },
		{ { "" }, ERR_LOG_NO_REPORT },
		{ { "|END cpulevel 1 lines 2 report 3 seal 0 sum 66ac4dd0|", "|00001 A.txt|",
		    "|00002 x|", "|00002 y|" },
		  ERR_LOG_TORN },
		{ { "|END cpulevel 1 lines 2 report 3 seal 0 sum 66ac4dd0|", "|00001 A.txt|",
		    "|00003 y|" },
		  ERR_LOG_DAMAGED },
	};
	struct transcript_files files;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		seen_log.used = 0;
		for (size_t n = 0; n < COUNT(table[i].lines) && table[i].lines[n]; n++)
			put_checked(&seen_log, table[i].lines[n], n ? 0x66ac4dd0 : 0);
		assert_int_equal(read_log(&seen_log, 0, &files).err, table[i].err);
	}
}

static void lines_without_a_head_are_found(void **state)
{
	struct transcript_files files;

	(void)state;
	send("0008-Y.txt", "another\nreport\n", "");
	seen_log.used = 0;
	for (size_t i = 1; i + 1 < sent_lines; i++)
		put_line(&seen_log, sent[i].at);
	send("0007-X.txt", report_text, seal_text);
	for (size_t i = 0; i < sent_lines; i++)
		put_line(&seen_log, sent[i].at);
	const struct outcome o = read_log(&seen_log, 0, &files);
	assert_int_equal(o.err, ERR_LOG_ORPHANS);
	assert_int_equal(o.where.line, 2);
}

/* A CRC is linear: lines with the same damage seem to belong to one other block. */
static void lines_with_the_same_damage_are_no_report(void **state)
{
	struct transcript_files files;
	struct outcome o;

	(void)state;
	send("0007-X.txt", "a 1\nb 1\nc 1\nd 1\n", "");
	log_all(&seen_log);
	for (size_t i = 1; i + 1 < sent_lines; i++)
		sent[i].at[9] ^= 1;
	o = read_log(&seen_log, 0, &files);
	assert_int_equal(o.err, ERR_NONE);
	for (size_t i = 0; i < sent_lines; i++)
		put_line(&seen_log, sent[i].at);
	o = read_log(&seen_log, 0, &files);
	assert_int_equal(o.err, ERR_NONE);
	log_all(&seen_log);
	o = read_log(&seen_log, 0, &files);
	assert_int_equal(o.err, ERR_LOG_DAMAGED);
	assert_int_equal(o.number, 1);
}

static void names(void **state)
{
	static const struct {
		const char *name;
		enum err err;
	} table[] = {
		{ "0001-A.txt", ERR_NONE },
		{ "a", ERR_NONE },
		{ "A_b-9..txt", ERR_NONE },
		{ "123456789012345678901234567890123456789012345678901234567890123", ERR_NONE },
		{ "", ERR_LOG_NAME },
		{ ".txt", ERR_LOG_NAME },
		{ "-o", ERR_LOG_NAME },
		{ "..", ERR_LOG_NAME },
		{ "a/b", ERR_LOG_NAME },
		{ "../a", ERR_LOG_NAME },
		{ "a b", ERR_LOG_NAME },
		{ "a\\b", ERR_LOG_NAME },
	};
	struct transcript_files files;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		send(table[i].name, "end\n", "");
		log_all(&seen_log);
		assert_int_equal(read_log(&seen_log, 0, &files).err, table[i].err);
		if (table[i].err == ERR_NONE)
			assert_string_equal(files.name, table[i].name);
	}
}

static void too_many_blocks(void **state)
{
	struct transcript_files files;
	char report[32];

	(void)state;
	seen_log.used = 0;
	for (unsigned i = 0; i <= TRANSCRIPT_BLOCKS_MAX; i++) {
		if (i == TRANSCRIPT_BLOCKS_MAX)
			assert_int_equal(read_log(&seen_log, SIZE_MAX, &files).err, ERR_NONE);
		snprintf(report, sizeof(report), "%u\n", i);
		send("0001-A.txt", report, "");
		for (size_t n = 0; n < sent_lines; n++)
			put_line(&seen_log, sent[n].at);
	}
	assert_int_equal(read_log(&seen_log, SIZE_MAX, &files).err, ERR_LOG_MANY);
}

static void too_many_lines(void **state)
{
	struct where where;
	char head[128];

	(void)state;
	seen_log.used = 0;
	for (unsigned i = 0; i < 10; i++) {
		snprintf(head, sizeof(head),
		         "|BEGIN cpulevel 1 lines 99999 report 9 seal 0 sum %08x|", i + 1);
		put_checked(&seen_log, head, 0);
	}
	assert_int_equal(transcript_find(&found, seen_log.at, seen_log.used, &where), ERR_NONE);
	put_checked(&seen_log, "|END cpulevel 1 lines 11 report 9 seal 0 sum 0000000b|", 0);
	assert_int_equal(transcript_find(&found, seen_log.at, seen_log.used, &where), ERR_LOG_MANY);
	assert_int_equal(where.line, 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_crc_is_that_of_gzip),
		cmocka_unit_test(spelling),
		cmocka_unit_test(lines_are_short),
		cmocka_unit_test(worn_logs_are_read),
		cmocka_unit_test(rows_end_where_the_cursor_moves),
		cmocka_unit_test(tabs_are_blanks),
		cmocka_unit_test(any_width),
		cmocka_unit_test(blanks_at_the_end_of_rows),
		cmocka_unit_test(prefix_grows),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(every_damaged_character_is_found),
		cmocka_unit_test(a_cut_log_is_refused),
		cmocka_unit_test(sent_twice),
		cmocka_unit_test(many_reports),
		cmocka_unit_test(bad_blocks_with_good_checks),
		cmocka_unit_test(lines_without_a_head_are_found),
		cmocka_unit_test(lines_with_the_same_damage_are_no_report),
		cmocka_unit_test(names),
		cmocka_unit_test(too_many_blocks),
		cmocka_unit_test(too_many_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
