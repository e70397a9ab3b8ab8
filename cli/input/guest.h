/* SPDX-License-Identifier: MIT */
/*
 * guest.h - reads what a guest of KVM is defined to have.
 *
 * The format is found by looking at the content, as for imports.
 */
#ifndef GUEST_H
#define GUEST_H

#include "input/file.h"
#include "mask/kvm_guest.h"

/* Bytes.  A domain has 10 thousand; a file of Proxmox VE grows with its snapshots. */
#define GUEST_MAX 0x400000

struct guest {
	struct kvm_guest kvm;
	const char *format; /* "a libvirt domain" */
	size_t count;       /* of settings that are not judged */
	char **other;       /* allocated, with its strings */
};

/*
 * Reads a file; "-" is standard input.  models is a cpu-models.conf of Proxmox VE, or NULL: the one
 * beside the file.  Returns false after a message; in either case the caller calls guest_free.
 */
bool guest_read(const char *path, const char *models, struct guest *ret);
void guest_free(struct guest *g);

#endif
