/* SPDX-License-Identifier: MIT */
#include "report/transcript_scan.h"

#include "base/ascii.h"
#include "base/crc32.h"
#include "base/mem.h"
#include "base/scan.h"
#include "report/report.h"
#include "report/seal.h"

#define ESC     '\x1b'
#define CHECK   8 /* digits of the checksum */
#define DIGITS  5 /* of a line's number */
#define PREFIX  (1 + DIGITS + 1)
#define MINIMUM (PREFIX + 1 + CHECK)

/* Blanks that a logger removed are restored at the first breaks of a line only, this many. */
#define MENDED_BREAKS 4

/*
 * Bytes of a log that one line can take: its characters, and what other programs put between.  The
 * log may be hostile: a line must not be looked for in all of it.
 */
#define SPAN_MAX 4096

/* After so many bytes read in vain to join lines, no more are tried. */
#define UNMENDED_MAX 0x8000000

/*
 * Skips the rest of a control sequence (ECMA-48, 5.4) after ESC and [.  A control character ends
 * it: the sequence was damaged.  Returns true if the sequence moves the cursor.
 */
static bool control_sequence(struct log_at *l)
{
	while (l->at < l->end && *l->at >= ' ' && *l->at <= '?')
		l->at++;
	if (l->at == l->end || *l->at < '@' || *l->at > '~')
		return false;
	const char final = *l->at++;
	return (final >= 'A' && final <= 'H') || final == 'd' || final == 'f';
}

/* Skips a control string, such as a title, up to BEL or ESC \, but not beyond the line. */
static void control_string(struct log_at *l)
{
	while (l->at < l->end && *l->at != '\a' && *l->at != '\r' && *l->at != '\n') {
		if (*l->at++ == ESC && l->at < l->end && *l->at == '\\')
			break;
	}
	if (l->at < l->end && (*l->at == '\a' || *l->at == '\\'))
		l->at++;
}

/* Skips the rest of an escape sequence after ESC.  Returns true if it moves the cursor. */
static bool escape(struct log_at *l)
{
	if (l->at < l->end && *l->at == '[') {
		l->at++;
		return control_sequence(l);
	}
	if (l->at < l->end &&
	    (*l->at == ']' || *l->at == 'P' || *l->at == 'X' || *l->at == '^' || *l->at == '_')) {
		control_string(l);
		return false;
	}
	while (l->at < l->end && *l->at >= ' ' && *l->at <= '/')
		l->at++;
	if (l->at == l->end || *l->at < '0' || *l->at > '~')
		return false;
	const char final = *l->at++;
	return final == 'D' || final == 'E' || final == 'M' || final == 'c';
}

/* Returns the next visible character, '\n' where the cursor moves, or NUL at the end of the log. */
static char take(struct log_at *l)
{
	while (l->at < l->end) {
		const char c = *l->at++;

		if (c == '\n') {
			l->line++;
			l->line_start = l->at;
		}
		if (c == '\n' || c == '\r' || (c == ESC && escape(l)))
			return '\n';
		if (c == '\t')
			return ' ';
		if (c >= ' ' && c <= '~')
			return c;
	}
	return '\0';
}

/* What to change at the breaks of a line, to join it. */
struct mend {
	size_t skip;     /* characters to skip after each break: a prefix of rows */
	bool trim;       /* remove the blanks before each break: rows were filled with them */
	unsigned blanks; /* bit n: insert a blank at break n, where a logger removed one */
};

struct line {
	char at[TRANSCRIPT_COLUMNS];
	size_t used, breaks;
};

static void append(struct line *l, char c)
{
	if (l->used < sizeof(l->at))
		l->at[l->used++] = c;
}

/* Returns the first character after a break that belongs to the line, or NUL if there is none. */
static char take_after_break(struct log_at *log, size_t skip)
{
	char c;

	do
		c = take(log);
	while (c == '\n');
	for (; skip > 0 && c; skip--) {
		c = take(log);
		if (c == '\n')
			return '\0';
	}
	return c;
}

static bool take_into(struct line *l, struct log_at *log, const struct mend *m)
{
	char c = take(log);

	if (c == '\n') {
		while (m->trim && l->at[l->used - 1] == ' ')
			l->used--;
		c = take_after_break(log, m->skip);
		if (c && l->breaks < MENDED_BREAKS && (m->blanks >> l->breaks & 1))
			append(l, ' ');
		l->breaks++;
	}
	if (c)
		append(l, c);
	return c != '\0';
}

/* Returns true if the line ends in a separator and a checksum; *ret_sum is the sum it fits. */
static bool checked(const struct line *l, uint32_t *ret_sum)
{
	const size_t size = l->used - CHECK;
	uint32_t check = 0;

	if (l->used < MINIMUM || (l->at[size - 1] != '|' && l->at[size - 1] != '>'))
		return false;
	for (size_t i = size; i < l->used; i++) {
		if ((ascii_hex(l->at[i]) < 0 || l->at[i] != ascii_lower(l->at[i])))
			return false;
		check = check << 4 |
		        (uint32_t)(ascii_digit(l->at[i]) ? l->at[i] - '0' : l->at[i] - 'W');
	}
	*ret_sum = check ^ crc32_more(0, l->at, size);
	return true;
}

static size_t number_of(const struct line *l)
{
	size_t number = 0;

	for (size_t i = 1; i <= DIGITS; i++)
		number = number * 10 + (size_t)(l->at[i] - '0');
	return number;
}

static bool numbered(const struct line *l)
{
	for (size_t i = 1; i <= DIGITS; i++)
		if (!ascii_digit(l->at[i]))
			return false;
	return l->at[0] == '|' && l->at[PREFIX - 1] == ' ';
}

static void read_piece(struct transcript_frame *f, const struct line *l, uint32_t sum)
{
	const size_t size = l->used - CHECK - 1 - PREFIX;

	f->kind = TRANSCRIPT_PIECE;
	f->head.sum = sum;
	f->number = number_of(l);
	f->piece = (struct transcript_piece){ .good = true, .size = (uint8_t)size };
	f->piece.line_ends = l->at[PREFIX + size] == '|';
	memcpy(f->piece.bytes, l->at + PREFIX, size);
}

static size_t named_number(struct scan *s, const char *word, size_t max)
{
	scan_space(s);
	scan_word(s, word, ERR_WORD);
	scan_space(s);
	return (size_t)scan_decimal(s, max);
}

static bool read_head(struct transcript_frame *f, const struct line *l)
{
	const bool begin = l->used > 1 && l->at[1] == 'B';
	struct scan s;

	scan_start(&s, l->at, l->used - CHECK - 1);
	scan_word(&s, begin ? "|BEGIN" : "|END", ERR_WORD);
	if (named_number(&s, "cpulevel", SIZE_MAX) != 1 && s.err == ERR_NONE) {
		f->kind = TRANSCRIPT_LATER;
		return true;
	}
	f->head.lines = named_number(&s, "lines", TRANSCRIPT_LINES_MAX);
	f->head.report = named_number(&s, "report", REPORT_TEXT_MAX);
	f->head.seal = named_number(&s, "seal", SEAL_TEXT_MAX);
	scan_space(&s);
	scan_word(&s, "sum", ERR_WORD);
	scan_space(&s);
	f->head.sum = scan_hex(&s, 8);
	f->kind = begin ? TRANSCRIPT_BEGIN : TRANSCRIPT_END;
	return s.err == ERR_NONE && s.at == s.end && f->head.lines > 0;
}

static bool is_head(const struct line *l)
{
	return memcmp(l->at, "|BEGIN ", PREFIX) == 0 || memcmp(l->at, "|END cp", PREFIX) == 0;
}

/* Returns true if the beginning is that of a transcript's line, maybe with damage. */
static bool plausible(const struct line *l)
{
	size_t digits = 0;

	if (l->used < PREFIX || is_head(l))
		return l->used >= PREFIX;
	for (size_t i = 1; i <= DIGITS; i++)
		digits += ascii_digit(l->at[i]);
	return l->at[PREFIX - 1] == ' ' && digits >= DIGITS - 2;
}

/* Returns true, with the line in *f, if its checksum is right. */
static bool accept(struct transcript_frame *f, const struct line *l, const struct transcript *t)
{
	uint32_t sum;
	size_t index;

	if (!checked(l, &sum))
		return false;
	if (!numbered(l))
		return sum == 0 && l->at[l->used - CHECK - 1] == '|' && read_head(f, l);
	if (transcript_known(t, sum, &index)) {
		read_piece(f, l, sum);
		return true;
	}
	if (f->kind == TRANSCRIPT_OTHER && f->head.sum == 0)
		f->head.sum = sum;
	return false;
}

/* Reads the line after its |, joined by *m.  *log moves only past a line that is accepted. */
static bool try(struct transcript_scan *s, struct log_at *log, const struct mend *m, struct line *l,
                struct transcript_frame *f)
{
	struct log_at at = *log;
	bool good = false;

	if (at.end - at.at > SPAN_MAX)
		at.end = at.at + SPAN_MAX;
	*l = (struct line){ .at = "|", .used = 1 };
	while (!good && l->used < sizeof(l->at) && take_into(l, &at, m)) {
		if (l->used == PREFIX && !plausible(l))
			break;
		good = accept(f, l, s->t);
	}
	s->tried += (size_t)(at.at - log->at);
	if (good) {
		at.end = log->end;
		*log = at;
	}
	return good;
}

/* Tries to join a broken line with a blank at any of its breaks, or at none. */
static bool try_blanks(struct transcript_scan *s, struct log_at *log, struct mend m,
                       struct transcript_frame *f)
{
	struct line l;

	if (try(s, log, &m, &l, f))
		return true;
	const unsigned ways = 1U << (l.breaks < MENDED_BREAKS ? l.breaks : MENDED_BREAKS);
	for (m.blanks = 1; m.blanks < ways; m.blanks++)
		if (try(s, log, &m, &l, f))
			return true;
	return false;
}

/* Tries all ways to join a broken line; the checksum shows which one is right. */
static bool try_mended(struct transcript_scan *s, struct log_at *log, struct transcript_frame *f)
{
	const size_t prefix = s->column - 1;
	const size_t skip[] = { 0, prefix, prefix ? prefix - 1 : 0, prefix + 1 };

	for (size_t i = 0; i < sizeof(skip) / sizeof(skip[0]); i++)
		if (try_blanks(s, log, (struct mend){ .skip = skip[i] }, f) ||
		    try_blanks(s, log, (struct mend){ .skip = skip[i], .trim = true }, f))
			return true;
	return false;
}

/*
 * Returns true if the next bytes are plain characters that begin no line, so that nothing need be
 * tried: a log can be full of them.
 */
static bool hopeless(const struct log_at *log)
{
	struct line l = { .at = "|", .used = PREFIX };

	if (log->end - log->at < PREFIX - 1)
		return false;
	for (size_t i = 1; i < PREFIX; i++) {
		l.at[i] = log->at[i - 1];
		if (l.at[i] < ' ' || l.at[i] > '~')
			return false;
	}
	return !plausible(&l);
}

/* Reads what follows a |.  Returns false if it does not look like a line. */
static bool read_line(struct transcript_scan *s, struct transcript_frame *f)
{
	struct line l;

	if (hopeless(&s->log))
		return false;
	*f = (struct transcript_frame){ .kind = TRANSCRIPT_OTHER };
	f->where.line = s->log.line;
	f->where.column = (size_t)(s->log.at - s->log.line_start);
	if (try(s, &s->log, &(struct mend){ 0 }, &l, f))
		return true;
	if (!plausible(&l))
		return false;
	/* A numbered line can be joined only if its block is known. */
	if (l.breaks && (s->t->blocks || is_head(&l)) && s->unmended < UNMENDED_MAX) {
		s->tried = 0;
		if (try_mended(s, &s->log, f))
			return true;
		s->unmended += s->tried;
	}
	return !is_head(&l);
}

void transcript_scan(struct transcript_scan *s, const struct transcript *t, const char *log,
                     size_t size)
{
	*s = (struct transcript_scan){ .t = t };
	s->log = (struct log_at){ .at = log, .end = log + size, .line_start = log, .line = 1 };
}

bool transcript_scan_next(struct transcript_scan *s, struct transcript_frame *ret)
{
	for (char c; (c = take(&s->log));) {
		s->column = c == '\n' ? 0 : s->column + 1;
		if (c != '|' || !read_line(s, ret))
			continue;
		/* Of a line that was read not even its | is before the next. */
		s->column -= ret->kind != TRANSCRIPT_OTHER;
		return true;
	}
	return false;
}
