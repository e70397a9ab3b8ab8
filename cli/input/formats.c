/* SPDX-License-Identifier: MIT */
#include "base/program.h"
#include "input/formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "input/esxcli.h"
#include "input/json.h"
#include "report/cpuid_r.h"
#include "report/vmx_host.h"

/* Reads a text with a reader of common/. */
typedef enum err read_text(struct report *r, const char *text, size_t size,
                           struct where *reterr_where);

static bool read_with(read_text *read, struct report *r, const char *path, const struct bytes *b)
{
	struct where where;
	const enum err err = read(r, b->at, b->size, &where);

	if (err != ERR_NONE)
		trouble_at(path, err, &where);
	return err == ERR_NONE;
}

static bool read_cpuid_r(struct report *r, const char *path, struct bytes *b)
{
	return read_with(cpuid_r_read, r, path, b);
}

static void write_cpuid_r(struct text *t, const struct report *r, const char *host)
{
	(void)host;
	cpuid_r_write(t, r);
}

static bool read_vmx(struct report *r, const char *path, struct bytes *b)
{
	return read_with(vmx_host_read, r, path, b);
}

static bool read_vmx_guest(struct report *r, const char *path, struct bytes *b)
{
	return read_with(vmx_guest_read, r, path, b);
}

static bool is_cpuid_r(const struct bytes *b)
{
	return cpuid_r_is(b->at, b->size);
}

static bool is_vmx(const struct bytes *b)
{
	return vmx_host_is(b->at, b->size);
}

static bool is_console(const struct bytes *b)
{
	return memmem(b->at, b->size, "|BEGIN cpulevel", 15) != NULL ||
	       memmem(b->at, b->size, "|END cpulevel", 13) != NULL;
}

#define MIB 0x100000

/* A dump of 4096 processors with 200 leaves each is 70 MiB; parsed JSON takes many times its size.
 */
const struct format formats[] = {
	{ "cpuid-r", "cpuid -r", FORMAT_MAX, is_cpuid_r, read_cpuid_r, write_cpuid_r,
	  "the output of Todd Allen's \"cpuid -r\", also out of a mail" },
	{ "console", NULL, 64 * MIB, is_console, NULL, NULL, "the log of a console" },
	{ "aida64", "AIDA64", 64 * MIB, aida64_is, aida64_read, aida64_write,
	  "a text of AIDA64, EVEREST or InstLatX64" },
	{ "libcpuid", "libcpuid", 64 * MIB, libcpuid_is, libcpuid_read, NULL,
	  "the raw data of libcpuid's cpuid_tool" },
	{ "hwloc", "hwloc", 64 * MIB, hwloc_is, hwloc_read, NULL,
	  "what hwloc-gather-cpuid gathered: the folder, a tar file of it, or one of its files" },
	{ "kcpuid", "kcpuid -r", MIB, kcpuid_is, kcpuid_read, NULL,
	  "the output of Linux's \"kcpuid -r\"" },
	{ "libvirt-cpudata", "libvirt cpudata", 4 * MIB, cpudata_is, cpudata_read, cpudata_write,
	  "libvirt's <cpudata>" },
	{ "libvirt", "libvirt", 4 * MIB, libvirt_is, libvirt_read, cpudata_write,
	  "the output of \"virsh capabilities\" or \"virsh domcapabilities\"" },
	{ "cpuinfo", "/proc/cpuinfo", 16 * MIB, cpuinfo_is, cpuinfo_read, NULL,
	  "Linux's /proc/cpuinfo" },
	{ "firecracker", "Firecracker", 4 * MIB, firecracker_is, firecracker_read, NULL,
	  "a fingerprint or a CPU template of Firecracker" },
	{ "xen", "xen-cpuid -p", 4 * MIB, xen_is, xen_read, NULL,
	  "the policy Raw of \"xen-cpuid -p\"" },
	{ "xapi", "XAPI", 4 * MIB, xapi_is, xapi_read, NULL,
	  "the output of \"xe host-cpu-info\", or cpu_info of a host" },
	{ "vmware-log", "vmware.log", 64 * MIB, vmware_log_is, vmware_log_read, NULL,
	  "the host's leaves, or the capabilities, in a vmware.log" },
	{ "vmware-guest", "vmware.log of a guest", 64 * MIB, NULL, vmware_guest_read, NULL,
	  "the guest's leaves in a vmware.log" },
	{ "vmx", "VMware .vmx", 16 * MIB, is_vmx, read_vmx, NULL,
	  "the hostCPUID lines that VMware writes into a .vmx file" },
	{ "vmx-guest", "VMware .vmx of a guest", 16 * MIB, NULL, read_vmx_guest, NULL,
	  "its guestCPUID lines" },
	{ "vsphere", "VMware CpuIdInfo", 32 * MIB, vsphere_is, vsphere_read, NULL,
	  "HostCpuIdInfo of PowerCLI, govc or vim-cmd, and the text of esxcli" },
	{ "esxcli", "esxcli", MIB, esxcli_is, esxcli_read, NULL,
	  "\"localcli --formatter=json hardware cpu cpuid get\" of ESXi" },
	{ "capability", "VMware FeatureCapability", 32 * MIB, capability_is, capability_read, NULL,
	  "config.featureCapability of a host, of PowerCLI, govc or vim-cmd" },
	{ "json", "cpulevel JSON", 64 * MIB, own_json_is, own_json_read, own_json_write,
	  "what export --to json writes" },
	{ "csv", "cpulevel CSV", FORMAT_MAX, own_csv_is, own_csv_read, own_csv_write,
	  "what export --to csv writes" },
	{ "hwloc-tar", "hwloc", 64 * MIB, hwloc_tar_is, hwloc_tar_read, NULL, NULL },
	{ NULL, NULL, 0, NULL, NULL, NULL, NULL },
};

const struct format *format_named(const char *name)
{
	for (const struct format *f = formats; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

/* Editors and shells of Windows write a byte order mark; returns what follows it. */
static struct bytes after_mark(const struct bytes *b)
{
	const size_t skip = b->size >= 3 && memcmp(b->at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	return (struct bytes){ b->at + skip, b->size - skip };
}

const struct format *format_of(const struct bytes *b)
{
	static const char own[] = "cpulevel-";
	const struct bytes text = after_mark(b);

	/* A report or a pool, whatever its strings say. */
	if (b->size >= sizeof(own) - 1 && memcmp(b->at, own, sizeof(own) - 1) == 0)
		return NULL;
	for (const struct format *f = formats; f->name; f++)
		if (f->is && f->is(&text))
			return f;
	return NULL;
}

const char *format_names(bool written)
{
	static char names[512];
	size_t used = 0;

	for (const struct format *f = formats; f->name; f++)
		if (written ? f->write != NULL : f->about != NULL)
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
			                         used ? ", " : "", f->name);
	return names;
}

static void set_fields(struct report *r, const char *origin, const char *path)
{
	report_set(r, FIELD_PROGRAM, PROGRAM);
	report_set(r, FIELD_ORIGIN, origin);
	report_set(r, FIELD_SOURCE, base_name(path));
}

bool format_read(const struct format *f, struct report *r, const char *path, struct bytes *b)
{
	if (b->size > f->max) {
		char message[96];

		snprintf(message, sizeof(message), "too long for the format %s (limit: %zu bytes)",
		         f->name, f->max);
		trouble(path, message);
		return false;
	}
	const struct bytes text = after_mark(b);
	if (text.at != b->at)
		memmove(b->at, text.at, text.size);
	b->size = text.size;
	if (!f->read(r, path, b))
		return false;
	set_fields(r, f->origin, path);
	return true;
}

bool format_is_folder(const char *path)
{
	struct stat st;
	bool is = path_is_folder(path);

	if (is) {
		char *first = path_join(path, "pu0");

		is = stat(first, &st) == 0 && S_ISREG(st.st_mode);
		free(first);
	}
	return is;
}

bool format_read_folder(struct report *r, const char *path)
{
	if (!hwloc_folder_read(r, path))
		return false;
	set_fields(r, "hwloc", path);
	return true;
}

struct bytes format_spell(const char *path, const struct report *r)
{
	struct bytes b = { allocate(REPORT_TEXT_MAX), 0 };
	struct text t;

	text_start(&t, b.at, REPORT_TEXT_MAX);
	report_write(&t, r);
	b.size = t.used;
	if (t.full) {
		trouble(path, err_text(ERR_FULL));
		free(b.at);
		b.at = NULL;
	}
	return b;
}
