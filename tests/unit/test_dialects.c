/* SPDX-License-Identifier: MIT */
#include "compare/merge.h"
#include "mask/kvm_plan.h"
#include "mask/mask_bits.h"
#include "table/feature_find.h"
#include "table/feature_names.h"
#include "table/vmware.h"
#include "table/xen.h"
#include "table/xen.h"
#include "unit.h"

static const struct dialect {
	const char *name;
	mask_write *write;
} dialects[] = {
	{ "vmx", mask_vmx_write },
	{ "vmx-featmask", mask_featmask_write },
	{ "libvirt", mask_libvirt_write },
	{ "qemu", mask_qemu_write },
	{ "proxmox", mask_proxmox_write },
	{ "kubevirt", mask_kubevirt_write },
	{ "nova", mask_nova_write },
	{ "opennebula", mask_opennebula_write },
	{ "ovirt", mask_ovirt_write },
	{ "incus", mask_incus_write },
	{ "cloud-hypervisor", mask_cloud_hypervisor_write },
	{ "xen", mask_xen_write },
	{ "xen-xend", mask_xend_write },
	{ "firecracker", mask_firecracker_write },
	{ "virtualbox", mask_virtualbox_write },
};

static char buffer[65536];

static struct kvm_plan plan;

/* Who reads what a dialect writes of a plan; -1: it has none. */
static int reader_of(mask_write *write)
{
	static const struct {
		mask_write *write;
		enum kvm_reader reader;
	} readers[] = {
		{ mask_qemu_write, KVM_QEMU },       { mask_incus_write, KVM_QEMU },
		{ mask_libvirt_write, KVM_LIBVIRT }, { mask_kubevirt_write, KVM_LIBVIRT },
		{ mask_nova_write, KVM_LIBVIRT },    { mask_opennebula_write, KVM_LIBVIRT },
		{ mask_ovirt_write, KVM_LIBVIRT },   { mask_proxmox_write, KVM_PROXMOX },
	};

	for (size_t i = 0; i < COUNT(readers); i++)
		if (readers[i].write == write)
			return (int)readers[i].reader;
	return -1;
}

/* The mask with a plan for its reader, if it needs one. */
static struct mask planned(mask_write *write, const struct mask *m)
{
	const int reader = reader_of(write);
	const struct kvm_offer offer = {
		.reader = reader < 0 ? KVM_QEMU : (enum kvm_reader)reader,
		.qemu = KVM_OFFER_QEMU,
		.libvirt = KVM_OFFER_LIBVIRT,
		.proxmox = KVM_OFFER_PROXMOX,
	};
	enum feature_id id;
	struct mask with = *m;

	if (reader >= 0)
		assert_int_equal(kvm_plan_make(&plan, m, &offer, &id), KVM_PLANNED);
	with.plan = &plan;
	return with;
}

static const char *text_of(mask_write *write, const struct mask *m)
{
	const struct mask with = planned(write, m);
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	write(&t, &with);
	assert_false(t.full);
	return text_string(&t);
}

/* A pool of two and the mask for it. */
static struct merge merged;
static struct cpuid_set baseline;

static struct mask pool_of(const struct cpuid_set *a, const struct cpuid_set *b)
{
	merge_start(&merged);
	assert_true(merge_add(&merged, a));
	assert_true(merge_add(&merged, b));
	merge_baseline(&merged, &baseline);
	return (struct mask){ .xen = XEN_DEFAULT,
		              .seen = &merged.high,
		              .baseline = &baseline,
		              .every = &merged.low,
		              .hw = VMWARE_HW_MAX };
}

static void the_story_in_other_words(void **state)
{
	struct mask m = pool_of(&story_atom, &story_ivy);

	(void)state;
	m.hw = 9;
	assert_string_equal(text_of(mask_featmask_write, &m),
	                    "featMask.vm.cpuid.PCID = \"Max:0\"\n"
	                    "featMask.vm.cpuid.MOVBE = \"Max:0\"\n"
	                    "featMask.vm.cpuid.XSAVE = \"Max:0\"\n"
	                    "featMask.vm.cpuid.AVX = \"Max:0\"\n"
	                    "featMask.vm.cpuid.F16C = \"Max:0\"\n"
	                    "featMask.vm.cpuid.FSGSBASE = \"Max:0\"\n"
	                    "featMask.vm.cpuid.XCR0_MASTER_SSE = \"Max:0\"\n"
	                    "featMask.vm.cpuid.XCR0_MASTER_YMM_H = \"Max:0\"\n"
	                    "featMask.vm.cpuid.3DNPREFETCH = \"Max:0\"\n");
	assert_string_equal(text_of(mask_xend_write, &m),
	                    "cpuid=[ \"0x0:eax=00000000000000000000000000001011\",\n"
	                    "        \"0x1:ecx=xx00x0xxx00xxx0xxxxxxxxxx0xxxxxx\",\n"
	                    "        \"0x7,0x0:ebx=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx00\" ]\n");
	assert_string_equal(
		text_of(mask_virtualbox_write, &m),
		"VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/PCID 0\n"
		"VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/MOVBE 0\n"
		"VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/XSAVE 0\n"
		"VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/AVX 0\n"
		"VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/FSGSBASE 0\n"
		"VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/3DNOWPRF 0\n"
		"# VirtualBox 7.1 and later only; earlier versions show none of these "
		"features and reject the names:\n"
		"VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/F16C 0\n"
		"# VirtualBox has no switch for these; a guest may see them: SMX X2APIC "
		"TSC_ADJUST XSAVEOPT\n");
}

static void bits_without_a_capability_are_said_by_register(void **state)
{
	static struct cpuid_set with;
	const char *text;
	struct mask m;

	(void)state;
	/* BTC_NO, which has none, and CLZERO */
	with = story_ivy;
	put(&with, 0x80000008, 0, EBX, 0x20000001);
	m = pool_of(&story_ivy, &with);
	text = text_of(mask_featmask_write, &m);
	assert_string_equal(text,
	                    "featMask.vm.cpuid.CLZERO = \"Max:0\"\n"
	                    "# VMware has no names for these features; register masks hide them:\n"
	                    "cpuid.80000008.ebx = \"--0-----------------------------\"\n");
}

static void the_base_and_the_name_are_passed_on(void **state)
{
	struct mask m = pool_of(&story_atom, &story_ivy);

	(void)state;
	assert_non_null(strstr(text_of(mask_qemu_write, &m), ",vendor=GenuineIntel,"));
	assert_non_null(strstr(text_of(mask_proxmox_write, &m), "cpu-model: cpulevel\n"));
	m.base = "IvyBridge";
	m.name = "two";
	assert_memory_equal(text_of(mask_qemu_write, &m), "-cpu IvyBridge-v1,vendor=Gen", 28);
	assert_non_null(strstr(text_of(mask_libvirt_write, &m), ">IvyBridge-v1</model>"));
	assert_non_null(strstr(text_of(mask_proxmox_write, &m), "cpu-model: two\n    flags +"));
	assert_non_null(strstr(buffer, "\n    reported-model IvyBridge\n"));
}

static void who_can_only_add_turns_nothing_off(void **state)
{
	static struct cpuid_set atom, ivy;
	const struct guest_kvm k = kvm_plan_host(KVM_OFFER_KERNEL, false);
	struct kvm_offer offer = { .reader = KVM_LIBVIRT,
		                   .only_adds = true,
		                   .qemu = KVM_OFFER_QEMU,
		                   .libvirt = KVM_OFFER_LIBVIRT };
	struct cpu_model_features f;
	enum feature_id id;

	(void)state;
	guest_kvm_set(&k, &story_atom, &atom);
	guest_kvm_set(&k, &story_ivy, &ivy);
	struct mask m = pool_of(&atom, &ivy);
	assert_int_equal(kvm_plan_make(&plan, &m, &offer, &id), KVM_PLANNED);
	assert_int_equal(plan.off, 0);
	cpu_model_features(plan.base, &f);
	assert_false(f.has[F_AVX]);
	m.base = "IvyBridge";
	assert_int_equal(kvm_plan_make(&plan, &m, &offer, &id), KVM_BASE_NOT_SAFE);
	assert_true(feature_value(m.seen, id) && !feature_value(m.baseline, id));
	offer.only_adds = false;
	assert_int_equal(kvm_plan_make(&plan, &m, &offer, &id), KVM_PLANNED);
	assert_int_not_equal(plan.off, 0);
}

static void what_one_host_lacks_kvm_cannot_show(void **state)
{
	static struct cpuid_set with;
	struct mask m;

	(void)state;
	with = story_ivy;
	put(&with, 7, 0, EDX, 0x400); /* MD_CLEAR */
	m = pool_of(&story_ivy, &with);
	assert_int_equal(feature_value(&baseline, F_MD_CLEAR), 1);
	assert_null(strstr(text_of(mask_qemu_write, &m), "md-clear"));
	m = pool_of(&with, &with);
	assert_non_null(strstr(text_of(mask_qemu_write, &m), ",+md-clear"));
	m.every = NULL;
	assert_null(strstr(text_of(mask_qemu_write, &m), "md-clear"));
	assert_int_equal(plan.say[F_PCID], KVM_ON);
}

static void models_are_found_by_name_and_signature(void **state)
{
	static const struct {
		uint32_t signature;
		unsigned age;
	} cases[] = {
		{ 0x000306a9, 2012 }, /* Ivy Bridge */
		{ 0x00050654, 2017 }, /* Skylake, Cascade Lake and Cooper Lake, by stepping */
		{ 0x00050657, 2019 }, { 0x0005065b, 2020 }, { 0x000f06f1, 0 }, { 0, 0 },
	};
	static struct cpuid_set set;
	struct cpu_model_features f;

	(void)state;
	assert_string_equal(cpu_models[cpu_model_find("Icelake-Server")].name, "Icelake-Server-v1");
	assert_string_equal(cpu_models[cpu_model_find("Westmere-IBRS")].name, "Westmere-v2");
	assert_int_equal(cpu_model_find("Icelake"), M_NO_MODEL);
	assert_int_equal(cpu_model_find(""), M_NO_MODEL);
	assert_int_equal(cpu_model_vendor(&story_ivy), CPU_INTEL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		set = story_ivy;
		put(&set, 1, 0, EAX, cases[i].signature);
		assert_int_equal(cpu_model_age(&set), cases[i].age);
	}
	/* What a parent has, what the child lacks, and what only libvirt's lacks. */
	cpu_model_features(cpu_model_find("Haswell-noTSX"), &f);
	assert_true(f.has[F_AVX2] && f.has[F_SSE2] && !f.has[F_RTM]);
	assert_true(f.unlike[F_F16C] && !f.unlike[F_AVX2]);
	cpu_model_features(M_NO_MODEL, &f);
	assert_false(f.has[F_FPU]);
}

static void each_of_libxl_s_names_is_the_row_s(void **state)
{
	(void)state;
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (*xen_name(id) && !feature_matches(id, xen_name(id)))
			fail_msg("%s is not %s", xen_name(id), feature_name(id));
	}
	assert_string_equal(xen_name(F_CLFSH), "clfsh");
}

static const char *qemu_name(enum feature_id id)
{
	return feature_named(id, NAMED_QEMU);
}

static const char *libvirt_name(enum feature_id id)
{
	return feature_named(id, NAMED_LIBVIRT);
}

static const char *capability_name(enum feature_id id)
{
	return feature_named(id, NAMED_CAPABILITY);
}

typedef const char *name_of(enum feature_id id);

/* Nobody could distinguish two features with one name. */
static void no_two_features_have_one_name(void **state)
{
	static name_of *const columns[] = { qemu_name, libvirt_name, capability_name, xen_name };

	(void)state;
	for (size_t c = 0; c < COUNT(columns); c++)
		for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
			for (unsigned k = i + 1; k < F_COUNT; k++) {
				const char *name = columns[c]((enum feature_id)i);

				if (*name && mask_is_feature((enum feature_id)i) &&
				    mask_is_feature((enum feature_id)k) &&
				    strcmp(name, columns[c]((enum feature_id)k)) == 0)
					fail_msg("two are %s", name);
			}
}

/* Sets that are like machines: most leaves are there, most bits are set. */
static void make_random(struct cpuid_set *set, uint32_t *random)
{
	set->count = 0;
	for (unsigned i = 0; i < 150; i++) {
		const enum feature_id id =
			(enum feature_id)(1 + random_next(random) % (F_COUNT - 1));
		const struct feature *f = &features[id];
		const uint32_t subleaf = feature_subleaf(f) < FROM(0) ? feature_subleaf(f) : 1;

		put(set, feature_leaf(f), subleaf, (enum cpuid_reg)f->reg,
		    random_next(random) | random_next(random) | random_next(random));
	}
	put(set, 0, 0, EAX, 1 + random_next(random) % 0x28);
	put(set, 7, 0, EAX, random_next(random) % 3);
	put(set, 0x80000000, 0, EAX, 0x80000000 + random_next(random) % 0x28);
	put(set, 0xd, 0, EAX, 0xff);
}

/* Returns the feature that goes by this name, or F_NONE. */
static enum feature_id with_name(name_of *column, const char *name, size_t size)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const char *own = column((enum feature_id)id);

		if (strlen(own) == size && memcmp(own, name, size) == 0)
			return (enum feature_id)id;
	}
	return F_NONE;
}

/* Each name between before and one of ends is of a feature; wanted: it is in the baseline. */
static void assert_names(const char *text, const char *before, const char *ends, name_of *column,
                         bool wanted)
{
	for (const char *at = text; (at = strstr(at, before)) != NULL;) {
		at += strlen(before);
		const size_t size = strcspn(at, ends);
		const enum feature_id id = with_name(column, at, size);

		if (id == F_NONE)
			fail_msg("nothing is %.*s", (int)size, at);
		if ((feature_value(&baseline, id) != 0) != wanted)
			fail_msg("%s%.*s", before, (int)size, at);
	}
}

/* A pattern hides no bit of the baseline, and has nothing but zeros. */
static void assert_pattern(const char *pattern, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	for (unsigned i = 0; i < 32; i++) {
		const enum feature_id id = feature_at(leaf, subleaf, reg, 31 - i);

		assert_true(pattern[i] == '0' || pattern[i] == 'x');
		if (pattern[i] == 'x' || id == F_LEAF_7_MAX_SUBLEVEL)
			continue;
		if (!mask_is_feature(id) || feature_value(&baseline, id))
			fail_msg("%x.%x.%d bit %u", leaf, subleaf, (int)reg, 31 - i);
	}
}

static void assert_xend(const char *text)
{
	uint32_t leaf = 0, subleaf = 0;

	for (const char *at = strchr(text, '"'); at; at = strchr(at + 1, '"')) {
		if (sscanf(at, "\"%x,%x:", &leaf, &subleaf) == 2)
			at = strchr(at, ':');
		else if (sscanf(at, "\"%x:", &leaf) == 1)
			subleaf = 0, at = strchr(at, ':');
		else
			continue;
		/* Numbers: the last leaf or subleaf, and the width of physical addresses. */
		if (strspn(at + 5, "01") == 32)
			assert_int_equal(strtoul(at + 5, NULL, 2),
			                 cpuid_value(&baseline, leaf, subleaf, EAX));
		else if (leaf == 0x80000008 && at[2] == 'a')
			assert_int_equal(strtoul(at + 5 + 24, NULL, 2),
			                 feature_value(&baseline, F_PHYS_BITS));
		else
			for (; *at != '"'; at += 37)
				assert_pattern(at + 5, leaf, subleaf,
				               (enum cpuid_reg)(at[2] - 'a'));
	}
}

/* Names with =0, after maxleaf with the last leaf of the baseline. */
static void assert_xen(const char *text)
{
	const char *at = strstr(text, "\"host");
	unsigned last;

	if (!at)
		return;
	if (sscanf(at, "\"host,maxleaf=%u", &last) == 1) {
		assert_int_equal(last, feature_value(&baseline, F_NUMLEVELS));
		at += strcspn(at, "=") + 1;
		at += strspn(at, "0123456789");
	}
	assert_names(at, ",", "=", xen_name, false);
	while ((at = strchr(at, '=')) != NULL) {
		assert_true(memcmp(at, "=0,", 3) == 0 || strcmp(at, "=0\"\n") == 0);
		at++;
	}
}

static void assert_firecracker(const char *text)
{
	uint32_t leaf = 0, subleaf = 0;
	char reg;

	for (const char *at = text; *at; at++) {
		sscanf(at, "\"leaf\": \"%x\", \"subleaf\": \"%x\"", &leaf, &subleaf);
		/* EAX of leaf 80000008H has numbers. */
		if (sscanf(at, "\"register\": \"e%cx\"", &reg) == 1 &&
		    !(leaf == 0x80000008 && reg == 'a'))
			assert_pattern(strstr(at, "0b") + 2, leaf, subleaf,
			               (enum cpuid_reg)(reg - 'a'));
	}
}

static size_t zeros(const char *text)
{
	size_t count = 0;

	for (const char *at = strstr(text, "cpuid."); at; at = strstr(at + 1, "\ncpuid."))
		for (const char *c = strchr(at, '"') + 1; *c != '"'; c++)
			count += *c == '0';
	return count;
}

/* How many different capabilities the features have together that a VMware mask hides. */
static size_t hidden_capabilities(const struct mask *m)
{
	struct {
		const char *at;
		size_t size;
	} name[F_COUNT + 32];
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const char *own = capability_name((enum feature_id)i);

		if (!mask_vmx_hides(m, (enum feature_id)i))
			continue;
		for (size_t size; *own; own += size + (own[size] == '|')) {
			size_t same = 0;

			size = strcspn(own, "|");
			while (same < count &&
			       (name[same].size != size || memcmp(name[same].at, own, size) != 0))
				same++;
			if (same < count)
				continue;
			assert_true(count < COUNT(name));
			name[count].at = own;
			name[count++].size = size;
		}
	}
	return count;
}

/* True if one of the features of which this is a capability is not on all hosts. */
static bool lacked_capability(const char *name, size_t size)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const char *own = capability_name(id);

		for (size_t used; *own; own += used + (own[used] == '|')) {
			used = strcspn(own, "|");
			if (used == size && memcmp(own, name, size) == 0 &&
			    !(feature_value(&baseline, id) && feature_value(&merged.low, id)))
				return true;
		}
	}
	return false;
}

/* A line for each capability; register masks for the bits that have none. */
static void assert_featmask(const struct mask *m)
{
	const size_t all = zeros(text_of(mask_vmx_write, m));
	const char *text = text_of(mask_featmask_write, m);
	const char *rest = strstr(text, "# ");
	size_t names = 0;

	for (const char *at = text; (at = strstr(at, "Max:0")) != NULL; at++)
		names++;
	assert_int_equal(names, hidden_capabilities(m));
	assert_true(zeros(rest ? strchr(rest, '\n') : "") <= all);
	for (const char *at = text; (at = strstr(at, "featMask.vm.cpuid.")) != NULL;) {
		at += strlen("featMask.vm.cpuid.");
		if (!lacked_capability(at, strcspn(at, " ")))
			fail_msg("%.*s", (int)strcspn(at, " "), at);
	}
}

static void assert_nothing_unpromised(const struct mask *m)
{
	const char *text = text_of(mask_qemu_write, m);

	assert_names(text, ",+", ",\n", qemu_name, true);
	text = text_of(mask_proxmox_write, m);
	assert_names(text, ";+", ";\n", qemu_name, true);
	assert_names(text, " +", ";\n", qemu_name, true);
	text = text_of(mask_libvirt_write, m);
	assert_names(text, "'require' name='", "'", libvirt_name, true);
	assert_xend(text_of(mask_xend_write, m));
	assert_firecracker(text_of(mask_firecracker_write, m));
	assert_featmask(m);
	assert_xen(text_of(mask_xen_write, m));
}

static void no_dialect_claims_what_is_not_promised(void **state)
{
	static struct cpuid_set a, b;
	uint32_t random = 1122;

	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		make_random(&a, &random);
		make_random(&b, &random);
		struct mask m = pool_of(&a, &b);
		m.hide_all = round & 1;
		m.base = round & 2 ? "EPYC" : NULL;
		assert_nothing_unpromised(&m);
	}
}

/* In less room than it takes, every dialect says that it did not fit, and writes within it. */
static void what_does_not_fit_is_not_cut(void **state)
{
	static struct cpuid_set a, b;
	uint32_t random = 5;

	(void)state;
	make_random(&a, &random);
	make_random(&b, &random);
	put(&a, 0x80000008, 0, EAX, 0x3027);
	put(&b, 0x80000008, 0, EAX, 0x3027);
	const struct mask pool = pool_of(&a, &b);
	for (size_t i = 0; i < COUNT(dialects); i++) {
		const struct mask m = planned(dialects[i].write, &pool);
		const size_t needed = strlen(text_of(dialects[i].write, &pool));

		assert_int_not_equal(needed, 0);
		for (size_t size = 0; size <= needed; size += 1 + (needed - size) / 16) {
			char *room = malloc(size + 1);
			struct text t;

			text_start(&t, room, size);
			dialects[i].write(&t, &m);
			assert_true(t.used <= size);
			if (t.full != (size < needed))
				fail_msg("%s: %zu of %zu", dialects[i].name, size, needed);
			free(room);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_story_in_other_words),
		cmocka_unit_test(bits_without_a_capability_are_said_by_register),
		cmocka_unit_test(the_base_and_the_name_are_passed_on),
		cmocka_unit_test(who_can_only_add_turns_nothing_off),
		cmocka_unit_test(what_one_host_lacks_kvm_cannot_show),
		cmocka_unit_test(models_are_found_by_name_and_signature),
		cmocka_unit_test(each_of_libxl_s_names_is_the_row_s),
		cmocka_unit_test(no_two_features_have_one_name),
		cmocka_unit_test(no_dialect_claims_what_is_not_promised),
		cmocka_unit_test(what_does_not_fit_is_not_cut),
	};

	return cmocka_run_group_tests_name("dialects", tests, NULL, NULL);
}
