/* SPDX-License-Identifier: MIT */
/*
 * setup_text.h - says setup options in words, for the screen and the terminal.
 *
 * What the firmware says is printable ASCII here, with '?' for other bytes.
 */
#ifndef SETUP_TEXT_H
#define SETUP_TEXT_H

#include "base/text.h"
#include "report/setup.h"

/* The most bytes that setup_value_write and setup_store_write append. */
#define SETUP_WORDS_MAX 512

/* Appends a value or default: the option's text, else the number; or why there is none. */
void setup_value_write(struct text *t, const struct setup_question *q, const struct setup_value *v);

/* Appends where the value is kept: "variable Setup {...} offset 0x10, 8 bits". */
void setup_store_write(struct text *t, const struct setup_store *s);

/* Appends "Setup > Advanced > AES-NI". */
void setup_path_put(struct text *t, const struct setup_question *q);

/* Appends, in parentheses after a blank, what may hide the question; nothing if nothing may. */
void setup_hidden_write(struct text *t, const struct setup_question *q);

#endif
