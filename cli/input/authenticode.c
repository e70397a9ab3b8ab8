/* SPDX-License-Identifier: MIT */
#include "input/authenticode.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"

#define PROGRAM_MAX  0x4000000
#define SECTIONS_MAX 96

/* Offsets from the signature "PE\0\0" on, PE Format, "COFF File Header" and "Optional Header". */
enum { SECTIONS = 6, OPTIONAL_SIZE = 20, OPTIONAL = 24, HEADERS_SIZE = 60, CHECKSUM = 64 };

/* Of an entry of the table of sections: bytes in the file, and where they are. */
enum { SECTION = 40, RAW_SIZE = 16, RAW_AT = 20 };

struct pe {
	const uint8_t *at;
	size_t size, header; /* header: where "PE\0\0" is */
	bool broken;
	crypto_hash_sha256_state hash;
};

struct section {
	size_t at, size;
};

static uint32_t get(struct pe *p, size_t at, unsigned bytes)
{
	uint32_t value = 0;

	if (at > p->size || p->size - at < bytes) {
		p->broken = true;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		value |= (uint32_t)p->at[at + i] << 8 * i;
	return value;
}

static void hash(struct pe *p, size_t from, size_t to)
{
	if (p->broken || from > to || to > p->size)
		p->broken = true;
	else
		crypto_hash_sha256_update(&p->hash, p->at + from, to - from);
}

static int compare(const void *a, const void *b)
{
	const struct section *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* Hashes the sections in the file's order.  Returns where what follows them begins. */
static size_t hash_sections(struct pe *p, size_t headers)
{
	const size_t count = get(p, p->header + SECTIONS, 2);
	const size_t table = p->header + OPTIONAL + get(p, p->header + OPTIONAL_SIZE, 2);
	struct section section[SECTIONS_MAX];
	size_t hashed = headers;

	if (count > SECTIONS_MAX) {
		p->broken = true;
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		section[i].size = get(p, table + i * SECTION + RAW_SIZE, 4);
		section[i].at = get(p, table + i * SECTION + RAW_AT, 4);
	}
	qsort(section, count, sizeof(section[0]), compare);
	for (size_t i = 0; i < count; i++) {
		if (section[i].size == 0)
			continue;
		hash(p, section[i].at, section[i].at + section[i].size);
		hashed += section[i].size;
	}
	return hashed;
}

static bool digest_of(struct pe *p, uint8_t digest[static TPM_SHA256])
{
	p->header = get(p, 60, 4);
	if (p->broken || get(p, 0, 2) != 0x5a4d || get(p, p->header, 4) != 0x4550)
		return false;
	const uint32_t magic = get(p, p->header + OPTIONAL, 2);
	if (magic != 0x10b && magic != 0x20b)
		return false;
	/* The entry of the table of signatures is the fifth directory's. */
	const size_t directory = p->header + OPTIONAL + (magic == 0x20b ? 112 : 96) + 4 * 8;
	const size_t checksum = p->header + OPTIONAL + CHECKSUM;
	const size_t headers = get(p, p->header + OPTIONAL + HEADERS_SIZE, 4);
	const size_t signature = get(p, directory + 4, 4);

	crypto_hash_sha256_init(&p->hash);
	hash(p, 0, checksum);
	hash(p, checksum + 4, directory);
	hash(p, directory + 8, headers);
	const size_t hashed = hash_sections(p, headers);
	if (p->broken || hashed + signature < hashed || hashed + signature > p->size)
		return false;
	hash(p, hashed, p->size - signature);
	crypto_hash_sha256_final(&p->hash, digest);
	return !p->broken;
}

bool authenticode_of(const char *path, uint8_t digest[static TPM_SHA256])
{
	struct bytes b;

	if (!file_read(path, PROGRAM_MAX, &b))
		return false;
	struct pe p = { .at = (const uint8_t *)b.at, .size = b.size };
	const bool ok = sodium_init() >= 0 && digest_of(&p, digest);
	if (!ok)
		trouble(path, "not a program for UEFI; expected the probe, BOOTX64.EFI");
	free(b.at);
	return ok;
}
