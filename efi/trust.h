/* SPDX-License-Identifier: MIT */
/*
 * trust.h - has the firmware's TLS trust the certificates of ca.pem, until the probe ends.
 */
#ifndef TRUST_H
#define TRUST_H

#include "beside.h"

#define TRUST_WHY_MAX 255

/* All zero: nothing was changed. */
struct trust {
	void *before; /* the firmware's own list, from AllocatePool; NULL: there is none */
	UINTN size;
	bool changed;
};

/*
 * Adds the certificates that are built into the probe or, without any, those of ca.pem beside it,
 * to the firmware's own.  Returns false if there are some that cannot be used: why says why.
 */
bool trust_start(struct trust *t, const struct beside *from, char why[static TRUST_WHY_MAX + 1]);

/* Restores the firmware's own list. */
void trust_end(struct trust *t, const struct firmware *fw);

#endif
