/* SPDX-License-Identifier: MIT */
/*
 * mask_check.h - cpulevel mask --check: whether the hosts of a pool can take a guest of KVM.
 */
#ifndef MASK_CHECK_H
#define MASK_CHECK_H

#include "command/mask_kvm.h"
#include "input/inputs.h"

struct mask_check {
	const char *file;   /* the definition of the guest; NULL: nothing to check */
	const char *models; /* cpu-models.conf, or NULL */
};

/* The options of a parser whose input is a struct mask_check. */
extern const struct argp mask_check_argp;

/*
 * Prints which hosts can take the guest, and why the others cannot.  offer has the versions and
 * names that are given.  Returns EXIT_YES if all can; EXIT_TROUBLE, if none cannot but it is not
 * known of one, and after a message.
 */
int mask_check(const struct mask_check *check, struct inputs *in, struct mask_kvm *kvm);

#endif
