/* SPDX-License-Identifier: MIT */
#include "input/version.h"

#include <stdbool.h>
#include <string.h>

#include "output/arguments.h"

/* Takes a number below 256, and the dot before it if there is to be one. */
static bool take(const char **at, bool dot, unsigned *number)
{
	unsigned digits = 0;

	if (dot && *(*at)++ != '.')
		return false;
	for (*number = 0; **at >= '0' && **at <= '9' && digits < 4; digits++)
		*number = *number * 10 + (unsigned)(*(*at)++ - '0');
	return digits && *number < 256;
}

unsigned version_read(const char *arg, const char *option, unsigned oldest,
                      const struct argp_state *state)
{
	const char *at = arg;
	unsigned major = 0, minor = 0, patch = 0;

	if (!take(&at, false, &major) || !take(&at, true, &minor) ||
	    (*at && (!take(&at, true, &patch) || *at)))
		arguments_wrong(state, "%s: expected a version such as %u.%u", option, oldest >> 8,
		                oldest & 0xff);
	else if ((major << 8 | minor) < oldest)
		arguments_wrong(state, "%s: versions before %u.%u are not known", option,
		                oldest >> 8, oldest & 0xff);
	return major << 8 | minor;
}
