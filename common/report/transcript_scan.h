/* SPDX-License-Identifier: MIT */
/*
 * transcript_scan.h - finds the lines of transcripts in the log of a console.
 *
 * A log is read as a stream of visible characters.  Escape sequences and other control characters
 * are skipped.  Line breaks do not count: a transcript's line begins with '|' and ends with its
 * checksum.
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
	size_t column;              /* visible characters before log in its row, without lines */
	size_t tried;               /* bytes read to find the current line */
	size_t unmended;            /* bytes read for broken lines that could not be joined */
	const struct transcript *t; /* the blocks that are known */
};

enum transcript_kind {
	TRANSCRIPT_BEGIN,
	TRANSCRIPT_END,
	TRANSCRIPT_LATER, /* a BEGIN or END of a later version */
	TRANSCRIPT_PIECE, /* of a known block */
	TRANSCRIPT_OTHER, /* begins as a numbered line, but its checksum fits no known block */
};

struct transcript_frame {
	enum transcript_kind kind;
	struct where where;
	struct transcript_head head; /* of BEGIN and END; of others only the sum, see below */
	size_t number;
	struct transcript_piece piece;
};

/* Begins at the start of a log; t are the blocks that are known already. */
void transcript_scan(struct transcript_scan *s, const struct transcript *t, const char *log,
                     size_t size);

/*
 * Finds the next line.  Returns false at the end of the log.  head.sum of a PIECE is that of its
 * block; of an OTHER it is that of the block for which its checksum would be good, or 0.
 */
bool transcript_scan_next(struct transcript_scan *s, struct transcript_frame *ret);

#endif
