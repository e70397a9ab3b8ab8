/* SPDX-License-Identifier: MIT */
#include "input/stick_image.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "input/file.h"

#define SELF    "/proc/self/exe"
#define PROBE   "BOOTX64.EFI"
#define PROBE32 "BOOTIA32.EFI"

#define NOT_INSTALLED                                                                     \
	"not installed (package cpulevel-stick; in the source tree: make image, or make " \
	"install-stick)"

enum { OPTION_EFI = 0x190 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct stick_image *image = state->input;

	switch (key) {
	case OPTION_EFI:
		image->efi = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &image->files;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "efi", OPTION_EFI, "FOLDER", 0,
	  "The folder of BOOTX64.EFI and, if it is there, BOOTIA32.EFI: others than those "
	  "installed, such as ones that you have signed",
	  0 },
	{ 0 },
};

static const struct argp_child children[] = { { &stick_files_argp, 0, NULL, 0 }, { 0 } };

const struct argp stick_image_argp = { .options = options, .parser = parse, .children = children };

/* Returns the path of what is installed with this program, bin/cpulevel; from malloc. */
static char *installed(const char *program, const char *name)
{
	size_t parts = 0, size = strlen(program);
	char *prefix = allocate(size + 1);

	memcpy(prefix, program, size);
	while (size > 1 && parts < 2)
		parts += prefix[--size] == '/';
	prefix[size] = '\0';
	char *path = path_join(prefix, name);
	free(prefix);
	return path;
}

/* Returns true if there is such a file; otherwise says what to do. */
static bool there(const char *path, const char *advice)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return true;
	trouble(path, advice);
	return false;
}

/* Runs a program on this one's terminal.  A ^C is for the program, which then cleans up. */
static bool run(char *argv[])
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction interrupt, quit;
	posix_spawnattr_t attributes;
	sigset_t both;
	int status = -1;
	pid_t pid;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGQUIT);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &both);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	errno = posix_spawn(&pid, argv[0], NULL, &attributes, argv, environ);
	if (errno)
		trouble_errno(argv[0], "cannot be started");
	else
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	posix_spawnattr_destroy(&attributes);
	return status == 0;
}

/* Runs the script with the options of its own. */
static bool make(const struct stick_image *image, char *script, const char *self, const char *mbr,
                 const char *folder, const char *out)
{
	const struct stick_files *f = &image->files;
	char sector[16];
	const char *const given[][2] = {
		{ "-k", f->secret }, { "-c", f->conf }, { "-g", f->golden }, { "-a", f->ca },
		{ "-t", self },      { "-m", mbr },     { "-o", out },
	};
	char *program = path_join(folder, PROBE), *program32 = path_join(folder, PROBE32);
	const char *argv[24] = { script };
	size_t count = 1;

	snprintf(sector, sizeof(sector), "-s%u", image->sector);
	argv[count++] = image->cd ? "-i" : sector;
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		if (!given[i][1])
			continue;
		argv[count++] = given[i][0];
		argv[count++] = given[i][1];
	}
	argv[count++] = "--";
	argv[count++] = program;
	if (access(program32, F_OK) == 0)
		argv[count] = program32;
	const bool ok = run((char **)argv);
	free(program);
	free(program32);
	return ok;
}

bool stick_image_make(const struct stick_image *image, const char *out)
{
	char *self = realpath(SELF, NULL);

	if (!self) {
		trouble_errno(SELF, "cannot be read");
		return false;
	}
	char *script = installed(self, "libexec/cpulevel/image"),
	     *own = installed(self, "share/cpulevel"), *mbr = path_join(own, "mbr.bin");
	const char *folder = image->efi ? image->efi : own;
	char *program = path_join(folder, PROBE);
	const bool ok =
		there(script, NOT_INSTALLED) && there(mbr, NOT_INSTALLED) &&
		there(program, image->efi ? "no such file; the folder of --efi has the probe"
	                                  : NOT_INSTALLED) &&
		make(image, script, self, mbr, folder, out);
	free(program);
	free(mbr);
	free(own);
	free(script);
	free(self);
	return ok;
}
