/* SPDX-License-Identifier: MIT */
#include "report/acpi.h"

#include <string.h>

#include "unit.h"

/* The MADT of a machine with two local APICs, of which one is off, and three x2APICs, one off. */
static uint8_t madt[ACPI_HEADER + 8 + 2 * 8 + 3 * 16 + 2];

static void make_madt(void)
{
	uint8_t *at = madt + ACPI_HEADER + 8;

	memset(madt, 0, sizeof(madt));
	memcpy(madt, "APIC", 4);
	madt[4] = sizeof(madt);
	for (unsigned i = 0; i < 2; i++, at += 8) {
		at[1] = 8;
		at[4] = i == 0;
	}
	for (unsigned i = 0; i < 3; i++, at += 16) {
		at[0] = 9;
		at[1] = 16;
		at[8] = i != 1;
	}
	/* The end: an entry that says that it is longer than the table. */
	at[0] = 0;
	at[1] = 8;
}

static void enabled_processors_are_counted(void **state)
{
	(void)state;
	make_madt();
	assert_int_equal(acpi_size(madt, "APIC"), sizeof(madt));
	assert_int_equal(acpi_size(madt, "XSDT"), 0);
	assert_int_equal(acpi_processors(madt, sizeof(madt)), 3);
	/* Every cut is survived; none counts more. */
	for (size_t size = 0; size < sizeof(madt); size++)
		assert_true(acpi_processors(madt, size) <= 3);
	madt[ACPI_HEADER + 8 + 1] = 0;
	assert_int_equal(acpi_processors(madt, sizeof(madt)), 0);
}

static void tables_are_found(void **state)
{
	uint8_t rsdp[ACPI_RSDP] = "RSD PTR ", root[ACPI_HEADER + 20] = "XSDT";
	size_t width;

	(void)state;
	rsdp[16] = 0x12;
	assert_int_equal(acpi_root(rsdp, &width), 0x12);
	assert_int_equal(width, 4);
	rsdp[15] = 2;
	rsdp[24] = 0x34;
	rsdp[28] = 0x01;
	assert_true(acpi_root(rsdp, &width) == UINT64_C(0x100000034));
	assert_int_equal(width, 8);
	rsdp[0] = 'r';
	assert_int_equal(acpi_root(rsdp, &width), 0);

	root[4] = sizeof(root);
	root[ACPI_HEADER] = 5;
	root[ACPI_HEADER + 4] = 6;
	root[ACPI_HEADER + 8] = 7;
	assert_true(acpi_entry(root, sizeof(root), 8, 0) == UINT64_C(0x600000005));
	assert_int_equal(acpi_entry(root, sizeof(root), 8, 1), 7);
	assert_int_equal(acpi_entry(root, sizeof(root), 8, 2), 0);
	assert_int_equal(acpi_entry(root, sizeof(root), 4, 1), 6);
	assert_int_equal(acpi_entry(root, sizeof(root), 4, 5), 0);
	root[4] = ACPI_HEADER - 1;
	assert_int_equal(acpi_size(root, "XSDT"), 0);
	root[7] = 0xff;
	assert_int_equal(acpi_size(root, "XSDT"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enabled_processors_are_counted),
		cmocka_unit_test(tables_are_found),
	};

	return cmocka_run_group_tests_name("acpi", tests, NULL, NULL);
}
