/* SPDX-License-Identifier: MIT */
/*
 * pages.h - large memory.  Firmware that fills its pools with a pattern, as EDK2 does, leaves pages
 * alone.
 */
#ifndef PAGES_H
#define PAGES_H

#include "firmware.h"

/* Returns memory for so many bytes, which is not zeroed, or NULL. */
void *pages_take(const struct firmware *fw, UINTN size);

/* Gives back what pages_take returned for this size; NULL is none. */
void pages_give(const struct firmware *fw, void *at, UINTN size);

#endif
