/* SPDX-License-Identifier: MIT */
#include "report/topology.h"
#include "unit.h"

static struct report r;
static const struct control unknown;

enum source { LEAF_1F, LEAF_B, LEAF_26, INTEL_4, AMD_8, ZEN_1 };

/* Adds a processor of a machine whose APIC IDs have so many bits for a core and a package. */
static void add(enum source source, uint32_t apic, unsigned core, unsigned package, uint32_t type)
{
	static const uint32_t levels[] = {
		[LEAF_1F] = 0x1f, [LEAF_B] = 0xb, [LEAF_26] = 0x80000026
	};
	const bool amd = source == LEAF_26 || source >= AMD_8;
	struct cpuid_set set = { .count = 0 };

	put(&set, 0, 0, EBX, amd ? 0x68747541 : 0x756e6547);
	put(&set, 1, 0, EAX, source == ZEN_1 ? 0x800f12 : source == AMD_8 ? 0x600f12 : 0x906a4);
	put(&set, 1, 0, EBX, apic << 24 | 1U << package << 16);
	put(&set, 1, 0, EDX, 1U << 28);
	put(&set, 4, 0, EAX, ((1U << (package - core)) - 1) << 26 | 0x21);
	put(&set, 0x1a, 0, EAX, type << 24);
	put(&set, 0x80000008, 0, ECX, package << 12);
	put(&set, 0x8000001e, 0, EAX, apic);
	put(&set, 0x8000001e, 0, EBX, ((1U << core) - 1) << 8);
	if (source <= LEAF_26) {
		put(&set, levels[source], 0, EAX, core);
		put(&set, levels[source], 0, EBX, 1U << core);
		put(&set, levels[source], 0, ECX, 0x100);
		put(&set, levels[source], 1, EAX, package);
		put(&set, levels[source], 1, EBX, 1);
		put(&set, levels[source], 1, ECX, 0x201);
		put(&set, levels[source], 0, EDX, apic);
		put(&set, levels[source], 1, EDX, apic);
	}
	assert_true(report_add(&r, (uint16_t)r.processors, &unknown, &set));
}

/* Packages of cores with threads each, in fields of four bits for the core and one below it. */
static struct topology machine(enum source source, unsigned packages, unsigned cores,
                               unsigned threads)
{
	struct topology t;

	report_start(&r);
	for (unsigned i = 0; i < packages * cores * threads; i++)
		add(source, i / threads / cores << 5 | i / threads % cores << 1 | i % threads, 1, 5,
		    0);
	topology_take(&t, &r);
	return t;
}

/* So many P-cores, with so many processors in each, and E-cores. */
static struct topology hybrid(unsigned large, unsigned threads, unsigned small)
{
	struct topology t;

	report_start(&r);
	for (unsigned i = 0; i < large * threads; i++)
		add(LEAF_1F, i / threads << 1 | i % threads, 1, 7, 0x40);
	for (unsigned i = 0; i < small; i++)
		add(LEAF_1F, 0x40 + 2 * i, 1, 7, 0x20);
	topology_take(&t, &r);
	return t;
}

static void says(const struct topology *t, const char *expected)
{
	char buffer[128];
	struct text text;

	text_start(&text, buffer, sizeof(buffer));
	topology_write(&text, t);
	assert_string_equal(text_string(&text), expected);
}

static void every_source_of_apic_ids_is_counted(void **state)
{
	struct topology t;

	(void)state;
	for (unsigned source = LEAF_1F; source <= ZEN_1; source++) {
		if (source == AMD_8)
			continue;
		t = machine((enum source)source, 2, 8, 2);
		says(&t, "2 sockets x 8 cores x 2 threads");
		t = machine((enum source)source, 1, 8, 1);
		says(&t, "1 socket x 8 cores x 1 thread");
	}
	/* Family 15H: each processor is a core, in pairs that share a unit. */
	t = machine(AMD_8, 2, 8, 1);
	says(&t, "2 sockets x 8 cores x 1 thread");
	t = hybrid(8, 2, 8);
	says(&t, "1 socket x 8 P-cores x 2 threads + 8 E-cores x 1 thread");
	t = hybrid(0, 2, 8);
	says(&t, "1 socket x 8 cores x 1 thread"); /* all are of type Atom: nothing is hybrid */
	report_start(&r);
	topology_take(&t, &r);
	says(&t, "0 processors");
	add(LEAF_B, 4, 1, 5, 0);
	add(LEAF_B, 4, 1, 5, 0);
	topology_take(&t, &r);
	says(&t, "2 processors; sockets not known: APIC IDs repeat");
}

/* Adds processors to the machine so far, and compares what is said of all. */
static void grown(const char *expected, size_t count, const uint32_t apic[])
{
	struct topology t;

	for (size_t i = 0; i < count; i++)
		add(LEAF_B, apic[i], 1, 5, 0);
	topology_take(&t, &r);
	says(&t, expected);
}

static void what_does_not_divide_is_said(void **state)
{
	struct topology t;

	(void)state;
	/* A second processor of a core is off; then a core more, in one package. */
	machine(LEAF_B, 1, 4, 2);
	grown("1 socket, 5 cores, 9 processors (cores differ)", 1, (const uint32_t[]){ 8 });
	grown("1 socket x 5 cores x 2 threads", 1, (const uint32_t[]){ 9 });
	grown("2 sockets, 6 cores, 12 processors (sockets differ)", 2,
	      (const uint32_t[]){ 32, 33 });
	grown("2 sockets, 7 cores, 13 processors (sockets differ)", 1, (const uint32_t[]){ 34 });
	grown("2 sockets, 10 cores, 19 processors (cores differ)", 6,
	      (const uint32_t[]){ 36, 37, 38, 39, 40, 41 });
	/* Six and two cores have the sum of four and four. */
	machine(LEAF_B, 1, 6, 1);
	grown("2 sockets, 8 cores, 8 processors (sockets differ)", 2, (const uint32_t[]){ 32, 34 });

	t = hybrid(8, 1, 8);
	says(&t, "1 socket x 8 P-cores x 1 thread + 8 E-cores x 1 thread");
	t = hybrid(1, 2, 1);
	says(&t, "1 socket x 1 P-core x 2 threads + 1 E-core x 1 thread");
	hybrid(2, 2, 2);
	add(LEAF_1F, 4, 1, 7, 0x40);
	topology_take(&t, &r);
	says(&t, "1 socket, 5 cores (2 E-cores), 7 processors (cores differ)");
}

/* Sets a register of the only processor of an empty machine. */
static void says_with(uint32_t leaf, enum cpuid_reg reg, uint32_t value, const char *expected)
{
	struct topology t;
	struct cpuid_set set;

	report_start(&r);
	add(LEAF_1F, 3, 1, 5, 0);
	report_processor_set(&r, 0, &set);
	report_start(&r);
	for (uint32_t level = 0; level < 2; level++) {
		put(&set, 0xb, level, EAX, level ? 5 : 1);
		put(&set, 0xb, level, EBX, 2);
		put(&set, 0xb, level, ECX, (level + 1) << 8 | level);
		put(&set, 0xb, level, EDX, 3);
	}
	put(&set, leaf, 0, reg, value);
	assert_true(report_add(&r, 0, &unknown, &set));
	topology_take(&t, &r);
	says(&t, expected);
}

static void leaves_that_disagree_are_named(void **state)
{
	static const char good[] = "1 socket x 1 core x 1 thread";
	static const char bad[] = "1 socket x 1 core x 1 thread; CPUID leaves disagree about it";

	(void)state;
	says_with(0xb, EDX, 3, good);
	says_with(0xb, EDX, 2, bad);
	says_with(0xb, EAX, 2, bad);
	says_with(1, EBX, 3U << 24, good);
	says_with(1, EBX, 4U << 24, bad);
}

static void no_leaf_that_counts_cores_is_said(void **state)
{
	struct cpuid_set set = { .count = 0 };
	struct topology t;

	(void)state;
	report_start(&r);
	put(&set, 0, 0, EBX, 0x756e6547);
	put(&set, 1, 0, EDX, 1U << 28);
	for (uint32_t apic = 0; apic < 4; apic++) {
		put(&set, 1, 0, EBX, apic << 24 | 2U << 16);
		assert_true(report_add(&r, (uint16_t)apic, &unknown, &set));
	}
	topology_take(&t, &r);
	says(&t, "2 sockets x 1 core x 2 threads; no CPUID leaf counts cores");
}

static void causes_are_told_apart(void **state)
{
	static const struct {
		unsigned a[3], b[3];
		const char *says;
	} cases[] = {
		{ { 1, 8, 2 }, { 1, 8, 1 }, "Hyper-Threading off" },
		{ { 2, 8, 1 }, { 2, 8, 2 }, "Hyper-Threading off" },
		{ { 1, 8, 2 }, { 1, 4, 2 }, "4 of 8 cores off" },
		{ { 2, 8, 1 }, { 2, 7, 1 }, "2 of 16 cores off" },
		{ { 2, 8, 2 }, { 1, 8, 2 }, "1 of 2 sockets off or absent" },
		{ { 2, 8, 2 }, { 1, 8, 1 }, "" },
		{ { 1, 8, 2 }, { 1, 4, 1 }, "" },
		/* As many processors, but not the same. */
		{ { 1, 8, 1 }, { 1, 4, 2 }, "" },
		{ { 1, 8, 1 }, { 1, 8, 1 }, "" },
	};
	char buffer[64];
	struct text t;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const unsigned *p = cases[i].a, *q = cases[i].b;
		const struct topology a = machine(LEAF_B, p[0], p[1], p[2]);
		const struct topology b = machine(LEAF_B, q[0], q[1], q[2]);

		text_start(&t, buffer, sizeof(buffer));
		topology_write_cause(&t, &a, &b);
		assert_string_equal(text_string(&t), cases[i].says);
		assert_int_equal(topology_differs(&a, &b), memcmp(p, q, sizeof(cases[i].a)) != 0);
	}
}

static void e_cores_are_told_apart(void **state)
{
	const struct topology all = hybrid(8, 2, 8), none = hybrid(8, 2, 0), half = hybrid(8, 2, 4);
	const struct topology single = hybrid(8, 1, 8);
	char buffer[64];
	struct text t;

	(void)state;
	text_start(&t, buffer, sizeof(buffer));
	topology_write_cause(&t, &all, &none);
	text_put(&t, "|");
	topology_write_cause(&t, &half, &all);
	text_put(&t, "|");
	topology_write_cause(&t, &single, &all);
	assert_string_equal(text_string(&t), "E-cores off|4 of 8 E-cores off|Hyper-Threading off");
}

/* What CPUID tells of a package, and that a report of the boot processor alone is not compared. */
static void a_part_is_no_topology(void **state)
{
	struct topology part, all;
	struct cpuid_set set = { .count = 0 };
	char text[128];
	struct text t;

	(void)state;
	report_start(&r);
	add(LEAF_B, 0, 1, 3, 0);
	report_set(&r, FIELD_PROCESSORS_ASKED, REPORT_BOOT_ONLY ": no MP services");
	topology_take(&part, &r);
	assert_true(part.partial);
	text_start(&t, text, sizeof(text));
	topology_write(&t, &part);
	assert_string_equal(text_string(&t), "not known: only the boot processor was asked");
	report_set(&r, FIELD_PROCESSORS_ASKED, "all");
	add(LEAF_B, 1, 1, 3, 0);
	topology_take(&all, &r);
	assert_false(all.partial);
	assert_false(topology_differs(&part, &all));

	assert_int_equal(topology_told(&set), 0);
	put(&set, 1, 0, EDX, 1U << 28);
	put(&set, 1, 0, EBX, 8U << 16);
	assert_int_equal(topology_told(&set), 8);
	put(&set, 0xb, 0, EBX, 2);
	put(&set, 0xb, 0, ECX, 0x100);
	put(&set, 0xb, 1, EBX, 12);
	put(&set, 0xb, 1, ECX, 0x201);
	assert_int_equal(topology_told(&set), 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_source_of_apic_ids_is_counted),
		cmocka_unit_test(what_does_not_divide_is_said),
		cmocka_unit_test(leaves_that_disagree_are_named),
		cmocka_unit_test(no_leaf_that_counts_cores_is_said),
		cmocka_unit_test(causes_are_told_apart),
		cmocka_unit_test(e_cores_are_told_apart),
		cmocka_unit_test(a_part_is_no_topology),
	};

	return cmocka_run_group_tests_name("topology", tests, NULL, NULL);
}
