/* SPDX-License-Identifier: MIT */
#include "drivers.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "hii_protocol.h"
#include "report/report.h"

#define REFUSED "the driver refuses"

/* Besides the path: the words, a GUID, a name, an offset and a width. */
#define REQUEST_MAX (128 + 2 * SETUP_GUID + 4 * REPORT_STRING_MAX)

/* An answer is walked no further than this. */
#define ANSWER_MAX 0x10000

static CHAR16 *put_words(CHAR16 *at, const char *words)
{
	while (*words)
		*at++ = (unsigned char)*words++;
	return at;
}

static CHAR16 *put_byte(CHAR16 *at, unsigned byte)
{
	static const char digits[] = "0123456789abcdef";

	*at++ = (unsigned char)digits[byte >> 4 & 15];
	*at++ = (unsigned char)digits[byte & 15];
	return at;
}

static CHAR16 *put_bytes(CHAR16 *at, const uint8_t *bytes, size_t size)
{
	while (size--)
		at = put_byte(at, *bytes++);
	return at;
}

static CHAR16 *put_word(CHAR16 *at, size_t word)
{
	return put_byte(put_byte(at, (unsigned)(word >> 8)), (unsigned)word);
}

/* UEFI 2.10, 35.2.1: a <ConfigHdr> and one block; a name is the digits of its characters. */
static void put_request(CHAR16 *at, const struct setup_store *s, const uint8_t *path,
                        size_t path_size, size_t size)
{
	at = put_bytes(put_words(at, "GUID="), s->guid, SETUP_GUID);
	at = put_words(at, "&NAME=");
	for (const char *c = s->name; *c; c++)
		at = put_word(at, (unsigned char)*c);
	at = put_bytes(put_words(at, "&PATH="), path, path_size);
	at = put_word(put_words(at, "&OFFSET="), s->offset);
	at = put_word(put_words(at, "&WIDTH="), size);
	*at = 0;
}

static bool begins(const CHAR16 *at, const char *words)
{
	while (*words && *at == (unsigned char)*words)
		at++, words++;
	return *words == '\0';
}

/*
 * Reads the block's value, whose digits begin with the highest byte.  EDK2 answers with one more
 * <ConfigHdr> for each default store: what follows the next one is not the value.
 */
static bool take_value(const CHAR16 *at, uint8_t *bytes, size_t size)
{
	const CHAR16 *const end = at + ANSWER_MAX;
	size_t digits = 0;

	for (at++; *at && at < end && !begins(at, "&VALUE="); at++)
		if (begins(at, "&GUID="))
			return false;
	if (at == end || !*at)
		return false;
	at += sizeof("&VALUE=") - 1;
	while (digits < 2 * size && at[digits] < 0x80 && ascii_hex((char)at[digits]) >= 0)
		digits++;
	memset(bytes, 0, size);
	for (size_t i = 0; i < digits; i++) {
		const int digit = ascii_hex((char)at[digits - 1 - i]);

		bytes[i / 2] |= (uint8_t)(i % 2 ? digit << 4 : digit);
	}
	return digits > 0 && (at[digits] == 0 || at[digits] == '&');
}

const char *drivers_read(const struct firmware *fw, struct alarm *alarm,
                         const struct setup_store *store, const uint8_t *path, size_t path_size,
                         uint8_t *bytes, size_t size)
{
	EFI_GUID guid = EFI_HII_CONFIG_ROUTING_PROTOCOL_GUID;
	const EFI_HII_CONFIG_ROUTING_PROTOCOL *routing;
	CHAR16 *progress = NULL, *results = NULL;
	void *found, *request;

	if (EFI_ERROR(fw->boot->LocateProtocol(&guid, NULL, &found)) ||
	    EFI_ERROR(fw->boot->AllocatePool(
		    EfiLoaderData, (REQUEST_MAX + 2 * path_size) * sizeof(CHAR16), &request)))
		return "drivers cannot be asked";
	routing = found;
	put_request(request, store, path, path_size, size);
	alarm_start(alarm, ALARM_SECONDS);
	const EFI_STATUS status = routing->ExtractConfig(routing, request, &progress, &results);
	alarm_stop(alarm);
	/* results may point to anything if the driver refuses. */
	const bool read = !EFI_ERROR(status) && results && take_value(results, bytes, size);
	if (!EFI_ERROR(status) && results)
		fw->boot->FreePool(results);
	fw->boot->FreePool(request);
	return read ? NULL : REFUSED;
}
