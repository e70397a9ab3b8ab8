/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_names.h"

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/*
 * Without a vendor, KVM uses the host's.  With it, the guest's vendor stays the same when a host of
 * another vendor joins the pool.  Family, model and stepping come from the base, because guests
 * infer from them much that is not in CPUID.  QEMU sets the last leaves to what the features need,
 * the same on any host.
 */
static void write_vendor(struct text *t, const struct mask *m)
{
	char vendor[13];

	cpuid_vendor(m->baseline, vendor);
	for (size_t i = 0; i < 12; i++)
		if (!is_plain(vendor[i]))
			return;
	text_put(t, ",vendor=");
	text_put(t, vendor);
}

static void write_flags(struct text *t, const struct mask *m, enum mask_kvm what, const char *sign)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (mask_kvm(m, (enum feature_id)i, false) == what) {
			text_put(t, sign);
			text_put(t, feature_named((enum feature_id)i, NAMED_QEMU));
		}
}

void mask_qemu_write(struct text *t, const struct mask *m)
{
	text_put(t, "-cpu ");
	text_put(t, m->base ? m->base : MASK_KVM_BASE);
	write_vendor(t, m);
	write_flags(t, m, MASK_KVM_ON, ",+");
	write_flags(t, m, MASK_KVM_OFF, ",-");
	text_put(t, "\n");
}
