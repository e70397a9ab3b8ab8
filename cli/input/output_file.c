/* SPDX-License-Identifier: MIT */
#include "input/output_file.h"

#include "cli.h"
#include "input/file.h"
#include "input/new_files.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct output_file *o = state->input;

	switch (key) {
	case 'o':
		o->path = arg;
		return 0;
	case 'f':
		o->force = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to this file instead of standard output", 0 },
	{ "force", 'f', NULL, 0, "Overwrite the file of --output if it exists", 0 },
	{ 0 },
};

const struct argp output_file_argp = { .options = options, .parser = parse };

bool output_file_free(const struct output_file *o)
{
	return !o->path || new_file_free(o->path, o->force, "use --force to overwrite it");
}

bool output_file_write(const struct output_file *o, const char *at, size_t size)
{
	if (!o->path)
		return output_write(at, size);
	return output_file_free(o) && new_file_write(o->path, at, size, 0644, o->force);
}
