/* SPDX-License-Identifier: MIT */
/*
 * stick_image.h - makes the image of a stick.
 *
 * A script does it, ../libexec/cpulevel/image, from the probes in ../share/cpulevel: both are
 * looked for from the folder of this program, where "make install-stick" puts them.
 */
#ifndef STICK_IMAGE_H
#define STICK_IMAGE_H

#include <argp.h>
#include <stdbool.h>

#include "input/stick_files.h"

struct stick_image {
	struct stick_files files;
	const char *efi; /* the folder of the probes; NULL: where they are installed */
	bool cd;         /* an ISO image of a CD */
	unsigned sector; /* bytes of a stick's sectors: 512 or 4096 */
};

/* The options of files and of efi.  The input of this argp is a struct stick_image. */
extern const struct argp stick_image_argp;

/*
 * Makes the image in the file out, which it replaces.  The files are checked first, as "check"
 * does.  Returns false after a message; out is then as it was.
 */
bool stick_image_make(const struct stick_image *image, const char *out);

#endif
