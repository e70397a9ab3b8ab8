/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"
#include "base/mem.h"
#include "report/transcript.h"
#include "report/transcript_scan.h"

size_t transcript_rank(const struct transcript *t, uint32_t sum)
{
	size_t lo = 0, hi = t->blocks;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (t->block[t->by_sum[mid]].head.sum < sum)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool transcript_known(const struct transcript *t, uint32_t sum, size_t *ret_index)
{
	const size_t rank = transcript_rank(t, sum);

	if (rank == t->blocks)
		return false;
	*ret_index = t->by_sum[rank];
	return t->block[*ret_index].head.sum == sum;
}

static struct transcript_block *block_of(struct transcript *t, uint32_t sum)
{
	size_t index;

	return transcript_known(t, sum, &index) ? &t->block[index] : NULL;
}

/* Adds the block of a BEGIN or END if it is new. */
static enum err add_block(struct transcript *t, const struct transcript_frame *f)
{
	if (f->kind == TRANSCRIPT_LATER)
		return ERR_VERSION;
	if (block_of(t, f->head.sum))
		return ERR_NONE;
	if (t->blocks == TRANSCRIPT_BLOCKS_MAX || f->head.lines > TRANSCRIPT_TOTAL_MAX - t->lines)
		return ERR_LOG_MANY;

	uint16_t *at = t->by_sum + transcript_rank(t, f->head.sum);
	memmove(at + 1, at, (size_t)(t->by_sum + t->blocks - at) * sizeof(*at));
	*at = (uint16_t)t->blocks;
	t->block[t->blocks++] = (struct transcript_block){ .head = f->head, .first = f->where };
	t->lines += f->head.lines;
	return ERR_NONE;
}

enum err transcript_find(struct transcript *t, const char *log, size_t size,
                         struct where *reterr_where)
{
	enum err first = ERR_NONE;
	struct transcript_frame f;
	struct transcript_scan s;

	t->blocks = t->lines = 0;
	transcript_scan(&s, t, log, size);
	while (transcript_scan_next(&s, &f)) {
		if (f.kind == TRANSCRIPT_PIECE || f.kind == TRANSCRIPT_OTHER)
			continue;
		const enum err err = add_block(t, &f);
		if (first == ERR_NONE && err != ERR_NONE) {
			first = err;
			*reterr_where = f.where;
		}
	}
	if (first != ERR_NONE || t->blocks)
		return first;
	*reterr_where = (struct where){ 0, 0 };
	return ERR_LOG_NO_REPORT;
}

static bool same(const struct transcript_piece *a, const struct transcript_piece *b)
{
	return a->size == b->size && a->line_ends == b->line_ends &&
	       memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* Lines out of order do no harm, but the user is told: something is wrong with the serial line. */
static void note_order(struct transcript_block *b, const struct transcript_frame *f)
{
	if (f->number == b->number && !b->doubled) {
		b->doubled = f->number;
		b->doubled_at = f->where;
	} else if (f->number < b->number && !b->moved) {
		b->moved = f->number;
		b->moved_at = f->where;
	}
	b->number = f->number;
	b->suspect = f->number + 1;
}

/* Stores a good line.  Returns false if the block does not have so many lines. */
static bool place(struct transcript_block *b, const struct transcript_frame *f)
{
	if (f->number == 0 || f->number > b->head.lines)
		return false;

	struct transcript_piece *p = &b->piece[f->number - 1];
	if (p->good && !same(p, &f->piece)) {
		p->torn = true;
		p->where = f->where;
	} else if (!p->good) {
		*p = f->piece;
		p->where = f->where;
	}
	note_order(b, f);
	b->last = f->where;
	return true;
}

/*
 * Notes a damaged line as the one that should follow the last good one.  Returns false if the
 * block has no such line.
 */
static bool suspect(struct transcript_block *b, const struct transcript_frame *f)
{
	if (!b || b->suspect == 0 || b->suspect > b->head.lines)
		return false;
	struct transcript_piece *p = &b->piece[b->suspect++ - 1];
	if (!p->good && !p->damaged) {
		p->damaged = true;
		p->where = f->where;
	}
	return true;
}

enum err transcript_collect(struct transcript *t, const char *log, size_t size,
                            struct where *reterr_where)
{
	struct transcript_block *b = NULL;
	enum err err = ERR_NONE;
	struct transcript_frame f;
	struct transcript_scan s;
	uint32_t other = 0;

	transcript_scan(&s, t, log, size);
	while (transcript_scan_next(&s, &f)) {
		if (f.kind == TRANSCRIPT_OTHER) {
			/*
			 * Two lines that are good for the same unknown block.  Within a known block
			 * they are lines with the same damage: a CRC is linear.
			 */
			if (!suspect(b, &f) && f.head.sum && f.head.sum == other &&
			    err == ERR_NONE) {
				err = ERR_LOG_ORPHANS;
				*reterr_where = f.where;
			}
			other = f.head.sum;
			continue;
		}
		b = block_of(t, f.head.sum);
		/* A block that is one too many is not known, nor is one that only joining made. */
		if (!b)
			continue;
		if (f.kind == TRANSCRIPT_PIECE && !place(b, &f))
			suspect(b, &f);
		if (f.kind == TRANSCRIPT_BEGIN || f.kind == TRANSCRIPT_END) {
			b->number = 0;
			b->last = f.where;
			b->suspect = f.kind == TRANSCRIPT_BEGIN;
		}
	}
	return err;
}

/* Returns where a missing line should be: at the next one that is there, or at the last. */
static struct where where_missing(const struct transcript_block *b, size_t number)
{
	for (; number < b->head.lines; number++)
		if (b->piece[number].good)
			return b->piece[number].where;
	return b->last;
}

static enum err what_is_wrong(const struct transcript_piece *p)
{
	if (p->torn)
		return ERR_LOG_TORN;
	if (p->good)
		return ERR_NONE;
	return p->damaged ? ERR_LOG_DAMAGED : ERR_LOG_MISSING;
}

enum err transcript_next_bad(const struct transcript_block *b, size_t *number,
                             struct where *reterr_where)
{
	while (*number < b->head.lines) {
		const struct transcript_piece *p = &b->piece[(*number)++];
		const enum err err = what_is_wrong(p);

		if (err == ERR_NONE)
			continue;
		if (reterr_where)
			*reterr_where =
				err == ERR_LOG_MISSING ? where_missing(b, *number) : p->where;
		return err;
	}
	return ERR_NONE;
}

size_t transcript_room(const struct transcript_head *head)
{
	return TRANSCRIPT_NAME_MAX + 1 + head->report + head->seal;
}

bool transcript_name(const char *name, size_t size)
{
	for (size_t n = 0; n < size; n++) {
		const char c = name[n];
		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '_' && !(n > 0 && (c == '-' || c == '.')))
			return false;
	}
	return size > 0 && size <= TRANSCRIPT_NAME_MAX;
}

/* Sets *ret_size to the size of the name at the beginning.  Returns false if it is not safe. */
static bool name_ends(const char *name, size_t size, size_t *ret_size)
{
	size_t n = 0;

	while (n < size && name[n] != '\n')
		n++;
	*ret_size = n;
	return n < size && transcript_name(name, n);
}

enum err transcript_join(struct text *t, struct transcript_files *ret,
                         const struct transcript_block *b)
{
	size_t name;

	for (size_t i = 0; i < b->head.lines; i++) {
		text_bytes(t, b->piece[i].bytes, b->piece[i].size);
		text_put(t, b->piece[i].line_ends ? "\n" : "");
	}
	if (t->full || crc32_more(0, t->at, t->used) != b->head.sum)
		return ERR_LOG_SUM;
	if (!name_ends(t->at, t->used, &name))
		return ERR_LOG_NAME;
	if (t->used != name + 1 + b->head.report + b->head.seal)
		return ERR_LOG_SUM;
	t->at[name] = '\0';
	ret->name = t->at;
	ret->report = t->at + name + 1;
	ret->report_size = b->head.report;
	ret->seal = ret->report + b->head.report;
	ret->seal_size = b->head.seal;
	return ERR_NONE;
}
