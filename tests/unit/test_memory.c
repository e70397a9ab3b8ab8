/* SPDX-License-Identifier: MIT */
/*
 * Each allocation of common/ fails in turn.  What then must hold: the call says that there is no
 * memory, all is freed in the end, and what the header promises of the call is still there.
 */
#include "fleet/evc.h"
#include "fleet/explain.h"
#include "fleet/options.h"
#include "fleet/pool.h"
#include "fleet/pool_kvm.h"
#include "mask/mask_vmx_merge.h"
#include "mask/mask_vmx_read.h"
#include "unit.h"

#define ROOM  0x100000
#define HOSTS 5

static struct pool pool, other;
static struct report later; /* of recorded[0], with another answer */
static struct merge merge;
static struct cpuid_set baseline;
static char before[ROOM], after[ROOM];

/* Has no allocation fail for now; returns what resume needs to go on. */
static size_t pause_faults(void)
{
	const size_t until = allocations.until;

	allocations.until = SIZE_MAX;
	return until;
}

static void resume_faults(size_t until)
{
	allocations.until = until;
}

/* What a call said: true for ERR_NONE, false for ERR_MEMORY, and nothing else. */
static bool worked(enum err err)
{
	assert_true(err == ERR_NONE || err == ERR_MEMORY);
	return err == ERR_NONE;
}

static enum err add(struct pool *p, size_t which, const struct report *r)
{
	struct pool_host host = { .digest = { (uint8_t)which } };

	snprintf(host.name, sizeof(host.name), "host-%zu", which);
	return pool_add_report(p, &host, r);
}

/* Sets a pool to some recorded machines, the last one first. */
static void fill(struct pool *p)
{
	const size_t until = pause_faults();

	pool_start(p);
	for (size_t i = HOSTS; i-- > 0;)
		assert_int_equal(add(p, i, &recorded[i]), ERR_NONE);
	assert_int_equal(pool_leave_out(p, "lost.txt"), ERR_NONE);
	resume_faults(until);
}

static void finish(struct pool *p)
{
	const size_t until = pause_faults();

	assert_int_equal(pool_finish(p), ERR_NONE);
	resume_faults(until);
}

static size_t spell(const struct pool *p, char *buffer)
{
	struct text t;

	text_start(&t, buffer, ROOM);
	pool_write(&t, p, "test");
	assert_false(t.full);
	return t.used;
}

static void assert_spelt(struct pool *p, size_t size)
{
	finish(p);
	assert_int_equal(spell(p, after), size);
	assert_memory_equal(before, after, size);
}

static bool adding_a_report(void)
{
	fill(&pool);
	finish(&pool);
	const size_t size = spell(&pool, before);
	const bool ok = worked(add(&pool, HOSTS, &later));

	pause_faults();
	assert_int_equal(pool.hosts, ok ? HOSTS + 1 : HOSTS);
	if (!ok)
		assert_spelt(&pool, size);
	pool_free(&pool);
	return ok;
}

static bool leaving_out_a_file(void)
{
	fill(&pool);
	finish(&pool);
	const size_t size = spell(&pool, before);
	const bool ok = worked(pool_leave_out(&pool, "found.txt"));

	pause_faults();
	assert_int_equal(pool.left_outs, ok ? 2 : 1);
	if (!ok)
		assert_spelt(&pool, size);
	pool_free(&pool);
	return ok;
}

static bool finishing_a_pool(void)
{
	fill(&pool);
	finish(&pool);
	const size_t size = spell(&pool, before);
	pool_free(&pool);

	fill(&pool);
	const bool ok = worked(pool_finish(&pool));
	pause_faults();
	if (ok)
		assert_spelt(&pool, size);
	pool_free(&pool);
	return ok;
}

/* The same reports, of which one has another answer here: their answers are joined. */
static bool joining_a_host(void)
{
	fill(&pool);
	const size_t until = pause_faults();
	assert_int_equal(add(&pool, 0, &later), ERR_NONE);
	resume_faults(until);
	const bool ok = worked(pool_finish(&pool));

	if (ok) {
		assert_int_equal(pool.hosts, HOSTS);
		assert_int_equal(pool.host[0].answers, recorded[0].kinds + 1);
	}
	pool_free(&pool);
	return ok;
}

static bool adding_a_pool(bool finished)
{
	fill(&other);
	if (finished)
		finish(&other);
	pool_start(&pool);
	const bool ok = worked(pool_add_pool(&pool, &other));

	pause_faults();
	if (ok) {
		finish(&other);
		assert_spelt(&pool, (spell(&other, before)));
	}
	pool_free(&pool);
	pool_free(&other);
	return ok;
}

static bool adding_a_finished_pool(void)
{
	return adding_a_pool(true);
}

static bool adding_an_unfinished_pool(void)
{
	return adding_a_pool(false);
}

static bool reading_a_pool(void)
{
	struct where where;

	fill(&pool);
	finish(&pool);
	const size_t size = spell(&pool, before);
	pool_free(&pool);

	const bool ok = worked(pool_read(&pool, before, size, &where));
	pause_faults();
	if (ok)
		assert_spelt(&pool, size);
	else
		assert_true(pool.hosts == 0 && !pool.host && pool.answers == 0 && !pool.answer);
	pool_free(&pool);
	return ok;
}

static bool settling_a_pool(void)
{
	struct visitor v[HOSTS];

	fill(&pool);
	finish(&pool);
	pool_visitors(&pool, v);
	visit_judge(v, HOSTS, pool_same_answers);
	const bool ok = pool_settle(&pool, v);

	pool_free(&pool);
	return ok;
}

static bool explaining(void)
{
	const bool out[HOSTS] = { true };
	struct explained e;

	fill(&pool);
	finish(&pool);
	bool ok = explained_start(&e, &pool, &merge, &baseline);
	if (ok)
		ok = explain_without(&pool, out, &merge, &baseline);
	explained_free(&e);
	pool_free(&pool);
	return ok;
}

static bool merging_what_kvm_offers(void)
{
	const struct guest_kvm k = { .kernel = 0x0601 };

	fill(&pool);
	finish(&pool);
	const bool ok = pool_kvm_merge(pool.host, pool.hosts, &k, &merge) == ERR_NONE;

	assert_int_equal(merge.sets > 0, ok);
	pool_free(&pool);
	return ok;
}

/* Two hosts, one option that differs. */
static bool comparing_setup_options(void)
{
	static struct report r[2];
	struct option_host h[2] = { { .there = false } };
	const struct option_host *const host[2] = { &h[0], &h[1] };
	struct options o = { .hosts = 0 };
	const struct option_at **list = NULL;

	for (size_t i = 0; i < 2; i++) {
		const struct setup_value value = { SETUP_NUMBER, i, i ? "Enabled" : "Disabled" };
		const struct setup_question q = {
			.path = "Setup",
			.prompt = "AES-NI",
			.kind = SETUP_CHECKBOX,
			.value = value,
			.standard = value,
			.manufacturing = value,
		};

		report_start(&r[i]);
		setup_start(&r[i].setup, NULL);
		assert_true(setup_add(&r[i].setup, &q));
	}
	bool ok = option_host_take(&h[0], &r[0]) && option_host_take(&h[1], &r[1]) &&
	          options_make(&o, host, 2);
	if (ok) {
		assert_int_equal(o.count, 1);
		assert_true(option_values_differ(&o.option[0]));
		list = options_by_value(&o.option[0]);
		ok = list != NULL;
	}
	free(list);
	options_free(&o);
	option_host_free(&h[0]);
	option_host_free(&h[1]);
	return ok;
}

static bool making_all_evc_modes(void)
{
	bool ok = true;

	for (size_t i = 0; i < evc_count() && ok; i++) {
		struct evc mode;

		ok = evc_mode(&mode, i);
		if (!ok)
			assert_true(mode.registers == 0 && mode.others == 0);
		evc_free(&mode);
	}
	return ok;
}

static bool adding_to_an_evc_mode(void)
{
	const struct evc_register reg = { place_register(1, 0, ECX), 1, EVC_IMPORTED };
	const struct evc_other another = { "cpuid.VENDOR", "Val:0x00" };
	struct evc mode = { .key = "intel-x" };
	const bool ok = evc_add_register(&mode, &reg) && evc_add_other(&mode, &another);

	assert_int_equal(mode.registers + mode.others < 2, !ok);
	evc_free(&mode);
	return ok;
}

static bool merging_masks(void)
{
	static const char text[] = "cpuid.1.ecx = \"---------0----------------------\"\n"
				   "cpuid.7.ebx = \"---------0----------------------\"\n"
				   "cpuid.brandstring = \"A processor\"\n"
				   "featMask.vm.cpuid.AES = \"Max:0\"\n"
				   "featMask.vm.cpuid.AVX = \"Max:0\"\n";
	const struct place aes = place_bit(1, 0, ECX, 25);
	struct mask_lines lines = { .count = 0 };
	struct mask_merge m;
	struct where where;

	mask_merge_start(&m);
	const bool ok = worked(mask_vmx_read(&lines, text, strlen(text), &where)) &&
	                mask_merge_add(&m, &lines) && mask_merge_hide(&m, &aes);

	if (ok) {
		assert_true(mask_merge_hidden(&m, &aes));
		assert_true(mask_merge_hides_name(&m, F_AVX));
	}
	mask_merge_free(&m);
	mask_lines_free(&lines);
	return ok;
}

static bool merging_incomplete_masks(void)
{
	static const char text[] = "featMask.vm.completeMasks = \"TRUE\"\n"
				   "featMask.vm.cpuid.SSE3 = \"Val:1\"\n";
	struct mask_lines lines = { .count = 0 };
	struct mask_merge m;
	struct where where;

	mask_merge_start(&m);
	const bool ok = worked(mask_vmx_read(&lines, text, strlen(text), &where)) &&
	                mask_merge_add(&m, &lines);

	if (ok)
		assert_true(mask_merge_hides_name(&m, F_AVX));
	mask_merge_free(&m);
	mask_lines_free(&lines);
	return ok;
}

static const struct {
	const char *name;
	bool (*run)(void); /* true if all went well, false if a call said that there is no memory */
	size_t least;      /* of allocations, lest none is made */
} operations[] = {
	{ "a report is added", adding_a_report, 2 },
	{ "a file is left out", leaving_out_a_file, 1 },
	{ "a pool is finished", finishing_a_pool, 3 },
	{ "a host is joined", joining_a_host, 4 },
	{ "a finished pool is added", adding_a_finished_pool, 10 },
	{ "an unfinished pool is added", adding_an_unfinished_pool, 10 },
	{ "a pool is read", reading_a_pool, 10 },
	{ "a pool is settled", settling_a_pool, 1 },
	{ "a pool is explained", explaining, 3 },
	{ "what KVM offers is merged", merging_what_kvm_offers, 1 },
	{ "setup options are compared", comparing_setup_options, 8 },
	{ "EVC modes are made", making_all_evc_modes, 10 },
	{ "a mode gets a register and another name", adding_to_an_evc_mode, 2 },
	{ "masks are read and merged", merging_masks, 7 },
	{ "incomplete masks are merged", merging_incomplete_masks, 2 },
};

/* Runs an operation whose n-th allocation fails.  Returns false if it makes fewer. */
static bool run(size_t i, size_t n)
{
	const size_t live = allocations.live, refused = allocations.refused;

	allocations.until = n;
	const bool ok = operations[i].run();
	allocations.until = SIZE_MAX;
	const bool failed = allocations.refused != refused;
	if (ok == failed)
		fail_msg("%s, allocation %zu: said %d", operations[i].name, n, ok);
	if (allocations.live != live)
		fail_msg("%s, allocation %zu: not all is freed", operations[i].name, n);
	return failed;
}

static void each_allocation_fails(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(operations); i++) {
		size_t n = 0;

		while (run(i, n))
			n++;
		if (n < operations[i].least)
			fail_msg("%s: %zu allocations", operations[i].name, n);
	}
}

static int load(void **state)
{
	const int status = load_recorded(state);

	later = recorded[0];
	put(&later.kind[0].set, 7, 0, EBX, 0);
	return status;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_allocation_fails) };

	return cmocka_run_group_tests(tests, load, NULL);
}
