/* SPDX-License-Identifier: MIT */
#include "report/smbios.h"

#include "base/mem.h"

/* Every structure begins with type, length and handle (DSP0134 6.1.2). */
#define HEADER   4
#define TYPE_END 127

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t get32(const uint8_t *at)
{
	return get16(at) | (uint32_t)get16(at + 2) << 16;
}

static bool checksum_is_zero(const uint8_t *at, size_t size)
{
	uint8_t sum = 0;

	while (size--)
		sum = (uint8_t)(sum + *at++);
	return sum == 0;
}

bool smbios_entry(const uint8_t *entry, size_t size, uint64_t *table, size_t *table_size)
{
	/* DSP0134 5.2.2: 64-bit entry point, length at 6, maximum size at 12, address at 16. */
	if (size >= 24 && memcmp(entry, "_SM3_", 5) == 0) {
		if (entry[6] < 24 || entry[6] > size || !checksum_is_zero(entry, entry[6]))
			return false;
		*table_size = get32(entry + 12);
		*table = get32(entry + 16) | (uint64_t)get32(entry + 20) << 32;
		return true;
	}
	/* DSP0134 5.2.1: 32-bit entry point, length at 5, size at 22, address at 24.  A length of
	 * 30 instead of 31 is a known error of SMBIOS 2.1, mentioned there. */
	if (size >= 31 && memcmp(entry, "_SM_", 4) == 0) {
		if (entry[5] < 30 || entry[5] > size || !checksum_is_zero(entry, entry[5]))
			return false;
		*table_size = get16(entry + 22);
		*table = get32(entry + 24);
		return true;
	}
	return false;
}

/* One structure: its formatted area and the strings after it, which end in an empty one. */
struct structure {
	const uint8_t *at;
	size_t length;
	const uint8_t *strings, *strings_end;
};

/* Reads the structure at *at and moves past it.  Returns false if it does not fit. */
static bool take_structure(const uint8_t **at, const uint8_t *end, struct structure *st)
{
	const uint8_t *p = *at;

	if (end - p < HEADER || p[1] < HEADER || end - p < p[1])
		return false;
	st->at = p;
	st->length = p[1];
	st->strings = p + p[1];
	for (p = st->strings; end - p >= 2 && (p[0] || p[1]);)
		p++;
	if (end - p < 2)
		return false;
	st->strings_end = p + 1;
	*at = p + 2;
	return true;
}

/* Sets a field to the string whose number is at offset, without the spaces around it. */
static void set_string(struct report *r, enum report_field field, const struct structure *st,
                       size_t offset)
{
	const uint8_t *p = st->strings, *q;
	char string[REPORT_STRING_MAX + 2];
	size_t size = 0;

	if (offset >= st->length || st->at[offset] == 0)
		return;
	for (unsigned n = 1; n < st->at[offset]; n++) {
		while (p < st->strings_end && *p)
			p++;
		if (p >= st->strings_end)
			return;
		p++;
	}
	while (p < st->strings_end && *p == ' ')
		p++;
	for (q = p; q < st->strings_end && *q && size < sizeof(string) - 1; q++)
		string[size++] = (char)*q;
	while (size && string[size - 1] == ' ')
		size--;
	string[size] = '\0';
	if (size)
		report_set(r, field, string);
}

/* DSP0134 7.2.1: all zeros mean that there is no UUID, all ones that it is not set yet. */
static bool uuid_is_set(const uint8_t *uuid)
{
	bool zeros = true, ones = true;

	for (unsigned i = 0; i < 16; i++) {
		zeros = zeros && uuid[i] == 0;
		ones = ones && uuid[i] == 0xff;
	}
	return !zeros && !ones;
}

/* The first three fields are little-endian. */
static void set_uuid(struct report *r, const struct structure *st)
{
	static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	char string[37];
	struct text t;

	if (st->length < 8 + sizeof(order) || !uuid_is_set(st->at + 8))
		return;
	text_start(&t, string, sizeof(string));
	for (unsigned i = 0; i < sizeof(order); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text_put(&t, "-");
		text_hex(&t, st->at[8 + order[i]], 2);
	}
	report_set(r, FIELD_SYSTEM_UUID, text_string(&t));
}

/*
 * Returns how many processors a socket has, DSP0134 7.5: status at 18H, threads at 25H, 2EH if
 * there are more than 254, and of these the enabled ones at 30H from version 3.6 on.
 */
static uint32_t threads_of(const struct structure *st)
{
	uint32_t threads = 0;

	if (st->length <= 0x25 || !(st->at[0x18] & 0x40))
		return 0;
	threads = st->at[0x25];
	if (threads == 0xff && st->length >= 0x30)
		threads = get16(st->at + 0x2e);
	if (st->length >= 0x32 && get16(st->at + 0x30))
		threads = get16(st->at + 0x30);
	return threads;
}

void smbios_identify(struct report *r, const uint8_t *table, size_t size)
{
	const uint8_t *const end = table + size;
	bool seen[4] = { false };
	uint32_t threads = 0;

	for (struct structure st; take_structure(&table, end, &st) && st.at[0] != TYPE_END;) {
		if (st.at[0] == 4)
			threads += threads_of(&st);
		if (st.at[0] >= sizeof(seen) / sizeof(seen[0]) || seen[st.at[0]])
			continue;
		seen[st.at[0]] = true;
		switch (st.at[0]) {
		case 0:
			set_string(r, FIELD_BIOS_VENDOR, &st, 4);
			set_string(r, FIELD_BIOS_VERSION, &st, 5);
			set_string(r, FIELD_BIOS_DATE, &st, 8);
			break;
		case 1:
			set_string(r, FIELD_SYSTEM_VENDOR, &st, 4);
			set_string(r, FIELD_SYSTEM_PRODUCT, &st, 5);
			set_string(r, FIELD_SYSTEM_VERSION, &st, 6);
			set_string(r, FIELD_SYSTEM_SERIAL, &st, 7);
			set_uuid(r, &st);
			break;
		case 2:
			set_string(r, FIELD_BOARD_VENDOR, &st, 4);
			set_string(r, FIELD_BOARD_PRODUCT, &st, 5);
			set_string(r, FIELD_BOARD_VERSION, &st, 6);
			set_string(r, FIELD_BOARD_SERIAL, &st, 7);
			break;
		case 3:
			set_string(r, FIELD_CHASSIS_VENDOR, &st, 4);
			set_string(r, FIELD_CHASSIS_VERSION, &st, 6);
			set_string(r, FIELD_CHASSIS_SERIAL, &st, 7);
			set_string(r, FIELD_CHASSIS_ASSET, &st, 8);
			break;
		}
	}
	if (threads)
		report_set_decimal(r, FIELD_PROCESSORS_SMBIOS, threads);
}
