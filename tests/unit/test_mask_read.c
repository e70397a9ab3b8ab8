/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "mask/mask_vmx_merge.h"
#include "mask/mask_vmx_read.h"
#include "table/vmware.h"
#include "unit.h"

static struct mask_lines lines;
static struct mask_merge merged;
static char first[0x20000], second[0x20000];

#define DASHES "--------------------------------"

static enum err read_text(const char *text, struct where *where)
{
	*where = (struct where){ 0, 0 };
	mask_lines_free(&lines);
	return mask_vmx_read(&lines, text, strlen(text), where);
}

static void accepts(const char *text)
{
	struct where where;

	assert_int_equal(read_text(text, &where), ERR_NONE);
}

static void spellings(void **state)
{
	static const struct {
		const char *text;
		uint32_t leaf, subleaf;
		enum cpuid_reg reg;
		enum mask_vendor vendor;
		uint32_t hidden, forced;
	} table[] = {
		{ "cpuid.1.ecx = \"--00-0---0----0-----------------\"\n", 1, 0, ECX, MASK_ANY,
		  0x34420000, 0 },
		{ "cpuid.7.ebx=" DASHES, 7, 0, EBX, MASK_ANY, 0, 0 },
		{ "CPUID.D.1.EAX\t=\t0000:0000:0000:0000:0000:0000:0000:0001\r\n", 0xd, 1, EAX,
		  MASK_ANY, 0xfffffffe, 1 },
		{ "cpuid.80000001.ecx.amd = \"----:----:----:----:----:----:----:-h--\"",
		  0x80000001, 0, ECX, MASK_AMD, 0, 0 },
		{ "  cpuid.80000001.Edx.INTEL = \"---- ---- ---- ---- ---- ---- ---- ---F\"  # "
		  "why\n",
		  0x80000001, 0, EDX, MASK_INTEL, 1, 0 },
		{ "cpuid.1.edx = Tt1R r0fF ---- xXhH ---- ---- ---- ----# x", 1, 0, EDX, MASK_ANY,
		  0x1f000000, 0xe0000000 },
		{ "\xef\xbb\xbf"
		  "cpuid.00000001.eax = \"------------------------ -------0\"",
		  1, 0, EAX, MASK_ANY, 1, 0 },
		{ "cpuid.1.ecx = \"---------0----------------------\"   ", 1, 0, ECX, MASK_ANY,
		  0x00400000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		accepts(table[i].text);
		assert_int_equal(lines.count, 1);
		assert_int_equal(lines.at[0].at.leaf, table[i].leaf);
		assert_int_equal(lines.at[0].at.subleaf, table[i].subleaf);
		assert_int_equal(lines.at[0].at.reg, table[i].reg);
		assert_int_equal(lines.at[0].vendor, table[i].vendor);
		assert_int_equal(mask_line_hidden(&lines.at[0]), table[i].hidden);
		assert_int_equal(mask_line_forced(&lines.at[0]), table[i].forced);
		assert_int_equal(lines.at[0].line, 1);
		assert_int_equal(lines.at[0].padded, i == 6);
	}
}

static void other_lines_are_no_masks(void **state)
{
	(void)state;
	accepts("#!/usr/bin/vmware\n"
	        ".encoding = \"UTF-8\"\n"
	        "virtualHW.version = \"19\"\n"
	        "displayName = \"M\xc3\xbcnchen = 1\"\n"
	        "\r\n"
	        "   # cpuid.1.ecx = \"nonsense\"\n"
	        "cpuid.coresPerSocket = \"2\"\n"
	        "cpuid.coresPerSocket.cookie = \"2\"\n"
	        "cpuid.brandstring = \"ebx\"\n"
	        "cpuid.family = 6\n"
	        "cpuid.enableMWAIT = TRUE\n"
	        "hostCPUID.1 = \"000106a510100800009ce3bdbfebfbff\"\n"
	        "guestCPUID.80000001 = \"0\"\n"
	        "monitor_control.enable_fullcpuid = \"TRUE\"\n"
	        "featMask.vm.cpuid.AVX512F = \"Max:0\"\n"
	        "FEATMASK.vm.cpuid.SSE3 = Val:1\n"
	        "hypervisor.cpuid.v0 = \"FALSE\"");
	assert_int_equal(lines.count, 0);
	assert_int_equal(lines.names, 2);
	assert_int_equal(lines.settings, 2);
	assert_string_equal(lines.setting[0].name, "brand string");
	assert_string_equal(lines.setting[0].value, "ebx");
	assert_int_equal(lines.setting[1].line, 10);
	assert_int_equal(lines.hw, 19);
	accepts("");
	assert_int_equal(lines.hw, 0);
}

static void what_is_wrong_and_where(void **state)
{
	static const struct {
		const char *text;
		enum err err;
		size_t line, column;
	} table[] = {
		{ "\nhello\n", ERR_MASK_LINE, 2, 1 },
		{ " cpuid.1.ecx \"" DASHES "\"", ERR_MASK_LINE, 1, 2 },
		{ "= 1", ERR_MASK_LINE, 1, 1 },
		{ "cpuid.1.exx = " DASHES, ERR_MASK_KEY, 1, 9 },
		{ "cpuid.0x1.ecx = " DASHES, ERR_MASK_KEY, 1, 7 },
		{ "cpuid.d000010a.eax = " DASHES, ERR_MASK_KEY, 1, 7 },
		{ "cpuid.ecx = " DASHES, ERR_MASK_KEY, 1, 7 },
		{ "cpuid.d.exx = " DASHES, ERR_MASK_KEY, 1, 9 },
		{ "cpuid.1.2.3.ecx = " DASHES, ERR_MASK_KEY, 1, 11 },
		{ "cpuid.1.ecx.via = " DASHES, ERR_MASK_KEY, 1, 12 },
		{ "cpuid.1.ecx.amd.x = " DASHES, ERR_MASK_KEY, 1, 16 },
		{ "cpuid.1 .ecx = " DASHES, ERR_MASK_KEY, 1, 7 },
		{ "cpuid.800000010.ecx = " DASHES, ERR_MASK_KEY, 1, 7 },
		{ "cpuid.1.ecx = \"--0-2---------------------------\"", ERR_MASK_CHARACTER, 1, 20 },
		{ "cpuid.1.ecx = --0-\"-", ERR_MASK_CHARACTER, 1, 19 },
		{ "cpuid.1.ecx = \"--\x1b\"", ERR_BYTE, 1, 18 },
		{ "cpuid.1.ecx = \xe2\x80\x9c" DASHES, ERR_MASK_CURLY, 1, 15 },
		{ "cpuid.1.ecx = \"" DASHES "\n\n", ERR_MASK_QUOTE, 1, 48 },
		{ "cpuid.1.ecx = \"" DASHES "\" x", ERR_LINE_END, 1, 50 },
		{ "\r\ncpuid.1.ecx = \"---\"\r\n", ERR_MASK_LENGTH, 2, 19 },
		{ "cpuid.1.ecx = \"\"", ERR_MASK_LENGTH, 1, 16 },
		{ "cpuid.1.ecx = " DASHES "--", ERR_MASK_LENGTH, 1, 47 },
		{ "cpuid.1.ecx = " DASHES "--\nhello", ERR_MASK_LINE, 2, 1 },
	};
	struct where where;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_int_equal(read_text(table[i].text, &where), table[i].err);
		assert_int_equal(where.line, table[i].line);
		assert_int_equal(where.column, table[i].column);
	}
}

static void wrong_lengths_are_kept(void **state)
{
	struct where where;

	(void)state;
	assert_int_equal(read_text("cpuid.1.ecx = 000\ncpuid.1.edx = 0" DASHES "\n"
	                           "cpuid.7.ebx = 0000000000000000" DASHES "\n"
	                           "cpuid.d.eax = 0-------------------------------\n",
	                           &where),
	                 ERR_MASK_LENGTH);
	assert_int_equal(lines.count, 4);
	assert_int_equal(lines.at[0].width, 3);
	assert_int_equal(lines.at[1].width, 33);
	assert_int_equal(lines.at[2].width, 33);
	assert_int_equal(lines.at[2].end.column, 47);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(mask_line_hidden(&lines.at[i]), 0);
	assert_int_equal(lines.at[3].width, 32);
	assert_int_equal(mask_line_hidden(&lines.at[3]), 0x80000000);
}

/* What featMask lines say, by name, operation and number. */
static void named_lines(void **state)
{
	static const struct {
		const char *text, *name;
		enum mask_named_kind kind;
		enum mask_op op;
		uint64_t number;
		enum feature_id id;
		size_t ids;
	} table[] = {
		{ "featMask.vm.cpuid.AES = \"Max:0\"", "cpuid.AES", MASK_NAMED_BIT, MASK_MAX, 0,
		  F_AESNI, 1 },
		{ "FEATMASK.VM.CPUID.aes=val:0X1 # x", "cpuid.AES", MASK_NAMED_BIT, MASK_VAL, 1,
		  F_AESNI, 1 },
		{ "featMask.vm.cpuid.mwait = \" Bool:Min:1 \"", "cpuid.MWAIT", MASK_NAMED_BIT,
		  MASK_MIN, 1, F_MONITOR, 1 },
		{ "featMask.vm.cpuid.ibpb = Max:0", "cpuid.IBPB", MASK_NAMED_BIT, MASK_MAX, 0,
		  F_IBRS_IBPB, 2 },
		{ "featMask.vm.cpuid.ibrs = Max:0", "cpuid.IBRS", MASK_NAMED_BIT, MASK_MAX, 0,
		  F_IBRS_IBPB, 2 },
		{ "featMask.vm.cpuid.Num_Ext_Levels = Val:0x80000008", "cpuid.NUM_EXT_LEVELS",
		  MASK_NAMED_NUMBER, MASK_VAL, 0x80000008, F_NUM_EXT_LEVELS, 1 },
		{ "featMask.vm.cpuid.intel = Val:1", "cpuid.Intel", MASK_NAMED_VENDOR, MASK_VAL, 1,
		  F_NONE, 0 },
		{ "featMask.vm.cpuid.vt = Val:1", "cpuid.VT", MASK_NAMED_UNKNOWN, MASK_VAL, 1,
		  F_NONE, 0 },
		{ "featMask.vm.MSR.0x480 = Val:0xffffffffffffffff", "MSR.0x480", MASK_NAMED_OTHER,
		  MASK_VAL, UINT64_MAX, F_NONE, 0 },
		{ "featMask.vm.cpuid = Val:1", "cpuid", MASK_NAMED_OTHER, MASK_VAL, 1, F_NONE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		accepts(table[i].text);
		assert_int_equal(lines.names, 1);
		const struct mask_named *n = &lines.name[0];
		assert_string_equal(n->of.name, table[i].name);
		assert_int_equal(n->of.kind, table[i].kind);
		assert_int_equal(n->value.op, table[i].op);
		assert_true(n->value.number == table[i].number);
		assert_int_equal(n->of.ids, table[i].ids);
		assert_int_equal(n->of.id[0], table[i].id);
		assert_int_equal(n->line, 1);
	}
	accepts("featureCompat.vm.completeMasks = \"true\"\nfeatMask.vm.cpuid.AVX = Val:1");
	assert_int_equal(lines.complete, 1);
	assert_false(mask_lines_hide(&lines, F_AVX));
	assert_true(mask_lines_hide(&lines, F_AESNI));
	accepts("featMask.vm.cpuid.NUMLEVELS = Max:6\n");
	assert_true(mask_lines_hide(&lines, F_AVX2));
	assert_false(mask_lines_hide(&lines, F_AVX));
}

/* As many lines as a file has: no number of them is too many. */
static void many_lines(void **state)
{
	static const char line[] = "cpuid.1.ecx=" DASHES "\n";
	const size_t count = sizeof(first) / (sizeof(line) - 1);
	struct where where;

	(void)state;
	for (size_t i = 0; i < count; i++)
		memcpy(first + i * (sizeof(line) - 1), line, sizeof(line) - 1);
	mask_lines_free(&lines);
	assert_int_equal(mask_vmx_read(&lines, first, count * (sizeof(line) - 1), &where),
	                 ERR_NONE);
	assert_int_equal(lines.count, count);
	assert_int_equal(lines.at[count - 1].line, count);
}

static void add(const char *text)
{
	accepts(text);
	assert_true(mask_merge_add(&merged, &lines));
}

static void writes(bool grouped, const char *wanted)
{
	struct text t;

	text_start(&t, first, sizeof(first));
	mask_merge_write(&t, &merged, grouped);
	assert_string_equal(text_string(&t), wanted);
}

static void merging(void **state)
{
	(void)state;
	mask_merge_free(&merged);
	writes(false, "");
	add("cpuid.1.ecx = " DASHES "\n"
	    "cpuid.80000001.edx = ----:----:---H:----:----:----:----:----\n");
	writes(false, "");
	add("cpuid.1.ecx = 0FR1 TtxX hH-- ---- ---- ---- ---- ----\n"
	    "cpuid.d.0.eax = 0-------------------------------\n");
	add("cpuid.1.ecx = --00 ---- ---- ---- ---- ---- ---- ---0\n");
	writes(false, "cpuid.1.ecx = \"0000---------------------------0\"\n"
	              "cpuid.d.eax = \"0-------------------------------\"\n");
	writes(true, "cpuid.1.ecx = \"0000:----:----:----:----:----:----:---0\"\n"
	             "cpuid.d.eax = \"0---:----:----:----:----:----:----:----\"\n");
	assert_int_equal(merged.at[0].force[MASK_ANY] & merged.at[0].hide[MASK_ANY], 0x10000000);
}

static void suffixes(void **state)
{
	(void)state;
	mask_merge_free(&merged);
	add("cpuid.1.ecx = 0-------------------------------\n");
	add("cpuid.1.ecx.amd = -0------------------------------\n");
	writes(false, "cpuid.1.ecx = \"0-------------------------------\"\n"
	              "cpuid.1.ecx.amd = \"00------------------------------\"\n");
	/* Within a file the line with the suffix takes the plain one's place. */
	mask_merge_free(&merged);
	add("cpuid.1.ecx = 0-------------------------------\n"
	    "cpuid.1.ecx.amd = " DASHES "\n");
	writes(false, "cpuid.1.ecx = \"0-------------------------------\"\n"
	              "cpuid.1.ecx.amd = \"" DASHES "\"\n");
	add("cpuid.1.ecx = 0-------------------------------\n");
	writes(false, "cpuid.1.ecx = \"0-------------------------------\"\n");
}

static void random_set(struct cpuid_set *set, uint32_t *seed)
{
	set->count = 0;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct feature *f = &features[id];
		struct cpuid_leaf *l;

		if (feature_subleaf(f) >= FROM(0) || random_next(seed) % 3 == 0)
			continue;
		l = cpuid_insert(set, feature_leaf(f), feature_subleaf(f));
		assert_non_null(l);
		l->reg[f->reg] |= random_next(seed);
	}
}

static void assert_reads_back(const struct mask *m)
{
	struct where where;
	struct text t;

	text_start(&t, first, sizeof(first));
	mask_vmx_write(&t, m);
	assert_non_null(text_string(&t));
	mask_lines_free(&lines);
	assert_int_equal(mask_vmx_read(&lines, first, t.used, &where), ERR_NONE);
	for (const struct mask_line *l = lines.at; l < lines.at + lines.count; l++) {
		for (unsigned bit = 0; bit < MASK_BITS; bit++) {
			const enum feature_id id =
				feature_at(l->at.leaf, l->at.subleaf, l->at.reg, bit);
			const bool hide = id != F_NONE && mask_vmx_hides(m, id);

			assert_int_equal(l->bit[bit], hide ? '0' : '-');
		}
	}
	mask_merge_free(&merged);
	assert_true(mask_merge_add(&merged, &lines));
	text_start(&t, second, sizeof(second));
	mask_merge_write(&t, &merged, m->grouped);
	assert_string_equal(text_string(&t), first);
}

/* What mask_vmx_write writes is read as the bits it was written for, and written the same again. */
static void what_is_written_reads_back(void **state)
{
	static struct cpuid_set seen, baseline;
	struct mask m = { &seen, &baseline, .hw = VMWARE_HW_MAX };
	uint32_t seed = 314159265;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		random_set(&seen, &seed);
		random_set(&baseline, &seed);
		m.hw = VMWARE_HW_MIN + random_next(&seed) % (VMWARE_HW_MAX - VMWARE_HW_MIN + 1);
		m.grouped = i & 1;
		assert_reads_back(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings),
		cmocka_unit_test(other_lines_are_no_masks),
		cmocka_unit_test(what_is_wrong_and_where),
		cmocka_unit_test(wrong_lengths_are_kept),
		cmocka_unit_test(named_lines),
		cmocka_unit_test(many_lines),
		cmocka_unit_test(merging),
		cmocka_unit_test(suffixes),
		cmocka_unit_test(what_is_written_reads_back),
	};

	return cmocka_run_group_tests_name("mask_read", tests, NULL, NULL);
}
