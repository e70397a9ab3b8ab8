/* SPDX-License-Identifier: MIT */
/*
 * transcript.h - a report and its seal as numbered lines for a console, and back from its log.
 *
 * For a stick that cannot be written.  A serial line and what logs it lose characters, wrap lines
 * and put things before, between and into them, so each line says which one it is, of which block,
 * and has a check.  docs/report-format.md is normative for the spelling.
 */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include "base/err.h"
#include "base/text.h"

#define TRANSCRIPT_COLUMNS    79    /* of the longest line */
#define TRANSCRIPT_PIECE_MAX  63    /* characters of a file in one line */
#define TRANSCRIPT_LINES_MAX  99999 /* numbered lines of a block */
#define TRANSCRIPT_NAME_MAX   63
#define TRANSCRIPT_BLOCKS_MAX 1024    /* that are read from one log */
#define TRANSCRIPT_TOTAL_MAX  1000000 /* lines of all of them */

/* What BEGIN and END say of the block between them. */
struct transcript_head {
	size_t lines, report, seal; /* the latter two in bytes; seal 0: there is none */
	uint32_t sum;               /* CRC-32 of name, LF, report, seal */
};

struct transcript_writer {
	const char *name;
	const struct text *part[2]; /* report, seal */
	struct transcript_head head;
	size_t line, in, at; /* lines written, part, its bytes written */
};

/*
 * Prepares the lines of a block.  All three must stay as they are; name is a file's name, report
 * and seal are printable ASCII and LF, as report_write and seal_write leave them.
 */
void transcript_start(struct transcript_writer *w, const char *name, const struct text *report,
                      const struct text *seal);

/* Writes the next line, without LF, with a NUL.  Returns false if there is none. */
bool transcript_line(struct transcript_writer *w, char line[static TRANSCRIPT_COLUMNS + 1]);

/* A numbered line, as a log has it. */
struct transcript_piece {
	bool good, damaged, torn; /* torn: two good ones that differ */
	bool line_ends;           /* a LF follows its bytes */
	uint8_t size;
	char bytes[TRANSCRIPT_PIECE_MAX];
	struct where where;
};

/* A block, sent once or several times. */
struct transcript_block {
	struct transcript_head head;
	struct where first, last;       /* of its lines; first is a BEGIN or END */
	struct transcript_piece *piece; /* head.lines of them, zeroed, the caller's */
	size_t number;                  /* of the line that was read last; 0 at BEGIN and END */
	size_t suspect;                 /* where a damaged line that comes now belongs */
	size_t doubled, moved;          /* the first line that came twice, or too late; 0: none */
	struct where doubled_at, moved_at;
};

struct transcript {
	size_t blocks;
	struct transcript_block block[TRANSCRIPT_BLOCKS_MAX];
};

/*
 * Finds the blocks of a log.  On failure *reterr_where is the place of the cause; t->blocks are
 * what there is besides.
 */
enum err transcript_find(struct transcript *t, const char *log, size_t size,
                         struct where *reterr_where);

/*
 * Collects the numbered lines of all blocks, whose piece must be set.  Fails with
 * ERR_LOG_ORPHANS if there are lines of a block that was not found; the others are collected.
 */
enum err transcript_collect(struct transcript *t, const char *log, size_t size,
                            struct where *reterr_where);

/*
 * Returns ERR_NONE if all lines behind *number are whole; otherwise what the next one is that is
 * not, its number and place.  *number is 0 at first; reterr_where may be NULL.
 */
enum err transcript_next_bad(const struct transcript_block *b, size_t *number,
                             struct where *reterr_where);

/* The files of a block; they point into the text that transcript_join wrote. */
struct transcript_files {
	const char *name; /* with a NUL: letters, digits, - _ and . that is not the first */
	const char *report, *seal;
	size_t report_size, seal_size;
};

/* How much room transcript_join needs. */
size_t transcript_room(const struct transcript_head *head);

/* Puts the lines of a block together, none of which is bad. */
enum err transcript_join(struct text *t, struct transcript_files *ret,
                         const struct transcript_block *b);

#endif
