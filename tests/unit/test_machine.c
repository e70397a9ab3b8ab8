/* SPDX-License-Identifier: MIT */
#include "report/config.h"
#include "report/smbios.h"
#include "unit.h"

static struct report r;

/* Types 0 and 1 with a UUID, a type 4 between, types 2 and 3, and the end. */
static const uint8_t table[] =
	"\x00\x12\x00\x00\x01\x02\x00\xe8\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"American Megatrends\0"
	"1.2a\0"
	"01/02/2015\0\0"
	"\x04\x06\x04\x00\x01\x02"
	"CPU0\0\0"
	"\x01\x1b\x01\x00\x01\x02\x00\x03"
	"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x06\x00\x00"
	"Supermicro\0"
	"A1SAi\0"
	"  S-1234  \0\0"
	"\x02\x08\x02\x00\x01\x02\x07\x00"
	"Supermicro\0"
	"A1SRi-2758F\0\0"
	"\x03\x09\x03\x00\x01\x17\x00\x02\x03"
	"Supermicro\0"
	"C-77\0"
	"rack 7\0\0"
	"\x7f\x04\xff\xff\0";

static void identify(const uint8_t *at, size_t size)
{
	report_start(&r);
	smbios_identify(&r, at, size);
}

static void fields_are_set(void **state)
{
	(void)state;
	identify(table, sizeof(table));
	assert_string_equal(r.field[FIELD_BIOS_VENDOR], "American Megatrends");
	assert_string_equal(r.field[FIELD_BIOS_VERSION], "1.2a");
	assert_string_equal(r.field[FIELD_BIOS_DATE], "01/02/2015");
	assert_string_equal(r.field[FIELD_SYSTEM_VENDOR], "Supermicro");
	assert_string_equal(r.field[FIELD_SYSTEM_PRODUCT], "A1SAi");
	assert_false(r.known[FIELD_SYSTEM_VERSION]);
	assert_string_equal(r.field[FIELD_SYSTEM_SERIAL], "S-1234");
	assert_string_equal(r.field[FIELD_SYSTEM_UUID], "33221100-5544-7766-8899-aabbccddeeff");
	assert_string_equal(r.field[FIELD_BOARD_VENDOR], "Supermicro");
	assert_string_equal(r.field[FIELD_BOARD_PRODUCT], "A1SRi-2758F");
	assert_false(r.known[FIELD_BOARD_VERSION]); /* string 7 is not there */
	assert_string_equal(r.field[FIELD_CHASSIS_VENDOR], "Supermicro");
	assert_false(r.known[FIELD_CHASSIS_VERSION]);
	assert_string_equal(r.field[FIELD_CHASSIS_SERIAL], "C-77");
	assert_string_equal(r.field[FIELD_CHASSIS_ASSET], "rack 7");
}

static void an_unset_uuid_is_unknown(void **state)
{
	uint8_t other[sizeof(table)];
	uint8_t *uuid = NULL;

	(void)state;
	memcpy(other, table, sizeof(table));
	for (uint8_t *p = other; p < other + sizeof(other) - 16 && !uuid; p++)
		if (memcmp(p, "\x00\x11\x22\x33\x44\x55\x66\x77", 8) == 0)
			uuid = p;
	assert_non_null(uuid);
	memset(uuid, 0, 16);
	identify(other, sizeof(other));
	assert_false(r.known[FIELD_SYSTEM_UUID]);
	assert_true(r.known[FIELD_SYSTEM_SERIAL]);
	memset(uuid, 0xff, 16);
	identify(other, sizeof(other));
	assert_false(r.known[FIELD_SYSTEM_UUID]);
	uuid[15] = 0;
	identify(other, sizeof(other));
	assert_true(r.known[FIELD_SYSTEM_UUID]);
}

/* An exact copy on the heap, so that a sanitizer sees any step beyond it. */
static void identify_copy(const uint8_t *at, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, at, size);
	identify(copy, size);
	free(copy);
}

static void cut_tables_are_harmless(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(table); size++)
		identify_copy(table, size);
}

static void finish_entry(uint8_t *entry, size_t size, size_t checksum)
{
	uint8_t sum = 0;

	entry[checksum] = 0;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + entry[i]);
	entry[checksum] = (uint8_t)-sum;
}

static void entry_points(void **state)
{
	uint8_t three[24] = "_SM3_", two[31] = "_SM_";
	uint64_t at = 0;
	size_t size = 0;

	(void)state;
	three[6] = 24;
	memcpy(three + 12, "\x00\x10\x00\x00\x00\x20\x00\x00\x01\x00\x00\x00", 12);
	finish_entry(three, 24, 5);
	assert_true(smbios_entry(three, 24, &at, &size));
	assert_int_equal(at, 0x100002000);
	assert_int_equal(size, 0x1000);
	assert_false(smbios_entry(three, 23, &at, &size));
	three[20]++;
	assert_false(smbios_entry(three, 24, &at, &size));

	two[5] = 31;
	memcpy(two + 22, "\x34\x12\x00\x00\x0f\x00", 6);
	finish_entry(two, 31, 4);
	assert_true(smbios_entry(two, 31, &at, &size));
	assert_int_equal(at, 0xf0000);
	assert_int_equal(size, 0x1234);
	two[5] = 40; /* longer than what there is */
	finish_entry(two, 31, 4);
	assert_false(smbios_entry(two, 31, &at, &size));
}

static void settings(void **state)
{
	static const char text[] = "# how this stick behaves\n"
				   "\n"
				   "countdown 0\r\n"
				   "  label   rack 7, top  \n"
				   "colour blue\n"
				   "countdown soon\n"
				   "countdown 99999\n"
				   "countdown 5 6\n"
				   "countdownx 5\n"
				   "exit reboot\n"
				   "exit never\n"
				   "verbosity\tfull \n"
				   "verbosity full quiet\n"
				   "msr off\n"
				   "msr\n";
	struct config c;
	struct where where;
	enum err err;

	(void)state;
	config_default(&c);
	assert_int_equal(c.countdown, 10);
	assert_string_equal(c.label, "");
	assert_int_equal(c.exit, EXIT_OFF);
	assert_int_equal(c.verbosity, VERBOSITY_NORMAL);
	assert_true(c.msr);
	assert_false(c.exit_set);
	assert_int_equal(c.processors, PROCESSORS_AUTO);
	assert_int_equal(c.forms, FORMS_PROCESSOR);
	assert_int_equal(config_read(&c, text, sizeof(text) - 1, &err, &where), 8);
	assert_int_equal(err, ERR_SETTING);
	assert_int_equal(where.line, 5);
	assert_int_equal(where.column, 1);
	assert_int_equal(c.countdown, 0);
	assert_string_equal(c.label, "rack 7, top");
	assert_int_equal(c.exit, EXIT_REBOOT);
	assert_int_equal(c.verbosity, VERBOSITY_FULL);
	assert_false(c.msr);
	assert_int_equal(config_read(&c, "countdown", 9, &err, &where), 1);
	assert_int_equal(err, ERR_SETTING_VALUE);
	assert_int_equal(config_read(&c, "", 0, &err, &where), 0);
	assert_true(c.exit_set);
	assert_int_equal(config_read(&c, "processors boot", 15, &err, &where), 0);
	assert_int_equal(c.processors, PROCESSORS_BOOT);
	assert_int_equal(config_read(&c, "processors all\nprocessors none", 30, &err, &where), 1);
	assert_int_equal(c.processors, PROCESSORS_ALL);
	assert_int_equal(config_read(&c, "setup off\nsetup processors", 26, &err, &where), 1);
	assert_int_equal(c.forms, FORMS_OFF);
	assert_int_equal(config_read(&c, "setup all", 9, &err, &where), 0);
	assert_int_equal(c.forms, FORMS_ALL);
	assert_int_equal(config_read(&c, "setup drivers", 13, &err, &where), 0);
	assert_int_equal(c.forms, FORMS_DRIVERS);
	assert_int_equal(config_read(&c, "setup processor", 15, &err, &where), 0);
	assert_int_equal(c.forms, FORMS_PROCESSOR);
	config_default(&c);
	assert_int_equal(config_read(&c, "exit never", 10, &err, &where), 1);
	assert_false(c.exit_set);
}

/* Two sockets, one empty; the threads of the other: 16, of which 12 are on in version 3.6. */
static void processors_are_counted(void **state)
{
	uint8_t sockets[3 * (0x32 + 2)] = { 0 };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		uint8_t *at = sockets + i * (0x32 + 2);

		at[0] = 4;
		at[1] = 0x32;
		at[0x18] = i == 0 ? 0x41 : 0;
		at[0x25] = 16;
	}
	identify(sockets, sizeof(sockets));
	assert_string_equal(r.field[FIELD_PROCESSORS_SMBIOS], "16");
	sockets[0x30] = 12;
	identify(sockets, sizeof(sockets));
	assert_string_equal(r.field[FIELD_PROCESSORS_SMBIOS], "12");
	sockets[0x30] = 0;
	sockets[0x25] = 0xff;
	sockets[0x2f] = 2;
	identify(sockets, sizeof(sockets));
	assert_string_equal(r.field[FIELD_PROCESSORS_SMBIOS], "512");
	sockets[0x18] = 0;
	identify(sockets, sizeof(sockets));
	assert_false(r.known[FIELD_PROCESSORS_SMBIOS]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_set),
		cmocka_unit_test(an_unset_uuid_is_unknown),
		cmocka_unit_test(cut_tables_are_harmless),
		cmocka_unit_test(entry_points),
		cmocka_unit_test(settings),
		cmocka_unit_test(processors_are_counted),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
