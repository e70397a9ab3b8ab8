/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "base/crc32.h"
#include "report/transcript.h"

struct piece {
	size_t size;
	bool line_ends;
};

/* Cuts a long line after a blank if it has one, so that it is readable on a screen. */
static struct piece cut(const char *at, size_t left)
{
	const size_t max = left < TRANSCRIPT_PIECE_MAX ? left : TRANSCRIPT_PIECE_MAX;
	size_t size = 0, blank = 0;

	for (; size < max && at[size] != '\n'; size++)
		if (at[size] == ' ')
			blank = size + 1;
	if (size < left && at[size] == '\n')
		return (struct piece){ size, true };
	return (struct piece){ blank && size < left ? blank : size, false };
}

static size_t pieces(const struct text *t)
{
	size_t count = 0;

	for (size_t at = 0; at < t->used; count++) {
		const struct piece p = cut(t->at + at, t->used - at);
		at += p.size + p.line_ends;
	}
	return count;
}

void transcript_start(struct transcript_writer *w, const char *name, const struct text *report,
                      const struct text *seal)
{
	const size_t size = ascii_size(name);

	*w = (struct transcript_writer){ .name = name, .part = { report, seal } };
	w->head.lines = 1 + pieces(report) + pieces(seal);
	w->head.report = report->used;
	w->head.seal = seal->used;
	w->head.sum = crc32_more(0, name, size);
	w->head.sum = crc32_more(w->head.sum, "\n", 1);
	w->head.sum = crc32_more(w->head.sum, report->at, report->used);
	w->head.sum = crc32_more(w->head.sum, seal->at, seal->used);
}

static void put_head(struct text *t, const char *word, const struct transcript_head *head)
{
	text_put(t, word);
	text_put(t, " cpulevel 1 lines ");
	text_decimal(t, head->lines);
	text_put(t, " report ");
	text_decimal(t, head->report);
	text_put(t, " seal ");
	text_decimal(t, head->seal);
	text_put(t, " sum ");
	text_hex(t, head->sum, 8);
	text_put(t, "|");
}

static void put_number(struct text *t, size_t number)
{
	text_put(t, "|");
	for (size_t limit = 10000; limit > 1 && number < limit; limit /= 10)
		text_put(t, "0");
	text_decimal(t, number);
	text_put(t, " ");
}

static void put_piece(struct text *t, struct transcript_writer *w)
{
	while (w->at == w->part[w->in]->used) {
		w->in++;
		w->at = 0;
	}
	const char *at = w->part[w->in]->at + w->at;
	const struct piece p = cut(at, w->part[w->in]->used - w->at);

	text_bytes(t, at, p.size);
	text_put(t, p.line_ends ? "|" : ">");
	w->at += p.size + p.line_ends;
}

bool transcript_line(struct transcript_writer *w, char line[static TRANSCRIPT_COLUMNS + 1])
{
	const size_t number = w->line++;
	uint32_t check = 0;
	struct text t;

	if (number > w->head.lines + 1)
		return false;
	text_start(&t, line, TRANSCRIPT_COLUMNS + 1);
	if (number == 0 || number > w->head.lines) {
		put_head(&t, number ? "|END" : "|BEGIN", &w->head);
	} else {
		check = w->head.sum;
		put_number(&t, number);
		if (number == 1) {
			text_put(&t, w->name);
			text_put(&t, "|");
		} else {
			put_piece(&t, w);
		}
	}
	text_hex(&t, check ^ crc32_more(0, line, t.used), 8);
	return text_string(&t) != NULL;
}
