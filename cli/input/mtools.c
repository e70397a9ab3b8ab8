/* SPDX-License-Identifier: MIT */
#include "input/mtools.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

/* Bytes; a folder of a FAT has at most 65536 entries. */
#define LIST_MAX 0x1000000

/* What a shell returns for a program that is not there. */
#define NOT_FOUND 127

/* A program that runs. */
struct child {
	pid_t pid;
	int out;      /* what it writes */
	FILE *errors; /* what it writes to standard error */
};

/* In the child: becomes the program. */
static _Noreturn void become(const struct fat *fat, char **argv, int out, int errors)
{
	/* MTOOLS_SKIP_CHECK: what formats sticks does not always count sectors as mtools does. */
	static char *const environment[] = { "LC_ALL=C", "MTOOLSRC=/dev/null",
		                             "MTOOLS_SKIP_CHECK=1", NULL };
	const int null = open("/dev/null", O_RDONLY);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(errors, STDERR_FILENO) >= 0 && fcntl(fat->fd, F_SETFD, 0) == 0)
		execvpe(argv[0], argv, environment);
	_exit(errno == ENOENT ? NOT_FOUND : EXIT_TROUBLE);
}

static bool start(struct child *c, const struct fat *fat, char **argv)
{
	int ends[2];

	c->errors = tmpfile();
	if (!c->errors || pipe2(ends, O_CLOEXEC) != 0) {
		trouble_errno(argv[0], "cannot be started");
		if (c->errors)
			fclose(c->errors);
		return false;
	}
	c->pid = fork();
	if (c->pid == 0)
		become(fat, argv, ends[1], fileno(c->errors));
	close(ends[1]);
	c->out = ends[0];
	if (c->pid > 0)
		return true;
	trouble_errno(argv[0], "cannot be started");
	close(c->out);
	fclose(c->errors);
	return false;
}

/* Sets line to the first line that a program wrote to standard error. */
static void first_error(const struct child *c, char *line, int size)
{
	rewind(c->errors);
	if (!fgets(line, size, c->errors))
		*line = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/*
 * Waits for a program's end.  Returns true if it succeeded; otherwise error is what it said, or
 * what happened to it.
 */
static bool finish(struct child *c, const char *program, char *error, size_t size)
{
	char line[PRINTABLE_MAX];
	int status = 0;

	close(c->out);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	first_error(c, line, sizeof(line));
	fclose(c->errors);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		snprintf(error, size,
		         "%s is not installed (package mtools); or mount the stick and "
		         "give its folder",
		         program);
	else
		printable(error, size, *line ? line : "it failed");
	return false;
}

/* Runs a program and reads what it writes.  Returns false with a message in error, "" if printed.
 */
static bool run(const struct fat *fat, char **argv, const char *path, size_t max, struct bytes *ret,
                char *error, size_t size)
{
	struct child c;

	*error = '\0';
	if (!start(&c, fat, argv))
		return false;
	const bool ok = file_read_from(c.out, path, max, ret);
	if (!ok)
		kill(c.pid, SIGKILL);
	if (finish(&c, argv[0], error, size) && ok)
		return true;
	if (ok)
		free(ret->at);
	else
		*error = '\0';
	return false;
}

/* The volume as an argument of mtools. */
static void volume(char *at, size_t size, const struct fat *fat)
{
	snprintf(at, size, "/dev/fd/%d@@%" PRIu64, fat->fd, fat->offset);
}

bool mtools_list(const struct fat *fat, const char *folder, struct bytes *ret, bool *ret_missing)
{
	char image[64], where[64], error[2 * PRINTABLE_MAX];
	char *argv[] = { "mdir", "-i", image, "-a", "-b", where, NULL };

	volume(image, sizeof(image), fat);
	snprintf(where, sizeof(where), "::/%s", folder);
	if (run(fat, argv, fat->path, LIST_MAX, ret, error, sizeof(error))) {
		*ret_missing = false;
		return true;
	}
	*ret_missing = strstr(error, "\" not found") != NULL;
	if (!*ret_missing && *error)
		trouble(fat->path, error);
	return false;
}

bool mtools_read(const struct fat *fat, const char *folder, const char *name, const char *path,
                 size_t max, struct bytes *ret)
{
	char image[64], file[PRINTABLE_MAX], error[2 * PRINTABLE_MAX];
	char *argv[] = { "mtype", "-i", image, file, NULL };

	volume(image, sizeof(image), fat);
	snprintf(file, sizeof(file), "::/%s/%s", folder, name);
	if (run(fat, argv, path, max, ret, error, sizeof(error)))
		return true;
	if (*error)
		trouble(path, error);
	return false;
}
