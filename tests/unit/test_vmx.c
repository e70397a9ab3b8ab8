/* SPDX-License-Identifier: MIT */
#include "base/vmx.h"
#include "mask/requirement.h"
#include "report/vmx_host.h"
#include "unit.h"

#define DIGITS "000206d70020080017bee3ffbfebfbff"

static struct report report;

static enum err read_text(const char *text, size_t size, struct where *where)
{
	/* From the heap, so that a read beyond the end is seen. */
	char *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, text, size);
	*where = (struct where){ 0, 0 };
	const enum err err = vmx_host_read(&report, copy, size, where);
	assert_true(err == ERR_VMX_NO_HOST || vmx_host_is(copy, size) || err == ERR_NO_LEAVES);
	free(copy);
	return err;
}

static void hosts(void **state)
{
	struct where where;
	static const char text[] = "\xef\xbb\xbf.encoding = \"UTF-8\"\r\n"
				   "HOSTCPUID.80000001=00000000000000000000000128100800 # x\r\n"
				   "guestCPUID.1 = \"nonsense\"\n"
				   "hostCPUID.1\t=\t\"" DIGITS "\"\n"
				   "hostCPUID.00000001 = \"000206D70020080017BEE3FFBFEBFBFF\"\n"
				   "no key\n"
				   "  hostCPUID.0 = \" 0000000d756e65476c65746e49656e69 \"";

	(void)state;
	assert_int_equal(read_text(text, sizeof(text) - 1, &where), ERR_NONE);
	assert_int_equal(report.processors, 1);
	const struct cpuid_set *set = &report.kind[0].set;
	assert_int_equal(set->count, 3);
	assert_int_equal(set->at[0].reg[EAX], 0xd);
	assert_int_equal(set->at[1].reg[EAX], 0x206d7);
	assert_int_equal(set->at[1].reg[EBX], 0x200800);
	assert_int_equal(set->at[1].reg[ECX], 0x17bee3ff);
	assert_int_equal(set->at[1].reg[EDX], 0xbfebfbff);
	assert_int_equal(set->at[2].leaf, 0x80000001);
	assert_int_equal(set->at[2].reg[EDX], 0x28100800);
}

static void what_is_wrong_and_where(void **state)
{
	static const struct {
		const char *text;
		enum err err;
		size_t line, column;
	} table[] = {
		{ "", ERR_VMX_NO_HOST, 0, 0 },
		{ "# hostCPUID.1 = " DIGITS, ERR_VMX_NO_HOST, 0, 0 },
		{ "hostCPUID.1 " DIGITS, ERR_VMX_NO_HOST, 0, 0 },
		{ "\nhostCPUID. = " DIGITS, ERR_VMX_HOST_LINE, 2, 11 },
		{ "hostCPUID.1.0 = " DIGITS, ERR_VMX_HOST_LINE, 1, 11 },
		{ "hostCPUID.d000010a = " DIGITS, ERR_VMX_HOST_LINE, 1, 11 },
		{ "hostCPUID.1 = " DIGITS "0", ERR_VMX_HOST_LINE, 1, 15 },
		{ "hostCPUID.1 = \"\"", ERR_VMX_HOST_LINE, 1, 16 },
		{ "hostCPUID.1 =", ERR_VMX_HOST_LINE, 1, 14 },
		{ "hostCPUID.1 = \"" DIGITS, ERR_MASK_QUOTE, 1, 48 },
		{ "hostCPUID.1 = \"" DIGITS "\" \"", ERR_LINE_END, 1, 50 },
		{ "hostCPUID.1 = \x94" DIGITS, ERR_MASK_CURLY, 1, 15 },
		{ "hostCPUID.1 = \x01" DIGITS, ERR_BYTE, 1, 15 },
		{ "hostCPUID.1 = " DIGITS "\n hostCPUID.1 = 1" DIGITS, ERR_VMX_HOST_LINE, 2, 16 },
		{ "hostCPUID.1 = " DIGITS "\nhostCPUID.1 = 00000000000000000000000000000000",
		  ERR_LEAF_TWICE, 2, 11 },
		/* A hypervisor's leaf where there is no hypervisor is none. */
		{ "hostCPUID.40000000 = " DIGITS, ERR_NO_LEAVES, 3, 0 },
	};
	struct where where;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		const char *text = table[i].text;

		assert_int_equal(read_text(text, strlen(text), &where), table[i].err);
		if (table[i].err == ERR_NO_LEAVES)
			continue;
		assert_int_equal(where.line, table[i].line);
		assert_int_equal(where.column, table[i].column);
	}
}

static void noise(void **state)
{
	static const char bytes[] = "hostCPUID.0189af = \t\"#\r\n\x1b\xe2\x00";
	static const char good[] = "hostCPUID.0 = \"0000000d756e65476c65746e49656e69\"\n"
				   "hostCPUID.1 = " DIGITS "\r\nhostCPUID.2=" DIGITS "# x\n";
	char text[sizeof(good)];
	uint32_t seed = 2718281;
	struct where where;
	size_t read = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		size_t size = sizeof(good) - 1;

		memcpy(text, good, sizeof(good));
		for (unsigned n = random_next(&seed) % 4; n > 0; n--)
			text[random_next(&seed) % size] = bytes[random_next(&seed) % sizeof(bytes)];
		if (random_next(&seed) % 4 == 0)
			size -= random_next(&seed) % size;
		const enum err err = read_text(text, size, &where);
		assert_true(err < ERR_COUNT);
		read += err == ERR_NONE;
	}
	assert_in_range(read, 1000, 19000);
}

/* A value is read back from any spelling of it, and nothing else is a value. */
static void values(void **state)
{
	static const struct {
		const char *text;
		bool good;
		enum mask_op op;
		uint64_t number;
	} table[] = {
		{ "Max:0", true, MASK_MAX, 0 },
		{ "val:0XaBc", true, MASK_VAL, 0xabc },
		{ "Bool:Min:1", true, MASK_MIN, 1 },
		{ "NUM:match:18446744073709551615", true, MASK_MATCH, UINT64_MAX },
		{ "Val:0xffffffffffffffff", true, MASK_VAL, UINT64_MAX },
		{ "Val:18446744073709551616", false, MASK_VAL, 0 },
		{ "Val:0x10000000000000000", false, MASK_VAL, 0 },
		{ "", false, MASK_VAL, 0 },
		{ "1", false, MASK_VAL, 0 },
		{ "Val", false, MASK_VAL, 0 },
		{ "Val:", false, MASK_VAL, 0 },
		{ "Val:0x", false, MASK_VAL, 0 },
		{ "Val:1 ", false, MASK_VAL, 0 },
		{ "Val:-1", false, MASK_VAL, 0 },
		{ "Val:a", false, MASK_VAL, 0 },
		{ "Bool:1", false, MASK_VAL, 0 },
		{ "Bool:Num:Min:1", false, MASK_VAL, 0 },
	};
	struct mask_value v;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_int_equal(mask_value_read(&v, table[i].text, strlen(table[i].text)),
		                 table[i].good);
		if (table[i].good) {
			assert_int_equal(v.op, table[i].op);
			assert_true(v.number == table[i].number);
		}
	}
}

static struct requirement make(const char *name, enum mask_op op, uint64_t number)
{
	struct requirement r = { .value = { op, number } };

	assert_true(mask_capability_find(&r.of, name, strlen(name)));
	return r;
}

static enum fit fit(const char *name, enum mask_op op, uint64_t number, const struct cpuid_set *set)
{
	const struct requirement r = make(name, op, number);

	assert_true(requirement_judged(&r));
	return requirement_fit(&r, set);
}

static void requirements(void **state)
{
	/* A Sandy Bridge of which only leaves 0, 1 and 80000000H are known. */
	static const struct cpuid_set few = {
		3,
		{ { 0, 0, { 0xd, 0x756e6547, 0x6c65746e, 0x49656e69 } },
		  { 1, 0, { 0x206d7, 0, 0x17bee3ff, 0xbfebfbff } },
		  { 0x80000000, 0, { 0x80000008, 0, 0, 0 } } },
	};
	/* An AMD with IBPB at its own place only. */
	static const struct cpuid_set amd = {
		4,
		{ { 0, 0, { 0xd, 0x68747541, 0x444d4163, 0x69746e65 } },
		  { 1, 0, { 0xa20f10, 0, 0, 0 } },
		  { 0x80000000, 0, { 0x80000008, 0, 0, 0 } },
		  { 0x80000008, 0, { 0, 1U << 12, 0, 0 } } },
	};

	(void)state;
	assert_int_equal(fit("cpuid.aes", MASK_MIN, 1, &few), FIT_YES);
	assert_int_equal(fit("cpuid.aes", MASK_MAX, 0, &few), FIT_NO);
	assert_int_equal(fit("cpuid.movbe", MASK_MIN, 1, &few), FIT_NO);
	assert_int_equal(fit("cpuid.avx2", MASK_MIN, 1, &few), FIT_UNKNOWN);
	assert_int_equal(fit("cpuid.nx", MASK_MIN, 1, &few), FIT_UNKNOWN);
	assert_int_equal(fit("cpuid.xsaveopt", MASK_MIN, 1, &few), FIT_UNKNOWN);
	assert_int_equal(fit("cpuid.numlevels", MASK_MIN, 0xd, &few), FIT_YES);
	assert_int_equal(fit("cpuid.numlevels", MASK_MIN, 0xe, &few), FIT_NO);
	assert_int_equal(fit("cpuid.family", MASK_MATCH, 6, &few), FIT_YES);
	assert_int_equal(fit("cpuid.model", MASK_MATCH, 0x2d, &few), FIT_YES);
	assert_int_equal(fit("cpuid.intel", MASK_MIN, 1, &few), FIT_YES);
	assert_int_equal(fit("cpuid.amd", MASK_MIN, 1, &few), FIT_NO);
	assert_int_equal(fit("cpuid.ibpb", MASK_MIN, 1, &few), FIT_UNKNOWN);
	assert_int_equal(fit("cpuid.ibpb", MASK_MIN, 1, &amd), FIT_YES);
	assert_int_equal(fit("cpuid.amd", MASK_MIN, 1, &amd), FIT_YES);
	assert_int_equal(fit("cpuid.family", MASK_MATCH, 0x19, &amd), FIT_YES);
	const struct requirement hv = make("hv.capable", MASK_MIN, 1);
	assert_false(requirement_judged(&hv));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts),        cmocka_unit_test(what_is_wrong_and_where),
		cmocka_unit_test(noise),        cmocka_unit_test(values),
		cmocka_unit_test(requirements),
	};

	return cmocka_run_group_tests_name("vmx", tests, NULL, NULL);
}
