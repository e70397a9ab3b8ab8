/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include "hii_protocol.h"

#include <stdio.h>
#include <string.h>

static uint8_t database[0x20000];
static size_t database_size;

/* The export of a board's setup, which tests/hii_build.py makes. */
bool posed_setup_load(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return false;
	database_size = fread(database, 1, sizeof(database), file);
	fclose(file);
	return database_size > 0;
}

static EFI_STATUS EFIAPI export_lists(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                      UINTN *size, void *buffer)
{
	const EFI_STATUS status = posed_call(SERVICE_ExportPackageLists);
	const UINTN room = *size;

	(void)self, (void)handle;
	if (EFI_ERROR(status))
		return status;
	*size = database_size;
	if (!buffer || room < database_size)
		return EFI_BUFFER_TOO_SMALL;
	memcpy(buffer, database, database_size);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI extract(const EFI_HII_CONFIG_ROUTING_PROTOCOL *self, const CHAR16 *request,
                                 CHAR16 **progress, CHAR16 **results)
{
	static const CHAR16 answer[] = L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=1&VALUE=01";
	const EFI_STATUS status = posed_call(SERVICE_ExtractConfig);

	(void)self, (void)request;
	*progress = NULL;
	/* What is there after an error is anything. */
	*results = (CHAR16 *)(uintptr_t)1;
	if (EFI_ERROR(status))
		return status;
	*results = posed_pool(sizeof(answer));
	memcpy(*results, answer, sizeof(answer));
	return EFI_SUCCESS;
}

void posed_setup_install(bool routing)
{
	static EFI_HII_DATABASE_PROTOCOL hii = { .ExportPackageLists = export_lists };
	static EFI_HII_CONFIG_ROUTING_PROTOCOL router = { .ExtractConfig = extract };
	const EFI_GUID hii_guid = EFI_HII_DATABASE_PROTOCOL_GUID,
		       routing_guid = EFI_HII_CONFIG_ROUTING_PROTOCOL_GUID;

	posed_install(NULL, &hii_guid, &hii);
	if (routing)
		posed_install(NULL, &routing_guid, &router);
}
