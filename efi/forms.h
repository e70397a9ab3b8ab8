/* SPDX-License-Identifier: MIT */
/*
 * forms.h - reads the firmware's setup questions and their values.
 *
 * It reads the HII database and variables, and writes nothing.  It calls drivers only if an alarm
 * is given that guards the calls.
 */
#ifndef FORMS_H
#define FORMS_H

#include "alarm.h"
#include "base/text.h"
#include "report/setup.h"

/* Of a file of all questions; memory is NULL if none was wanted, or there is none. */
struct forms_file {
	void *memory;
	struct text text;
};

/* Returns true if the firmware has a HII database. */
bool forms_find(const struct firmware *fw);

/*
 * Sets *s to the questions about processors and the digest over all, or to why there are none.  If
 * file is not NULL, sets it to all questions; forms_free frees them.  With drivers, which is an
 * alarm that is not running, drivers are asked for values that no variable has.
 */
void forms_read(struct setup *s, struct forms_file *file, const struct firmware *fw,
                struct alarm *drivers);

void forms_free(struct forms_file *file, const struct firmware *fw);

#endif
