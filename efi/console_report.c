/* SPDX-License-Identifier: MIT */
#include "console_report.h"

#include "console.h"
#include "report/transcript.h"

void console_report(const struct probe *p)
{
	char line[TRANSCRIPT_COLUMNS + 1], unnumbered[STORE_NAME_MAX + 1];
	const char *name = p->name;
	struct transcript_writer w;

	if (p->text.used == 0)
		return;
	if (!*name) {
		store_name(unnumbered, 0, p->report->field[FIELD_SYSTEM_SERIAL], STORE_WHOLE);
		name = unnumbered;
	}
	console_sentence(p->fw, "The report follows on the console. \"cpulevel import --from "
	                        "console LOG\" makes the file from a log.");
	transcript_start(&w, name, &p->text, &p->seal);
	while (transcript_line(&w, line)) {
		console_put(p->fw, line);
		console_put(p->fw, "\n");
	}
}
