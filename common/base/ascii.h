/* SPDX-License-Identifier: MIT */
/*
 * ascii.h - characters and strings, without a C library and its locale.
 */
#ifndef ASCII_H
#define ASCII_H

#include <stdbool.h>
#include <stddef.h>

/* Returns true for a character that may go to a terminal unchanged: blank to tilde. */
static inline bool ascii_printable(char c)
{
	return c >= ' ' && c <= '~';
}

/* Returns true for 0 to 9. */
static inline bool ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Returns the lower-case letter for an upper-case one, any other character unchanged. */
static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Returns the value of a hexadecimal digit of either case, -1 for any other character. */
static inline int ascii_hex(char c)
{
	c = ascii_lower(c);
	if (ascii_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Returns the number of characters before the NUL. */
static inline size_t ascii_size(const char *string)
{
	size_t size = 0;

	while (string[size])
		size++;
	return size;
}

/* Compares strings byte by byte; returns a negative number, 0 or a positive one, as strcmp. */
static inline int ascii_compare(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

/* Returns true if two strings are equal except for the case of letters. */
static inline bool ascii_same(const char *a, const char *b)
{
	while (*a && ascii_lower(*a) == ascii_lower(*b))
		a++, b++;
	return ascii_lower(*a) == ascii_lower(*b);
}

#endif
