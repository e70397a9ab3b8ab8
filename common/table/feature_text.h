/* SPDX-License-Identifier: MIT */
/*
 * feature_text.h - what feature.def says of a row in words, and its names elsewhere.
 *
 * For the workstation; firmware links only feature.h.
 */
#ifndef FEATURE_TEXT_H
#define FEATURE_TEXT_H

#include "table/feature.h"

struct feature_names {
	const char *capability; /* VMware's, for featMask.vm.cpuid.NAME */
	const char *vmware, *linux_, *qemu, *libvirt, *xen; /* "" where it has none there */
	const char *other;                                  /* more names, separated by blanks */
	const char *about;                                  /* a few words */
};

extern const struct feature_names feature_names[F_COUNT];

/* A few words on what the row is; "" for F_NONE. */
const char *feature_about(enum feature_id id);

#endif
