/* SPDX-License-Identifier: MIT */
#include "output/vendors.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
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

struct vendor {
	char name[13];
};

static bool is_known(const struct vendor *known, size_t count, const struct vendor *v)
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(&known[i], v, sizeof(*v)) == 0)
			return true;
	return false;
}

size_t vendors_write(struct text *t, const struct pool *pool)
{
	struct vendor *known = NULL, own;
	size_t count = 0;

	for (size_t i = 0; i < pool->answers; i++) {
		cpuid_vendor(&pool->answer[i]->set, own.name);
		if (is_known(known, count, &own))
			continue;
		known = allocate_room(known, count, sizeof(*known));
		known[count] = own;
		text_put(t, count++ ? ", " : "");
		text_printable(t, own.name);
	}
	free(known);
	return count;
}
