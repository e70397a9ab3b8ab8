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

/* A featMask line, in some spelling. */
static size_t random_named(char *at, size_t size, uint32_t *seed)
{
	static const char *const names[] = { "cpuid.AVX",  "CPUID.ibpb",      "cpuid.NUMLEVELS",
		                             "hv.capable", "cpuid.NOBODY",    "cpuid.Family",
		                             "cpuid.aes",  "cpuid.NOT A NAME" };
	static const char *const values[] = {
		"Max:0",    "Val:0x0",    "max:13", "Val:1",
		"Min:0xff", "Bool:Max:0", "MAX:7",  "Val:0x80000008"
	};
	const uint32_t how = random_next(seed);

	if ((how & 0x1f00) == 0)
		return (size_t)snprintf(at, size, "featureCompat.vm.completeMasks = TRUE\n");
	return (size_t)snprintf(at, size, "%s.vm.%s=%s%s%s%s\n", how & 1 ? "featMask" : "FEATMASK",
	                        names[how >> 4 & 7], how & 2 ? " " : "", how & 4 ? "\"" : "",
	                        values[how >> 16 & 7], how & 4 ? "\"" : "");
}

/* A line for one of some registers, in some spelling; half of its bits are '-'. */
static size_t random_line(char *at, size_t size, uint32_t *seed)
{
	static const char *const keys[] = { "cpuid.1.ecx", "CPUID.7.EBX",      "cpuid.7.0.ebx",
		                            "cpuid.d.eax", "cpuid.d.1.eax",    "cpuid.1.ecx.amd",
		                            "cpuid.1.edx", "cpuid.1.ecx.intel" };
	static const char letters[] = "0-1-x-X-h-H-R-r-T-t-F-f-0-0-0-";
	const uint32_t how = random_next(seed);
	char mask[40] = "";
	size_t used = 0;

	if ((how >> 16 & 3) == 0)
		return random_named(at, size, seed);
	for (unsigned i = 0; i < MASK_BITS; i++) {
		if (how & 1 && i && i % 4 == 0)
			mask[used++] = how & 2 ? ':' : ' ';
		mask[used++] = letters[random_next(seed) % (sizeof(letters) - 1)];
	}
	mask[used] = '\0';
	return (size_t)snprintf(at, size, "%s%s=%s%s%s%s%s\n", keys[how >> 8 & 7],
	                        how & 4 ? " " : "", how & 8 ? "\t" : "", how & 16 ? "\"" : "", mask,
	                        how & 16 ? "\"" : "", how & 32 ? " # c\r" : "");
}

static size_t random_file(char *at, size_t size, uint32_t *seed)
{
	size_t used = 0;

	for (unsigned i = random_next(seed) % 9; i > 0; i--)
		used += random_line(at + used, size - used, seed);
	at[used] = '\0';
	return used;
}

static const char *merge_texts(char *to, size_t size, const char *a, const char *b)
{
	static struct mask_merge m;
	struct text t;

	mask_merge_free(&m);
	accepts(a);
	assert_true(mask_merge_add(&m, &lines));
	accepts(b);
	assert_true(mask_merge_add(&m, &lines));
	text_start(&t, to, size);
	mask_merge_write(&t, &m, size & 1);
	return text_string(&t);
}

/* Merging is a union: order, grouping and repetition make no difference. */
static void merging_is_a_union(void **state)
{
	static char file[3][2048], ab[0x4000], ba[0x4000], all[0x4000], other[0x4000];
	uint32_t seed = 2463534242;

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		for (unsigned f = 0; f < 3; f++)
			random_file(file[f], sizeof(file[f]), &seed);
		merge_texts(ab, sizeof(ab), file[0], file[1]);
		merge_texts(ba, sizeof(ba), file[1], file[0]);
		assert_string_equal(ab, ba);
		merge_texts(ba, sizeof(ba), ab, ab);
		assert_string_equal(ab, ba);
		merge_texts(all, sizeof(all), ab, file[2]);
		merge_texts(ba, sizeof(ba), file[1], file[2]);
		merge_texts(other, sizeof(other), file[0], ba);
		assert_string_equal(all, other);
	}
}

/* What any file hides, on hosts of any vendor, is hidden. */
static void nothing_is_lost(void **state)
{
	static char a[2048], b[2048], both[0x4000];
	static struct mask_lines out;
	struct where where;
	uint32_t seed = 88172645;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		random_file(a, sizeof(a), &seed);
		random_file(b, sizeof(b), &seed);
		merge_texts(both, sizeof(both), a, b);
		mask_lines_free(&out);
		assert_int_equal(mask_vmx_read(&out, both, strlen(both), &where), ERR_NONE);
		accepts(a);
		for (size_t l = 0; l < lines.count; l++) {
			uint32_t hidden = 0;

			for (size_t o = 0; o < out.count; o++)
				if (mask_line_same(&lines.at[l], &out.at[o]) ||
				    (out.at[o].vendor == MASK_ANY &&
				     place_same_register(&out.at[o].at, &lines.at[l].at)))
					hidden |= mask_line_hidden(&out.at[o]);
			assert_int_equal(mask_line_hidden(&lines.at[l]) & ~hidden, 0);
		}
		for (size_t n = 0; n < lines.names; n++)
			assert_true(!mask_named_hides(&lines.name[n]) ||
			            mask_lines_hide(&out, lines.name[n].of.id[0]));
	}
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

/* Noise is an error or is read; never a crash, never a width that is none. */
static void noise(void **state)
{
	static const char bytes[] =
		"featMask.Val:Bcpuid.1d80ebxamntl:= \t\"#\r\n-01xHRTF\x1b\xe2\x00";
	char text[2048];
	uint32_t seed = 27182818;
	struct where where;

	(void)state;
	for (unsigned i = 0; i < 7000; i++) {
		size_t size = random_file(text, sizeof(text), &seed);

		for (unsigned n = random_next(&seed) % 4; size && n > 0; n--)
			text[random_next(&seed) % size] = bytes[random_next(&seed) % sizeof(bytes)];
		size = size ? size - random_next(&seed) % size : 0;
		/* From the heap, so that a read beyond the end is seen. */
		char *copy = malloc(size ? size : 1);
		assert_non_null(copy);
		memcpy(copy, text, size);
		mask_lines_free(&lines);
		const enum err err = mask_vmx_read(&lines, copy, size, &where);
		free(copy);
		assert_true(err < ERR_COUNT);
		for (size_t l = 0; err == ERR_NONE && l < lines.count; l++)
			assert_int_equal(lines.at[l].width, MASK_BITS);
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
		cmocka_unit_test(merging_is_a_union),
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests_name("mask_read", tests, NULL, NULL);
}
