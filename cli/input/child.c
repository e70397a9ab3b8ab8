/* SPDX-License-Identifier: MIT */
#include "input/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

/* What a shell returns for a program that is not there. */
#define NOT_FOUND 127

/* A program that runs. */
struct child {
	pid_t pid;
	int out;      /* what it writes */
	FILE *errors; /* what it writes to standard error */
};

/* In the child: becomes the program. */
static _Noreturn void become(char *argv[], char *environment[], int fd, int out, int errors)
{
	const int null = open("/dev/null", O_RDONLY);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(errors, STDERR_FILENO) >= 0 && (fd < 0 || fcntl(fd, F_SETFD, 0) == 0))
		execvpe(argv[0], argv, environment);
	_exit(errno == ENOENT ? NOT_FOUND : EXIT_TROUBLE);
}

static bool start(struct child *c, char *argv[], char *environment[], int fd)
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
		become(argv, environment, fd, ends[1], fileno(c->errors));
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

/* Waits for a program's end. */
static enum child_end finish(struct child *c, char *error, size_t size)
{
	char line[PRINTABLE_MAX];
	int status = 0;

	close(c->out);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	first_error(c, line, sizeof(line));
	fclose(c->errors);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return CHILD_DONE;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return CHILD_ABSENT;
	printable(error, size, *line ? line : "it failed");
	return CHILD_FAILED;
}

enum child_end child_run(char *argv[], char *environment[], int fd, const char *path, size_t max,
                         struct bytes *ret, char *error, size_t size)
{
	struct child c;

	*error = '\0';
	if (!start(&c, argv, environment, fd))
		return CHILD_TOLD;
	const bool ok = file_read_from(c.out, path, max, ret);
	if (!ok)
		kill(c.pid, SIGKILL);
	const enum child_end end = finish(&c, error, size);
	if (ok) {
		if (end != CHILD_DONE)
			free(ret->at);
		return end;
	}
	*error = '\0';
	return CHILD_TOLD;
}
