/* SPDX-License-Identifier: MIT */
/*
 * What merging must do whatever the machines are, over those that were recorded.  Random sets
 * (test_merge.c) have no dependencies, no missing leaves, and no two kinds of one host.
 */
#include "base/text.h"
#include "fleet/pool.h"
#include "mask/mask_bits.h"
#include "table/vmware.h"
#include "unit.h"

static void add(struct pool *pool, size_t index)
{
	struct pool_host host = { .sealed = false };

	snprintf(host.name, sizeof(host.name), "%s", recorded_names[index]);
	host.digest[0] = (uint8_t)index;
	assert_int_equal(pool_add_report(pool, &host, &recorded[index]), ERR_NONE);
	assert_int_equal(pool_finish(pool), ERR_NONE);
}

/* The pool as a file: what is equal there is equal in every answer. */
static const char *spelt(const struct pool *pool)
{
	static char buffers[2][1 << 20];
	static unsigned next;
	char *buffer = buffers[next++ % 2];
	struct text t;

	text_start(&t, buffer, sizeof(buffers[0]));
	pool_write(&t, pool, "test");
	assert_false(t.full);
	return text_string(&t);
}

static void baseline_of(const struct pool *pool, struct merge *m, struct cpuid_set *baseline)
{
	assert_true(pool_merge(pool, m));
	merge_baseline(m, baseline);
}

static void assert_equal(const struct pool *a, const struct pool *b)
{
	static struct cpuid_set one, other;
	static struct merge m;

	assert_string_equal(spelt(a), spelt(b));
	baseline_of(a, &m, &one);
	baseline_of(b, &m, &other);
	assert_int_equal(cpuid_compare(&one, &other), 0);
}

/* However the machines are ordered, split into pools, and given twice. */
static void grouping_makes_no_difference(void **state)
{
	static struct pool all, parts[3], together;
	uint32_t random = 20261122;

	(void)state;
	pool_free(&all);
	for (size_t i = 0; i < recorded_count; i++)
		add(&all, i);
	for (unsigned round = 0; round < 60; round++) {
		const size_t start = random_next(&random) % recorded_count;

		for (size_t p = 0; p < COUNT(parts); p++)
			pool_free(&parts[p]);
		for (size_t i = 0; i < recorded_count; i++) {
			/* 5 and 13 have no common divisor, so every host has its turn. */
			const size_t index =
				(start + i * (recorded_count % 5 ? 5 : 1)) % recorded_count;

			add(&parts[random_next(&random) % COUNT(parts)], index);
			if (random_next(&random) % 3 == 0)
				add(&parts[random_next(&random) % COUNT(parts)], index);
		}
		pool_free(&together);
		for (size_t p = 0; p < COUNT(parts); p++)
			assert_int_equal(pool_add_pool(&together, &parts[p]), ERR_NONE);
		assert_int_equal(pool_finish(&together), ERR_NONE);
		assert_equal(&all, &together);
		assert_int_equal(pool_add_pool(&together, &all), ERR_NONE);
		assert_int_equal(pool_finish(&together), ERR_NONE);
		assert_equal(&all, &together);
	}
}

/* Some of the machines, at least one. */
static void pick(struct pool *pool, bool in[RECORDED_MAX], uint32_t *random)
{
	const size_t sure = random_next(random) % recorded_count;

	pool_free(pool);
	for (size_t i = 0; i < recorded_count; i++) {
		in[i] = i == sure || random_next(random) % 3 == 0;
		if (in[i])
			add(pool, i);
	}
}

static void nothing_is_promised_that_a_machine_lacks(void **state)
{
	static struct cpuid_set baseline;
	static struct pool pool;
	static struct merge m;
	bool in[RECORDED_MAX];
	uint32_t random = 7;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		pick(&pool, in, &random);
		baseline_of(&pool, &m, &baseline);
		for (size_t i = 0; i < recorded_count; i++)
			for (size_t k = 0; in[i] && k < recorded[i].kinds; k++)
				for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
					const uint32_t own = feature_value(&recorded[i].kind[k].set,
					                                   (enum feature_id)id);
					const uint32_t common =
						feature_value(&baseline, (enum feature_id)id);

					if (features[id].rule == RULE_ALL && common & ~own)
						fail_msg("%s lacks %s", recorded_names[i],
						         feature_name((enum feature_id)id));
					if (features[id].rule == RULE_MIN)
						assert_true(common <= own);
				}
	}
}

/* With the mask a guest sees the same on all machines, and that is the baseline. */
static void masked_machines_are_identical(void **state)
{
	static struct cpuid_set baseline;
	static struct mask_merge lines;
	static struct pool pool;
	static struct merge m;
	bool in[RECORDED_MAX];
	uint32_t random = 99;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		const unsigned hw = VMWARE_HW_MIN + round % (VMWARE_HW_MAX - VMWARE_HW_MIN + 1);
		const struct mask mask = {
			.seen = &m.high, .baseline = &baseline, .every = &m.low, .hw = hw
		};

		pick(&pool, in, &random);
		baseline_of(&pool, &m, &baseline);
		mask_merge_free(&lines);
		mask_vmx_add(&lines, &mask);
		for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
			const struct place at = feature_place((enum feature_id)id);

			if (!mask_vmx_covers((enum feature_id)id, hw))
				continue;
			const bool hidden = mask_merge_hidden(&lines, &at);
			/* Of rule ANY the baseline has what one machine has. */
			const struct cpuid_set *all =
				features[id].rule == RULE_ANY ? &m.low : &baseline;
			const uint32_t common = feature_value(all, (enum feature_id)id);
			for (size_t i = 0; i < recorded_count; i++)
				for (size_t k = 0; in[i] && k < recorded[i].kinds; k++) {
					const struct cpuid_set *set = &recorded[i].kind[k].set;
					if ((!hidden && feature_value(set, (enum feature_id)id)) !=
					    (common != 0))
						fail_msg("%s: %s, hardware %u", recorded_names[i],
						         feature_name((enum feature_id)id), hw);
				}
		}
	}
}

static void the_machines_are_not_identical(void **state)
{
	size_t mixed = 0;

	(void)state;
	for (size_t i = 0; i < recorded_count; i++) {
		mixed += recorded[i].kinds > 1;
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(
				cpuid_compare(&recorded[i].kind[0].set, &recorded[k].kind[0].set),
				0);
	}
	assert_true(mixed > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_machines_are_not_identical),
		cmocka_unit_test(grouping_makes_no_difference),
		cmocka_unit_test(nothing_is_promised_that_a_machine_lacks),
		cmocka_unit_test(masked_machines_are_identical),
	};

	return cmocka_run_group_tests_name("recorded", tests, load_recorded, NULL);
}
