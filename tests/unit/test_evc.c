/* SPDX-License-Identifier: MIT */
#include "compare/merge.h"
#include "fleet/evc_reach.h"
#include "fleet/evc_settle.h"
#include "mask/evc_mask.h"
#include "mask/mask_bits.h"
#include "table/vmware.h"
#include "unit.h"

static struct evc mode, other;
static struct evc modes[32];

static int make_modes(void **state)
{
	(void)state;
	assert_true(evc_count() <= COUNT(modes));
	for (size_t i = 0; i < evc_count(); i++)
		assert_true(evc_mode(&modes[i], i));
	return 0;
}

static int free_modes(void **state)
{
	(void)state;
	for (size_t i = 0; i < evc_count(); i++)
		evc_free(&modes[i]);
	return 0;
}

/* Sets mode to the one of a key, in any case. */
static bool find(const char *key)
{
	const struct evc *found = evc_find(modes, evc_count(), key);

	if (found)
		mode = *found;
	return found != NULL;
}

static struct mask_merge masks;
static struct cpuid_set baseline;

/* Each row's mode and feature, to see that none is there twice or without a mode. */
static void no_row_twice(void **state)
{
	static const struct {
		const char *mode;
		unsigned id;
	} rows[] = {
#define EVC_MODE(...)
#define EVC_ROW(mode, state, feature, source) { #mode, F_##feature },
#define EVC_OTHER(...)
#define EVC_BITS(...)
#include "fleet/evc.def"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = 0; k < i; k++)
			if (rows[i].id == rows[k].id)
				assert_string_not_equal(rows[i].mode, rows[k].mode);
}

static void modes_ascend(void **state)
{
	(void)state;
	for (size_t i = 1; i < evc_count(); i++) {
		other = modes[i - 1];
		mode = modes[i];
		assert_true(other.vendor < mode.vendor ||
		            (other.vendor == mode.vendor && other.tier < mode.tier));
		other = mode;
		assert_true(find(other.key));
		assert_memory_equal(&mode, &other, sizeof(mode));
	}
	assert_true(find("Intel-Westmere"));
	assert_false(find("intel-west"));
	assert_false(find(""));
}

/* What is taken over from modes before, and what is not. */
static void modes_build_on_modes(void **state)
{
	(void)state;
	assert_true(find("intel-nehalem"));
	assert_int_equal(mode.state[F_SSE3], EVC_HAS);
	assert_int_equal(mode.state[F_SSE4_2], EVC_HAS);
	assert_int_equal(mode.state[F_AESNI], EVC_LACKS);
	assert_int_equal(mode.source, EVC_UNVERIFIED);
	assert_false(mode.partial);
	assert_true(find("intel-westmere"));
	assert_int_equal(mode.source, EVC_DUMP);
	assert_int_equal(mode.state[F_STIBP], EVC_MAY);
	assert_true(find("amd-zen"));
	assert_int_equal(mode.state[F_XOP], EVC_LACKS);
	assert_int_equal(mode.state[F_AVX], EVC_HAS);
	assert_true(mode.partial);
	assert_true(find("amd-rev-e"));
	assert_true(mode.partial);
	assert_int_equal(mode.state[F_3DNOW], EVC_HAS);
	assert_true(find("amd-greyhound"));
	assert_int_equal(mode.state[F_3DNOW], EVC_HAS);
	assert_true(find("amd-greyhound-no3dnow"));
	assert_int_equal(mode.state[F_3DNOW], EVC_LACKS);
	assert_true(find("amd-zen3"));
	assert_int_equal(mode.state[F_SSBD], EVC_LACKS);
	assert_int_equal(mode.state[F_AMD_SSBD], EVC_MAY);
}

/* Names are complete, but for what VMware has no name for; registers say more. */
static void a_mode_is_settled(void **state)
{
	(void)state;
	assert_true(find("intel-merom"));
	assert_int_equal(mode.state[F_FPU], EVC_SILENT);
	assert_int_equal(mode.state[F_EXT_FPU], EVC_SILENT);
	assert_int_equal(mode.state[F_AVX], EVC_LACKS);
	assert_int_equal(mode.state[F_WAITPKG], EVC_LACKS);
	assert_int_equal(mode.state[F_X2APIC], EVC_LACKS);
	assert_false(evc_mask_hides(&mode, F_X2APIC, VMWARE_HW_MAX));
	assert_true(find("intel-westmere"));
	assert_int_equal(mode.state[F_FPU], EVC_MAY);
	assert_int_equal(mode.state[F_HYPERVISOR_PRESENT], EVC_LACKS);
	assert_false(evc_mask_hides(&mode, F_HYPERVISOR_PRESENT, VMWARE_HW_MAX));
}

static size_t missing(const char *key)
{
	size_t count = 0;

	assert_true(find(key));
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		count += evc_misses(&mode, (enum feature_id)id, &baseline);
	return count;
}

/* The story: the Atom is a Westmere to EVC, and does without five features of the next mode. */
static void the_story_qualifies_for_westmere(void **state)
{
	static struct merge m;

	(void)state;
	merge_start(&m);
	baseline = story_atom;
	put(&baseline, 1, 0, EDX, 0xbfebfbff);
	put(&baseline, 0x80000001, 0, EDX, 0x28100800);
	assert_true(merge_add(&m, &baseline));
	merge_baseline(&m, &baseline);
	assert_true(evc_vendor_is(&mode, &baseline) == (mode.vendor == EVC_INTEL));
	assert_int_equal(missing("intel-merom"), 0);
	assert_int_equal(missing("intel-westmere"), 0);
	assert_int_equal(missing("intel-sandybridge"), 5);
	assert_true(evc_misses(&mode, F_PCID, &baseline));
	assert_true(evc_misses(&mode, F_XCR0_AVX, &baseline));
	assert_false(evc_misses(&mode, F_MD_CLEAR, &baseline));
}

/* What a mode of registers lacks takes along what needs it, or repeats it. */
static void registers_are_settled(void **state)
{
	struct evc_register own[] = {
		{ place_register(1, 0, ECX), ~feature_mask(F_AVX), EVC_IMPORTED },
		{ place_register(1, 0, EDX), ~feature_mask(F_MMX), EVC_IMPORTED },
	};

	(void)state;
	memset(&mode, 0, sizeof(mode));
	mode.registers = COUNT(own);
	mode.reg = own;
	evc_settle(&mode);
	assert_int_equal(mode.state[F_AVX], EVC_LACKS);
	assert_int_equal(mode.state[F_XOP], EVC_LACKS);
	assert_int_equal(mode.state[F_FMA], EVC_LACKS);
	assert_int_equal(mode.state[F_EXT_MMX], EVC_LACKS);
	assert_int_equal(mode.state[F_EXT_FPU], EVC_SILENT);
	assert_int_equal(mode.state[F_AESNI], EVC_SILENT);
	assert_int_equal(mode.state[F_SMEP], EVC_LACKS); /* only later VMs see it */
	assert_int_equal(mode.state[F_ABM], EVC_SILENT);
}

static void the_published_mask_is(const char *key, const char *wanted)
{
	char buffer[4096];
	struct text t;

	assert_true(find(key));
	mask_merge_free(&masks);
	assert_int_equal(evc_mask_published(&mode, &masks), EVC_STORY);
	text_start(&t, buffer, sizeof(buffer));
	mask_merge_write(&t, &masks, false);
	assert_string_equal(text_string(&t), wanted);
}

static enum evc_source make_mask(const char *key)
{
	assert_true(find(key));
	mask_merge_free(&masks);
	return evc_mask(&mode, VMWARE_HW_MAX, &masks);
}

static void masks_of_modes(void **state)
{
	(void)state;
	the_published_mask_is("intel-westmere",
	                      "cpuid.1.ecx = \"000000-0-00--000---000-000------\"\n"
	                      "cpuid.1.edx = \"-000-------0-0-------0----------\"\n"
	                      "cpuid.80000001.ecx = \"0000000000000000000000000000000-\"\n"
	                      "cpuid.80000001.edx = \"00-0-000000-00000000-00000000000\"\n"
	                      "cpuid.d.eax = \"00000000000000000000000000000000\"\n"
	                      "cpuid.d.ecx = \"00000000000000000000000000000000\"\n"
	                      "cpuid.d.edx = \"00000000000000000000000000000000\"\n");
	assert_true(find("intel-merom"));
	mask_merge_free(&masks);
	assert_int_equal(evc_mask_published(&mode, &masks), EVC_UNKNOWN);
	assert_int_equal(masks.count, 0);
	assert_int_equal(make_mask("amd-zen4"), EVC_UNKNOWN);
	assert_int_equal(masks.count, 0);
	assert_int_equal(make_mask("intel-merom"), EVC_DUMP);
	assert_int_equal(make_mask("intel-westmere"), EVC_DUMP);
	assert_int_equal(make_mask("intel-haswell"), EVC_UNVERIFIED);
}

/* What is hidden takes what needs it along. */
static void masks_are_closed(void **state)
{
	const struct place xsave = feature_place(F_XSAVE), avx2 = feature_place(F_AVX2),
			   fma = feature_place(F_FMA), aes = feature_place(F_AESNI),
			   x2apic = feature_place(F_X2APIC), copy = feature_place(F_EXT_MMX),
			   mmx = feature_place(F_MMX);

	(void)state;
	mask_merge_free(&masks);
	assert_true(mask_merge_hide(&masks, &xsave));
	assert_true(mask_merge_hide(&masks, &mmx));
	assert_true(evc_mask_close(&masks, VMWARE_HW_MAX));
	assert_true(mask_merge_hidden(&masks, &avx2));
	assert_true(mask_merge_hidden(&masks, &fma));
	assert_true(mask_merge_hidden(&masks, &copy));
	assert_false(mask_merge_hidden(&masks, &aes));
	assert_false(mask_merge_hidden(&masks, &x2apic));
	mask_merge_free(&masks);
	assert_true(mask_merge_hide(&masks, &xsave));
	assert_true(evc_mask_close(&masks, 9));
	assert_false(mask_merge_hidden(&masks, &avx2)); /* no such VM sees it */
}

/* Of every mode: no mask hides what the mode shows, nor leaves what needs something hidden. */
static void masks_hide_nothing_that_is_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < evc_count(); i++)
		for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
			const enum feature_id feature = (enum feature_id)id;

			mode = modes[i];
			for (const uint16_t *need = feature_needs(feature); *need != F_NONE; need++)
				if (mode.state[*need] == EVC_LACKS)
					assert_false(evc_shows(&mode, feature));
			if (!evc_mask_hides(&mode, feature, VMWARE_HW_MAX))
				continue;
			assert_false(evc_shows(&mode, feature));
			assert_int_equal(vmware_shows(feature, VMWARE_HW_MAX), VMWARE_HOSTS);
			for (unsigned k = F_NONE + 1; k < F_COUNT; k++)
				if (mask_vmx_covers((enum feature_id)k, VMWARE_HW_MAX) &&
				    feature_needs_it((enum feature_id)k, feature))
					assert_true(evc_mask_hides(&mode, (enum feature_id)k,
					                           VMWARE_HW_MAX));
		}
}

/* Registers of an imported mode: zeros stay but in what is a number, and '-' is not a zero. */
static void masks_of_registers(void **state)
{
	static const struct {
		uint32_t leaf;
		enum cpuid_reg reg;
		uint32_t bits, hidden;
	} cases[] = {
		{ 0, EAX, 0xb, 0 },
		{ 0, EBX, 0x756e6547, 0 },
		{ 1, EAX, 0x000206c0, 0 },
		{ 1, EBX, 0x00000800, 0xffff00ff }, /* CLFL_SIZE is a number, and not 0 */
		{ 1, ECX, 0xfdffffff, 0x02000000 },
		{ 0xd, ECX, 0, 0xffffffff },
		{ 0xd, ECX, 0x340, 0 },
		{ 0x80000000, EAX, 0x80000008, 0 },
		{ 0x80000008, EAX, 0x00003028, 0xffff0000 },
		{ 0x80000007, EBX, 0xffffffff, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const uint32_t leaf = cases[i].leaf;
		const enum cpuid_reg reg = cases[i].reg;

		memset(&mode, 0, sizeof(mode));
		struct evc_register own = { place_register(leaf, 0, reg), cases[i].bits,
			                    EVC_IMPORTED };
		mode.registers = 1;
		mode.reg = &own;
		mask_merge_free(&masks);
		assert_int_equal(evc_mask_published(&mode, &masks), EVC_IMPORTED);
		for (unsigned bit = 0; bit < MASK_BITS; bit++) {
			const struct place at = place_bit(leaf, 0, reg, bit);

			assert_int_equal(mask_merge_hidden(&masks, &at),
			                 cases[i].hidden >> bit & 1);
		}
		const struct place elsewhere = place_bit(99, 0, EAX, 0);
		assert_false(mask_merge_hidden(&masks, &elsewhere));
	}
}

/* A mode of nobody known qualifies no host, whatever its number. */
static void a_mode_without_a_vendor(void **state)
{
	(void)state;
	assert_true(find("intel-merom"));
	mode.vendor = EVC_NO_VENDOR;
	assert_false(evc_vendor_is(&mode, &story_ivy));
}

/* Three generations: the second never has XOP, the third never 3DNow!. */
static struct evc generations[] = {
	{ .vendor = EVC_AMD, .state = { [F_SSE3] = EVC_HAS } },
	{ .vendor = EVC_AMD,
	  .state = { [F_SSE3] = EVC_HAS, [F_3DNOW] = EVC_HAS, [F_XOP] = EVC_LACKS } },
	{ .vendor = EVC_AMD,
	  .state = { [F_SSE3] = EVC_HAS, [F_3DNOW] = EVC_LACKS, [F_XOP] = EVC_HAS } },
	{ .vendor = EVC_AMD, .source = EVC_UNKNOWN },
	{ .vendor = EVC_INTEL, .state = { [F_SSE3] = EVC_HAS } },
};

static void modes_are_within_reach_or_not(void **state)
{
	static const struct {
		bool sse3, tdnow, xop;
		int highest, next; /* -1: none */
		bool above;
	} cases[] = {
		{ true, false, false, 0, 1, true },  /* both may be switched off */
		{ true, true, false, 1, -1, true },  /* of the second generation */
		{ true, false, true, 2, -1, false }, /* of the third */
		{ false, true, false, -1, 0, true }, /* what the first mode needs may be off */
		{ false, false, true, -1, 0, true },
	};
	static struct report r;
	static struct pool pool;
	static const struct control unknown;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct pool_host host = { .name = "a" };
		const struct evc *next;
		bool above;

		baseline.count = 0;
		put(&baseline, 0, 0, EBX, 0x68747541);
		put(&baseline, 0, 0, EDX, 0x69746e65);
		put(&baseline, 0, 0, ECX, 0x444d4163);
		put(&baseline, 1, 0, ECX, cases[i].sse3);
		put(&baseline, 0x80000001, 0, ECX, (uint32_t)cases[i].xop << 11);
		put(&baseline, 0x80000001, 0, EDX, (uint32_t)cases[i].tdnow << 31);
		report_start(&r);
		assert_true(report_add(&r, 0, &unknown, &baseline));
		pool_start(&pool);
		assert_int_equal(pool_add_report(&pool, &host, &r), ERR_NONE);
		assert_int_equal(pool_finish(&pool), ERR_NONE);

		const struct evc *highest = evc_highest(generations, COUNT(generations), &pool,
		                                        &baseline, &next, &above);
		assert_int_equal(highest ? highest - generations : -1, cases[i].highest);
		assert_int_equal(next ? next - generations : -1, cases[i].next);
		assert_int_equal(above, cases[i].above);
		for (int k = 0; k < 3; k++)
			assert_int_equal(evc_qualifies(&generations[k], &baseline),
			                 k == cases[i].highest || (k == 0 && cases[i].sse3));
		assert_false(evc_qualifies(&generations[3], &baseline));
		assert_false(evc_qualifies(&generations[4], &baseline));
		pool_free(&pool);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes_are_within_reach_or_not),
		cmocka_unit_test(no_row_twice),
		cmocka_unit_test(modes_ascend),
		cmocka_unit_test(modes_build_on_modes),
		cmocka_unit_test(the_story_qualifies_for_westmere),
		cmocka_unit_test(a_mode_is_settled),
		cmocka_unit_test(registers_are_settled),
		cmocka_unit_test(masks_of_modes),
		cmocka_unit_test(masks_are_closed),
		cmocka_unit_test(masks_hide_nothing_that_is_shown),
		cmocka_unit_test(masks_of_registers),
		cmocka_unit_test(a_mode_without_a_vendor),
	};

	return cmocka_run_group_tests_name("evc", tests, make_modes, free_modes);
}
