/* SPDX-License-Identifier: MIT */
#include "input/disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32.h"
#include "cli.h"

/* Bytes of a GPT's header, and of an MBR, of whatever size the sectors are. */
#define HEADER 92
#define SECTOR 512

/* A GPT's entries usually have 128 bytes. */
#define ENTRY_SIZE_MAX 4096

/* The type of the MBR's one partition where there is a GPT. */
#define TYPE_PROTECTIVE 0xee

static const uint32_t sector_sizes[] = { 512, 4096, 1024, 2048 };

static bool has_bytes(const char *at, size_t size, size_t offset, const char *bytes)
{
	const size_t count = strlen(bytes);

	return size >= offset + count && memcmp(at + offset, bytes, count) == 0;
}

/*
 * A boot sector has its mark at its end, a GPT is in the next sector, a FAT's boot sector begins
 * with a jump, and a CD has its mark in sector 16 of 2048 bytes.
 */
const char *disk_message(const char *at, size_t size)
{
	const bool boots = has_bytes(at, size, 510, "\x55\xaa");

	if (has_bytes(at, size, 16 * 2048 + 1, "CD001"))
		return "the image of a CD, not a report; docs/booting.md says where its report is";
	if (boots &&
	    (has_bytes(at, size, 512, "EFI PART") || has_bytes(at, size, 4096, "EFI PART")))
		return "the image of a stick, not a report; to copy the reports out of it: "
		       "cpulevel take --key STICK.pub -o FOLDER IMAGE";
	if (boots && has_bytes(at, size, 0, "\xeb") && has_bytes(at, size, 2, "\x90"))
		return "the image of a FAT volume, not a report; to copy the reports out of it: "
		       "cpulevel take --key STICK.pub -o FOLDER IMAGE";
	return NULL;
}

static uint64_t number(const uint8_t *at, size_t bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

/* Reads exactly size bytes.  Returns false, with errno 0 if the disk ends before. */
static bool read_at(int fd, uint64_t offset, void *at, size_t size)
{
	size_t done = 0;

	errno = 0;
	while (done < size) {
		const ssize_t got =
			pread(fd, (char *)at + done, size - done, (off_t)(offset + done));
		if (got == 0)
			return false;
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0)
			done += (size_t)got;
	}
	return true;
}

/* True for the boot sector of a FAT volume. */
static bool is_fat(const uint8_t s[static SECTOR])
{
	const uint64_t bytes = number(s + 11, 2);

	return ((s[0] == 0xeb && s[2] == 0x90) || s[0] == 0xe9) && s[510] == 0x55 &&
	       s[511] == 0xaa && bytes >= 512 && bytes <= 4096 && (bytes & (bytes - 1)) == 0 &&
	       s[13] != 0 && (s[13] & (s[13] - 1)) == 0 && number(s + 14, 2) != 0 &&
	       (s[16] == 1 || s[16] == 2);
}

/* Adds a volume if a FAT begins in this sector. */
static void add(int fd, uint64_t size, uint64_t first, uint32_t sector, struct disk *d)
{
	uint8_t boot[SECTOR];

	if (first && first < size / sector && read_at(fd, first * sector, boot, sizeof(boot)) &&
	    is_fat(boot))
		d->offset[d->count++] = first * sector;
}

/* Reads the entries of a GPT.  Returns NULL if their checksum is wrong; the caller frees them. */
static uint8_t *read_entries(int fd, uint64_t size, const uint8_t *header, uint32_t sector)
{
	const uint64_t first = number(header + 72, 8), count = number(header + 80, 4),
		       each = number(header + 84, 4);

	if (first == 0 || first >= size / sector || count == 0 || count > DISK_VOLUMES_MAX ||
	    each < 128 || each > ENTRY_SIZE_MAX)
		return NULL;
	uint8_t *entries = allocate(count * each);
	if (read_at(fd, first * sector, entries, count * each) &&
	    crc32_more(0, (const char *)entries, count * each) == number(header + 88, 4))
		return entries;
	free(entries);
	return NULL;
}

/* Adds the volumes of the GPT whose header is in the sector at lba.  Returns false if none is. */
static bool add_gpt(int fd, uint64_t size, uint64_t lba, uint32_t sector, struct disk *d)
{
	static const uint8_t none[16];
	uint8_t header[HEADER];

	if (!read_at(fd, lba * sector, header, sizeof(header)) ||
	    memcmp(header, "EFI PART", 8) != 0 || number(header + 12, 4) != HEADER ||
	    number(header + 24, 8) != lba)
		return false;
	const uint64_t sum = number(header + 16, 4);
	memset(header + 16, 0, 4);
	if (crc32_more(0, (const char *)header, HEADER) != sum)
		return false;
	uint8_t *entries = read_entries(fd, size, header, sector);
	if (!entries)
		return false;
	for (uint64_t i = 0; i < number(header + 80, 4); i++) {
		const uint8_t *e = entries + i * number(header + 84, 4);

		if (memcmp(e, none, sizeof(none)) != 0)
			add(fd, size, number(e + 32, 8), sector, d);
	}
	free(entries);
	return true;
}

/* Adds the volumes of the first GPT with right checksums, at the disk's beginning or at its end. */
static bool add_gpts(int fd, uint64_t size, bool at_end, struct disk *d)
{
	for (size_t i = 0; i < sizeof(sector_sizes) / sizeof(sector_sizes[0]); i++) {
		const uint64_t sectors = size / sector_sizes[i];

		if (sectors > 1 && add_gpt(fd, size, at_end ? sectors - 1 : 1, sector_sizes[i], d))
			return true;
	}
	return false;
}

/* Adds the volumes of an MBR, which does not say of what size its sectors are. */
static void add_mbr(int fd, uint64_t size, const uint8_t mbr[static SECTOR], struct disk *d)
{
	for (size_t s = 0; s < 2 && d->count == 0; s++) {
		for (const uint8_t *e = mbr + 446; e < mbr + 510; e += 16)
			if (e[4] != 0 && e[4] != TYPE_PROTECTIVE)
				add(fd, size, number(e + 8, 4), sector_sizes[s], d);
	}
}

bool disk_read(int fd, struct disk *ret)
{
	const off_t end = lseek(fd, 0, SEEK_END);
	uint8_t first[SECTOR];

	ret->count = 0;
	if (end < 0 || !read_at(fd, 0, first, sizeof(first)))
		return end >= 0 && errno == 0;
	const uint64_t size = (uint64_t)end;
	if (add_gpts(fd, size, false, ret))
		return true;
	if (is_fat(first))
		ret->offset[ret->count++] = 0;
	else if (first[510] == 0x55 && first[511] == 0xaa)
		add_mbr(fd, size, first, ret);
	/* Last, for it may be of an earlier time. */
	if (ret->count == 0)
		add_gpts(fd, size, true, ret);
	return true;
}
