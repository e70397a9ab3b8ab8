/* SPDX-License-Identifier: MIT */
/*
 * quirk.h - what the oddities that quirk.c poses share.
 */
#ifndef QUIRK_H
#define QUIRK_H

#include "files.h"
#include "firmware.h"

extern const struct firmware *const quirk_fw;

/* Never returns. */
void quirk_hang(void);

/* Opens the stick as the firmware does.  Returns false if that fails. */
bool quirk_open(struct volume *v);

/* Reads the forms, values and exports that the stick has.  Only some oddities have these. */
void quirk_forms_read(const struct volume *v);

/* Publishes the forms. */
void quirk_forms(void);

/* Writes what the firmware's own database exports to the stick, for another reader. */
void quirk_hii_dump(void);

/* What the database exports is a file of the stick's, is endless, or never comes; there is none. */
void quirk_hii_garbage(void);
void quirk_hii_endless(void);
void quirk_hii_hangs(void);
void quirk_hii_missing(void);

/* A driver that is asked for values never answers, or answers nonsense. */
void quirk_extract_hangs(void);
void quirk_extract_odd(void);

#endif
