/* SPDX-License-Identifier: MIT */
/*
 * hii_list.h - makes a package list of HII, package by package (UEFI specification, 2.10, 33.3).
 */
#ifndef HII_LIST_H
#define HII_LIST_H

#include "hii/hii.h"
#include "unit.h"

#define LIST_HEADER   20
#define STRING_HEADER 46
#define BYTES(bytes)  bytes, sizeof(bytes) - 1

static uint8_t data[0x10000];
static size_t size;
static struct hii h;
static void *memory;

static inline void put_number(size_t at, size_t bytes, size_t value)
{
	for (size_t i = 0; i < bytes; i++)
		data[at + i] = (uint8_t)(value >> 8 * i);
}

static inline void begin_list(void)
{
	size = LIST_HEADER;
	memset(data, 0, sizeof(data));
}

/* Appends a package, of which these are the bytes after its header.  Returns where it is. */
static inline size_t append(uint8_t type, const void *bytes, size_t count)
{
	const size_t at = size;

	put_number(at, 3, 4 + count);
	data[at + 3] = type;
	memcpy(data + at + 4, bytes, count);
	size += 4 + count;
	return at;
}

static inline void append_strings(const char *language, const char *blocks, size_t count)
{
	uint8_t body[512] = { 0 };
	const size_t name = strlen(language) + 1, head = STRING_HEADER + name;

	memcpy(body + STRING_HEADER - 4, language, name);
	memcpy(body + head - 4, blocks, count);
	const size_t at = append(4, body, head - 4 + count);
	put_number(at + 4, 4, head);
	put_number(at + 8, 4, head);
}

/* Ends the list, and reads it. */
static inline void open_list(void)
{
	put_number(16, 4, size);
	free(memory);
	memory = malloc(hii_count(&h, data, size));
	assert_non_null(memory);
	hii_open(&h, memory);
}

static inline int release_list(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

#endif
