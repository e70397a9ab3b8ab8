/* SPDX-License-Identifier: MIT */
#include "output/vendors.h"

#include <string.h>

#include "output/message.h"

void vendors_warn(const struct merge *m)
{
	if (merge_differs(m, F_VENDOR1, 0) || merge_differs(m, F_VENDOR2, 0) ||
	    merge_differs(m, F_VENDOR3, 0))
		message_note(
			"THE HOSTS ARE OF DIFFERENT VENDORS: VMware does not migrate running VMs\n"
			"between vendors, with any mask. KVM does, and emulates SYSENTER and\n"
			"SYSCALL of the other vendor; nested virtualization does not move, and a\n"
			"guest keeps the mitigations it chose when it booted. Not tried here");
}

/* True if an earlier answer has the same vendor. */
static bool is_known(const struct pool *pool, size_t answer, const char vendor[static 13])
{
	char earlier[13];

	for (size_t i = 0; i < answer; i++) {
		cpuid_vendor(&pool->answer[i]->set, earlier);
		if (memcmp(earlier, vendor, sizeof(earlier)) == 0)
			return true;
	}
	return false;
}

size_t vendors_write(struct text *t, const struct pool *pool)
{
	size_t count = 0;

	for (size_t i = 0; i < pool->answers; i++) {
		char vendor[13];

		cpuid_vendor(&pool->answer[i]->set, vendor);
		if (is_known(pool, i, vendor))
			continue;
		text_put(t, count++ ? ", " : "");
		text_printable(t, vendor);
	}
	return count;
}
