/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include "base/mem.h"
#include "base/text.h"
#include "report/acpi.h"
#include "report/smbios.h"

/* Lengths of the entry points, DSP0134 5.2.1 and 5.2.2. */
#define ENTRY_32 31
#define ENTRY_64 24

static const uint8_t *configuration_table(const struct firmware *fw, const EFI_GUID *guid)
{
	const EFI_SYSTEM_TABLE *table = fw->table;

	for (UINTN i = 0; i < table->NumberOfTableEntries; i++)
		if (memcmp(&table->ConfigurationTable[i].VendorGuid, guid, sizeof(*guid)) == 0)
			return table->ConfigurationTable[i].VendorTable;
	return NULL;
}

static bool identify_by(struct report *report, const uint8_t *entry, size_t entry_size)
{
	uint64_t table;
	size_t size;

	if (!entry || !smbios_entry(entry, entry_size, &table, &size) || table == 0)
		return false;
	smbios_identify(report, (const uint8_t *)(uintptr_t)table, size);
	return true;
}

static void identify_smbios(struct report *report, const struct firmware *fw)
{
	const EFI_GUID guid_64 = SMBIOS3_TABLE_GUID;
	const EFI_GUID guid_32 = SMBIOS_TABLE_GUID;

	if (!identify_by(report, configuration_table(fw, &guid_64), ENTRY_64))
		identify_by(report, configuration_table(fw, &guid_32), ENTRY_32);
}

/* Returns what is at a physical address, or NULL if 32-bit firmware cannot reach it. */
static const uint8_t *memory(uint64_t address)
{
	return (uintptr_t)address == address ? (const uint8_t *)(uintptr_t)address : NULL;
}

static const uint8_t *acpi_pointer(const struct firmware *fw)
{
	const EFI_GUID guid_2 = ACPI_20_TABLE_GUID, guid_1 = ACPI_TABLE_GUID;
	const uint8_t *rsdp = configuration_table(fw, &guid_2);

	return rsdp ? rsdp : configuration_table(fw, &guid_1);
}

static void identify_acpi(struct report *report, const struct firmware *fw)
{
	const uint8_t *rsdp = acpi_pointer(fw), *root, *table;
	size_t width, size;

	root = rsdp ? memory(acpi_root(rsdp, &width)) : NULL;
	size = root ? acpi_size(root, width == 8 ? "XSDT" : "RSDT") : 0;
	for (size_t i = 0; size && (table = memory(acpi_entry(root, size, width, i))); i++)
		if (acpi_size(table, "APIC"))
			report_set_decimal(report, FIELD_PROCESSORS_ACPI,
			                   acpi_processors(table, acpi_size(table, "APIC")));
}

static void identify_firmware(struct report *report, const struct firmware *fw)
{
	const CHAR16 *vendor = fw->table->FirmwareVendor;
	char ascii[REPORT_STRING_MAX + 2];
	size_t i = 0;

	/* One character more than a field holds, so that report_set sees that it is cut. */
	for (; vendor && vendor[i] && i < sizeof(ascii) - 1; i++)
		ascii[i] = vendor[i] < 0x80 ? (char)vendor[i] : '?';
	ascii[i] = '\0';
	if (i > 0)
		report_set(report, FIELD_FIRMWARE_VENDOR, ascii);
	report_set_hex(report, FIELD_FIRMWARE_REVISION, fw->table->FirmwareRevision);
	report_set_hex(report, FIELD_UEFI_REVISION, fw->table->Hdr.Revision);
}

static bool time_sane(const EFI_TIME *time)
{
	static const UINT8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const unsigned year = time->Year;
	const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (year < 1900 || year > 9999 || time->Month < 1 || time->Month > 12)
		return false;
	if (time->Day < 1 || time->Day > days[time->Month - 1] + (leap && time->Month == 2))
		return false;
	if (time->Hour > 23 || time->Minute > 59 || time->Second > 59)
		return false;
	return time->TimeZone == EFI_UNSPECIFIED_TIMEZONE ||
	       (time->TimeZone > -1440 && time->TimeZone < 1440);
}

/* Appends a value of at most 9999 with leading zeros. */
static void put_padded(struct text *t, unsigned value, unsigned digits)
{
	for (unsigned limit = 10, have = 1; have < digits; have++, limit *= 10)
		if (value < limit)
			text_put(t, "0");
	text_decimal(t, value);
}

/* UEFI's offset is UTC minus local time, ISO 8601's is local time minus UTC: the sign changes. */
static void put_zone(struct text *t, INT16 zone)
{
	const unsigned minutes = zone < 0 ? (unsigned)-zone : (unsigned)zone;

	if (zone == EFI_UNSPECIFIED_TIMEZONE)
		return;
	if (zone == 0) {
		text_put(t, "Z");
		return;
	}
	text_put(t, zone < 0 ? "+" : "-");
	put_padded(t, minutes / 60, 2);
	text_put(t, ":");
	put_padded(t, minutes % 60, 2);
}

static void identify_time(struct report *report, const struct firmware *fw)
{
	char buffer[32];
	struct text t;
	EFI_TIME time;

	if (EFI_ERROR(fw->table->RuntimeServices->GetTime(&time, NULL)) || !time_sane(&time))
		return;
	text_start(&t, buffer, sizeof(buffer));
	put_padded(&t, time.Year, 4);
	text_put(&t, "-");
	put_padded(&t, time.Month, 2);
	text_put(&t, "-");
	put_padded(&t, time.Day, 2);
	text_put(&t, "T");
	put_padded(&t, time.Hour, 2);
	text_put(&t, ":");
	put_padded(&t, time.Minute, 2);
	text_put(&t, ":");
	put_padded(&t, time.Second, 2);
	put_zone(&t, time.TimeZone);
	if (text_string(&t))
		report_set(report, FIELD_TIME, buffer);
}

/* Returns a variable of one byte, or -1 if the firmware does not have it in this size. */
static int variable(const struct firmware *fw, CHAR16 *name)
{
	EFI_GUID guid = EFI_GLOBAL_VARIABLE;
	UINT8 value;
	UINTN size = sizeof(value);

	if (EFI_ERROR(fw->table->RuntimeServices->GetVariable(name, &guid, NULL, &size, &value)) ||
	    size != sizeof(value))
		return -1;
	return value;
}

static void identify_secure_boot(struct report *report, const struct firmware *fw)
{
	const int secure_boot = variable(fw, L"SecureBoot");

	if (secure_boot < 0)
		return;
	/* In setup mode no platform key is enrolled: anyone may change which keys are trusted. */
	if (variable(fw, L"SetupMode") == 1)
		report_set(report, FIELD_SECURE_BOOT, "setup mode");
	else
		report_set(report, FIELD_SECURE_BOOT, secure_boot == 1 ? "on" : "off");
}

void machine_identify(struct report *report, const struct firmware *fw)
{
	/* What the firmware says no more must not be what it said before the last report. */
	report->known[FIELD_TIME] = report->known[FIELD_SECURE_BOOT] = false;
	identify_smbios(report, fw);
	identify_acpi(report, fw);
	identify_firmware(report, fw);
	identify_time(report, fw);
	identify_secure_boot(report, fw);
}
