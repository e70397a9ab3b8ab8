/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "table/feature_names.h"
#include "table/feature_unit.h"
#include "unit.h"

static const char *reading(char *buffer, size_t size, enum feature_id id, uint32_t value)
{
	struct text t;

	text_start(&t, buffer, size);
	feature_unit_value(&t, NULL, id, value);
	return text_string(&t);
}

/* What the manuals say that these fields are. */
static const struct reading_case {
	enum feature_id id;
	uint32_t value;
	const char *expected;
} reading_cases[] = {
	{ F_NUMLEVELS, 0xd, "0xd" },
	{ F_NUM_EXT_LEVELS, 0x8000001e, "0x8000001e" },
	{ F_VENDOR1, 0x756e6547, "\"Genu\"" },
	{ F_LEAF83_BRAND_STRING_EDX, 0x296c, "\"l)\"" },
	{ F_LEAF83_BRAND_STRING_EDX, 0x29006c, "0x29006c" },
	{ F_LEAF83_BRAND_STRING_EDX, 0x296c0000, "0x296c0000" },
	{ F_VENDOR1, 0x1b5b225c, "\"\\\\\\\"[\\x1b\"" },
	{ F_FAMILY, 15, "15" },
	{ F_CLFL_SIZE, 8, "8 (64 bytes)" },
	{ F_LEAF2_CACHE12, 0x7d, "0x7d" },
	{ F_LEAF4_CACHE_TYPE, 2, "2 (instruction)" },
	{ F_LEAF4_CACHE_TYPE, 7, "7" },
	{ F_LEAF4_CACHE_WAYS, 0, "0 (1 way)" },
	{ F_LEAF4_CACHE_WAYS, 7, "7 (8 ways)" },
	{ F_LEAF4_CACHE_LINE, 63, "63 (64 bytes)" },
	{ F_LEAF4_CACHE_SETS, 0x3fff, "16383 (16384 sets)" },
	{ F_LEAF4_CACHE_SETS, UINT32_MAX, "4294967295 (4294967296 sets)" },
	{ F_HW_FEEDBACK_SIZE, 0, "0 (1 page of 4 KiB)" },
	{ F_PMC_WIDTH_GEN, 48, "48 bits" },
	{ F_TOPOLOGY_CPUS_SHARING_LEVEL, 1, "1 processor" },
	{ F_TOPOLOGY_LEVEL_TYPE, 2, "2 (core)" },
	{ F_TOPOLOGY_X2APIC_ID, 0x1f, "0x1f" },
	{ F_XSAVE_MAX_SIZE, 0xa88, "2696 bytes" },
	{ F_L3C_QM_BITWIDTH, 38, "38 (62 bits)" },
	{ F_PQE_L3_MASK_LENGTH, 14, "14 (15 bits)" },
	{ F_PQE_L3_MAX_COS_NUMBER, 15, "15 (16 classes)" },
	{ F_MBA_MAX_DELAY, 89, "89 (90)" },
	{ F_MAX_ENCLAVE_SIZE_64, 0, "0 (1 byte)" },
	{ F_MAX_ENCLAVE_SIZE_64, 1, "1 (2 bytes)" },
	{ F_MAX_ENCLAVE_SIZE_64, 36, "36 (64 GiB)" },
	{ F_MAX_ENCLAVE_SIZE_64, 69, "69 (512 EiB)" },
	{ F_MAX_ENCLAVE_SIZE_64, 70, "70 (2^70 bytes)" },
	{ F_EPC_SEC_SIZE_0, 0x5d80, "23936 pages of 4 KiB" },
	{ F_EPC_SEC_SIZE_1, 1, "1 (4 GiB)" },
	{ F_CORE_CRYSTAL_CLK_FREQ, 24000000, "24000000 Hz" },
	{ F_PROC_BASE_FREQ, 3400, "3400 MHz" },
	{ F_CORE_TYPE, 0x40, "0x40 (Core)" },
	{ F_CORE_TYPE, 0x10, "0x10" },
	{ F_SPINLOCK_RETRIES, UINT32_MAX, "4294967295 (forever)" },
	{ F_SPINLOCK_RETRIES, 4095, "4095 retries" },
	{ F_L1_DCACHE_SIZE, 32, "32 KiB" },
	{ F_L1_DCACHE_ASSOC, 1, "1 (direct mapped)" },
	{ F_L1_DCACHE_ASSOC, 8, "8 ways" },
	{ F_L1_DCACHE_ASSOC, 255, "255 (fully associative)" },
	{ F_L2CACHE_WAYS, 2, "2 (2 ways)" },
	{ F_L2CACHE_WAYS, 6, "6 (8 to 15 ways)" },
	{ F_L2CACHE_WAYS, 9, "9 (see leaf 8000001d)" },
	{ F_L2CACHE_WAYS, 15, "15 (fully associative)" },
	{ F_L2_ITLB_ENTRIES_4K_PGS, 512, "512 entries" },
	{ F_L3CACHE_SIZE, 64, "64 (32768 KiB)" },
	{ F_PHYS_BITS, 46, "46 bits" },
	{ F_LEAF88_CORE_COUNT, 127, "127 (128 threads)" },
	{ F_PERFTSC_SIZE, 3, "3 (64 bits)" },
	{ F_INVLPGB_MAX, 7, "7 (8 pages of 4 KiB)" },
	{ F_SVM_NUM_ASIDS, 0x8000, "32768 ASIDs" },
	{ F_NODES_PER_PKG, 3, "3 (4 nodes)" },
	{ F_MICROCODE_PATCH_SIZE_16, 0x15c, "348 (5568 bytes)" },
	{ F_LWP_CB_SIZE, 16, "16 (128 bytes)" },
	{ F_AMD_TOPOLOGY_LEVEL_TYPE, 4, "4 (socket)" },
};

static void fields_read_as_the_manuals_say(void **state)
{
	char buffer[128];

	(void)state;
	for (size_t i = 0; i < COUNT(reading_cases); i++) {
		const struct reading_case *c = &reading_cases[i];
		const char *said = reading(buffer, sizeof(buffer), c->id, c->value);

		if (!said || strcmp(said, c->expected) != 0)
			fail_msg("%s: %s, not %s", feature_name(c->id), said ? said : "(too long)",
			         c->expected);
	}
}

/* A value that is not zero is visible, and a line of 79 columns has room for it, whatever it is. */
static void every_value_of_every_field_fits_into_a_line(void **state)
{
	(void)state;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const uint32_t all = feature_mask((enum feature_id)id) >> features[id].low;
		const size_t name = strlen(feature_name((enum feature_id)id));
		char buffer[128];

		if (features[id].low == features[id].high)
			continue;
		for (uint32_t value = 0; value <= 300 && value <= all; value++)
			if (!reading(buffer, sizeof(buffer), (enum feature_id)id, value) ||
			    name + 1 + strlen(buffer) > 79 - 18 - 1 || !buffer[0])
				fail_msg("%s %" PRIu32, feature_name((enum feature_id)id), value);
		if (!reading(buffer, sizeof(buffer), (enum feature_id)id, all) ||
		    name + 1 + strlen(buffer) > 79 - 18 - 1)
			fail_msg("%s: %s", feature_name((enum feature_id)id), buffer);
	}
}

static bool about_says(enum feature_id id, const char *word)
{
	return strstr(feature_about(id), word) != NULL;
}

/* Where the description names a unit, the column is of one that can be. */
static void units_agree_with_descriptions(void **state)
{
	(void)state;
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const enum unit u = feature_unit(id);

		if (features[i].low == features[i].high)
			continue;
		if ((about_says(id, "itmap") && !about_says(id, "length") && u != U_HEX) ||
		    (about_says(id, "in bytes") && u != U_BYTES) ||
		    (about_says(id, "string") && about_says(id, "bytes") && u != U_TEXT) ||
		    (about_says(id, "in MHz") && u != U_MHZ) ||
		    (about_says(id, "in KB") && u != U_KIB) ||
		    (about_says(id, "log2") && u != U_BYTES_POWER) ||
		    (about_says(id, "Bit width") && u != U_BITS))
			fail_msg("%s: %s", feature_name(id), feature_about(id));
	}
}

static void how_a_field_is_read_can_be_said(void **state)
{
	static const struct {
		enum feature_id id;
		const char *expected;
	} cases[] = {
		{ F_AESNI, "" },
		{ F_FAMILY, "" },
		{ F_NUMLEVELS, "" },
		{ F_VENDOR1, "4 characters" },
		{ F_CLFL_SIZE, "a multiple of 8 bytes" },
		{ F_LEAF4_CACHE_WAYS, "the number of ways minus 1" },
		{ F_MBA_MAX_DELAY, "the number minus 1" },
		{ F_MAX_ENCLAVE_SIZE_64, "the exponent of a power of two, in bytes" },
		{ F_PHYS_BITS, "bits" },
		{ F_LEAF4_CACHE_TYPE, "1=data, 2=instruction, 3=unified" },
		{ F_CORE_TYPE, "0x20=Atom, 0x40=Core" },
		{ F_L1_DCACHE_ASSOC, "ways; 1=direct mapped, 255=fully associative" },
	};
	char buffer[1024];
	struct text t;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		text_start(&t, buffer, sizeof(buffer));
		feature_unit_about(&t, cases[i].id);
		assert_string_equal(text_string(&t), cases[i].expected);
	}
	for (unsigned id = F_NONE; id < F_COUNT; id++) {
		text_start(&t, buffer, sizeof(buffer));
		feature_unit_about(&t, (enum feature_id)id);
		assert_non_null(text_string(&t));
	}
}

/* Zen 5 counts the entries of its second-level TLBs in pieces of 32. */
static void tlb_entries_depend_on_another_bit(void **state)
{
	struct cpuid_set set = { .count = 0 };
	char buffer[64];
	struct text t;

	(void)state;
	for (unsigned x32 = 0; x32 < 2; x32++) {
		put(&set, 0x80000021, 0, EAX, x32 << 14);
		text_start(&t, buffer, sizeof(buffer));
		feature_unit_value(&t, &set, F_L2_DTLB_ENTRIES_4K_PGS, 128);
		assert_string_equal(text_string(&t), x32 ? "128 (4096 entries)" : "128 entries");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tlb_entries_depend_on_another_bit),
		cmocka_unit_test(fields_read_as_the_manuals_say),
		cmocka_unit_test(every_value_of_every_field_fits_into_a_line),
		cmocka_unit_test(units_agree_with_descriptions),
		cmocka_unit_test(how_a_field_is_read_can_be_said),
	};

	return cmocka_run_group_tests_name("feature_unit", tests, NULL, NULL);
}
