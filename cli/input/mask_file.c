/* SPDX-License-Identifier: MIT */
#include "input/mask_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"
#include "input/load.h"
#include "mask/mask_vmx_read.h"

/* Bytes; .vmx files have a few thousand. */
#define MASK_FILE_MAX 0x100000

/* What a line of another hypervisor's mask begins with, as mask prints it and users keep it. */
static const struct foreign {
	const char *begins, *whose;
} foreign[] = {
	{ "-cpu ", "QEMU" },
	{ "qemu-system-", "QEMU" },
	{ "<cpu", "libvirt" },
	{ "<domain", "libvirt" },
	{ "cpu-model:", "Proxmox VE" },
	{ "args: -cpu ", "Proxmox VE" },
	{ "domain:", "KubeVirt" },
	{ "[libvirt]", "nova" },
	{ "CPU_MODEL", "OpenNebula" },
	{ "instances.vm.cpu.", "Incus" },
	{ "--cpus ", "Cloud Hypervisor" },
	{ "cpuid=", "Xen" },
	{ "cpuid =", "Xen" },
	{ "\"cpuid_modifiers\"", "Firecracker" },
	{ "{\"cpuid_modifiers\"", "Firecracker" },
	{ "VBoxManage ", "VirtualBox" },
};

/* Returns whose mask a file is, by the first of its lines that says so, or NULL. */
static const char *find_foreign(const struct bytes *b)
{
	const char *text = b->at, *end = text + b->size;

	while (text < end) {
		while (text < end && (*text == ' ' || *text == '\t' || *text == '\n'))
			text++;
		for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
			const size_t size = strlen(foreign[i].begins);

			if ((size_t)(end - text) >= size &&
			    memcmp(text, foreign[i].begins, size) == 0)
				return foreign[i].whose;
		}
		while (text < end && *text != '\n')
			text++;
	}
	return NULL;
}

/* Says that a file is a report or a pool.  Returns false if it is not. */
static bool refuse_hosts(const char *path, const struct bytes *b)
{
	const char *what = load_what(b);
	char message[128];

	if (!what)
		return false;
	snprintf(message, sizeof(message),
	         "%s, not a .vmx file; cpulevel mask --for=vmx makes the mask of one", what);
	trouble(path, message);
	return true;
}

/* Says that a file has masks for another hypervisor.  Returns false if it does not. */
static bool refuse_foreign(const char *path, const struct bytes *b)
{
	const char *whose = find_foreign(b);
	char message[128];

	if (!whose)
		return false;
	snprintf(message, sizeof(message),
	         "this is for %s; expected lines of a VMware .vmx file, such as "
	         "cpuid.1.ecx = \"----...\"",
	         whose);
	trouble(path, message);
	return true;
}

/* Says that nothing in a file is understood as a mask. */
static void print_nothing(const char *path, const struct mask_lines *lines)
{
	trouble(path, lines->names ? "nothing in this file is understood: its featMask lines name "
	                             "no known capability of CPUID"
	                           : "no masks in this file; expected lines of a VMware .vmx file, "
	                             "such as cpuid.1.ecx = \"----...\" or "
	                             "featMask.vm.cpuid.AVX = \"Max:0\"");
}

bool mask_file_read(const char *path, bool any_width, struct mask_lines *lines)
{
	struct where where;
	struct bytes b;

	mask_lines_free(lines);
	if (!file_read(path, MASK_FILE_MAX, &b))
		return false;
	const enum err err = mask_vmx_read(lines, b.at, b.size, &where);
	const bool good = err == ERR_NONE || (any_width && err == ERR_MASK_LENGTH);
	const bool some = mask_lines_understood(lines) > 0;
	const bool refused =
		(!good || !some) && (refuse_hosts(path, &b) || refuse_foreign(path, &b));

	free(b.at);
	if (!good && !refused)
		trouble_at(path, err, &where);
	else if (!some && !refused)
		print_nothing(path, lines);
	return good && some;
}
