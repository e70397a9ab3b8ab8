/* SPDX-License-Identifier: MIT */
#include "fleet/explain.h"

#include "table/feature_find.h"
#include "table/feature_words.h"
#include "table/level.h"
#include "unit.h"

static struct pool *p;
static struct merge m;
static struct cpuid_set baseline;
static struct explained e;

static int allocate(void **state)
{
	(void)state;
	p = calloc(1, sizeof(*p));
	return p ? 0 : -1;
}

static int release(void **state)
{
	(void)state;
	explained_free(&e);
	pool_free(p);
	free(p);
	return 0;
}

static void add(const char *name, const struct cpuid_set *set)
{
	static const struct control unknown;
	static struct report report;
	struct pool_host host = { .digest = { (uint8_t)p->hosts } };

	snprintf(host.name, sizeof(host.name), "%s", name);
	report_start(&report);
	assert_true(report_add(&report, 0, &unknown, set));
	assert_int_equal(pool_add_report(p, &host, &report), ERR_NONE);
	assert_int_equal(pool_finish(p), ERR_NONE);
}

static void settle(void)
{
	assert_true(pool_merge(p, &m));
	merge_baseline(&m, &baseline);
	explained_free(&e);
	assert_true(explained_start(&e, p, &m, &baseline));
}

static struct reason why(enum feature_id id)
{
	const struct place at = feature_place(id);
	struct reason reason;

	explain_place(&e, &at, &reason);
	return reason;
}

static void hosts_that_lack_it_are_counted_and_named(void **state)
{
	(void)state;
	pool_free(p);
	add("b", &story_ivy);
	add("a", &story_ivy);
	add("z", &story_atom);
	settle();
	assert_int_equal(why(F_AVX).kind, REASON_HOSTS);
	assert_int_equal(why(F_AVX).lacking, 1);
	assert_string_equal(why(F_AVX).one->name, "z");
	assert_true(e.has[0] == HOST_HAS && e.has[1] == HOST_HAS && e.has[2] == HOST_LACKS);
	assert_int_equal(why(F_MOVBE).lacking, 2);
	assert_string_equal(why(F_MOVBE).one->name, "a");
	assert_int_equal(why(F_SSE3).kind, REASON_NONE);
	assert_int_equal(why(F_AVX512F).kind, REASON_NOBODY);
	assert_int_equal(why(F_OSXSAVE).kind, REASON_NEVER);
	assert_int_equal(why(F_FCS_FDS_DEPRECATED).kind, REASON_NONE);
}

static void what_it_needs_is_named_to_the_root(void **state)
{
	struct cpuid_set less = story_ivy;

	(void)state;
	put(&less, 1, 0, ECX,
	    0x7fbae3ff & ~(UINT32_C(1) << 26)); /* XSAVE off, AVX and F16C left on */
	pool_free(p);
	add("good", &story_ivy);
	add("odd", &less);
	settle();
	assert_int_equal(why(F_XSAVE).kind, REASON_HOSTS);
	assert_int_equal(why(F_F16C).kind, REASON_NEED);
	assert_int_equal(why(F_F16C).need, F_XSAVE);
	assert_int_equal(why(F_AVX).need, F_XSAVE);
}

static void an_unlike_layout_is_named(void **state)
{
	struct cpuid_set a = story_ivy, b;

	(void)state;
	put(&a, 0xd, 2, EAX, 0x100);
	put(&a, 0xd, 2, EBX, 0x240);
	b = a;
	put(&b, 0xd, 2, EBX, 0x280);
	pool_free(p);
	add("a", &a);
	add("b", &b);
	settle();
	assert_int_equal(why(F_XCR0_AVX).kind, REASON_LAYOUT);
	assert_int_equal(why(F_AVX).kind, REASON_NEED);
	assert_int_equal(why(F_AVX).need, F_XCR0_AVX);
	assert_int_equal(why(F_XSAVE_YMM_OFFSET).kind, REASON_DIFFER);
}

static void leaving_hosts_out_gains(void **state)
{
	bool out[3] = { false }, same[3];
	static struct merge other;
	static struct cpuid_set more;

	(void)state;
	pool_free(p);
	add("a", &story_ivy);
	add("b", &story_ivy);
	add("z", &story_atom);
	settle();
	assert_int_equal(explain_alike(p, &p->host[0], same), 2);
	assert_true(same[0] && same[1] && !same[2]);
	out[2] = true;
	assert_true(explain_without(p, out, &other, &more));
	assert_int_equal(feature_value(&more, F_AVX), 1);
	assert_int_equal(explain_gain(&more, &baseline), 10);
	out[0] = out[1] = true;
	assert_false(explain_without(p, out, &other, &more));
}

static const struct {
	const char *name;
	enum feature_id id; /* F_NONE: not one row */
	size_t count;
} finds[] = {
	{ "AESNI", F_AESNI, 1 },
	{ "aes", F_AESNI, 1 },
	{ "AES", F_AESNI, 1 },
	{ "cpuid.AES", F_AESNI, 1 },
	{ "cpuid.aes", F_AESNI, 1 },
	{ "sse4.1", F_SSE4_1, 1 },
	{ "SSE4-1", F_SSE4_1, 1 },
	{ "sse41", F_SSE4_1, 1 },
	{ "pni", F_SSE3, 1 },
	{ "3dnowprefetch", F_PREFETCHW, 1 },
	{ "lahf_lm", F_LAHF_SAHF, 1 },
	{ "spec-ctrl", F_IBRS_IBPB, 1 },
	{ "prefetchiti", F_PREFETCHI, 1 },
	{ "XCR0_MASTER_YMM_H", F_XCR0_AVX, 1 },
	{ "fsrc", F_FSRC, 2 }, /* AMD's bit has this name too */
	/* Names of other readings of the same bits. */
	{ "XCR0_CET_U", F_XSS_CET_U, 1 },
	{ "xcr0_cet_s", F_XSS_CET_S, 1 },
	{ "LEAF2_CACHE3", F_DESC3, 1 },
	{ "FIXED_CTR0", F_PMU_FCOUNTERS_BITMAP, 1 },
	{ "SOC_PROJECT_ID", F_SOC_PROJ_ID_32, 1 },
	{ "LBR_DEPTH", F_LBR_DEPTH_8, 8 }, /* none of its parts passes for it */
	{ "mwait", F_MONITOR, 2 },         /* VMware's name, and the manual's for 7.1.EDX[23] */
	{ "cpuid.MWAIT", F_MONITOR, 1 },
	{ "cpuid.ibrs", F_IBRS_IBPB, 2 },
	{ "ibpb", F_IBRS_IBPB, 2 },
	{ "cpuid.IBPB", F_IBRS_IBPB, 2 },
	/* Without the separators, or with others. */
	{ "SSE 4.2", F_SSE4_2, 1 },
	{ "SSE4_2", F_SSE4_2, 1 },
	{ "AES NI", F_AESNI, 1 },
	{ "vtx", F_VMX, 1 },
	{ "hyperthreading", F_HTT, 1 },
	{ "3DNow!", F_3DNOW, 1 },
	{ "HLE", F_HLE, 1 },
	/* The words of vCenter's messages, whole, begun, and in parentheses. */
	{ "* Advanced Vector Extensions (AVX)", F_AVX, 1 },
	{ "Intel VT-x", F_VMX, 1 },
	{ "Half-precision conversion instructions (F16C)", F_F16C, 1 },
	{ "Half-precision conversion instructions", F_F16C, 1 },
	{ "Instructions to read and write FS and GS base registers", F_FSGSBASE, 1 },
	{ "RVI", F_SVM_NP, 1 },
	{ "Execute Disable", F_NX, 1 },
	{ "Speculative Store Bypass Disable", F_SSBD, 2 },
	{ "Advanced Vect", F_NONE, 0 }, /* ends within a word */
	{ "Advanced Vector Extensions 512 support", F_AVX512_FP16, 2 },
	/* A message around VMware's name of a capability. */
	{ "Feature 'cpuid.f16c' was absent, but must be present.", F_F16C, 1 },
	{ "featMask.vm.cpuid.AVX512F = \"Max:0\"", F_AVX512F, 1 },
	{ "needs cpuid.aes, cpuid.smep and cpuid.avx.", F_AESNI, 3 },
	{ "xcpuid.aes", F_NONE, 0 },
	{ "cpuid.", F_NONE, 0 },
	/* Setup options: one that governs several features is all of them. */
	{ "MONITOR/MWAIT", F_MONITOR, 1 },
	{ "Execute Disable Bit", F_NX, 1 },
	{ "Hyper-Threading [ALL]", F_HTT, 1 },
	{ "TSX", F_HLE, 2 },
	{ "AVX3", F_AVX512F, 6 },
	{ "no such thing", F_NONE, 0 },
	{ "", F_NONE, 0 },
	{ "( )", F_NONE, 0 },
};

static void any_name_finds_the_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(finds); i++) {
		enum feature_id id = F_NONE;
		const size_t count = feature_find(finds[i].name, &id, 1);

		if (count != finds[i].count || id != finds[i].id)
			fail_msg("%s: %zu, %s", finds[i].name, count, feature_name(id));
	}
}

/* True if a name finds the row. */
static bool finds_row(const char *name, enum feature_id id)
{
	enum feature_id found[64]; /* cli/input/name.h has room for as many */
	const size_t count = feature_find(name, found, COUNT(found));

	assert_true(count <= COUNT(found));
	for (size_t i = 0; i < count; i++)
		if (found[i] == id)
			return true;
	return false;
}

static void every_name_of_a_row_finds_it(void **state)
{
	size_t names = 0;

	(void)state;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		struct feature_words w;

		for (feature_words_start(&w, (enum feature_id)id); feature_words_next(&w);
		     names++) {
			char word[256];

			snprintf(word, sizeof(word), "%.*s", (int)w.size, w.word);
			if (!finds_row(word, w.id))
				fail_msg("%s is not found by %s", feature_name(w.id), word);
		}
	}
	assert_true(names > F_COUNT);
}

static const struct {
	const char *name;
	enum feature_id id; /* the first one that is offered, or F_NONE */
} nears[] = {
	{ "aesnj", F_AESNI },
	{ "aess", F_AESNI },
	{ "movbee", F_MOVBE },
	{ "cpuid.MOVEB", F_MOVBE }, /* two letters have changed places */
	{ "rdrnd", F_RDRAND },
	{ "pclmul", F_PCLMULQDQ },
	{ "avx51", F_AVX512F },
	{ "hyperthread", F_HTT },
	{ "virtualization", F_VMX },
	{ "sse 4.2 instructions", F_SSE4_2 },
	{ "amx", F_AMX_FP8 }, /* a beginning; AMD is no misspelling of it */
	{ "retbleed", F_NONE },
	{ "xyzzyx", F_NONE },
	{ "qqqqqqqqqqqqqqqqqqqqqqqqqqqq", F_NONE },
	{ "zz", F_NONE },
	{ "x", F_NONE },
	{ "", F_NONE },
};

static void misspelt_names_have_neighbours(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(nears); i++) {
		enum feature_id ids[3] = { F_NONE };
		const size_t count = feature_nearest(nears[i].name, ids, 3);

		if (ids[0] != nears[i].id || (count != 0) != (nears[i].id != F_NONE))
			fail_msg("%s: %zu, %s", nears[i].name, count, feature_name(ids[0]));
	}
}

static void levels(void **state)
{
	static struct cpuid_set set;

	(void)state;
	assert_int_equal(level_of(&story_atom), 2);
	assert_int_equal(level_of(&story_ivy), 2);
	set.count = 0;
	assert_int_equal(level_of(&set), 0);
	/* Feature by feature up to the top: each level begins with its last feature, not before. */
	for (size_t i = 0; i < level_features_count; i++) {
		const struct feature *f = &features[level_features[i].id];
		const unsigned before = level_features[i].level - 1U;
		struct cpuid_leaf *l = cpuid_insert(&set, feature_leaf(f), feature_subleaf(f));

		assert_int_equal(level_of(&set), before);
		l->reg[f->reg] |= feature_mask((enum feature_id)level_features[i].id);
	}
	assert_int_equal(level_of(&set), LEVELS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_that_lack_it_are_counted_and_named),
		cmocka_unit_test(what_it_needs_is_named_to_the_root),
		cmocka_unit_test(an_unlike_layout_is_named),
		cmocka_unit_test(leaving_hosts_out_gains),
		cmocka_unit_test(any_name_finds_the_row),
		cmocka_unit_test(every_name_of_a_row_finds_it),
		cmocka_unit_test(misspelt_names_have_neighbours),
		cmocka_unit_test(levels),
	};

	return cmocka_run_group_tests_name("explain", tests, allocate, release);
}
