/* SPDX-License-Identifier: MIT */
#include "command/setup_report.h"
int setup_baseline(const struct inputs *in, const struct setup_asked *asked)
{
	(void)in;
	(void)asked;
	return 2;
}
