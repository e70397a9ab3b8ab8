/* SPDX-License-Identifier: MIT */
/*
 * color.h - colour on a terminal: the words of an outcome, and the odd ones among many.
 *
 * Colour never carries a meaning that the words do not.
 */
#ifndef COLOR_H
#define COLOR_H

#include <stdbool.h>

enum tone {
	TONE_GOOD, /* no difference, a good seal */
	TONE_ODD,  /* what differs, and what is not known */
	TONE_BAD,  /* a bad signature; a host that cannot */
};

/*
 * Sets whether there is colour: "always", "never", or "auto", which is the default: if standard
 * output is a terminal, TERM is not "dumb", and NO_COLOR (https://no-color.org) is empty or not
 * set. Returns false if it is another word.
 */
bool color_set(const char *when);

/* Return what to print before and after coloured words; "" if there is no colour. */
const char *color_on(enum tone tone);
const char *color_off(void);

#endif
