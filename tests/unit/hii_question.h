/* SPDX-License-Identifier: MIT */
/*
 * hii_question.h - what is true of each setup question, whatever the forms that it was read from.
 */
#ifndef HII_QUESTION_H
#define HII_QUESTION_H

#include <string.h>

#include "hii/hii.h"
#include "report/report.h"

/* Whole characters of UTF-8, without control characters or blanks at the ends. */
static inline bool hii_text_is_clean(const char *text, size_t limit)
{
	const size_t size = text ? strlen(text) : 0;

	if (size > limit)
		return false;
	for (size_t i = 0; i < size; i++) {
		const unsigned char c = (unsigned char)text[i];
		const unsigned more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

		if ((c & 0xc0) == 0x80 || c < ' ' || i + more >= size)
			return false;
		for (unsigned k = 0; k < more; k++)
			if (((unsigned char)text[++i] & 0xc0) != 0x80)
				return false;
	}
	return size == 0 || (text[0] != ' ' && text[size - 1] != ' ');
}

static inline bool hii_question_is_clean(const struct setup_question *q, const char *help)
{
	return hii_text_is_clean(q->path, SETUP_PATH_MAX) &&
	       hii_text_is_clean(q->prompt, REPORT_STRING_MAX) &&
	       hii_text_is_clean(help, HII_HELP_MAX) &&
	       hii_text_is_clean(q->value.text, REPORT_STRING_MAX) &&
	       hii_text_is_clean(q->standard.text, REPORT_STRING_MAX) &&
	       hii_text_is_clean(q->manufacturing.text, REPORT_STRING_MAX) && q->store.bit < 8 &&
	       q->store.offset <= UINT16_MAX && q->state < 1U << SETUP_STATES &&
	       (q->store.kind == SETUP_NOWHERE || q->store.kind == SETUP_NAMED || q->store.bits);
}

#endif
