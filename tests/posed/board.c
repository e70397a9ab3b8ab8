/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include <stdlib.h>
#include <string.h>

#include <efipciio.h>

#define VARIABLES    8
#define VARIABLE_MAX 2048

bool posed_tls_stored;

/* DSP0134: types 0, 1 and 2, and the end. */
static const uint8_t smbios_table[] = "\x00\x12\x00\x00\x01\x02\x00\xe8\x03\x00\x00\x00\x00\x00\x00"
				      "\x00\x00\x00"
				      "Posed\0"
				      "1.0\0"
				      "11/27/2026\0\0"
				      "\x01\x08\x01\x00\x01\x02\x00\x03"
				      "Acme\0"
				      "R1\0"
				      "A-1\0\0"
				      "\x02\x08\x02\x00\x01\x02\x00\x03"
				      "Acme\0"
				      "B1\0"
				      "B-1\0\0"
				      "\x7f\x04\xff\xff\0";
static uint8_t smbios_entry_point[24], rsdp[36], xsdt[44], madt[60];
static EFI_CONFIGURATION_TABLE tables[2];

static struct variable {
	CHAR16 name[20];
	EFI_GUID guid;
	UINT32 attributes;
	size_t size, size_before;
	uint8_t bytes[VARIABLE_MAX], before[VARIABLE_MAX];
} variables[VARIABLES];

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

void posed_smbios_put(const void *table, size_t size)
{
	uint8_t sum = 0;

	memcpy(smbios_entry_point, "_SM3_\0\x18\x03\x02\0\x01", 11);
	put(smbios_entry_point + 12, size, 4);
	put(smbios_entry_point + 16, (uintptr_t)table, 8);
	smbios_entry_point[5] = 0;
	for (size_t i = 0; i < sizeof(smbios_entry_point); i++)
		sum = (uint8_t)(sum + smbios_entry_point[i]);
	smbios_entry_point[5] = (uint8_t)-sum;
}

static void make_tables(void)
{
	static const EFI_GUID smbios3 = SMBIOS3_TABLE_GUID, acpi2 = ACPI_20_TABLE_GUID;

	posed_smbios_put(smbios_table, sizeof(smbios_table));
	/* ACPI 6.5, 5.2.5, 5.2.8 and 5.2.12: three processors, the last one disabled. */
	memcpy(rsdp, "RSD PTR ", 8);
	rsdp[15] = 2;
	put(rsdp + 24, (uintptr_t)xsdt, 8);
	memcpy(xsdt, "XSDT", 4);
	put(xsdt + 4, sizeof(xsdt), 4);
	put(xsdt + 36, (uintptr_t)madt, 8);
	memcpy(madt, "APIC", 4);
	put(madt + 4, sizeof(madt), 4);
	put(madt + 44, 0x800, 2);
	put(madt + 48, 1, 4);
	put(madt + 52, 0x01010800, 4);
	put(madt + 56, 1, 4);
	tables[0] = (EFI_CONFIGURATION_TABLE){ smbios3, smbios_entry_point };
	tables[1] = (EFI_CONFIGURATION_TABLE){ acpi2, rsdp };
}

static struct variable *find(const CHAR16 *name, const EFI_GUID *guid)
{
	for (struct variable *v = variables; v < variables + VARIABLES; v++) {
		size_t i = 0;

		while (v->name[i] && v->name[i] == name[i])
			i++;
		if (v->name[0] && v->name[i] == name[i] &&
		    memcmp(&v->guid, guid, sizeof(*guid)) == 0)
			return v;
	}
	return NULL;
}

static EFI_STATUS EFIAPI get_variable(CHAR16 *name, EFI_GUID *guid, UINT32 *attributes, UINTN *size,
                                      void *data)
{
	const EFI_STATUS status = posed_call(SERVICE_GetVariable);
	const struct variable *v = find(name, guid);
	const UINTN room = *size;

	if (EFI_ERROR(status))
		return status;
	if (!v)
		return EFI_NOT_FOUND;
	*size = v->size;
	if (room < v->size)
		return EFI_BUFFER_TOO_SMALL;
	memcpy(data, v->bytes, v->size);
	if (attributes)
		*attributes = v->attributes;
	return EFI_SUCCESS;
}

static struct variable *new_variable(const CHAR16 *name, const EFI_GUID *guid)
{
	struct variable *v = variables;

	while (v->name[0])
		v++;
	for (size_t i = 0; name[i] && i + 1 < COUNT(v->name); i++)
		v->name[i] = name[i];
	v->guid = *guid;
	return v;
}

/* UEFI 2.10, 8.2: a size of 0 removes a variable. */
static EFI_STATUS EFIAPI set_variable(CHAR16 *name, EFI_GUID *guid, UINT32 attributes, UINTN size,
                                      void *data)
{
	const EFI_STATUS status = posed_call(SERVICE_SetVariable);
	struct variable *v = find(name, guid);

	if (EFI_ERROR(status))
		return status;
	if (attributes & EFI_VARIABLE_NON_VOLATILE || (v && v->attributes != attributes))
		posed_wrong("a stored variable is written");
	if (size > VARIABLE_MAX)
		return EFI_OUT_OF_RESOURCES;
	if (!v && size == 0)
		return EFI_NOT_FOUND;
	if (!v)
		v = new_variable(name, guid);
	v->attributes = attributes;
	v->size = size;
	if (size)
		memcpy(v->bytes, data, size);
	else
		v->name[0] = 0;
	return EFI_SUCCESS;
}

bool posed_variable_put(const CHAR16 *name, const EFI_GUID *guid, UINT32 attributes,
                        const void *bytes, size_t size)
{
	struct variable *v = find(name, guid);

	if (size > VARIABLE_MAX || (!v && variables[VARIABLES - 2].name[0]))
		return false;
	if (!v)
		v = new_variable(name, guid);
	v->attributes = attributes;
	v->size = v->size_before = size;
	memcpy(v->bytes, bytes, size);
	memcpy(v->before, bytes, size);
	return true;
}

bool posed_variable_left(void)
{
	for (const struct variable *v = variables; v < variables + VARIABLES; v++)
		if ((v->name[0] ? v->size : 0) != v->size_before ||
		    (v->name[0] && memcmp(v->bytes, v->before, v->size) != 0))
			return true;
	return false;
}

static EFI_STATUS EFIAPI get_time(EFI_TIME *time, EFI_TIME_CAPABILITIES *capabilities)
{
	const EFI_STATUS status = posed_call(SERVICE_GetTime);

	(void)capabilities;
	if (!EFI_ERROR(status))
		*time = (EFI_TIME){
			.Year = 2026, .Month = 2, .Day = 28, .Hour = 23, .TimeZone = -90
		};
	return status;
}

static const EFI_GUID global = EFI_GLOBAL_VARIABLE;

static void put_byte(const CHAR16 *name, uint8_t value)
{
	posed_variable_put(name, &global, EFI_VARIABLE_BOOTSERVICE_ACCESS, &value, 1);
}

void posed_secure_boot_on(void)
{
	put_byte(L"SecureBoot", 1);
	put_byte(L"SetupMode", 0);
}

static void make_variables(void)
{
	static const EFI_GUID tls = { 0xfd2340d0,
		                      0x3dab,
		                      0x4349,
		                      { 0xa6, 0xc7, 0x3b, 0x4f, 0x12, 0xb4, 0x8e, 0xae } },
			      setup = { 0xec87d643,
		                        0xeba4,
		                        0x4bb5,
		                        { 0xa1, 0xe5, 0x3f, 0x3e, 0x36, 0xb2, 0x0d, 0xa9 } };
	static const uint8_t values[300] = { 1, 2, 3, 4, 5 };

	memset(variables, 0, sizeof(variables));
	put_byte(L"SecureBoot", 0);
	put_byte(L"SetupMode", 1);
	posed_variable_put(L"Setup", &setup,
	                   EFI_VARIABLE_NON_VOLATILE | EFI_VARIABLE_BOOTSERVICE_ACCESS, values,
	                   sizeof(values));
	posed_variable_put(L"TlsCaCertificate", &tls,
	                   EFI_VARIABLE_BOOTSERVICE_ACCESS |
	                           (posed_tls_stored ? EFI_VARIABLE_NON_VOLATILE : 0U),
	                   "certificates of the firmware's own", 34);
}

static EFI_LOADED_IMAGE image;

void posed_board_start(void)
{
	make_tables();
	make_variables();
	image = (EFI_LOADED_IMAGE){ .DeviceHandle = NULL };
}

void posed_board_install(void)
{
	static const EFI_GUID guid = LOADED_IMAGE_PROTOCOL;
	static CHAR16 vendor[] = { 'P', 'o', 's', 0xe9, 0 };

	posed_install(POSED_IMAGE, &guid, &image);
	posed_table.ConfigurationTable = tables;
	posed_table.NumberOfTableEntries = COUNT(tables);
	posed_table.FirmwareVendor = vendor;
	posed_table.RuntimeServices->GetVariable = get_variable;
	posed_table.RuntimeServices->SetVariable = set_variable;
	posed_table.RuntimeServices->GetTime = get_time;
}

void posed_loaded_from(EFI_HANDLE device)
{
	image.DeviceHandle = device;
}

void posed_path_install(EFI_HANDLE device, const void *path)
{
	static const EFI_GUID guid = DEVICE_PATH_PROTOCOL;

	posed_install(device, &guid, (void *)(uintptr_t)path);
}

struct pci {
	EFI_PCI_IO_PROTOCOL services;
	uint8_t class, subclass;
};

static EFI_STATUS EFIAPI pci_read(EFI_PCI_IO_PROTOCOL *self, EFI_PCI_IO_PROTOCOL_WIDTH width,
                                  UINT32 offset, UINTN count, void *buffer)
{
	const EFI_STATUS status = posed_call(SERVICE_PciRead);
	const struct pci *pci = (const struct pci *)self;
	const uint8_t bytes[2] = { pci->subclass, pci->class };

	if (EFI_ERROR(status))
		return status;
	if (width != EfiPciIoWidthUint8 || offset < 10 || offset + count > 12)
		posed_wrong("something else of a PCI device is read");
	else
		memcpy(buffer, &bytes[offset - 10], count);
	return EFI_SUCCESS;
}

EFI_HANDLE posed_pci_install(uint8_t class, uint8_t subclass)
{
	static const EFI_GUID guid = EFI_PCI_IO_PROTOCOL_GUID;
	static struct pci pci[4];
	static size_t next;
	struct pci *p = &pci[next++ % COUNT(pci)];

	*p = (struct pci){ { .Pci = { .Read = pci_read } }, class, subclass };
	return posed_install(NULL, &guid, p);
}
