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
#include "input/new_files.h"

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

/* The script, while it runs; and whether a signal was to end this program meanwhile. */
static volatile sig_atomic_t running, stopped;

static void pass_on(int number)
{
	stopped = 1;
	kill((pid_t)running, number);
}

/* Starts a program on this one's terminal.  Returns 0 after a message. */
static pid_t start(char *argv[])
{
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid = 0;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	errno = posix_spawn(&pid, argv[0], NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	if (!errno)
		return pid;
	trouble_errno(argv[0], "cannot be started");
	return 0;
}

/*
 * Runs a program.  A signal that is to end this one is for the program, which then cleans up; this
 * one does after it.
 */
static bool run(char *argv[], const char *out)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	const struct sigaction pass = { .sa_handler = pass_on };
	struct sigaction before[sizeof(numbers) / sizeof(numbers[0])];
	sigset_t held, passed;
	int status = -1;

	signals_hold(&held);
	sigemptyset(&passed);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaddset(&passed, numbers[i]);
		sigaction(numbers[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(numbers[i], &pass, NULL);
	}
	running = start(argv);
	if (running) {
		sigprocmask(SIG_UNBLOCK, &passed, NULL);
		while (waitpid((pid_t)running, &status, 0) < 0 && errno == EINTR)
			continue;
		sigprocmask(SIG_BLOCK, &passed, NULL);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &before[i], NULL);
	signals_release(&held);
	if (stopped && status == 0)
		trouble(out, "interrupted");
	return status == 0 && !stopped;
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
	const bool ok = run((char **)argv, out);
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
