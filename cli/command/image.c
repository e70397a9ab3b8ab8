/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>

#include "cli.h"
#include "input/file.h"
#include "input/inputs.h"
#include "input/output_file.h"
#include "input/stick_image.h"
#include "output/arguments.h"

enum { OPTION_ISO = 0x100, OPTION_SECTOR };

struct arguments {
	struct stick_image image;
	struct output_file output;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPTION_ISO:
		a->image.cd = true;
		return 0;
	case OPTION_SECTOR:
		a->image.sector = inputs_number(arg, 512, 4096, "--sector", state);
		if (a->image.sector != 512 && a->image.sector != 4096)
			arguments_wrong(state, "--sector is 512 or 4096");
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->image;
		state->child_inputs[1] = &a->output;
		return 0;
	case ARGP_KEY_ARG:
		inputs_operands(state);
		arguments_wrong(state, "each file needs its option, such as --secret=%s", arg);
		return 0;
	case ARGP_KEY_END:
		if (!a->output.path)
			arguments_wrong(state, "--output is needed: the image to write");
		if (a->image.cd && a->image.sector != 512)
			arguments_wrong(state,
			                "--iso has no use for --sector: a CD has its own sectors");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "iso", OPTION_ISO, NULL, 0,
	  "Make the image of a CD for virtual media, which is read-only, instead of a stick's", 0 },
	{ "sector", OPTION_SECTOR, "BYTES", 0,
	  "The size of the drive's sectors: 512 (the default), or 4096 for 4Kn drives", 0 },
	{ 0 },
};

static const struct argp_child children[] = { { &stick_image_argp, 0, NULL, 0 },
	                                      { &output_file_argp, 0, NULL, 0 },
	                                      { 0 } };

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "-o IMAGE",
	.doc = "Makes the image of a stick that boots the probe. Needs no root. The files that it "
	       "is given are checked first, as \"check\" does. The same files give the same bytes. "
	       "An image with a key is as secret as the key. \"cpulevel write --image\" writes it "
	       "to a stick. Exit status: 0 the image is made; 2 it is not.",
	.children = children,
};

int command_image(int argc, char **argv)
{
	struct arguments a = { .image = { .sector = 512 } };
	char name[PRINTABLE_MAX];

	arguments_parse(&argp, argc, argv, &a);
	if (!output_file_free(&a.output) || !stick_image_make(&a.image, a.output.path))
		return EXIT_TROUBLE;
	printable(name, sizeof(name), a.output.path);
	if (a.image.cd)
		printf("%s: the image of a CD, for virtual media\n", name);
	else
		printf("%s: the image of a stick; to write it: cpulevel write --image %s DEVICE\n",
		       name, name);
	return output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}
