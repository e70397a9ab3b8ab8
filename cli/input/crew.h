/* SPDX-License-Identifier: MIT */
/*
 * crew.h - does jobs on all processors of this machine and takes their results in order.
 *
 * What a command prints is the same with any number of threads: messages of a job are kept until
 * its result is taken.
 */
#ifndef CREW_H
#define CREW_H

#include <stdbool.h>
#include <stddef.h>

/* The jobs 0 to count - 1. */
struct crew {
	const char *verb; /* for the bar on a terminal: "reading" */
	size_t count;
	size_t slot_size; /* of a result, in bytes; zeroed before the job */
	size_t room_size; /* of the memory that each thread has for itself; zeroed once */
	void *ctx;
	/* Does a job and sets its result, in any thread.  Must change nothing else. */
	void (*work)(const void *ctx, void *room, size_t job, void *slot);
	/* Takes a result and frees it, in the caller's thread.  Returns false to stop. */
	bool (*take)(void *ctx, size_t job, void *slot);
	/* Frees a result that is not taken, because another one was the last. */
	void (*drop)(void *slot);
};

/* Does all jobs.  Returns false if one was the last before the end. */
bool crew_run(const struct crew *crew);

#endif
