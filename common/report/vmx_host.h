/* SPDX-License-Identifier: MIT */
/*
 * vmx_host.h - reads the host's CPUID leaves that VMware writes into a .vmx file.
 *
 * hostCPUID.1 = "000206d70020080017bee3ffbfebfbff": the leaf, and EAX EBX ECX EDX.  There are a few
 * leaves only, such as 0, 1 and 80000001H.  guestCPUID and userCPUID are what a guest sees.
 */
#ifndef VMX_HOST_H
#define VMX_HOST_H

#include "report/report.h"

/* Returns true if a text has such a line. */
bool vmx_host_is(const char *text, size_t size);

/*
 * Reads a processor into *r; the caller sets the fields.  Leaves may be in any order.  On failure
 * *r is unspecified and *reterr_where is the place of the error.
 */
enum err vmx_host_read(struct report *r, const char *text, size_t size, struct where *reterr_where);

/* The same for the lines guestCPUID, which have what the guest saw. */
enum err vmx_guest_read(struct report *r, const char *text, size_t size,
                        struct where *reterr_where);

#endif
