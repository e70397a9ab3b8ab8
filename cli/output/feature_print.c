/* SPDX-License-Identifier: MIT */
#include "output/feature_print.h"

#include <stdio.h>
#include <string.h>

#include "output/print.h"
#include "table/feature_find.h"
#include "table/feature_names.h"
#include "table/feature_unit.h"
#include "table/guest_kvm.h"
#include "table/vmware.h"

const char *feature_rule_name(enum feature_id id)
{
	static const char *const name[] = { "ALL", "ANY", "MIN", "SAME", "FIXED", "NEVER" };

	return name[features[id].rule];
}

static void print_names(enum feature_id id)
{
	static const char *const where[NAMERS] = {
		[NAMED_VMWARE] = "VMware",   [NAMED_LINUX] = "Linux", [NAMED_QEMU] = "QEMU",
		[NAMED_LIBVIRT] = "libvirt", [NAMED_XEN] = "Xen",     [NAMED_OTHER] = "also",
	};
	char names[1024] = "";
	size_t used = 0;

	for (unsigned who = NAMED_VMWARE; who < NAMERS; who++) {
		const char *name = feature_named(id, (enum feature_namer)who);

		if (*name)
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s %s",
			                         used ? ", " : "", where[who], name);
	}
	print_wrapped(4, "", names, ',');
}

static void print_needs(enum feature_id id)
{
	const char *before = "    needs ";

	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++) {
		printf("%s%s", before, feature_name((enum feature_id)need[0]));
		before = ", ";
	}
	if (*feature_needs(id) != F_NONE)
		putchar('\n');
}

static void print_unit(enum feature_id id)
{
	char words[1024];
	struct text t;

	text_start(&t, words, sizeof(words));
	feature_unit_about(&t, id);
	print_wrapped(4, "read as", t.used ? text_string(&t) : "", ',');
}

/* What a VM sees that VMware runs, from which virtual hardware version on, and who says so. */
static void print_vmware(enum feature_id id)
{
	const unsigned since = vmware_since(id);

	switch (vmware_shows(id, since)) {
	case VMWARE_UNKNOWN:
		return;
	case VMWARE_NEVER:
		printf("    VMware hides it from a VM");
		break;
	case VMWARE_HOSTS:
		printf("    VMware shows a VM the host's value");
		break;
	case VMWARE_OWN:
		printf("    VMware shows a VM a value of its own");
		break;
	}
	if (since == VMWARE_HW_FUTURE)
		printf(", from a later hardware version on");
	else if (since > VMWARE_HW_MIN)
		printf(", from hardware %u on", since);
	if (vmware_verified(id) && vmware_requires(id, since))
		printf("; it then needs that on every host");
	else if (vmware_requires(id, since))
		printf("; whether it then needs that on every host is not known");
	printf(" (%s)\n", vmware_source(id));
}

/* What guests of KVM see, from which Linux on, and on which processors not. */
static void print_kvm(enum feature_id id)
{
	char words[4096];
	struct text t;

	text_start(&t, words, sizeof(words));
	guest_kvm_about(&t, id);
	char *part = t.used ? words : NULL;
	text_string(&t);
	for (char *end; part && (end = strchr(part, ';')); part = end + 2) {
		*end = '\0';
		print_wrapped(4, "", part, ' ');
	}
}

void feature_print(enum feature_id id)
{
	char place[PLACE_MAX];

	print_row_place(place, id);
	printf("%-24s %-20s %-5s  %s\n", feature_name(id), place, feature_rule_name(id),
	       feature_about(id));
	print_names(id);
	print_wrapped(4, "in vCenter:", vmware_words(id), ';');
	print_unit(id);
	print_needs(id);
	print_vmware(id);
	print_kvm(id);
	print_setup(4, "in setup:", id);
}
