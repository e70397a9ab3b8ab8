/* SPDX-License-Identifier: MIT */
#include "input/inputs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "input/formats.h"
#include "tpm/attest_text.h"
#include "input/file.h"
#include "table/vmware.h"

/* So many folders in each other are walked. */
#define FOLDERS_DEEP 8

/* Options without a letter. */
enum { OPTION_POOL = 0x100, OPTION_STRICT };

static bool add_file(struct trust *trust, const char *path)
{
	static const struct where nowhere;
	struct bytes b;

	if (!file_read(path, SEAL_TEXT_MAX, &b))
		return false;
	trust->key = allocate_lasting(trust->key, trust->count, sizeof(*trust->key));
	const enum err err = seal_public_read(&trust->key[trust->count], b.at, b.size);
	free(b.at);
	if (err != ERR_NONE) {
		trouble_at(path, err, &nowhere);
		return false;
	}
	trust->count++;
	return true;
}

/* Adds all files of a folder that end in .pub. */
static bool add_folder(struct trust *trust, const char *path)
{
	DIR *folder = opendir(path);
	bool ok = true;

	if (!folder) {
		trouble_errno(path, "cannot be opened");
		return false;
	}
	for (const struct dirent *e; ok && (e = readdir(folder));) {
		const size_t size = strlen(e->d_name);
		if (size < 4 || strcmp(e->d_name + size - 4, ".pub") != 0)
			continue;
		char *file = path_join(path, e->d_name);
		ok = add_file(trust, file);
		free(file);
	}
	closedir(folder);
	return ok;
}

static void add_keys(struct trust *trust, const char *path)
{
	if (!(path_is_folder(path) ? add_folder : add_file)(trust, path))
		exit(EXIT_TROUBLE);
}

bool inputs_pool_name(const char *path)
{
	static const char end[] = ".pool";
	const size_t size = strlen(path);

	return size > sizeof(end) - 1 && strcmp(path + size - (sizeof(end) - 1), end) == 0;
}

bool inputs_is_pool(const char *path, const struct trust *trust)
{
	for (size_t i = 0; i < trust->pools; i++)
		if (strcmp(trust->pool[i], path) == 0)
			return true;
	return inputs_pool_name(path) ||
	       (strcmp(path, "-") == 0 && file_standard_begins(POOL_MAGIC));
}

static error_t parse_trust(int key, char *arg, struct argp_state *state)
{
	struct trust *trust = state->input;

	switch (key) {
	case 'k':
		add_keys(trust, arg);
		return 0;
	case 'u':
		trust->unsigned_too = true;
		return 0;
	case ARGP_KEY_END:
		arg = getenv("CPULEVEL_KEY");
		if (trust->count == 0 && arg && *arg)
			add_keys(trust, arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

bool inputs_is_beside(const char *path)
{
	return has_end(path, ".minisig") || has_end(path, ".txt" ATTEST_ENDING);
}

bool inputs_leave_out(struct inputs *in, const char *path)
{
	in->left_out = allocate_lasting(in->left_out, in->left_outs, sizeof(*in->left_out));
	struct pool_name *name = &in->left_out[in->left_outs++];
	snprintf(name->name, sizeof(name->name), "%s", base_name(path));
	if (in->strict && in->count > 1)
		trouble(path, "stopped at this file (--strict)");
	return !in->strict;
}

bool inputs_any_used(const struct inputs *in)
{
	char message[64];

	if (in->left_outs < (size_t)in->count)
		return true;
	snprintf(message, sizeof(message), "none of %d files can be used", in->count);
	if (in->count > 1)
		trouble("nothing done", message);
	return false;
}

int inputs_exit(const struct inputs *in, int code)
{
	return in->left_outs ? EXIT_TROUBLE : code;
}

static void add_input(struct inputs *in, const char *path)
{
	for (int i = 0; i < in->count && strcmp(path, "-") == 0; i++)
		if (strcmp(in->file[i], path) == 0) {
			trouble(path, "standard input can be read only once");
			exit(EXIT_TROUBLE);
		}
	char *copy = allocate(strlen(path) + 1);

	strcpy(copy, path);
	in->file = allocate_lasting(in->file, (size_t)in->count, sizeof(*in->file));
	in->file[in->count++] = copy;
}

bool inputs_report_name(const char *name)
{
	return *name != '.' && has_end(name, ".txt");
}

/* True for a folder that is one dump, where dumps are read. */
static bool is_dump(const struct inputs *in, const char *path)
{
	return (in->foreign || in->trust.unsigned_too) && format_is_folder(path);
}

static bool is_wanted(const struct inputs *in, const char *name)
{
	return in->foreign ? *name != '.' && !inputs_is_beside(name) : inputs_report_name(name);
}

/* Somebody else may have put a pipe into a folder, and nobody would ever write to it. */
static void check_found(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		trouble(path, "not a regular file; in a folder only those are read");
		exit(EXIT_TROUBLE);
	}
}

/*
 * Adds a file, or the wanted ones in a folder and in folders in it.  Links to folders are not
 * followed, so that there are no loops.
 */
static void add_path(struct inputs *in, const char *path, unsigned deep)
{
	struct dirent **entry;
	struct stat st;

	if (!path_is_folder(path) || is_dump(in, path)) {
		add_input(in, path);
		return;
	}
	const int count = scandir(path, &entry, NULL, alphasort);
	if (count < 0 || deep == 0) {
		trouble(path, deep ? "cannot be opened" : "too many folders in folders (limit: 8)");
		exit(EXIT_TROUBLE);
	}
	const int before = in->count;
	for (int i = 0; i < count; i++) {
		const char *name = entry[i]->d_name;
		char *file = path_join(path, name);
		const bool folder = entry[i]->d_type == DT_UNKNOWN
		                            ? lstat(file, &st) == 0 && S_ISDIR(st.st_mode)
		                            : entry[i]->d_type == DT_DIR;
		if (folder && *name != '.') {
			add_path(in, file, deep - 1);
		} else if (!folder && is_wanted(in, name)) {
			check_found(file);
			add_input(in, file);
		}
		free(file);
		free(entry[i]);
	}
	free(entry);
	if (in->count == before && deep == FOLDERS_DEEP) {
		trouble(path, in->foreign ? "no files in this folder"
		                          : "no reports in this folder: none of its files ends in "
		                            ".txt");
		exit(EXIT_TROUBLE);
	}
}

void inputs_add(struct inputs *in, const char *path)
{
	add_path(in, path, FOLDERS_DEEP);
}

static void add_pool_name(struct trust *trust, const char *path)
{
	trust->pool = allocate_lasting(trust->pool, trust->pools, sizeof(*trust->pool));
	trust->pool[trust->pools++] = path;
}

void inputs_operands(const struct argp_state *state)
{
	for (int i = state->next; i < state->argc && !state->quoted; i++) {
		const char *arg = state->argv[i];
		char name[PRINTABLE_MAX];

		if (arg[0] == '-' && arg[1])
			arguments_wrong(state,
			                "%s: options must come before files; for a file of this "
			                "name, write ./%s",
			                printable(name, sizeof(name), arg), name);
	}
}

/* Ends the program if there are too few files, or several where one makes sense. */
static void check_count(const struct inputs *in, const struct argp_state *state)
{
	char first[PRINTABLE_MAX], second[PRINTABLE_MAX];

	if (in->count < in->min)
		arguments_missing(state, in->count ? "another file" : "a file");
	if (in->count > in->max)
		arguments_wrong(state, "%s file%s at a time, not %d: %s, %s%s",
		                in->max == 1 ? "one" : "two", in->max == 1 ? "" : "s", in->count,
		                printable(first, sizeof(first), in->file[0]),
		                printable(second, sizeof(second), in->file[1]),
		                in->count > 2 ? ", ..." : "");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct inputs *in = state->input;
	struct trust *trust = &in->trust;

	switch (key) {
	case OPTION_POOL:
		add_pool_name(trust, arg);
		add_input(in, arg);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = trust;
		state->child_inputs[1] = in;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		for (int i = state->next; i < state->argc; i++)
			if (!inputs_is_beside(state->argv[i]) || state->argc - state->next == 1)
				inputs_add(in, state->argv[i]);
		return 0;
	case ARGP_KEY_END:
		check_count(in, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option trust_options[] = {
	{ "key", 'k', "FILE", 0,
	  "Trust reports and pools sealed with this public key. A folder means all *.pub files in "
	  "it. Can be repeated. Default: the file or folder in CPULEVEL_KEY",
	  0 },
	{ "unsigned", 'u', NULL, 0, "Accept files without a good seal too, and say so", 0 },
	{ 0 },
};

static error_t parse_strict(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != OPTION_STRICT)
		return ARGP_ERR_UNKNOWN;
	((struct inputs *)state->input)->strict = true;
	return 0;
}

static const struct argp_option strict_options[] = {
	{ "strict", OPTION_STRICT, NULL, 0,
	  "Stop at the first file that cannot be used. Without it, such files are named and left "
	  "out, the others are used, and the exit status is 2",
	  0 },
	{ 0 },
};

static const struct argp_option pool_options[] = {
	{ "pool", OPTION_POOL, "FILE", 0,
	  "Read this file as a pool, though its name does not end in .pool. Can be repeated", 0 },
	{ 0 },
};

const struct argp inputs_trust_argp = { .options = trust_options, .parser = parse_trust };

const struct argp_child inputs_trust_children[2] = { { &inputs_trust_argp, 0, NULL, 0 } };

const struct argp inputs_strict_argp = { .options = strict_options, .parser = parse_strict };

static const struct argp_child both_children[] = {
	{ &inputs_trust_argp, 0, NULL, 0 },
	{ &inputs_strict_argp, 0, NULL, 0 },
	{ 0 },
};

const struct argp inputs_argp = { .parser = parse, .children = both_children };

const struct argp inputs_pool_argp = {
	.options = pool_options,
	.parser = parse,
	.children = both_children,
};

const struct argp_child inputs_children[2] = { { &inputs_argp, 0, NULL, 0 } };

const struct argp_child inputs_pool_children[2] = { { &inputs_pool_argp, 0, NULL, 0 } };

unsigned inputs_number(const char *arg, unsigned min, unsigned max, const char *option,
                       const struct argp_state *state)
{
	char *end;
	const unsigned long number = strtoul(arg, &end, 10);

	if (*arg < '0' || *arg > '9' || *end || number < min || number > max)
		arguments_wrong(state, "%s: expected a number from %u to %u", option, min, max);
	return (unsigned)number;
}

unsigned inputs_hw(const char *arg, const struct argp_state *state)
{
	char *end, list[VMWARE_HW_COUNT * 4 + 1] = "";
	const unsigned long number = strtoul(arg, &end, 10);

	for (size_t i = 0; i < VMWARE_HW_COUNT; i++) {
		const size_t used = strlen(list);

		if (*arg >= '0' && *arg <= '9' && !*end && number == vmware_hw_versions[i])
			return vmware_hw_versions[i];
		snprintf(list + used, sizeof(list) - used, "%s%u", i ? ", " : "",
		         vmware_hw_versions[i]);
	}
	arguments_wrong(state, "--hw-version: unknown version; known versions: %s", list);
	return 0;
}
