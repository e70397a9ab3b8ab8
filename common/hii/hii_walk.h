/* SPDX-License-Identifier: MIT */
/*
 * hii_walk.h - what the files of this room share: opcodes, numbers, the walk over packages.
 */
#ifndef HII_WALK_H
#define HII_WALK_H

#include "hii/hii.h"

enum hii_op {
	OP_FORM = 0x01,
	OP_ONE_OF = 0x05,
	OP_CHECKBOX = 0x06,
	OP_NUMERIC = 0x07,
	OP_OPTION = 0x09,
	OP_SUPPRESS_IF = 0x0a,
	OP_FORM_SET = 0x0e,
	OP_REF = 0x0f,
	OP_GRAY_OUT_IF = 0x19,
	OP_DISABLE_IF = 0x1e,
	OP_ORDERED_LIST = 0x23,
	OP_STORE = 0x24,
	OP_STORE_NAMED = 0x25,
	OP_STORE_EFI = 0x26,
	OP_END = 0x29,
	OP_TRUE = 0x46,
	OP_FALSE = 0x47,
	OP_DEFAULT = 0x5b,
	OP_FORM_MAP = 0x5d,
	OP_GUID = 0x5f,
};

#define HII_DEPTH 64 /* scopes within each other */

/* Where a walk over the forms is, and what is called for each question. */
struct hii_walk {
	struct hii *h; /* its tables are filled if there are any */
	uint32_t list, set, form;
	uint32_t sets, forms, refs, stores, questions, faults; /* so far */
	uint8_t state;
	bool bits; /* offsets and widths are in bits */
	/* Returns false to end the walk.  NULL: nothing is called. */
	bool (*question)(struct hii_walk *w, const uint8_t *op, const uint8_t *end);
	void *ctx;
};

/* Returns a number, its lowest byte first. */
static inline uint64_t hii_number(const uint8_t *at, size_t bytes)
{
	uint64_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | at[bytes];
	return value;
}

static inline unsigned hii_word(const uint8_t *at)
{
	return at[0] | (unsigned)at[1] << 8;
}

/* Returns the length of an opcode, or 0 if it is not one. */
static inline size_t hii_op_size(const uint8_t *op, const uint8_t *end)
{
	const size_t size = end - op >= 2 ? op[1] & 0x7f : 0;

	return size >= 2 && size <= (size_t)(end - op) ? size : 0;
}

/*
 * Walks over all forms of all lists.  w->h, question and ctx are set, the rest is zero.  Returns
 * how many lists there are.
 */
uint32_t hii_walk(struct hii_walk *w);

/*
 * Walks over the packages of all lists: calls package for each of a type, with the list's number.
 * Returns how many lists there are; adds to *faults.
 */
typedef bool hii_package(void *ctx, uint32_t list, const uint8_t *at, const uint8_t *end);
uint32_t hii_packages(const struct hii *h, unsigned type, hii_package *package, void *ctx,
                      uint32_t *faults);

/* Counts the strings; if the tables are there, fills them. */
void hii_strings(struct hii *h);

/*
 * Writes a string of a list as UTF-8 without blanks at its ends: at most size - 1 bytes, and a NUL.
 * A longer one is cut after a whole character.  Returns its length.
 */
size_t hii_text(const struct hii *h, uint32_t list, unsigned id, char *text, size_t size);

/* Finds for each form the way that leads to it. */
void hii_ways(struct hii *h);

/* Sorts ascending, in place. */
void hii_sort(uint64_t *key, size_t count);

/* Returns the first index whose key is not less. */
size_t hii_find(const uint64_t *key, size_t count, uint64_t least);

/* The key of a form or store: form set, id, and what is found by it. */
static inline uint64_t hii_key(uint32_t set, unsigned id, uint32_t what)
{
	return (uint64_t)set << 48 | (uint64_t)id << 32 | what;
}

#endif
