/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "table/feature.h"
#include "unit.h"

/*
 * What Xen takes from a guest together with a feature: the pairs of deps in xen/tools/gen-cpuid.py
 * (4.20), by the names of feature.def.
 */
static const struct pair {
	enum feature_id needed, id;
} xen[] = {
	{ F_FPU, F_MMX },
	{ F_FPU, F_RSTR_FP_ERR_PTRS },
	{ F_PSE, F_PSE36 },
	{ F_PAE, F_LM },
	{ F_PAE, F_NX },
	{ F_TSC, F_TSC_DEADLINE },
	{ F_TSC, F_RDTSCP },
	{ F_TSC, F_TSC_ADJUST },
	{ F_TSC, F_TSC_INVARIANT },
	{ F_APIC, F_X2APIC },
	{ F_APIC, F_TSC_DEADLINE },
	{ F_APIC, F_EXT_APIC_SPACE },
	{ F_MMX, F_MMX_EXT },
	{ F_MMX, F_3DNOW },
	{ F_FXSR, F_FFXSR },
	{ F_FXSR, F_SSE },
	{ F_SSE, F_SSE2 },
	{ F_SSE, F_MISALIGN_SSE },
	{ F_SSE2, F_SSE3 },
	{ F_SSE2, F_LM },
	{ F_SSE2, F_AESNI },
	{ F_SSE2, F_PCLMULQDQ },
	{ F_SSE2, F_SHA },
	{ F_SSE2, F_GFNI },
	{ F_SSE3, F_SSSE3 },
	{ F_SSE3, F_SSE4A },
	{ F_SSSE3, F_SSE4_1 },
	{ F_SSE4_1, F_SSE4_2 },
	{ F_XSAVE, F_XSAVEOPT },
	{ F_XSAVE, F_XSAVEC },
	{ F_XSAVE, F_XGETBV_ECX1 },
	{ F_XSAVE, F_XSAVES },
	{ F_XSAVE, F_AVX },
	{ F_XSAVE, F_MPX },
	{ F_XSAVE, F_PKU },
	{ F_XSAVE, F_LWP },
	{ F_XSAVE, F_AMX_TILE },
	{ F_AVX, F_FMA },
	{ F_AVX, F_FMA4 },
	{ F_AVX, F_F16C },
	{ F_AVX, F_AVX2 },
	{ F_AVX, F_XOP },
	{ F_NX, F_SMAP },
	{ F_LM, F_CMPXCHG16B },
	{ F_LM, F_PCID },
	{ F_LM, F_LAHF_SAHF },
	{ F_LM, F_PAGE1GB },
	{ F_LM, F_PKU },
	{ F_LM, F_EFER_LMSLE_UNSUPPORTED },
	{ F_3DNOW, F_3DNOW_EXT },
	{ F_AVX2, F_AVX512F },
	{ F_AVX2, F_VAES },
	{ F_AVX2, F_VPCLMULQDQ },
	{ F_AVX2, F_AVX_VNNI },
	{ F_AVX512F, F_AVX512DQ },
	{ F_AVX512F, F_AVX512CD },
	{ F_AVX512F, F_AVX512BW },
	{ F_AVX512F, F_AVX512VL },
	{ F_AVX512F, F_AVX512_4VNNIW },
	{ F_AVX512F, F_AVX512_4FMAPS },
	{ F_AVX512F, F_AVX512_VNNI },
	{ F_AVX512F, F_AVX512_VPOPCNTDQ },
	{ F_AVX512F, F_AVX512_VP2INTERSECT },
	{ F_AVX512BW, F_AVX512_VBMI },
	{ F_AVX512BW, F_AVX512_VBMI2 },
	{ F_AVX512BW, F_AVX512_BITALG },
	{ F_AVX512BW, F_AVX512_BF16 },
	{ F_AVX512BW, F_AVX512_FP16 },
	{ F_PCLMULQDQ, F_VPCLMULQDQ },
	{ F_AESNI, F_VAES },
	{ F_IBRS_IBPB, F_STIBP },
	{ F_IBRS_IBPB, F_SSBD },
	{ F_IBRS_IBPB, F_PSFD },
	{ F_IBRS_IBPB, F_IPRED_CTRL },
	{ F_IBRS_IBPB, F_RRSBA_CTRL },
	{ F_IBRS_IBPB, F_BHI_CTRL },
	{ F_AMD_IBRS, F_AMD_STIBP },
	{ F_AMD_IBRS, F_AMD_SSBD },
	{ F_AMD_IBRS, F_AMD_PSFD },
	{ F_AMD_IBRS, F_IBRS_ALWAYS_ON },
	{ F_AMD_IBRS, F_IBRS_PREFERRED },
	{ F_AMD_IBRS, F_IBRS_SAME_MODE },
	{ F_IBPB, F_IBPB_RET },
	{ F_IBPB, F_SBPB },
	{ F_IBPB, F_IBPB_BRTYPE },
	{ F_AMD_STIBP, F_STIBP_ALWAYS_ON },
	{ F_RTM, F_TSXLDTRK },
};

/* True if a feature needs another, or something that does. */
static bool needs(enum feature_id id, enum feature_id needed, unsigned depth)
{
	for (const uint16_t *need = feature_needs(id); depth && *need != F_NONE; need++)
		if (*need == needed || needs((enum feature_id)need[0], needed, depth - 1))
			return true;
	return false;
}

static void what_xen_takes_together(void **state)
{
	(void)state;
	for (const struct pair *p = xen; p < xen + COUNT(xen); p++)
		if (!needs(p->id, p->needed, 8))
			fail_msg("%s does not need %s", feature_name(p->id),
			         feature_name(p->needed));
	printf("# judged: %zu facts against the dependencies of Xen 4.20\n", COUNT(xen));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_xen_takes_together),
	};

	return cmocka_run_group_tests_name("needs", tests, NULL, NULL);
}
