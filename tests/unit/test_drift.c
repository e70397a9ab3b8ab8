/* SPDX-License-Identifier: MIT */
#include "compare/drift.h"
#include "compare/verdict.h"
#include "unit.h"

static struct report mine, other;
static struct drift_host a, b;

/* A host with a serial number and so many of the story's Ivy Bridge processors. */
static void a_host(struct report *r, const char *serial, size_t processors)
{
	const struct control control = { .msrs = 2,
		                         .msr = { { 0x3a, { true, 5 } }, { 0x13c, { true, 0 } } } };
	static struct cpuid_set set;

	report_start(r);
	report_set(r, FIELD_SYSTEM_VENDOR, "Acme");
	report_set(r, FIELD_SYSTEM_PRODUCT, "R1");
	if (serial)
		report_set(r, FIELD_SYSTEM_SERIAL, serial);
	set = story_ivy;
	put(&set, 1, 0, ECX, cpuid_value(&set, 1, 0, ECX) | 1U << 5 | 1U << 25 | 2);
	for (size_t i = 0; i < processors; i++) {
		put(&set, 1, 0, EBX, (uint32_t)i << 24);
		report_add(r, (uint16_t)i, &control, &set);
	}
}

static void set_bit(struct report *r, uint32_t leaf, enum cpuid_reg reg, unsigned bit, bool on)
{
	for (size_t i = 0; i < r->kinds; i++) {
		struct cpuid_set *set = &r->kind[i].set;
		const uint32_t value = cpuid_value(set, leaf, 0, reg) & ~(1U << bit);

		put(set, leaf, 0, reg, value | (uint32_t)on << bit);
	}
}

static size_t differences(struct drift *first)
{
	size_t count = 0;

	assert_true(drift_take(&a, &mine));
	assert_true(drift_take(&b, &other));
	for (struct drift d = { .what = DRIFT_FEATURE }; drift_next(&d, &a, &b); count++)
		if (count == 0)
			*first = d;
	return count;
}

static void identical_hosts_do_not_drift(void **state)
{
	struct drift d;

	(void)state;
	a_host(&mine, "A-1", 4);
	a_host(&other, "A-2", 4);
	/* What differs between any two machines: OSXSAVE, brand index, APIC, some leaves. */
	set_bit(&other, 1, ECX, 27, true);
	set_bit(&other, 1, EBX, 0, true);
	set_bit(&other, 1, EDX, 9, false);
	set_bit(&other, 0x40000001, EAX, 3, true);
	set_bit(&other, 0xc0000002, EAX, 3, true);
	assert_int_equal(differences(&d), 0);
	assert_true(drift_like(&a, &b));
	assert_false(identity_same(&a.identity, &b.identity));
}

static void a_feature_that_is_off_is_found(void **state)
{
	struct drift d;

	(void)state;
	a_host(&mine, "A-1", 2);
	a_host(&other, "A-2", 2);
	set_bit(&mine, 1, ECX, 25, false);
	assert_int_equal(differences(&d), 1);
	assert_int_equal(d.what, DRIFT_FEATURE);
	assert_int_equal(d.id, F_AESNI);
	assert_int_equal(d.a, 0);
	assert_int_equal(d.b, 1);
	assert_false(d.some);

	/* A bit without a name is a difference too. */
	a_host(&mine, "A-1", 2);
	set_bit(&mine, 7, EDX, 6, true);
	assert_int_equal(differences(&d), 1);
	assert_int_equal(d.id, F_NONE);
	assert_int_equal(d.differ.at.low, 6);
}

static void a_feature_that_only_some_processors_lack_is_found(void **state)
{
	static struct cpuid_set set;
	struct control control;
	struct drift d;

	(void)state;
	a_host(&mine, "A-1", 1);
	a_host(&other, "A-2", 2);
	set = mine.kind[0].set;
	control = mine.kind[0].control;
	put(&set, 1, 0, ECX, cpuid_value(&set, 1, 0, ECX) & ~(1U << 25));
	assert_true(report_add(&mine, 1, &control, &set));
	assert_int_equal(mine.kinds, 2);
	assert_int_equal(differences(&d), 1);
	assert_int_equal(d.id, F_AESNI);
	assert_true(d.some);
}

static void a_lock_in_a_register_is_found(void **state)
{
	struct drift d;

	(void)state;
	a_host(&mine, "A-1", 2);
	a_host(&other, "A-2", 2);
	mine.kind[0].control.msr[0].value.value = 1;
	assert_int_equal(differences(&d), 1);
	assert_int_equal(d.what, DRIFT_SWITCH);
	assert_int_equal(d.id, F_VMX);
	assert_int_equal(d.number, 0x3a);
	assert_true(d.locked);
	assert_int_equal(d.a, 1);
	assert_int_equal(d.b, 0);

	/* If one host's registers were not read, they are not compared. */
	other.kind[0].control.msrs = 0;
	assert_int_equal(differences(&d), 0);

	/* A register and the bit of CPUID that it clears are one difference. */
	a_host(&other, "A-2", 2);
	a_host(&mine, "A-1", 2);
	mine.kind[0].control.msr[1].value.value = 3;
	set_bit(&mine, 1, ECX, 25, false);
	assert_int_equal(differences(&d), 1);
	assert_int_equal(d.what, DRIFT_FEATURE);
	assert_true(a.locked != 0);
}

static void the_number_of_processors_counts(void **state)
{
	struct drift d;

	(void)state;
	a_host(&mine, "A-1", 2);
	a_host(&other, "A-2", 4);
	assert_int_equal(differences(&d), 1);
	assert_int_equal(d.what, DRIFT_PROCESSORS);
	assert_int_equal(d.a, 2);
	assert_int_equal(d.b, 4);
}

static void vendor_product_and_processor_make_a_type_of_host(void **state)
{
	struct drift d;

	(void)state;
	a_host(&mine, "A-1", 1);
	a_host(&other, "A-2", 1);
	report_set(&other, FIELD_SYSTEM_VENDOR, "Bcme");
	differences(&d);
	assert_false(drift_like(&a, &b));
	a_host(&other, "A-2", 1);
	other.known[FIELD_SYSTEM_PRODUCT] = false;
	differences(&d);
	assert_false(drift_like(&a, &b));
	a_host(&other, "A-2", 1);
	put(&other.kind[0].set, 1, 0, EAX, 0x306e4);
	differences(&d);
	assert_false(drift_like(&a, &b));
	a_host(&other, "A-2", 1);
	put(&other.kind[0].set, 0x80000003, 0, EDX, 0x41414141);
	differences(&d);
	assert_false(drift_like(&a, &b));

	/* A host without a known number is never the same host as another. */
	a_host(&mine, NULL, 1);
	a_host(&other, NULL, 1);
	differences(&d);
	assert_true(drift_like(&a, &b));
	assert_false(identity_same(&a.identity, &b.identity));
}

static struct verdict v;

static void earlier(const char *name, const char *serial, bool aes)
{
	a_host(&other, serial, 2);
	set_bit(&other, 1, ECX, 25, aes);
	set_bit(&other, 1, ECX, 1, aes);
	assert_true(drift_take(&b, &other));
	verdict_add(&v, &a, &b, name);
}

static void says(const char *expected)
{
	char buffer[512];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	verdict_write(&t, &v);
	assert_string_equal(text_string(&t), expected);
}

static void verdict_on_earlier_hosts(void **state)
{
	(void)state;
	a_host(&mine, "A-1", 2);
	assert_true(drift_take(&a, &mine));
	verdict_start(&v);
	says("FIRST HOST of its type on this stick");
	earlier("0009-A-9.txt", "A-9", true);
	says("OK: matches 1 earlier host");
	earlier("0008-A-8.txt", "A-8", true);
	earlier("0007-A-8.txt", "A-8", true);
	says("OK: matches 2 earlier hosts");
	earlier("0006-A-6.txt", "A-6", false);
	says("OK: matches 2 of 3 earlier hosts. Odd one out: 0006-A-6.txt (PCLMULQDQ, AESNI). "
	     "Check \"AES-NI\" in its setup");
	earlier("0005-A-5.txt", "A-5", false);
	says("OK: matches 2 of 4 earlier hosts. 2 differ, the latest is 0006-A-6.txt (PCLMULQDQ, "
	     "AESNI). Check \"AES-NI\" in its setup");
	earlier("0004-A-4.txt", "A-4", false);
	says("DIFFERS from 3 of 5 earlier hosts: PCLMULQDQ, AESNI (compared with 0006-A-6.txt). "
	     "Check \"AES-NI\" in setup");

	/* Two hosts with one serial number: the one that differs is counted. */
	verdict_start(&v);
	earlier("0003-X.txt", "X", true);
	earlier("0002-X.txt", "X", false);
	assert_int_equal(v.like, 2);
	assert_int_equal(v.same, 1);

	verdict_start(&v);
	earlier("0003-A-1.txt", "A-1", true);
	earlier("0002-A-1.txt", "A-1", false);
	says("ONLY HOST of its type on this stick. Unchanged since its last visit (0003-A-1.txt)");
	verdict_start(&v);
	earlier("0003-A-1.txt", "A-1", false);
	earlier("0001-A-2.txt", "A-2", false);
	says("DIFFERS from 1 earlier host: PCLMULQDQ, AESNI (compared with 0001-A-2.txt). Check "
	     "\"AES-NI\" in setup. CHANGED since its last visit (0003-A-1.txt): PCLMULQDQ, AESNI. "
	     "Check \"AES-NI\" in setup");
}

static void many_differences_are_counted(void **state)
{
	struct verdict_difference d;

	(void)state;
	a_host(&mine, "A-1", 2);
	a_host(&other, "A-2", 2);
	for (unsigned bit = 0; bit < 32; bit++)
		set_bit(&other, 7, EDX, bit, true);
	set_bit(&other, 1, ECX, 25, false);
	assert_true(drift_take(&a, &mine));
	assert_true(drift_take(&b, &other));
	assert_true(verdict_compare(&d, &a, &b, "0001-A-2.txt"));
	assert_string_equal(d.names, "AESNI, <7.0.EDX[0]>, SGX_KEYS, AVX512_4VNNIW, AVX512_4FMAPS, "
	                             "FSRM and 26 more"); /* HYBRID is not one */
	assert_int_equal(d.setup, F_AESNI);
}

static void verdict_against_the_golden_report(void **state)
{
	struct verdict_difference d = { .names = "" };
	char buffer[512];
	struct text t;

	(void)state;
	text_start(&t, buffer, sizeof(buffer));
	verdict_write_golden(&t, &d, true, true);
	text_put(&t, "|");
	verdict_write_golden(&t, &d, true, false);
	text_put(&t, "|");
	verdict_write_golden(&t, &d, false, true);
	text_put(&t, "|");
	memcpy(d.names, "AESNI", 6);
	d.setup = F_AESNI;
	verdict_write_golden(&t, &d, true, true);
	assert_string_equal(
		text_string(&t),
		"OK: matches golden.txt|OK: matches golden.txt (no seal)|NO MATCH: golden.txt is "
		"for another vendor, product or processor|DIFFERS from golden.txt: AESNI. Check "
		"\"AES-NI\" in setup");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identical_hosts_do_not_drift),
		cmocka_unit_test(a_feature_that_is_off_is_found),
		cmocka_unit_test(a_feature_that_only_some_processors_lack_is_found),
		cmocka_unit_test(a_lock_in_a_register_is_found),
		cmocka_unit_test(the_number_of_processors_counts),
		cmocka_unit_test(vendor_product_and_processor_make_a_type_of_host),
		cmocka_unit_test(verdict_on_earlier_hosts),
		cmocka_unit_test(many_differences_are_counted),
		cmocka_unit_test(verdict_against_the_golden_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
