/* SPDX-License-Identifier: MIT */
#include "output/vendors.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/document.h"
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

/* Returns the different vendors, allocated. */
static struct vendor *find_all(const struct pool *pool, size_t *ret_count)
{
	struct vendor *known = NULL, own;
	size_t count = 0;

	for (size_t i = 0; i < pool->answers; i++) {
		cpuid_vendor(&pool->answer[i]->set, own.name);
		if (is_known(known, count, &own))
			continue;
		known = allocate_room(known, count, sizeof(*known));
		known[count++] = own;
	}
	*ret_count = count;
	return known;
}

size_t vendors_write(struct text *t, const struct pool *pool)
{
	size_t count;
	struct vendor *all = find_all(pool, &count);

	for (size_t i = 0; i < count; i++) {
		text_put(t, i ? ", " : "");
		text_printable(t, all[i].name);
	}
	free(all);
	return count;
}

json_t *vendors_json(const struct pool *pool)
{
	json_t *list = json_array();
	size_t count;
	struct vendor *all = find_all(pool, &count);

	for (size_t i = 0; i < count; i++)
		json_add(list, json_text(all[i].name));
	free(all);
	return list;
}
