/* SPDX-License-Identifier: MIT */
/*
 * Nothing here is ever called.  It does not compile if a row of feature.def is wrong: a bit above
 * 31, a field that ends before it begins, two rows for one bit, a leaf that a row cannot hold, a
 * field without a unit, a bit with one, characters that are not a whole register.
 */
#include "table/feature.h"
#include "table/feature_unit.h"

void feature_check(uint64_t bit);

#define FEATURE(leaf, sub, reg, low, high, name, ...)                             \
	_Static_assert((sub) < FROM(64) && (low) <= (high) && (high) <= 31 &&     \
	                       FEATURE_LEAF_OF(FEATURE_LEAF(leaf)) == (leaf) &&   \
	                       FEATURE_SUBLEAF_OF(FEATURE_SUBLEAF(sub)) == (sub), \
	               "feature.def: " #name);
#include "table/feature.def"
#undef FEATURE

#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, support, hw, cap, vmware, linux_,   \
                qemu, libvirt, xen, other, need1, need2, setup, unit, about)                     \
	_Static_assert(((low) < (high)) == (U_##unit != U_NONE), "feature.def: unit of " #name); \
	_Static_assert(U_##unit != U_TEXT || (high) - (low) == 31, "feature.def: text " #name);
#include "table/feature.def"
#undef FEATURE

/* clang-format off */
#define PLACE(leaf, sub, reg, n) \
	((uint64_t)(leaf) << 21 | (uint64_t)(sub) << 12 | (uint64_t)(reg) << 10 | (uint64_t)(n))

/* A label for the row's bit low + n, or, behind its last bit, one that no other row has. */
#define BIT(l, s, r, low, high, n)              \
	case (low) + (n) <= (high)                  \
	        ? PLACE(l, s, r, (low) + (n))       \
	        : UINT64_C(1) << 63 | PLACE(l, s, r, (low)*32 + (n)):
#define BIT4(l, s, r, low, high, n)                                         \
	BIT(l, s, r, low, high, n) BIT(l, s, r, low, high, (n) + 1)             \
	BIT(l, s, r, low, high, (n) + 2) BIT(l, s, r, low, high, (n) + 3)

/* Two rows for one bit are a duplicate case. */
void feature_check(uint64_t bit)
{
	switch (bit) {
#define FEATURE(l, s, r, low, high, ...)                                    \
	BIT4(l, s, r, low, high, 0) BIT4(l, s, r, low, high, 4)                 \
	BIT4(l, s, r, low, high, 8) BIT4(l, s, r, low, high, 12)                \
	BIT4(l, s, r, low, high, 16) BIT4(l, s, r, low, high, 20)               \
	BIT4(l, s, r, low, high, 24) BIT4(l, s, r, low, high, 28)
#include "table/feature.def"
#undef FEATURE
	default:
		break;
	}
}
/* clang-format on */
