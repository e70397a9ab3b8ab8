/* SPDX-License-Identifier: MIT */
/*
 * Odd setup forms: a package list of the stick's is published, as a board's setup driver does it,
 * and two variables have the values; or the HII database is odd.  tests/hii_build.py makes the
 * files.
 */
#include "quirk.h"

#include "base/mem.h"
#include "console.h"
#include "hii_protocol.h"

#define FORMS_MAX 0x10000

static struct {
	const char *path;
	UINTN size;
	char bytes[FORMS_MAX];
} forms_files[] = { { .path = "\\forms.bin" },
	            { .path = "\\setup.bin" },
	            { .path = "\\cpusetup.bin" },
	            { .path = "\\export.bin" } };

static EFI_HII_DATABASE_PROTOCOL *find_hii(void)
{
	EFI_GUID guid = EFI_HII_DATABASE_PROTOCOL_GUID;
	void *found = NULL;

	quirk_fw->boot->LocateProtocol(&guid, NULL, &found);
	return found;
}

static void set_values(CHAR16 *name, EFI_GUID *guid, unsigned file)
{
	quirk_fw->table->RuntimeServices->SetVariable(
		name, guid,
		EFI_VARIABLE_NON_VOLATILE | EFI_VARIABLE_BOOTSERVICE_ACCESS |
			EFI_VARIABLE_RUNTIME_ACCESS,
		forms_files[file].size, forms_files[file].bytes);
}

void quirk_forms(void)
{
	EFI_GUID setup = {
		0xec87d643, 0xeba4, 0x4bb5, { 0xa1, 0xe5, 0x3f, 0x3e, 0x36, 0xb2, 0x0d, 0xa9 }
	};
	EFI_GUID cpu = {
		0xb08f97ff, 0xe6e8, 0x4193, { 0xa9, 0x97, 0x5e, 0x9e, 0x9b, 0x0a, 0xdb, 0x32 }
	};
	EFI_STATUS(EFIAPI * add)(EFI_HII_DATABASE_PROTOCOL *, const void *, EFI_HANDLE, void **);
	EFI_HII_DATABASE_PROTOCOL *hii = find_hii();
	void *handle;

	memcpy(&add, &hii->NewPackageList, sizeof(add));
	if (EFI_ERROR(add(hii, forms_files[0].bytes, NULL, &handle)))
		console_put(quirk_fw, "quirk: forms are not taken\n");
	set_values(L"Setup", &setup, 1);
	set_values(L"CpuSetup", &cpu, 2);
}

/* A HII database that is no database: what it exports is a file of the stick's. */
static EFI_STATUS EFIAPI export_file(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                     UINTN *size, void *buffer)
{
	const UINTN room = *size;

	(void)self, (void)handle;
	*size = forms_files[3].size;
	if (!buffer || room < *size)
		return EFI_BUFFER_TOO_SMALL;
	memcpy(buffer, forms_files[3].bytes, *size);
	return EFI_SUCCESS;
}

/* Writes what the firmware's own database exports to the stick, for another reader. */
void quirk_hii_dump(void)
{

	EFI_HII_DATABASE_PROTOCOL *hii = find_hii();
	struct volume v;
	UINTN size = 0;
	void *data;

	hii->ExportPackageLists(hii, NULL, &size, NULL);
	if (EFI_ERROR(quirk_fw->boot->AllocatePool(EfiLoaderData, size, &data)) ||
	    EFI_ERROR(hii->ExportPackageLists(hii, NULL, &size, data)) || !quirk_open(&v))
		return;
	file_write(&v, "\\dump.bin", data, size);
	v.root->Close(v.root);
}

static EFI_STATUS EFIAPI export_endless(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                        UINTN *size, void *buffer)
{
	(void)self, (void)handle, (void)buffer;
	*size = (UINTN)-1;
	return EFI_BUFFER_TOO_SMALL;
}

static EFI_STATUS EFIAPI export_hangs(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                      UINTN *size, void *buffer)
{
	(void)self, (void)handle, (void)size, (void)buffer;
	quirk_hang();
	return EFI_SUCCESS;
}

void quirk_hii_garbage(void)
{
	find_hii()->ExportPackageLists = export_file;
}

void quirk_hii_endless(void)
{
	find_hii()->ExportPackageLists = export_endless;
}

void quirk_hii_hangs(void)
{
	find_hii()->ExportPackageLists = export_hangs;
}

static EFI_STATUS EFIAPI extract_hangs(const EFI_HII_CONFIG_ROUTING_PROTOCOL *self,
                                       const CHAR16 *request, CHAR16 **progress, CHAR16 **results)
{
	(void)self, (void)request, (void)progress, (void)results;
	quirk_hang();
	return EFI_SUCCESS;
}

static EFI_HII_CONFIG_ROUTING_PROTOCOL *find_routing(void)
{
	EFI_GUID guid = EFI_HII_CONFIG_ROUTING_PROTOCOL_GUID;
	void *found = NULL;

	quirk_fw->boot->LocateProtocol(&guid, NULL, &found);
	return found;
}

void quirk_extract_hangs(void)
{
	find_routing()->ExtractConfig = extract_hangs;
}

/* An answer of more digits than were asked for, and no end that a value has. */
static EFI_STATUS EFIAPI extract_nonsense(const EFI_HII_CONFIG_ROUTING_PROTOCOL *self,
                                          const CHAR16 *request, CHAR16 **progress,
                                          CHAR16 **results)
{
	static const CHAR16 answer[] = L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=0&VALUE="
				       L"0123456789abcdef0123456789abcdef0123456789abcdef\xffff";
	void *copy;

	(void)self, (void)request;
	*progress = NULL;
	if (EFI_ERROR(quirk_fw->boot->AllocatePool(EfiLoaderData, sizeof(answer), &copy)))
		return EFI_OUT_OF_RESOURCES;
	memcpy(copy, answer, sizeof(answer));
	*results = copy;
	return EFI_SUCCESS;
}

void quirk_extract_odd(void)
{
	find_routing()->ExtractConfig = extract_nonsense;
}

static EFI_LOCATE_PROTOCOL locate;

static EFI_STATUS EFIAPI locate_but_hii(EFI_GUID *guid, void *key, void **ret_interface)
{
	const EFI_GUID hidden = EFI_HII_DATABASE_PROTOCOL_GUID;

	if (memcmp(guid, &hidden, sizeof(hidden)) == 0)
		return EFI_NOT_FOUND;
	return locate(guid, key, ret_interface);
}

void quirk_hii_missing(void)
{
	locate = quirk_fw->boot->LocateProtocol;
	quirk_fw->boot->LocateProtocol = locate_but_hii;
}

void quirk_forms_read(const struct volume *v)
{
	for (UINTN i = 0; i < sizeof(forms_files) / sizeof(forms_files[0]); i++)
		if (EFI_ERROR(file_read(v, forms_files[i].path, forms_files[i].bytes, FORMS_MAX,
		                        &forms_files[i].size)))
			forms_files[i].size = 0;
}
