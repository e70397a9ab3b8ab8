/* SPDX-License-Identifier: MIT */
#include "input/stick_files.h"

enum { OPTION_CA = 0x180 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct stick_files *f = state->input;

	switch (key) {
	case 's':
		f->secret = arg;
		return 0;
	case 'c':
		f->conf = arg;
		return 0;
	case 'g':
		f->golden = arg;
		return 0;
	case OPTION_CA:
		f->ca = arg;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "secret", 's', "FILE", 0, "The secret key, \\cpulevel\\stick.key on the stick", 0 },
	{ "conf", 'c', "FILE", 0, "The settings, \\cpulevel\\cpulevel.conf", 0 },
	{ "golden", 'g', "FILE", 0,
	  "The report that hosts must match, \\cpulevel\\golden.txt, and its seal FILE.minisig, if "
	  "there is one: it must be of --secret",
	  0 },
	{ "ca", OPTION_CA, "FILE", 0,
	  "The certificates that TLS trusts, in PEM, \\cpulevel\\ca.pem", 0 },
	{ 0 },
};

const struct argp stick_files_argp = { .options = options, .parser = parse };
