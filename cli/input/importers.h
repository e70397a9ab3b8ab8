/* SPDX-License-Identifier: MIT */
/*
 * importers.h - the readers of other programs' files, one for each format; formats.c has their
 * table.
 *
 * ..._is looks at the content; ..._read makes a report of it, or returns false after a message.
 */
#ifndef IMPORTERS_H
#define IMPORTERS_H

#include "input/file.h"
#include "report/report.h"

typedef bool importer_is(const struct bytes *b);
typedef bool importer_read(struct report *r, const char *path, struct bytes *b);

/* Appends what the other program would write of the processors of a report. */
typedef void exporter_write(struct text *t, const struct report *r, const char *host);

/* AIDA64, EVEREST and InstLatX64: "CPUID 00000001: 000306C3-...-... [SL 00]". */
importer_is aida64_is;
importer_read aida64_read;
exporter_write aida64_write;

/* libcpuid, cpuid_tool --save: "basic_cpuid[1]=000306c3 ..."; the index is decimal. */
importer_is libcpuid_is;
importer_read libcpuid_read;

/* hwloc-gather-cpuid: one file of its folder, or what hwloc_tar_is; a tar file of it; the folder
 * itself. */
importer_is hwloc_is, hwloc_tar_is;
importer_read hwloc_read, hwloc_tar_read;
bool hwloc_folder_read(struct report *r, const char *path);

/* Linux tools/arch/x86/kcpuid, kcpuid -r; it leaves out leaves of zeros. */
importer_is kcpuid_is;
importer_read kcpuid_read;

/* xen-cpuid -p: the policy Raw, which is the processor's. */
importer_is xen_is;
importer_read xen_read;

/* xe host-cpu-info, or the cpu_info of a host in XAPI: words of Xen's feature set. */
importer_is xapi_is;
importer_read xapi_read;

/* libvirt's <cpudata>; and the host's CPU of virsh capabilities or domcapabilities, by names. */
importer_is cpudata_is, libvirt_is;
importer_read cpudata_read, libvirt_read;
exporter_write cpudata_write;

/* /proc/cpuinfo of Linux: names only. */
importer_is cpuinfo_is;
importer_read cpuinfo_read;

/* Firecracker's fingerprint, or CPU template, in JSON. */
importer_is firecracker_is;
importer_read firecracker_read;

/* vmware.log: the host's leaves; vmware_guest_read: the guest's. */
importer_is vmware_log_is;
importer_read vmware_log_read, vmware_guest_read;

/* HostCpuIdInfo of the vSphere API, in JSON or in text: "0000:0000:...". */
importer_is vsphere_is;
importer_read vsphere_read;

/* A host's FeatureCapability of the vSphere API, in JSON or in text: names and values. */
importer_is capability_is;
importer_read capability_read;

/* This program's own: for other programs' JSON and CSV readers. */
importer_is own_json_is, own_csv_is;
importer_read own_json_read, own_csv_read;
exporter_write own_json_write, own_csv_write;

/* Append the heading of own_csv_write, and the rows of one processor. */
void own_csv_head(struct text *t);
void own_csv_rows(struct text *t, const char *host, uint64_t processor,
                  const struct cpuid_set *set);

#endif
