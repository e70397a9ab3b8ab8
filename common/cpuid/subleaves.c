/* SPDX-License-Identifier: MIT */
#include "cpuid/subleaves.h"

/* Leaves with subleaves, ascending; every other known leaf is read once. */
static const struct subleaves indexed[] = {
	{ 0x00000004, STOP_FIELD, EAX, 0x1f, 0 },   /* type; SDM vol. 2A, CPUID, leaf 04H */
	{ 0x00000007, STOP_COUNT, EAX, 0, 0 },      /* leaf 07H */
	{ 0x0000000b, STOP_FIELD, ECX, 0xff00, 0 }, /* level type; leaf 0BH */
	{ 0x0000000d, STOP_XSAVE, EAX, 0, 0 },   /* leaf 0DH; the bitmap has holes (vol. 1, 13.2) */
	{ 0x0000000f, STOP_BITS, EDX, 0, 0 },    /* leaf 0FH */
	{ 0x00000010, STOP_BITS, EBX, 0, 0 },    /* leaf 10H */
	{ 0x00000012, STOP_FIELD, EAX, 0xf, 2 }, /* section type; leaf 12H */
	{ 0x00000014, STOP_COUNT, EAX, 0, 0 },   /* leaf 14H */
	{ 0x00000017, STOP_COUNT, EAX, 0, 0 },   /* leaf 17H */
	{ 0x00000018, STOP_COUNT, EAX, 0, 0 },   /* leaf 18H; an invalid subleaf does not end it */
	{ 0x0000001b, STOP_FIELD, EAX, 0xfff, 0 },  /* target type; leaf 1BH */
	{ 0x0000001d, STOP_COUNT, EAX, 0, 0 },      /* leaf 1DH */
	{ 0x0000001e, STOP_COUNT, EAX, 0, 0 },      /* leaf 1EH */
	{ 0x0000001f, STOP_FIELD, ECX, 0xff00, 0 }, /* level type; leaf 1FH */
	{ 0x00000020, STOP_COUNT, EAX, 0, 0 },      /* leaf 20H */
	{ 0x00000023, STOP_BITS, EAX, 0, 0 },       /* leaf 23H: EAX is a bitmap, not a maximum */
	{ 0x00000024, STOP_COUNT, EAX, 0, 0 },      /* leaf 24H */
	{ 0x00000027, STOP_BITS, EDX, 0, 0 },       /* leaf 27H, as 0FH */
	{ 0x00000028, STOP_BITS, EBX, 0, 0 },       /* leaf 28H, as 10H */
	{ 0x00000029, STOP_COUNT, EAX, 0, 0 },      /* leaf 29H, assumed: seen on no processor */
	{ 0x8000001d, STOP_FIELD, EAX, 0x1f, 0 },   /* type; APM vol. 3, Fn8000_001D */
	{ 0x80000020, STOP_BITS, EBX, 0, 0 },       /* Fn8000_0020 */
	{ 0x80000026, STOP_FIELD, ECX, 0xff00, 0 }, /* level type; Fn8000_0026 */
};

/* Last leaf of each range whose subleaves are known; leaves above it are STOP_PROBE. */
#define KNOWN_BASIC    0x00000029U
#define KNOWN_EXTENDED 0x80000028U

struct subleaves subleaves_of(uint32_t leaf)
{
	for (size_t i = 0; i < sizeof(indexed) / sizeof(indexed[0]); i++)
		if (indexed[i].leaf == leaf)
			return indexed[i];
	if ((leaf > KNOWN_BASIC && leaf < 0x40000000) ||
	    (leaf > KNOWN_EXTENDED && leaf < 0x80860000))
		return (struct subleaves){ .stop = STOP_PROBE };
	return (struct subleaves){ .stop = STOP_NONE };
}

bool cpuid_has_subleaves(uint32_t leaf)
{
	const enum stop stop = subleaves_of(leaf).stop;

	return stop != STOP_NONE && stop != STOP_PROBE;
}

bool subleaves_layout(const struct cpuid_leaf *l)
{
	return l->leaf == SUBLEAVES_XSAVE && l->subleaf >= 2 && l->subleaf <= 62;
}

uint64_t subleaves_states(const struct cpuid_leaf *zero, const struct cpuid_leaf *one)
{
	const uint64_t xcr0 = (uint64_t)zero->reg[EDX] << 32 | zero->reg[EAX];
	const uint64_t xss = (uint64_t)one->reg[EDX] << 32 | one->reg[ECX];

	/* Bits 0 and 1 have no subleaf of their own; bit 63 is reserved for extending XCR0. */
	return (xcr0 | xss) & ~(UINT64_C(1) << 63 | 3);
}
