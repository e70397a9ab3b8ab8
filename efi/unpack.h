/* SPDX-License-Identifier: MIT */
/*
 * unpack.h - unpacks what pack/pack.c has packed: bytes, and copies of bytes that came before.
 *
 * All is told in bits of an adaptive arithmetic coder:
 *
 *	copy                1 for a copy, 0 for a byte
 *	byte                eight bits, if it is a byte
 *	again               1 if the copy is from as far back as the last one
 *	distance            how far back, unless again: a number
 *	length              a number: of the bytes, less one unless again
 *
 * A number is at least 1: the place of its highest bit, in five bits, and then the bits below it.
 * Each bit has a model: how likely a 0 is, by the bits that had this model before.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In 65536ths; from 1 to 65535. */
typedef uint16_t packed_model;

struct packed_number {
	packed_model place[32];
	/* Of a number with that highest bit: the two bits below it, and those below them. */
	packed_model upper[32][4];
	packed_model lower[32][32];
};

struct packed_models {
	/* By whether a copy was before. */
	packed_model copy[2], again[2];
	/* By the two highest bits of the byte before. */
	packed_model byte[4][256];
	struct packed_number distance;
	/* Of a new distance, and again. */
	struct packed_number length[2];
};

/* Puts the first models into M: everything is as likely as not. */
void packed_start(struct packed_models *m);

/* Corrects a model by a bit. */
void packed_learn(packed_model *model, bool bit);

/*
 * Unpacks SIZE bytes to TO.  Returns false, with part of TO written, if PACKED says to copy from
 * before TO or beyond its end; other damage is not found.  Bytes that PACKED lacks count as 0.
 */
bool unpack(uint8_t *to, size_t size, const uint8_t *packed, size_t packed_size);

#endif
