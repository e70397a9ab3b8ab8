/* SPDX-License-Identifier: MIT */
/*
 * version.h - the version of a hypervisor, as an option's argument.
 */
#ifndef VERSION_H
#define VERSION_H

struct argp_state;

/*
 * Returns major << 8 | minor of "4.17" or "4.17.5".  Ends the program with an error that names the
 * option if arg is not of this form, or is older than oldest.
 */
unsigned version_read(const char *arg, const char *option, unsigned oldest,
                      const struct argp_state *state);

#endif
