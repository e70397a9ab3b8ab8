/* SPDX-License-Identifier: MIT */
/*
 * transcript_scan.h - finds the lines of transcripts in the log of a console.
 *
 * A log is taken as a stream of visible characters: escape sequences and other control characters
 * are nothing, and where a line was broken says nothing either, for a line of a transcript tells by
 * its own first and last characters where it begins and ends.
 */
#ifndef TRANSCRIPT_SCAN_H
#define TRANSCRIPT_SCAN_H

#include "report/transcript.h"

/* A position in a log. */
struct log_at {
	const char *at, *end, *line_start;
	size_t line;
};

struct transcript_scan {
	struct log_at log;
	size_t column;              /* visible characters before log in its row */
	size_t unmended;            /* broken lines that could not be put together */
	const struct transcript *t; /* the blocks that are known */
};

enum transcript_kind {
	TRANSCRIPT_BEGIN,
	TRANSCRIPT_END,
	TRANSCRIPT_LATER, /* a BEGIN or END of a later version */
	TRANSCRIPT_PIECE, /* of a known block */
	TRANSCRIPT_OTHER, /* has a numbered line's beginning, but no good check for a known block */
};

struct transcript_frame {
	enum transcript_kind kind;
	struct where where;
	struct transcript_head head; /* BEGIN, END; of others the sum alone, see below */
	size_t number;
	struct transcript_piece piece;
};

void transcript_scan(struct transcript_scan *s, const struct transcript *t, const char *log,
                     size_t size);

/*
 * Finds the next line.  Returns false at the end of the log.  head.sum of PIECE is its block's, of
 * OTHER that of the block for which its check would be good, or 0 if it has none.
 */
bool transcript_scan_next(struct transcript_scan *s, struct transcript_frame *ret);

#endif
