/* SPDX-License-Identifier: MIT */
/*
 * transcript.h - writes report and seal as numbered lines, and reads them from a console's log.
 *
 * For sticks that cannot be written.  Serial lines and their loggers lose characters, wrap lines,
 * and insert text before, between and into lines.  So each line has its number and a checksum that
 * also identifies its block.  docs/report-format.md defines the form.
 */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include "base/err.h"
#include "base/text.h"

#define TRANSCRIPT_COLUMNS    79    /* of the longest line */
#define TRANSCRIPT_PIECE_MAX  63    /* characters of a file in one line */
#define TRANSCRIPT_LINES_MAX  99999 /* numbered lines of a block */
#define TRANSCRIPT_NAME_MAX   63
#define TRANSCRIPT_BLOCKS_MAX 1024    /* in one log */
#define TRANSCRIPT_TOTAL_MAX  1000000 /* lines of all blocks of a log */

/* What BEGIN and END say about the block between them. */
struct transcript_head {
	size_t lines, report, seal; /* report and seal in bytes; seal is 0 if there is none */
	uint32_t sum;               /* CRC-32 of name, LF, report, seal */
};

struct transcript_writer {
	const char *name;
	const struct text *part[2]; /* report, seal */
	struct transcript_head head;
	size_t line, in, at; /* lines written, index of the current part, its bytes written */
};

/*
 * Prepares the lines of a block.  name is the report's file name.  report and seal are printable
 * ASCII and LF, as report_write and seal_write write them.  All three must not change until the
 * last line is written.
 */
void transcript_start(struct transcript_writer *w, const char *name, const struct text *report,
                      const struct text *seal);

/* Writes the next line, without LF, with a NUL.  Returns false if there is no other line. */
bool transcript_line(struct transcript_writer *w, char line[static TRANSCRIPT_COLUMNS + 1]);

/* A numbered line, as read from a log. */
struct transcript_piece {
	bool good, damaged, torn; /* torn: there are two good ones, and they differ */
	bool line_ends;           /* a LF follows its bytes */
	uint8_t size;
	char bytes[TRANSCRIPT_PIECE_MAX];
	struct where where;
};

/* A block, sent once or several times. */
struct transcript_block {
	struct transcript_head head;
	struct where first, last;       /* its first and last line; first is a BEGIN or END */
	struct transcript_piece *piece; /* head.lines of them, zeroed, allocated by the caller */
	size_t number;                  /* of the last line that was read; 0 at BEGIN and END */
	size_t suspect;                 /* number that a damaged line would have here */
	size_t doubled, moved;          /* first line that is there twice, or too late; 0: none */
	struct where doubled_at, moved_at;
};

struct transcript {
	size_t blocks, lines; /* lines of all blocks */
	struct transcript_block block[TRANSCRIPT_BLOCKS_MAX];
	uint16_t by_sum[TRANSCRIPT_BLOCKS_MAX]; /* indices in block, ascending by head.sum */
};

/* Returns the first index in by_sum whose block's sum is not less than sum; blocks if none is. */
size_t transcript_rank(const struct transcript *t, uint32_t sum);

/* Returns true if there is a block with this sum; *ret_index is then its index in block. */
bool transcript_known(const struct transcript *t, uint32_t sum, size_t *ret_index);

/*
 * Finds the blocks of a log.  On failure *reterr_where is the place of the error; *t then has the
 * blocks that were found anyway.
 */
enum err transcript_find(struct transcript *t, const char *log, size_t size,
                         struct where *reterr_where);

/*
 * Collects the numbered lines of all blocks in *t, whose piece must be set.  ERR_LOG_ORPHANS: there
 * are lines of a block that was not found; the other lines are collected.
 */
enum err transcript_collect(struct transcript *t, const char *log, size_t size,
                            struct where *reterr_where);

/*
 * Returns ERR_NONE if all lines after *number are good.  Otherwise returns what is wrong with the
 * next bad one, and sets *number and *reterr_where to its number and place.  Start with *number 0.
 * reterr_where may be NULL.
 */
enum err transcript_next_bad(const struct transcript_block *b, size_t *number,
                             struct where *reterr_where);

/*
 * Returns true if a name is one that the probe gives, so that as a file's name it stays in the
 * folder that the caller chooses: letters, digits and _, then also - and .
 */
bool transcript_name(const char *name, size_t size);

/* The files of a block, in the text that transcript_join wrote. */
struct transcript_files {
	const char *name; /* as of transcript_name; ended by a NUL */
	const char *report, *seal;
	size_t report_size, seal_size;
};

/* Returns how many bytes transcript_join needs. */
size_t transcript_room(const struct transcript_head *head);

/*
 * Appends the lines of a block, all of which must be good, and sets *ret.  ERR_LOG_SUM: they are
 * not what was sent.  ERR_LOG_NAME: the name could lead outside a folder.
 */
enum err transcript_join(struct text *t, struct transcript_files *ret,
                         const struct transcript_block *b);

#endif
