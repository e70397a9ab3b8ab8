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
	put(&set, 0x80000008, 0, EAX, 36);
	for (size_t i = 0; i < processors; i++) {
		put(&set, 1, 0, EBX, (uint32_t)i << 24 | 8U << 16);
		put(&set, 4, 0, EAX, 7U << 26); /* eight cores at most, one processor in each */
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
	assert_true(drift_same_type(&a, &b));
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
	assert_false(d.a_some || d.b_some);

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
	assert_true(d.a_some);
	assert_false(d.b_some);
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
	assert_false(drift_same_type(&a, &b));
	a_host(&other, "A-2", 1);
	other.known[FIELD_SYSTEM_PRODUCT] = false;
	differences(&d);
	assert_false(drift_same_type(&a, &b));
	a_host(&other, "A-2", 1);
	put(&other.kind[0].set, 1, 0, EAX, 0x306e4);
	differences(&d);
	assert_false(drift_same_type(&a, &b));
	a_host(&other, "A-2", 1);
	put(&other.kind[0].set, 0x80000003, 0, EDX, 0x41414141);
	differences(&d);
	assert_false(drift_same_type(&a, &b));

	/* A host without a known number is never the same host as another. */
	a_host(&mine, NULL, 1);
	a_host(&other, NULL, 1);
	differences(&d);
	assert_true(drift_same_type(&a, &b));
	assert_false(identity_same(&a.identity, &b.identity));
}

static struct verdict v;

/* One earlier report of a host that has AES or not. */
static void earlier(const char *name, const char *serial, bool aes)
{
	a_host(&other, serial, 2);
	set_bit(&other, 1, ECX, 25, aes);
	set_bit(&other, 1, ECX, 1, aes);
	assert_true(drift_take(&b, &other));
	verdict_add(&v, &b, name);
}

/* Begins a verdict on host A-1, with AES or without. */
static void begin(bool aes)
{
	a_host(&mine, "A-1", 2);
	set_bit(&mine, 1, ECX, 25, aes);
	set_bit(&mine, 1, ECX, 1, aes);
	assert_true(drift_take(&a, &mine));
	verdict_start(&v, &a);
}

static void says(bool differs, const char *expected)
{
	char buffer[512];
	struct text t;

	assert_int_equal(verdict_judge(&v), differs);
	text_start(&t, buffer, sizeof(buffer));
	verdict_write(&t, &v);
	assert_string_equal(text_string(&t), expected);
}

/* Each letter of hosts is an earlier host, the latest first: A has AES, - has not. */
static void of(bool aes, const char *hosts, bool differs, const char *expected)
{
	begin(aes);
	for (size_t i = 0; hosts[i]; i++) {
		char name[64], serial[24];

		snprintf(serial, sizeof(serial), "B-%zu", i);
		snprintf(name, sizeof(name), "%04zu-%s.txt", strlen(hosts) - i, serial);
		earlier(name, serial, hosts[i] == 'A');
	}
	says(differs, expected);
}

static void the_majority_decides(void **state)
{
	(void)state;
	of(true, "", false, "FIRST HOST of its type on this stick");
	of(true, "A", false, "OK: matches 1 earlier host");
	of(true, "AA", false, "OK: matches 2 earlier hosts");
	of(false, "AAAAAAA-", true,
	   "DIFFERS: PCLMULQDQ, AESNI are off here, on in 7 of 8 earlier hosts. Check \"AES-NI\" "
	   "in "
	   "setup");
	of(true, "AAA-AA", false,
	   "OK: matches 5 of 6 earlier hosts. Odd one out: 0003-B-3.txt (PCLMULQDQ, AESNI off "
	   "there; "
	   "check \"AES-NI\" in its setup)");
	/* The latest is odd: its setup is to be changed, not that of this host. */
	of(true, "-AA", false,
	   "OK: matches 2 of 3 earlier hosts. Odd one out: 0003-B-0.txt (PCLMULQDQ, AESNI off "
	   "there; "
	   "check \"AES-NI\" in its setup)");
	of(true, "-A-AA", false,
	   "OK: matches 3 of 5 earlier hosts. 2 differ, the latest is 0005-B-0.txt (PCLMULQDQ, "
	   "AESNI "
	   "off there; check \"AES-NI\" in its setup)");
	of(true, "---A", true,
	   "DIFFERS: PCLMULQDQ, AESNI are on here, off in 3 of 4 earlier hosts. Check \"AES-NI\" "
	   "in "
	   "setup");
	of(true, "--A", true,
	   "NO MAJORITY: PCLMULQDQ, AESNI are on here, off in 2 of 3 earlier hosts");
	of(true, "-", true, "NO MAJORITY: PCLMULQDQ, AESNI are on here, off in 1 earlier host");
	of(false, "A", true,
	   "NO MAJORITY: PCLMULQDQ, AESNI are off here, on in 1 earlier host. Check \"AES-NI\" in "
	   "setup");
}

static void each_feature_has_its_majority(void **state)
{
	(void)state;
	begin(true);
	/* Every earlier host is odd in something else, and this one in nothing. */
	for (unsigned i = 0; i < 4; i++) {
		char serial[8];

		snprintf(serial, sizeof(serial), "B-%u", i);
		a_host(&other, serial, 2);
		set_bit(&other, 7, EDX, 4 + i, true);
		assert_true(drift_take(&b, &other));
		verdict_add(&v, &b, "0001-X.txt");
	}
	assert_false(verdict_judge(&v));
	assert_int_equal(v.same, 0);
	/* And now it lacks what all of them have. */
	begin(true);
	set_bit(&mine, 1, ECX, 5, false);
	assert_true(drift_take(&a, &mine));
	for (unsigned i = 0; i < 4; i++) {
		char serial[8];

		snprintf(serial, sizeof(serial), "B-%u", i);
		a_host(&other, serial, i ? 2 : 4);
		set_bit(&other, 7, EDX, 4 + i, true);
		assert_true(drift_take(&b, &other));
		verdict_add(&v, &b, "0001-X.txt");
	}
	says(true, "DIFFERS: VMX is off here, on in 4 earlier hosts. Check \"Intel Virtualization "
	           "Technology\" in setup");
}

static void a_host_counts_once(void **state)
{
	(void)state;
	/* Three of eleven were repaired and read again, as was this one. */
	begin(true);
	for (unsigned i = 0; i < 11; i++) {
		char serial[8];

		snprintf(serial, sizeof(serial), "B-%u", i);
		earlier("0020-B.txt", serial, true);
	}
	for (unsigned i = 0; i < 3; i++) {
		char serial[8];

		snprintf(serial, sizeof(serial), "B-%u", i);
		earlier("0010-B.txt", serial, false);
	}
	earlier("0001-A-1.txt", "A-1", false);
	says(false, "OK: matches 11 earlier hosts. CHANGED since its last visit (0001-A-1.txt): "
	            "PCLMULQDQ, AESNI off -> on");

	/* One serial number, and leaves that alternate: two hosts. */
	begin(true);
	earlier("0005-X.txt", "X-1", true);
	earlier("0004-X.txt", "X-1", false);
	earlier("0003-X.txt", "X-1", true);
	earlier("0002-Y.txt", "Y-1", true);
	says(false,
	     "OK: matches 2 of 3 earlier hosts. Odd one out: 0004-X.txt (PCLMULQDQ, AESNI off "
	     "there; check \"AES-NI\" in its setup). Two hosts claim the serial number in "
	     "0003-X.txt");

	/* Without a number, each report is a host. */
	begin(true);
	earlier("0002.txt", "Default string", true);
	earlier("0001.txt", "Default string", true);
	says(false, "OK: matches 2 earlier hosts");
}

static void a_host_is_compared_with_its_last_visit(void **state)
{
	(void)state;
	begin(true);
	earlier("0003-A-1.txt", "A-1", true);
	earlier("0002-A-1.txt", "A-1", false);
	says(false,
	     "ONLY HOST of its type on this stick. Unchanged since its last visit (0003-A-1.txt)");
	begin(false);
	earlier("0003-A-1.txt", "A-1", true);
	says(true,
	     "ONLY HOST of its type on this stick. CHANGED since its last visit (0003-A-1.txt): "
	     "PCLMULQDQ, AESNI on -> off. Check \"AES-NI\" in setup");
	/* One cause, one hint. */
	begin(false);
	earlier("0003-A-1.txt", "A-1", true);
	earlier("0002-A-2.txt", "A-2", true);
	earlier("0001-A-3.txt", "A-3", true);
	says(true,
	     "DIFFERS: PCLMULQDQ, AESNI are off here, on in 2 earlier hosts. Check \"AES-NI\" in "
	     "setup. CHANGED since its last visit (0003-A-1.txt): PCLMULQDQ, AESNI on -> off");
}

static void more_kinds_of_hosts_than_there_is_room_for(void **state)
{
	(void)state;
	begin(true);
	for (unsigned i = 0; i < 40; i++) {
		char serial[8];

		snprintf(serial, sizeof(serial), "B-%u", i);
		a_host(&other, serial, 2);
		put(&other.kind[0].set, 0x80000008, 0, EAX, 50 + i);
		assert_true(drift_take(&b, &other));
		verdict_add(&v, &b, "0001-X.txt");
	}
	earlier("0001-Y.txt", "Y-1", true);
	assert_false(verdict_judge(&v));
	assert_int_equal(v.like, 41);
	assert_int_equal(v.same, 1);
}

/* The kinds of a host's earlier visits take all the room: what others differ in is not told. */
static void hosts_of_a_kind_without_room_are_counted(void **state)
{
	static const char *const expected[] = { "OK: matches 4 of 5 earlier hosts. 1 differs",
		                                "OK: matches 4 of 6 earlier hosts. 2 differ" };

	(void)state;
	for (unsigned odd = 1; odd <= COUNT(expected); odd++) {
		begin(true);
		earlier("0099-B.txt", "B-0", true);
		for (unsigned i = 0; i < VERDICT_CLASSES_MAX; i++) {
			a_host(&other, "B-0", 2);
			put(&other.kind[0].set, 0x80000008, 0, EAX, 50 + i);
			assert_true(drift_take(&b, &other));
			verdict_add(&v, &b, "0050-B.txt");
		}
		for (unsigned i = 0; i < 3 + odd; i++) {
			char serial[8];

			snprintf(serial, sizeof(serial), "C-%u", i);
			earlier("0010-C.txt", serial, i < 3);
		}
		says(false, expected[odd - 1]);
	}
}

/* Firmware has locked VMX there: CPUID is the same, and the guest cannot have it. */
static void a_switch_is_part_of_a_verdict(void **state)
{
	static struct verdict_list list;
	char buffer[512];
	struct text t;

	(void)state;
	begin(true);
	a_host(&other, "A-2", 2);
	other.kind[0].control.msr[0].value.value = 1;
	assert_true(drift_take(&b, &other));
	assert_true(verdict_compare(&list, &a, &b));
	text_start(&t, buffer, sizeof(buffer));
	verdict_write_golden(&t, &list, &(struct verdict_golden){ true, true, NULL, NULL });
	text_put(&t, "|");
	verdict_compare(&list, &b, &a);
	verdict_write_golden(&t, &list, &(struct verdict_golden){ true, true, NULL, NULL });
	assert_string_equal(
		text_string(&t),
		"DIFFERS from golden.txt: VMX is on here, off there. Check \"Intel Virtualization "
		"Technology\" in setup|DIFFERS from golden.txt: VMX is off here, on there. Check "
		"\"Intel Virtualization Technology\" in setup");
}

static void many_differences_are_counted(void **state)
{
	static struct verdict_list list;
	char buffer[512];
	struct text t;

	(void)state;
	begin(true);
	a_host(&other, "A-2", 2);
	for (unsigned bit = 0; bit < 32; bit++)
		set_bit(&other, 7, EDX, bit, true);
	set_bit(&other, 1, ECX, 25, false);
	assert_true(drift_take(&b, &other));
	assert_true(verdict_compare(&list, &a, &b));
	text_start(&t, buffer, sizeof(buffer));
	verdict_write_golden(&t, &list, &(struct verdict_golden){ true, true, NULL, NULL });
	assert_string_equal(
		text_string(&t),
		"DIFFERS from golden.txt: AESNI is on here, off there; <7.0.EDX[0]>, "
		"SGX_KEYS, AVX512_4VNNIW, AVX512_4FMAPS, FSRM are off here, on there; 26 "
		"more. Check \"AES-NI\", \"Fast Short REP MOVSB (FSRM)\" in "
		"setup"); /* HYBRID is not one */
}

static void verdict_against_the_golden_report(void **state)
{
	static struct verdict_list list;
	char buffer[512];
	struct text t;

	(void)state;
	text_start(&t, buffer, sizeof(buffer));
	list.count = list.more = 0;
	verdict_write_golden(&t, &list, &(struct verdict_golden){ true, true, NULL, NULL });
	text_put(&t, "|");
	verdict_write_golden(&t, &list, &(struct verdict_golden){ true, false, NULL, NULL });
	text_put(&t, "|");
	verdict_write_golden(&t, &list, &(struct verdict_golden){ false, true, NULL, NULL });
	text_put(&t, "|");
	begin(false);
	a_host(&other, "A-2", 4);
	assert_true(drift_take(&b, &other));
	verdict_compare(&list, &a, &b);
	verdict_write_golden(&t, &list, &(struct verdict_golden){ true, true, NULL, NULL });
	assert_string_equal(
		text_string(&t),
		"OK: matches golden.txt|OK: matches golden.txt (no seal)|NO MATCH: golden.txt is "
		"for another vendor, product or processor|DIFFERS from golden.txt: PCLMULQDQ, "
		"AESNI "
		"are off here, on there; number of processors is 2 here, 4 there (2 of 4 cores off "
		"here). Check "
		"\"AES-NI\" in "
		"setup");
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
		cmocka_unit_test(the_majority_decides),
		cmocka_unit_test(each_feature_has_its_majority),
		cmocka_unit_test(a_host_counts_once),
		cmocka_unit_test(a_host_is_compared_with_its_last_visit),
		cmocka_unit_test(more_kinds_of_hosts_than_there_is_room_for),
		cmocka_unit_test(hosts_of_a_kind_without_room_are_counted),
		cmocka_unit_test(a_switch_is_part_of_a_verdict),
		cmocka_unit_test(many_differences_are_counted),
		cmocka_unit_test(verdict_against_the_golden_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
