/* SPDX-License-Identifier: MIT */
#include "odd.h"

#include "scenario.h"

#include <string.h>
#include <sys/mman.h>

static size_t asked;

/* Times in turn, good ones first: of each part the first and the last that there is. */
static EFI_STATUS EFIAPI get_time(EFI_TIME *time, EFI_TIME_CAPABILITIES *capabilities)
{
	static const EFI_TIME times[] = {
		{ .Year = 2028, .Month = 2, .Day = 29, .Hour = 23, .Minute = 59, .Second = 59 },
		{ .Year = 2000, .Month = 2, .Day = 29, .TimeZone = 90 },
		{ .Year = 1900, .Month = 12, .Day = 31, .TimeZone = EFI_UNSPECIFIED_TIMEZONE },
		{ .Year = 9999, .Month = 1, .Day = 1, .TimeZone = -1439 },
		{ .Year = 2100, .Month = 2, .Day = 29 },
		{ .Year = 2027, .Month = 2, .Day = 29 },
		{ .Year = 1899, .Month = 12, .Day = 31 },
		{ .Year = 10000, .Month = 1, .Day = 1 },
		{ .Year = 2026, .Month = 0, .Day = 1 },
		{ .Year = 2026, .Month = 13, .Day = 1 },
		{ .Year = 2026, .Month = 4, .Day = 0 },
		{ .Year = 2026, .Month = 4, .Day = 31 },
		{ .Year = 2026, .Month = 4, .Day = 1, .Hour = 24 },
		{ .Year = 2026, .Month = 4, .Day = 1, .Minute = 60 },
		{ .Year = 2026, .Month = 4, .Day = 1, .Second = 60 },
		{ .Year = 2026, .Month = 4, .Day = 1, .TimeZone = 1440 },
		{ .Year = 2026, .Month = 4, .Day = 1, .TimeZone = -1440 },
	};

	(void)capabilities;
	*time = times[asked++ % COUNT(times)];
	return EFI_SUCCESS;
}

/* Of Secure Boot and setup mode: on and off, off and off, on and on, and a variable of two bytes.
 */
static EFI_STATUS EFIAPI get_variable(CHAR16 *name, EFI_GUID *guid, UINT32 *attributes, UINTN *size,
                                      void *data)
{
	static const uint8_t modes[][2] = { { 1, 0 }, { 0, 0 }, { 1, 1 } };
	const size_t visit = asked - 1;
	const bool setup = name[1] == 'e' && name[2] == 't';

	(void)guid, (void)attributes;
	if (visit == COUNT(modes))
		*size = 2;
	else if (visit > COUNT(modes))
		return EFI_NOT_FOUND;
	else
		*(uint8_t *)data = modes[visit][setup];
	return EFI_SUCCESS;
}

void odd_clock(void)
{
	posed_processor_install();
	asked = 0;
	posed_table.RuntimeServices->GetTime = get_time;
	posed_table.RuntimeServices->GetVariable = get_variable;
}

void odd_no_tables(void)
{
	posed_processor_install();
	posed_table.NumberOfTableEntries = 0;
	posed_table.FirmwareVendor = NULL;
}

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void put_sum(uint8_t *at, size_t size, uint8_t *sum)
{
	unsigned all = 0;

	*sum = 0;
	for (size_t i = 0; i < size; i++)
		all += at[i];
	*sum = (uint8_t)-all;
}

/* Memory that a pointer of 32 bits reaches. */
static uint8_t *low_memory(void)
{
	static uint8_t *low;

	if (!low)
		low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		           MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	memset(low, 0, 4096);
	return low;
}

static const EFI_GUID smbios = SMBIOS_TABLE_GUID, smbios3 = SMBIOS3_TABLE_GUID,
		      acpi = ACPI_TABLE_GUID, acpi2 = ACPI_20_TABLE_GUID;

/* DSP0134, 5.2.1: "_SM_" at 0, "_DMI_" at 16.  The system's name is as long as a line, one word. */
static void put_smbios(uint8_t *entry, uint8_t *table)
{
	static const char system[] =
		"\x01\x08\x01\x00\x01\x02\x00\x03"
		"Old\0"
		"OneWordThatIsLongerThanARowOfTheScreenSoThatItCannotBeWrappedAtABlank"
		"ButIsCutWhereTheRowEnds\0"
		"OLD-1\0\0"
		"\x7f\x04\xff\xff\0";

	memcpy(table, system, sizeof(system));
	memcpy(entry, "_SM_\0\x1f\x02\x08", 8);
	memcpy(entry + 16, "_DMI_", 5);
	put(entry + 22, sizeof(system), 2);
	put(entry + 24, (uintptr_t)table, 4);
	put(entry + 28, 2, 2);
	put_sum(entry + 16, 15, entry + 21);
	put_sum(entry, 31, entry + 4);
}

/* ACPI 1.0: an RSDT, whose first table is another one. */
static void put_acpi(uint8_t *rsdp)
{
	uint8_t *rsdt = rsdp + 64, *facp = rsdp + 128, *madt = rsdp + 192;

	memcpy(rsdp, "RSD PTR ", 8);
	put(rsdp + 16, (uintptr_t)rsdt, 4);
	memcpy(rsdt, "RSDT", 4);
	put(rsdt + 4, 44, 4);
	put(rsdt + 36, (uintptr_t)facp, 4);
	put(rsdt + 40, (uintptr_t)madt, 4);
	memcpy(facp, "FACP", 4);
	put(facp + 4, 36, 4);
	memcpy(madt, "APIC", 4);
	put(madt + 4, 60, 4);
	put(madt + 44, 0x800, 2);
	put(madt + 48, 1, 4);
	put(madt + 52, 0x01010800, 4);
	put(madt + 56, 1, 4);
}

static EFI_CONFIGURATION_TABLE tables[2];

static void use_tables(const EFI_GUID *of_smbios, void *entry, const EFI_GUID *of_acpi, void *rsdp)
{
	posed_processor_install();
	tables[0] = (EFI_CONFIGURATION_TABLE){ *of_smbios, entry };
	tables[1] = (EFI_CONFIGURATION_TABLE){ *of_acpi, rsdp };
	posed_table.ConfigurationTable = tables;
	posed_table.NumberOfTableEntries = COUNT(tables);
}

void odd_old_tables(void)
{
	static CHAR16 vendor[201];
	uint8_t *low = low_memory();

	for (size_t i = 0; i + 1 < COUNT(vendor); i++)
		vendor[i] = 'v';
	put_smbios(low, low + 64);
	put_acpi(low + 1024);
	use_tables(&smbios, low, &acpi, low + 1024);
	posed_table.FirmwareVendor = vendor;
}

/* An entry point that leads nowhere, and a root that is no root. */
void odd_bad_tables(void)
{
	static CHAR16 vendor[] = { 0 };
	static uint8_t entry[24], rsdp[36], root[36];

	memcpy(entry, "_SM3_\0\x18\x03\x02\0\x01", 11);
	put_sum(entry, sizeof(entry), entry + 5);
	memcpy(rsdp, "RSD PTR ", 8);
	rsdp[15] = 2;
	put(rsdp + 24, (uintptr_t)root, 8);
	memcpy(root, "NONE", 4);
	use_tables(&smbios3, entry, &acpi2, rsdp);
	posed_table.FirmwareVendor = vendor;
}

/* No console at all. */
void odd_headless(void)
{
	posed_processor_install();
	posed_table.ConIn = NULL;
	posed_table.ConOut = NULL;
}

static EFI_STATUS EFIAPI few_rows(SIMPLE_TEXT_OUTPUT_INTERFACE *self, UINTN mode,
                                  UINTN *ret_columns, UINTN *ret_rows)
{
	(void)self, (void)mode;
	*ret_columns = 80;
	*ret_rows = 5;
	/* The next time it has no mode at all. */
	posed_table.ConOut->Mode = NULL;
	return EFI_SUCCESS;
}

void odd_small_screen(void)
{
	posed_processor_install();
	posed_table.ConOut->QueryMode = few_rows;
}

/* There is memory for the report and none for the processors, so that there is no report. */
static EFI_STATUS EFIAPI no_more_pages(EFI_ALLOCATE_TYPE how, EFI_MEMORY_TYPE type, UINTN count,
                                       EFI_PHYSICAL_ADDRESS *ret)
{
	(void)how, (void)type, (void)count, (void)ret;
	return EFI_OUT_OF_RESOURCES;
}

static EFI_ALLOCATE_PAGES pages_before;

static EFI_STATUS EFIAPI last_pages(EFI_ALLOCATE_TYPE how, EFI_MEMORY_TYPE type, UINTN count,
                                    EFI_PHYSICAL_ADDRESS *ret)
{
	posed_boot.AllocatePages = no_more_pages;
	return pages_before(how, type, count, ret);
}

void odd_no_memory(void)
{
	posed_processor_install();
	pages_before = posed_boot.AllocatePages;
	posed_boot.AllocatePages = last_pages;
}
