/* SPDX-License-Identifier: MIT */
/*
 * What KVM offers its guests.  The right values are read from Linux and from Firecracker's records
 * of its guests on 5.10, 6.1 and 6.18, not from the tables.
 */
#include "report/cpuid_r.h"
#include "table/feature_names.h"
#include "table/guest_kvm.h"
#include "unit.h"

#define INTEL 0x756e6547, 0x6c65746e, 0x49656e69
#define AMD   0x68747541, 0x444d4163, 0x69746e65

/* A host of this signature with every bit of the feature registers set. */
static void all_set(struct cpuid_set *host, uint32_t b, uint32_t c, uint32_t d, uint32_t signature)
{
	*host = (struct cpuid_set){ .count = 0 };
	for (enum cpuid_reg reg = EBX; reg < CPUID_REGS; reg++)
		put(host, 0, 0, reg, reg == EBX ? b : reg == ECX ? c : d);
	put(host, 0, 0, EAX, 0x24);
	put(host, 0x80000000, 0, EAX, 0x80000026);
	put(host, 7, 0, EAX, 2);
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct place at = feature_place((enum feature_id)id);

		if (features[id].kind == KIND_FEATURE && at.low == at.high)
			put(host, at.leaf, at.subleaf, at.reg,
			    cpuid_value(host, at.leaf, at.subleaf, at.reg) | 1U << at.low);
	}
	put(host, 1, 0, EAX, signature);
}

static void clear(struct cpuid_set *host, enum feature_id id)
{
	const struct place at = feature_place(id);

	put(host, at.leaf, at.subleaf, at.reg,
	    cpuid_value(host, at.leaf, at.subleaf, at.reg) & ~feature_mask(id));
}

/* Everything is chosen, and nothing is known of the microcode. */
static struct guest_kvm linux_of(unsigned kernel)
{
	return (struct guest_kvm){ .kernel = kernel,
		                   .updated = true,
		                   .nested = true,
		                   .pmu = true,
		                   .idle = true,
		                   .sgx = true,
		                   .trace = true,
		                   .timer = true };
}

static const unsigned kernels[] = { 0x050a, 0x050b, 0x050d, 0x050e, 0x050f, 0x0510, 0x0511,
	                            0x0512, 0x0600, 0x0601, 0x0602, 0x0604, 0x0605, 0x0606,
	                            0x0608, 0x060a, 0x060b, 0x060c, 0x060d, 0x060e, 0x0610,
	                            0x0611, 0x0612, 0x0702, 0x0703 };

/* Signatures: leaf 1 EAX. */
#define SKYLAKE         0x00050654
#define CASCADE_LAKE    0x00050657
#define ICE_LAKE        0x000606a6
#define SAPPHIRE_RAPIDS 0x000806f8
#define GRANITE_RAPIDS  0x000a06d1
#define ALDER_LAKE      0x00090672
#define HASWELL_EP      0x000306f2
#define WESTMERE_EP     0x000206c2
#define AVOTON          0x000406d8
#define MAGNY_COURS     0x00100f91
#define STEAMROLLER     0x00630f01
#define NAPLES          0x00800f12
#define ROME            0x00830f10
#define MILAN           0x00a00f11
#define GENOA           0x00a10f11
#define TURIN           0x00b00f21

/* One bit of one host, which has all bits but RTM_ALWAYS_ABORT and TSX_CTRL. */
static const struct {
	uint32_t signature;
	bool amd;
	unsigned kernel;
	uint32_t microcode; /* 0: unknown */
	enum feature_id id;
	enum guest_kvm_why why;
} cases[] = {
	/* Firecracker: fingerprint_INTEL_SKYLAKE_6.1host has them, those of its successors do not
	 */
	{ SKYLAKE, false, 0x0601, 0, F_RTM, GUEST_KVM_HOSTS },
	{ SKYLAKE, false, 0x0601, 0, F_HLE, GUEST_KVM_HOSTS },
	{ SKYLAKE, false, 0x0601, 0, F_MPX, GUEST_KVM_HOSTS },
	{ SKYLAKE, false, 0x0601, 0, F_L1D_FLUSH, GUEST_KVM_NEWER },
	{ CASCADE_LAKE, false, 0x050a, 0, F_RTM, GUEST_KVM_PROCESSOR },
	{ CASCADE_LAKE, false, 0x0612, 0, F_HLE, GUEST_KVM_PROCESSOR },
	{ ICE_LAKE, false, 0x0601, 0, F_RTM, GUEST_KVM_PROCESSOR },
	{ SAPPHIRE_RAPIDS, false, 0x0601, 0, F_RTM, GUEST_KVM_PROCESSOR },
	{ GRANITE_RAPIDS, false, 0x0612, 0, F_RTM, GUEST_KVM_PROCESSOR },
	{ GRANITE_RAPIDS, false, 0x0612, 0, F_TSXLDTRK, GUEST_KVM_HOSTS },
	{ GRANITE_RAPIDS, false, 0x0612, 0, F_CET_SS, GUEST_KVM_HOSTS },
	{ GRANITE_RAPIDS, false, 0x0612, 0, F_CET_IBT, GUEST_KVM_HOSTS },
	{ GRANITE_RAPIDS, false, 0x060c, 0, F_CET_SS, GUEST_KVM_NEWER },
	{ GRANITE_RAPIDS, false, 0x0612, 0, F_AVX10, GUEST_KVM_HOSTS },
	{ GRANITE_RAPIDS, false, 0x0601, 0, F_AVX10, GUEST_KVM_NEWER },
	{ GRANITE_RAPIDS, false, 0x0612, 0, F_FZRM, GUEST_KVM_HOSTS },
	{ GRANITE_RAPIDS, false, 0x0601, 0, F_FSRC, GUEST_KVM_NEWER },
	{ GRANITE_RAPIDS, false, 0x0601, 0, F_AMX_TILE, GUEST_KVM_HOSTS },
	{ GRANITE_RAPIDS, false, 0x050a, 0, F_AMX_TILE, GUEST_KVM_NEWER },
	{ GRANITE_RAPIDS, false, 0x0601, 0, F_BHI_CTRL, GUEST_KVM_HOSTS },
	{ GRANITE_RAPIDS, false, 0x050a, 0, F_BHI_CTRL, GUEST_KVM_NEWER },
	{ GRANITE_RAPIDS, false, 0x0703, 0, F_ARCH_LBR, GUEST_KVM_NEVER },
	{ GRANITE_RAPIDS, false, 0x0703, 0, F_FRED, GUEST_KVM_NEVER },
	{ GRANITE_RAPIDS, false, 0x0703, 0, F_PKS, GUEST_KVM_NEVER },
	{ GRANITE_RAPIDS, false, 0x0703, 0, F_DS, GUEST_KVM_NEVER },
	{ GRANITE_RAPIDS, false, 0x0703, 0, F_TM, GUEST_KVM_NEVER },
	{ HASWELL_EP, false, 0x060c, 0, F_RTM, GUEST_KVM_PROCESSOR },
	{ WESTMERE_EP, false, 0x060c, 0, F_SS, GUEST_KVM_PROCESSOR },
	{ SKYLAKE, false, 0x060c, 0, F_SS, GUEST_KVM_HOSTS },
	{ ALDER_LAKE, false, 0x060c, 0, F_PCID, GUEST_KVM_MICROCODE },
	{ ALDER_LAKE, false, 0x060c, 0x2d, F_PCID, GUEST_KVM_MICROCODE },
	{ ALDER_LAKE, false, 0x060c, 0x2e, F_PCID, GUEST_KVM_HOSTS },
	{ ALDER_LAKE, false, 0x0601, 0x2e, F_PCID, GUEST_KVM_PROCESSOR },
	{ NAPLES, true, 0x0601, 0x0800126e, F_XSAVES, GUEST_KVM_PROCESSOR },
	{ NAPLES, true, 0x060c, 0x0800126e, F_XSAVES, GUEST_KVM_HOSTS },
	{ NAPLES, true, 0x060c, 0x0800126d, F_XSAVES, GUEST_KVM_MICROCODE },
	{ NAPLES, true, 0x060c, 0, F_XSAVES, GUEST_KVM_MICROCODE },
	{ ROME, true, 0x060c, 0x08301052, F_XSAVES, GUEST_KVM_HOSTS },
	{ 0x00870f10, true, 0x060c, 0x08701034, F_XSAVES, GUEST_KVM_PROCESSOR },
	{ MILAN, true, 0x0601, 0, F_XSAVES, GUEST_KVM_HOSTS },
	{ TURIN, true, 0x060c, 0x0b002159, F_RDSEED, GUEST_KVM_MICROCODE },
	{ TURIN, true, 0x060c, 0x0b00215a, F_RDSEED, GUEST_KVM_HOSTS },
	{ TURIN, true, 0x0601, 0, F_RDSEED, GUEST_KVM_HOSTS },
	{ GENOA, true, 0x0612, 0, F_RDSEED, GUEST_KVM_HOSTS },
	{ STEAMROLLER, true, 0x0601, 0, F_RDRAND, GUEST_KVM_PROCESSOR },
	{ GENOA, true, 0x0612, 0, F_CET_IBT, GUEST_KVM_PROCESSOR },
	{ GENOA, true, 0x0612, 0, F_CET_SS, GUEST_KVM_HOSTS },
	{ GENOA, true, 0x060c, 0, F_BUS_LOCK_DETECT, GUEST_KVM_PROCESSOR },
	{ GENOA, true, 0x0601, 0, F_AUTOMATIC_IBRS, GUEST_KVM_NEWER },
	{ GENOA, true, 0x060c, 0, F_AUTOMATIC_IBRS, GUEST_KVM_HOSTS },
	{ GENOA, true, 0x0601, 0, F_SBPB, GUEST_KVM_NEWER },
	{ GENOA, true, 0x0606, 0, F_IBPB_BRTYPE, GUEST_KVM_HOSTS },
	{ GENOA, true, 0x0703, 0, F_SVM_AVIC, GUEST_KVM_NEVER },
	{ GENOA, true, 0x0601, 0, F_PERFMON_V2, GUEST_KVM_NEWER },
	{ GENOA, true, 0x0605, 0, F_PERFMON_V2, GUEST_KVM_HOSTS },
};

static void set_host(struct cpuid_set *host, uint32_t signature, bool amd)
{
	if (amd)
		all_set(host, AMD, signature);
	else
		all_set(host, INTEL, signature);
	clear(host, F_RTM_ALWAYS_ABORT);
	clear(host, F_TSX_CTRL);
}

static void what_is_known_of_a_processor(void **state)
{
	static struct cpuid_set host;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct guest_kvm k = linux_of(cases[i].kernel);

		k.microcode_known = cases[i].microcode != 0;
		k.microcode = cases[i].microcode;
		set_host(&host, cases[i].signature, cases[i].amd);
		if (guest_kvm_why(&k, &host, cases[i].id) != cases[i].why)
			fail_msg("case %zu: %s on %x: %d", i, feature_name(cases[i].id),
			         cases[i].signature, (int)guest_kvm_why(&k, &host, cases[i].id));
	}
}

/* What KVM or Linux adds to a host that lacks the bit. */
static const struct {
	uint32_t signature;
	bool amd;
	unsigned kernel;
	uint32_t microcode;
	enum feature_id id;
	enum guest_kvm_why why;
} added[] = {
	{ SKYLAKE, false, 0x050a, 0, F_X2APIC, GUEST_KVM_OWN },
	{ SKYLAKE, false, 0x050a, 0, F_TSC_DEADLINE, GUEST_KVM_OWN },
	{ SKYLAKE, false, 0x050a, 0, F_TSC_ADJUST, GUEST_KVM_OWN },
	{ SKYLAKE, false, 0x050a, 0, F_ARAT, GUEST_KVM_OWN },
	{ SKYLAKE, false, 0x050a, 0, F_ARCH_CAPABILITIES, GUEST_KVM_OWN },
	{ SKYLAKE, false, 0x050a, 0, F_HYPERVISOR_PRESENT, GUEST_KVM_OWN },
	{ SKYLAKE, false, 0x050a, 0, F_UMIP, GUEST_KVM_OWN },
	{ NAPLES, true, 0x060c, 0, F_UMIP, GUEST_KVM_LACKS },
	{ NAPLES, true, 0x060c, 0, F_TSC_ADJUST, GUEST_KVM_OWN },
	{ SKYLAKE, false, 0x060c, 0, F_AMD_SSBD, GUEST_KVM_MADE },
	{ SKYLAKE, false, 0x060c, 0, F_IBPB, GUEST_KVM_MADE },
	{ MILAN, true, 0x060c, 0, F_STIBP, GUEST_KVM_MADE },
	{ MILAN, true, 0x060c, 0, F_SSBD, GUEST_KVM_MADE },
	{ MILAN, true, 0x060c, 0, F_IBRS_IBPB, GUEST_KVM_MADE },
	{ GENOA, true, 0x0612, 0, F_SSBD_VIRT_SPEC_CTRL, GUEST_KVM_MADE },
	{ ROME, true, 0x0601, 0, F_NULL_SELECT_CLEARS_BASE, GUEST_KVM_MADE },
	{ NAPLES, true, 0x0601, 0, F_NULL_SELECT_CLEARS_BASE, GUEST_KVM_LACKS },
	{ ROME, true, 0x0601, 0, F_LFENCE_ALWAYS_SERIALIZING, GUEST_KVM_MADE },
	{ ROME, true, 0x0606, 0, F_IBPB_BRTYPE, GUEST_KVM_MADE },
	{ ROME, true, 0x0601, 0, F_TSA_SQ_NO, GUEST_KVM_MADE },
	{ MILAN, true, 0x0601, 0, F_TSA_SQ_NO, GUEST_KVM_LACKS },
	{ MILAN, true, 0x0601, 0x0a0011d7, F_VERW_CLEAR, GUEST_KVM_MADE },
	{ MILAN, true, 0x0601, 0x0a0011d6, F_VERW_CLEAR, GUEST_KVM_LACKS },
	{ MILAN, true, 0x0601, 0, F_VERW_CLEAR, GUEST_KVM_LACKS },
	{ MILAN, true, 0x0606, 0x0a0011d7, F_SBPB, GUEST_KVM_MADE },
	{ MILAN, true, 0x0601, 0x0a0011d7, F_SBPB, GUEST_KVM_LACKS },
	{ MILAN, true, 0x0612, 0, F_SBPB, GUEST_KVM_LACKS },
	{ GENOA, true, 0x0608, 0, F_SVM_FLUSH_BY_ASID, GUEST_KVM_OWN },
	{ GENOA, true, 0x0702, 0, F_CPUID_USER_DIS, GUEST_KVM_OWN },
	{ GENOA, true, 0x060c, 0, F_CPUID_USER_DIS, GUEST_KVM_NEWER },
	{ AVOTON, false, 0x050a, 0, F_SSBD_NOT_REQUIRED, GUEST_KVM_MADE },
	{ SKYLAKE, false, 0x050a, 0, F_SSBD_NOT_REQUIRED, GUEST_KVM_MADE },
	{ MAGNY_COURS, true, 0x050a, 0, F_SSBD_NOT_REQUIRED, GUEST_KVM_MADE },
	{ NAPLES, true, 0x0703, 0, F_SSBD_NOT_REQUIRED, GUEST_KVM_LACKS },
	{ SKYLAKE, false, 0x0703, 0, F_MOVBE, GUEST_KVM_LACKS },
};

static void what_linux_adds(void **state)
{
	static struct cpuid_set host;

	(void)state;
	for (size_t i = 0; i < COUNT(added); i++) {
		struct guest_kvm k = linux_of(added[i].kernel);

		k.microcode_known = added[i].microcode != 0;
		k.microcode = added[i].microcode;
		set_host(&host, added[i].signature, added[i].amd);
		clear(&host, added[i].id);
		if (guest_kvm_why(&k, &host, added[i].id) != added[i].why)
			fail_msg("case %zu: %s on %x: %d", i, feature_name(added[i].id),
			         added[i].signature, (int)guest_kvm_why(&k, &host, added[i].id));
	}
}

/* ARCH_CAPABILITIES: what KVM passes on, adds and takes (kvm_get_arch_capabilities). */
static void bits_of_a_register(void **state)
{
	static const struct {
		uint32_t signature;
		bool amd, set;
		unsigned kernel;
		enum feature_id id;
		enum guest_kvm_why why;
	} bits[] = {
		{ ICE_LAKE, false, true, 0x050a, F_RDCL_NO, GUEST_KVM_HOSTS },
		{ ICE_LAKE, false, false, 0x050a, F_RDCL_NO, GUEST_KVM_LACKS },
		{ ICE_LAKE, false, false, 0x050a, F_IF_PSCHANGE_MC_NO, GUEST_KVM_OWN },
		{ ICE_LAKE, false, false, 0x050a, F_SKIP_L1DFL_VMENTRY, GUEST_KVM_OWN },
		{ ICE_LAKE, false, true, 0x0601, F_TAA_NO, GUEST_KVM_PROCESSOR },
		{ SKYLAKE, false, true, 0x0601, F_TAA_NO, GUEST_KVM_HOSTS },
		{ ICE_LAKE, false, true, 0x050a, F_BHI_NO, GUEST_KVM_NEWER },
		{ ICE_LAKE, false, true, 0x0601, F_BHI_NO, GUEST_KVM_HOSTS },
		{ ICE_LAKE, false, true, 0x0601, F_GDS_CTRL, GUEST_KVM_NEVER },
		{ ICE_LAKE, false, true, 0x0601, F_DOITM, GUEST_KVM_NEVER },
		{ GRANITE_RAPIDS, false, false, 0x0601, F_GDS_NO, GUEST_KVM_MADE },
		{ GRANITE_RAPIDS, false, false, 0x0601, F_ITS_NO, GUEST_KVM_MADE },
		{ ALDER_LAKE, false, false, 0x0601, F_RFDS_NO, GUEST_KVM_LACKS },
		{ WESTMERE_EP, false, false, 0x0601, F_SSB_NO, GUEST_KVM_LACKS },
		{ 0x000406d8, false, false, 0x0601, F_SSB_NO, GUEST_KVM_MADE }, /* Avoton */
		{ ICE_LAKE, false, true, 0x0601, F_SPLIT_LOCK_DETECT, GUEST_KVM_NEVER },
		{ ICE_LAKE, false, true, 0x0601, F_VMX_EPT, GUEST_KVM_HOSTS },
		{ ICE_LAKE, false, true, 0x0601, F_VMX_PLE, GUEST_KVM_NEVER },
		{ ICE_LAKE, false, true, 0x050a, F_VMX_TSC_SCALING, GUEST_KVM_NEWER },
		{ ICE_LAKE, false, false, 0x050a, F_VMX_SHADOW_VMCS, GUEST_KVM_OWN },
		{ ICE_LAKE, false, false, 0x050a, F_FULL_WIDTH_WRITE, GUEST_KVM_OWN },
	};
	static struct cpuid_set host, offered;

	(void)state;
	for (size_t i = 0; i < COUNT(bits); i++) {
		struct guest_kvm k = linux_of(bits[i].kernel);
		const enum feature_id id = bits[i].id;

		set_host(&host, bits[i].signature, bits[i].amd);
		clear(&host, F_RFDS_CLEAR);
		if (!bits[i].set)
			clear(&host, id);
		if (guest_kvm_why(&k, &host, id) != bits[i].why)
			fail_msg("case %zu: %s: %d", i, feature_name(id),
			         (int)guest_kvm_why(&k, &host, id));
		guest_kvm_set(&k, &host, &offered);
		assert_true((feature_value(&offered, id) != 0) == (bits[i].why <= GUEST_KVM_MADE));
	}
}

/* IA32_ARCH_CAPABILITIES in Firecracker's records, and what such hosts can have had. */
static void whole_registers(void **state)
{
	static const struct {
		uint32_t signature, low, high;
		unsigned kernel;
		bool microcode; /* GDS_CTRL */
		bool bhi_ctrl;
		uint32_t offered_low, offered_high;
	} reg[] = {
		{ CASCADE_LAKE, 0x000aa1ab, 0, 0x0612, true, false, 0x0c0aa0eb, 0 },
		{ GRANITE_RAPIDS, 0x0508e1ab, 0, 0x0612, false, true, 0x0d08e0eb, 0x40000000 },
	};
	static struct cpuid_set host, offered;

	(void)state;
	for (size_t i = 0; i < COUNT(reg); i++) {
		const struct guest_kvm k = linux_of(reg[i].kernel);

		set_host(&host, reg[i].signature, false);
		put(&host, CPUID_MSR | 0x10a, 0, EAX,
		    reg[i].low | (reg[i].microcode ? 1U << 25 : 0));
		put(&host, CPUID_MSR | 0x10a, 0, EDX, reg[i].high);
		if (!reg[i].bhi_ctrl)
			clear(&host, F_BHI_CTRL);
		guest_kvm_set(&k, &host, &offered);
		assert_int_equal(cpuid_value(&offered, CPUID_MSR | 0x10a, 0, EAX),
		                 reg[i].offered_low);
		assert_int_equal(cpuid_value(&offered, CPUID_MSR | 0x10a, 0, EDX),
		                 reg[i].offered_high);
	}
}

/* A report without the register says nothing of it; a processor without it has none. */
static void a_register_that_was_not_read(void **state)
{
	static struct cpuid_set host;
	const struct guest_kvm k = linux_of(0x0601);

	(void)state;
	set_host(&host, ICE_LAKE, false);
	while (host.count && host.at[host.count - 1].leaf >= CPUID_MSR)
		host.count--;
	assert_int_equal(guest_kvm_why(&k, &host, F_RDCL_NO), GUEST_KVM_UNREAD);
	assert_int_equal(guest_kvm_why(&k, &host, F_VMX_EPT), GUEST_KVM_UNREAD);
	assert_int_equal(guest_kvm_why(&k, &host, F_IF_PSCHANGE_MC_NO), GUEST_KVM_OWN);
	clear(&host, F_VMX);
	assert_int_equal(guest_kvm_why(&k, &host, F_VMX_EPT), GUEST_KVM_LACKS);
	assert_int_equal(guest_kvm_why(&k, &host, F_VMX_SHADOW_VMCS), GUEST_KVM_LACKS);
}

/* AMD's IBPB counts as Intel's only with IBPB_RET since 6.13. */
static void a_bit_of_intel_that_newer_kernels_take_back(void **state)
{
	static struct cpuid_set host;
	struct guest_kvm k = linux_of(0x060c);

	(void)state;
	set_host(&host, MILAN, true);
	clear(&host, F_IBRS_IBPB);
	clear(&host, F_IBPB_RET);
	assert_int_equal(guest_kvm_why(&k, &host, F_IBRS_IBPB), GUEST_KVM_MADE);
	k.kernel = 0x060d;
	assert_int_equal(guest_kvm_why(&k, &host, F_IBRS_IBPB), GUEST_KVM_LACKS);
}

static void the_owners_choices(void **state)
{
	static const struct {
		enum feature_id id;
		bool amd;
		size_t choice;
	} chosen[] = {
		{ F_VMX, false, offsetof(struct guest_kvm, nested) },
		{ F_SVM, true, offsetof(struct guest_kvm, nested) },
		{ F_SVM_NP, true, offsetof(struct guest_kvm, nested) },
		{ F_PDCM, false, offsetof(struct guest_kvm, pmu) },
		{ F_PERF_CTR_EXT_CORE, true, offsetof(struct guest_kvm, pmu) },
		{ F_MONITOR, false, offsetof(struct guest_kvm, idle) },
		{ F_WAITPKG, false, offsetof(struct guest_kvm, idle) },
		{ F_SGX, false, offsetof(struct guest_kvm, sgx) },
		{ F_INTEL_PT, false, offsetof(struct guest_kvm, trace) },
		{ F_TSC_INVARIANT, false, offsetof(struct guest_kvm, timer) },
	};
	static struct cpuid_set host;

	(void)state;
	for (size_t i = 0; i < COUNT(chosen); i++) {
		struct guest_kvm k = { .kernel = 0x060c };

		set_host(&host, chosen[i].amd ? GENOA : ICE_LAKE, chosen[i].amd);
		assert_int_equal(guest_kvm_why(&k, &host, chosen[i].id), GUEST_KVM_CHOICE);
		*((bool *)&k + chosen[i].choice) = true;
		assert_int_equal(guest_kvm_why(&k, &host, chosen[i].id), GUEST_KVM_HOSTS);
	}
}

/* The stable updates of a series bring what its first release lacks. */
static void updates_of_a_series(void **state)
{
	static struct cpuid_set host;
	struct guest_kvm k = linux_of(0x0601);

	(void)state;
	set_host(&host, GENOA, true);
	assert_true(guest_kvm_offers(&k, &host, F_VERW_CLEAR));
	k.updated = false;
	assert_int_equal(guest_kvm_why(&k, &host, F_VERW_CLEAR), GUEST_KVM_NEWER);
	k.kernel = 0x0610;
	assert_true(guest_kvm_offers(&k, &host, F_VERW_CLEAR));
}

/* The set has a bit if it is offered, and no leaf after the last one. */
static void check_set(const struct guest_kvm *k, const struct cpuid_set *host)
{
	static struct cpuid_set offered;

	guest_kvm_set(k, host, &offered);
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const bool named =
			*feature_named(id, NAMED_QEMU) || *feature_named(id, NAMED_LIBVIRT);

		if (!named || features[i].low != features[i].high || id == F_PT_LIP)
			continue;
		if ((feature_value(&offered, id) != 0) != guest_kvm_offers(k, host, id))
			fail_msg("Linux %x: %s", k->kernel, feature_name(id));
	}
	for (size_t i = 0; i < offered.count; i++) {
		const uint32_t leaf = offered.at[i].leaf;

		assert_true(i == 0 || offered.at[i - 1].leaf < leaf ||
		            (offered.at[i - 1].leaf == leaf &&
		             offered.at[i - 1].subleaf < offered.at[i].subleaf));
		assert_true(leaf < 0x40000000 || leaf >= 0x80000000);
		if (leaf >= 0x80000000 && leaf < 0xc0000000)
			assert_true(leaf <= feature_value(&offered, F_NUM_EXT_LEVELS));
		if (leaf < 0x80000000)
			assert_true(leaf <= feature_value(&offered, F_NUMLEVELS));
	}
}

static void the_set_is_what_is_offered(void **state)
{
	static const struct {
		uint32_t signature;
		bool amd;
	} posed[] = {
		{ SKYLAKE, false }, { GRANITE_RAPIDS, false }, { ROME, true }, { GENOA, true }
	};
	static struct cpuid_set host;

	(void)state;
	for (size_t n = 0; n < COUNT(kernels); n++) {
		const struct guest_kvm all = linux_of(kernels[n]), none = { .kernel = kernels[n] };

		for (size_t i = 0; i < recorded_count; i++) {
			check_set(&all, &recorded[i].kind[0].set);
			check_set(&none, &recorded[i].kind[0].set);
		}
		for (size_t i = 0; i < COUNT(posed); i++) {
			set_host(&host, posed[i].signature, posed[i].amd);
			check_set(&all, &host);
			check_set(&none, &host);
		}
	}
}

/*
 * Two dumps of hosts against Firecracker's records of guests on such hosts: Genoa on 6.18 without
 * nested guests, Milan on 6.1 with them.  Left out is what Firecracker changes.
 */
static void hosts_and_their_guests(void **state)
{
	static const struct {
		const char *path;
		unsigned kernel;
		uint32_t microcode;
		bool nested;
		uint32_t leaf, subleaf;
		enum cpuid_reg reg;
		uint32_t value;
	} guest[] = {
		{ "genoa.r", 0x0612, 0x0a101158, false, 1, 0, ECX, 0xf7fa3203 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 6, 0, EAX, 4 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 7, 0, EBX, 0xf1bf07ab },
		{ "genoa.r", 0x0612, 0x0a101158, false, 7, 1, EAX, 0x20 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0xd, 0, EAX, 0x2e7 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0xd, 1, EAX, 0xf },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0xd, 1, ECX, 0x1800 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0x80000000, 0, EAX, 0x80000022 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0x80000001, 0, ECX, 0xc003f3 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0x80000001, 0, EDX, 0x2fd3fbff },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0x80000007, 0, EDX, 0x100 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0x80000008, 0, EBX, 0x530ad205 },
		{ "genoa.r", 0x0612, 0x0a101158, false, 0x80000021, 0, EAX, 0x18000367 },
		{ "milan.r", 0x0601, 0, true, 0x80000008, 0, EBX, 0x1302d205 },
		{ "milan.r", 0x0601, 0, true, 0x8000000a, 0, EDX, 0x1001943b },
	};
	static char buffer[REPORT_TEXT_MAX];
	static struct report r;
	static struct cpuid_set offered;

	(void)state;
	for (size_t i = 0; i < COUNT(guest); i++) {
		struct guest_kvm k = linux_of(guest[i].kernel);
		struct where where;
		char path[64];

		snprintf(path, sizeof(path), "tests/data/cases/%s", guest[i].path);
		FILE *f = fopen(path, "rb");
		assert_non_null(f);
		const size_t size = fread(buffer, 1, sizeof(buffer), f);
		fclose(f);
		report_start(&r);
		assert_int_equal(cpuid_r_read(&r, buffer, size, &where), ERR_NONE);
		k.nested = guest[i].nested;
		k.idle = false;
		k.microcode_known = true;
		k.microcode = guest[i].microcode;
		guest_kvm_set(&k, &r.kind[0].set, &offered);
		assert_int_equal(
			cpuid_value(&offered, guest[i].leaf, guest[i].subleaf, guest[i].reg),
			guest[i].value);
	}
}

/* What a newer kernel takes back, and which kernel does. */
static const struct {
	enum feature_id id;
	unsigned kernel;
} taken_back[] = {
	{ F_HLE, 0x050e },                             /* tsx.c: transactions always abort */
	{ F_RTM, 0x050e },       { F_TAA_NO, 0x050e }, /* goes with RTM */
	{ F_RDSEED, 0x060c },    /* AMD-SB-7055, in the stable updates of 6.12 */
	{ F_IBRS_IBPB, 0x060d }, /* cpuid.c: without IBPB_RET */
};

static bool may_go(enum feature_id id, unsigned kernel)
{
	for (size_t i = 0; i < COUNT(taken_back); i++)
		if (taken_back[i].id == id && taken_back[i].kernel == kernel)
			return true;
	return false;
}

static size_t gone;

static void check_newer(const struct cpuid_set *host)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		for (size_t n = 1; n < COUNT(kernels); n++) {
			const struct guest_kvm older = linux_of(kernels[n - 1]);
			const struct guest_kvm newer = linux_of(kernels[n]);

			if (!guest_kvm_offers(&older, host, (enum feature_id)id) ||
			    guest_kvm_offers(&newer, host, (enum feature_id)id))
				continue;
			gone++;
			if (!may_go((enum feature_id)id, kernels[n]))
				fail_msg("Linux %x takes %s back", kernels[n],
				         feature_name((enum feature_id)id));
		}
}

static void a_newer_kernel_offers_no_less(void **state)
{
	static const struct {
		uint32_t signature;
		bool amd;
	} posed[] = { { SKYLAKE, false },    { GRANITE_RAPIDS, false },
		      { ALDER_LAKE, false }, { NAPLES, true },
		      { ROME, true },        { MILAN, true },
		      { GENOA, true },       { TURIN, true } };
	static struct cpuid_set host;

	(void)state;
	for (size_t i = 0; i < recorded_count; i++)
		check_newer(&recorded[i].kind[0].set);
	for (size_t i = 0; i < COUNT(posed); i++) {
		set_host(&host, posed[i].signature, posed[i].amd);
		check_newer(&host);
		clear(&host, F_IBPB_RET);
		clear(&host, F_IBRS_IBPB);
		check_newer(&host);
		put(&host, 7, 0, EDX, cpuid_value(&host, 7, 0, EDX) | 1U << 11);
		check_newer(&host);
	}
	/* Each exception was seen. */
	assert_true(gone >= COUNT(taken_back));
}

/* __do_cpuid_func: the last leaves of the ranges, by kernel. */
static void last_leaves(void **state)
{
	static const struct {
		unsigned kernel;
		bool updated;
		uint32_t basic, seven, extended;
	} last[] = {
		{ 0x050a, true, 0x1f, 1, 0x80000021 },  { 0x050a, false, 0x1f, 1, 0x8000001f },
		{ 0x0601, true, 0x1f, 2, 0x80000021 },  { 0x0601, false, 0x1f, 1, 0x80000021 },
		{ 0x060c, false, 0x24, 2, 0x80000022 }, { 0x0703, false, 0x24, 2, 0x80000022 },
	};
	static struct cpuid_set host, offered;

	(void)state;
	set_host(&host, GENOA, true);
	for (size_t i = 0; i < COUNT(last); i++) {
		struct guest_kvm k = linux_of(last[i].kernel);

		k.updated = last[i].updated;
		guest_kvm_set(&k, &host, &offered);
		assert_int_equal(feature_value(&offered, F_NUMLEVELS), last[i].basic);
		assert_int_equal(feature_value(&offered, F_LEAF_7_MAX_SUBLEVEL), last[i].seven);
		assert_int_equal(feature_value(&offered, F_NUM_EXT_LEVELS), last[i].extended);
	}
}

static int by_leaf(const void *x, const void *y)
{
	const struct cpuid_leaf *a = x, *b = y;

	if (a->leaf != b->leaf)
		return a->leaf < b->leaf ? -1 : 1;
	return a->subleaf < b->subleaf ? -1 : a->subleaf > b->subleaf;
}

/* Zen 2 ends at 80000020H; Linux adds leaf 80000021H for what Zen 2 does and does not say. */
static void a_leaf_that_the_host_lacks(void **state)
{
	static struct cpuid_set host, offered;
	struct guest_kvm k = linux_of(0x0601);

	(void)state;
	set_host(&host, ROME, true);
	put(&host, 0x80000000, 0, EAX, 0x80000020);
	memset(cpuid_insert(&host, 0x80000021, 0)->reg, 0, sizeof(host.at[0].reg));
	guest_kvm_set(&k, &host, &offered);
	assert_int_equal(feature_value(&offered, F_NUM_EXT_LEVELS), 0x80000021);
	assert_int_equal(cpuid_value(&offered, 0x80000021, 0, EAX), 1 << 2 | 1 << 6 | 1 << 9);
	assert_int_equal(cpuid_value(&offered, 0x80000021, 0, ECX), 1 << 1 | 1 << 2);
	k.kernel = 0x050a;
	guest_kvm_set(&k, &host, &offered);
	assert_int_equal(feature_value(&offered, F_NUM_EXT_LEVELS), 0x80000020);
	assert_null(cpuid_find(&offered, 0x80000021, 0));
}

/* A dump without leaf 80000008H says no width, and that is not 0; leaf 6 is KVM's own. */
static void what_is_unknown_stays_unknown(void **state)
{
	static struct cpuid_set host, offered;
	const struct guest_kvm k = linux_of(0x060c);

	(void)state;
	set_host(&host, ICE_LAKE, false);
	for (size_t i = 0; i < host.count; i++)
		if (host.at[i].leaf == 0x80000008 || host.at[i].leaf == 6)
			host.at[i--] = host.at[--host.count];
	qsort(host.at, host.count, sizeof(host.at[0]), by_leaf);
	assert_false(cpuid_knows(&host, 0x80000008, 0));
	assert_true(guest_kvm_offers(&k, &host, F_IBPB));
	guest_kvm_set(&k, &host, &offered);
	assert_null(cpuid_find(&offered, 0x80000008, 0));
	assert_int_equal(feature_value(&offered, F_ARAT), 1);
}

/* Firecracker's record of Milan on 6.18 has the states 0, 1, 2, 9, 11 and 12. */
static void extended_states(void **state)
{
	static struct cpuid_set host, offered;
	struct guest_kvm k = linux_of(0x0612);

	(void)state;
	set_host(&host, MILAN, true);
	put(&host, 0xd, 0, EAX, 0x207);
	put(&host, 0xd, 1, ECX, 0x1800);
	for (uint32_t i = 2; i < 13; i++)
		put(&host, 0xd, i, EAX, 8);
	guest_kvm_set(&k, &host, &offered);
	assert_int_equal(cpuid_value(&offered, 0xd, 0, EAX), 0x207);
	assert_int_equal(cpuid_value(&offered, 0xd, 1, ECX), 0x1800);
	assert_null(cpuid_find(&offered, 0xd, 8));
	assert_non_null(cpuid_find(&offered, 0xd, 9));
	assert_non_null(cpuid_find(&offered, 0xd, 12));
	k.kernel = 0x060c;
	guest_kvm_set(&k, &host, &offered);
	assert_int_equal(cpuid_value(&offered, 0xd, 1, ECX), 0);
	assert_null(cpuid_find(&offered, 0xd, 12));
}

static void a_reason_in_words(void **state)
{
	static const struct {
		uint32_t signature;
		bool amd;
		enum feature_id id;
		const char *words;
	} why[] = {
		{ CASCADE_LAKE, false, F_RTM,
		  "guests of Linux 6.1 do not get it on this processor: TSX is off "
		  "(tsx=off is the default)" },
		{ NAPLES, true, F_XSAVES,
		  "guests of Linux 6.1 do not get it on this processor: erratum 1386" },
		{ ALDER_LAKE, false, F_L1D_FLUSH,
		  "Linux 6.1 does not give it to guests (Linux 6.4 does)" },
		{ ALDER_LAKE, false, F_TM, "KVM gives it to no guest" },
		{ ALDER_LAKE, false, F_AESNI, "the host has it" },
	};
	static struct cpuid_set host;
	const struct guest_kvm k = linux_of(0x0601);

	(void)state;
	for (size_t i = 0; i < COUNT(why); i++) {
		char words[256];
		struct text t;

		set_host(&host, why[i].signature, why[i].amd);
		text_start(&t, words, sizeof(words));
		guest_kvm_why_text(&t, &k, &host, why[i].id);
		assert_string_equal(text_string(&t), why[i].words);
	}
}

/* Nothing is said of no feature, and everything fits what the tool has for it. */
static void every_row_has_words(void **state)
{
	(void)state;
	for (unsigned id = F_NONE; id < F_COUNT; id++) {
		char words[4096];
		struct text t;

		text_start(&t, words, sizeof(words));
		guest_kvm_about(&t, (enum feature_id)id);
		assert_non_null(text_string(&t));
		assert_true((t.used != 0) ==
		            (guest_kvm_gives((enum feature_id)id) != GUEST_KVM_GIVES_UNKNOWN));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_of_a_processor),
		cmocka_unit_test(what_linux_adds),
		cmocka_unit_test(bits_of_a_register),
		cmocka_unit_test(whole_registers),
		cmocka_unit_test(a_register_that_was_not_read),
		cmocka_unit_test(a_bit_of_intel_that_newer_kernels_take_back),
		cmocka_unit_test(the_owners_choices),
		cmocka_unit_test(updates_of_a_series),
		cmocka_unit_test(the_set_is_what_is_offered),
		cmocka_unit_test(hosts_and_their_guests),
		cmocka_unit_test(a_newer_kernel_offers_no_less),
		cmocka_unit_test(last_leaves),
		cmocka_unit_test(a_leaf_that_the_host_lacks),
		cmocka_unit_test(what_is_unknown_stays_unknown),
		cmocka_unit_test(extended_states),
		cmocka_unit_test(a_reason_in_words),
		cmocka_unit_test(every_row_has_words),
	};

	return cmocka_run_group_tests(tests, load_recorded, NULL);
}
