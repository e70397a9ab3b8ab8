// SPDX-License-Identifier: MIT
/*
 * log.c - reports in the log of a console: either what was sent is read, or nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "report/transcript.h"

#define SENT_MAX 4096 /* bytes of a report that is sent */
#define LOG_MAX  0x40000

/* A few kilobytes can say that they are a million lines, whose memory takes long to clear. */
#define LINES_MAX 20000

static struct transcript found;

/* Calls take for each block whose lines are all good. */
static void read_log(const char *log, size_t size,
                     void (*take)(const struct transcript_files *files, const void *ctx),
                     const void *ctx)
{
	struct where where = { 0, 0 };

	const enum err err = transcript_find(&found, log, size, &where);
	CHECK(err == ERR_NONE || where.line > 0 || err == ERR_LOG_NO_REPORT);
	CHECK(found.blocks <= TRANSCRIPT_BLOCKS_MAX && found.lines <= TRANSCRIPT_TOTAL_MAX);
	if (err != ERR_NONE && err != ERR_LOG_MANY)
		found.blocks = err == ERR_LOG_NO_REPORT ? 0 : found.blocks;
	if (found.lines > LINES_MAX)
		found.blocks = 0;
	for (size_t i = 0; i < found.blocks; i++) {
		struct transcript_block *b = &found.block[i];

		b->piece = calloc(b->head.lines, sizeof(*b->piece));
		CHECK(b->piece);
	}
	if (found.blocks)
		transcript_collect(&found, log, size, &where);
	for (size_t i = 0; i < found.blocks; i++) {
		struct transcript_block *b = &found.block[i];
		struct transcript_files files;
		size_t number = 0;
		struct text t;

		if (transcript_next_bad(b, &number, &where) == ERR_NONE) {
			const size_t room = transcript_room(&b->head);
			char *joined = malloc(room);

			CHECK(joined);
			text_start(&t, joined, room);
			if (transcript_join(&t, &files, b) == ERR_NONE)
				take(&files, ctx);
			free(joined);
		} else {
			CHECK(number > 0 && number <= b->head.lines);
		}
		free(b->piece);
	}
}

/* What was read has a safe name. */
static void check_name(const struct transcript_files *files, const void *ctx)
{
	(void)ctx;
	CHECK(transcript_name(files->name, strlen(files->name)));
}

/* Any log.  One of a few kilobytes can say that it has a million lines: those are not asked for. */
void fuzz_transcript(const uint8_t *data, size_t size)
{
	read_log((const char *)data, size, check_name, NULL);
}

struct sent {
	const struct text *report, *seal;
	size_t complete;
};

static size_t complete;

static void check_sent(const struct transcript_files *files, const void *ctx)
{
	const struct sent *s = ctx;

	CHECK(strcmp(files->name, "0007-X.txt") == 0);
	CHECK(files->report_size == s->report->used && files->seal_size == s->seal->used);
	CHECK(memcmp(files->report, s->report->at, s->report->used) == 0);
	CHECK(memcmp(files->seal, s->seal->at, s->seal->used) == 0);
	complete++;
}

static void put(struct text *log, const char *bytes, size_t size)
{
	if (log->size - log->used >= size)
		text_bytes(log, bytes, size);
}

/* A row in which the terminal breaks lines, and with what others put before it. */
static void put_row(struct text *log, const char *line, uint8_t how)
{
	static const char *const before[] = {
		"", "[   12.345678] ", "\x1b[0m", "host: ", "| a | b |\n", "|00003 x|\n", "> ", "\0"
	};
	static const char *const ends[] = { "\n", "\r\n", "\r\r\n", "\r" };
	const size_t size = strlen(line), columns = how & 0x20 ? 40 + (how & 0x1f) : 200;

	put(log, before[how & 7], strlen(before[how & 7]));
	for (size_t at = 0; at < size; at += columns) {
		put(log, line + at, size - at < columns ? size - at : columns);
		put(log, ends[how >> 3 & 3], strlen(ends[how >> 3 & 3]));
	}
}

/* Writes the lines of a block: lost, doubled, swapped, changed, each in another way. */
static void send(struct text *log, struct feed *f, const struct sent *s)
{
	static char line[2][TRANSCRIPT_COLUMNS + 1];
	struct transcript_writer w;
	unsigned at = 0;

	const uint8_t wear = feed_byte(f), rate = feed_byte(f);
	transcript_start(&w, "0007-X.txt", s->report, s->seal);
	while (transcript_line(&w, line[at])) {
		const uint8_t luck = rate ? feed_byte(f) % rate : 255;

		if (luck == 0)
			continue;
		if (luck == 1)
			line[at][feed_byte(f) % strlen(line[at])] = (char)(' ' + feed_byte(f) % 95);
		if (luck == 2)
			line[at][feed_byte(f) % strlen(line[at])] = '\0';
		if (luck == 3)
			put_row(log, line[at ^ 1], wear);
		put_row(log, line[at], luck == 4 ? feed_byte(f) : wear);
		at ^= 1;
	}
}

/* The first bytes say what is done to the log, the rest is what is sent. */
void fuzz_worn(const uint8_t *data, size_t size)
{
	static char room[LOG_MAX], report_bytes[SENT_MAX], seal_bytes[600];
	const size_t wear = size < 512 ? size / 2 : 256;
	struct feed f = { data, data + wear };
	struct text report, seal, log;

	text_start(&report, report_bytes, sizeof(report_bytes));
	text_start(&seal, seal_bytes, sizeof(seal_bytes));
	for (size_t i = wear; i < size; i++) {
		const char c = data[i] % 24 == 0 ? '\n' : (char)(' ' + data[i] % 95);

		text_bytes(i % 5 || size % 2 ? &report : &seal, &c, 1);
	}
	const struct sent s = { &report, &seal, 0 };
	CHECK(!report.full && !seal.full);
	text_start(&log, room, sizeof(room));
	complete = 0;
	const size_t times = 1 + feed_below(&f, 3);
	for (size_t i = 0; i < times; i++)
		send(&log, &f, &s);
	for (size_t n = feed_below(&f, 8); n > 4 && log.used; n--)
		log.at[feed_word(&f) % log.used] = (char)feed_byte(&f);
	const struct bytes exact = fuzz_copy((const uint8_t *)log.at, log.used);
	read_log(exact.at, exact.size, check_sent, &s);
	free(exact.at);
	/* Unchanged it is read. */
	struct feed nothing = { NULL, NULL };
	text_start(&log, room, sizeof(room));
	complete = 0;
	send(&log, &nothing, &s);
	read_log(log.at, log.used, check_sent, &s);
	CHECK(complete == 1);
}
