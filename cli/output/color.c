/* SPDX-License-Identifier: MIT */
#include "output/color.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum { AUTO, ALWAYS, NEVER } way;

bool color_set(const char *when)
{
	static const char *const words[] = {
		[AUTO] = "auto", [ALWAYS] = "always", [NEVER] = "never"
	};

	for (unsigned i = AUTO; i <= NEVER; i++)
		if (strcmp(when, words[i]) == 0) {
			way = i;
			return true;
		}
	return false;
}

static bool is_on(void)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (way == AUTO)
		way = isatty(STDOUT_FILENO) && (!no || !*no) && terminal && *terminal &&
		                      strcmp(terminal, "dumb") != 0
		              ? ALWAYS
		              : NEVER;
	return way == ALWAYS;
}

/* Only the eight colours that every terminal has, as its owner chose them. */
const char *color_on(enum tone tone)
{
	static const char *const code[] = {
		[TONE_GOOD] = "\033[32m", [TONE_ODD] = "\033[1;33m", [TONE_BAD] = "\033[1;31m"
	};

	return is_on() ? code[tone] : "";
}

const char *color_off(void)
{
	return is_on() ? "\033[0m" : "";
}
