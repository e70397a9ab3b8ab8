/* SPDX-License-Identifier: MIT */
/*
 * pack DATA PACKED: packs a file, for start.c.
 *
 * PACKED gets the number of bytes that follow, the lowest of four bytes first, and then those.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "unpack.h"

static int trouble(const char *file, const char *what)
{
	fprintf(stderr, "pack: %s: %s\n", file, what);
	return 2;
}

/* Returns whether all of FILE, at most PACK_MAX bytes, was read. */
static bool get(const char *file, uint8_t *bytes, size_t *size)
{
	FILE *f = fopen(file, "rb");
	bool whole = false;

	if (f) {
		*size = fread(bytes, 1, PACK_MAX, f);
		whole = !ferror(f) && fgetc(f) == EOF;
		fclose(f);
	}
	return whole;
}

static bool put(const char *file, const uint8_t *packed, size_t size)
{
	FILE *f = fopen(file, "wb");
	bool good = f != NULL;

	for (int shift = 0; good && shift < 32; shift += 8)
		good = fputc((int)(size >> shift & 0xff), f) != EOF;
	if (f) {
		good = good && fwrite(packed, 1, size, f) == size;
		good = fclose(f) == 0 && good;
	}
	return good;
}

int main(int argc, char **argv)
{
	static uint8_t data[PACK_MAX], packed[PACK_MAX], again[PACK_MAX];
	size_t size, packed_size;

	if (argc != 3) {
		fputs("usage: pack DATA PACKED\n", stderr);
		return 2;
	}
	if (!get(argv[1], data, &size))
		return trouble(argv[1], "cannot be read, or has more than 1 MiB");
	packed_size = pack(packed, sizeof(packed), data, size);
	if (packed_size == 0)
		return trouble(argv[1], "cannot be packed");
	if (!unpack(again, size, packed, packed_size) || memcmp(again, data, size) != 0)
		return trouble(argv[1], "is not the same when unpacked");
	if (!put(argv[2], packed, packed_size))
		return trouble(argv[2], "cannot be written");
	return 0;
}
