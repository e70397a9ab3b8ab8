/* SPDX-License-Identifier: MIT */
#include "output/progress.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define CELLS 30

/* Milliseconds before the bar is shown, and between two pictures of it. */
enum { PATIENCE = 1000, INTERVAL = 100 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	bool off, on, shown;
	const char *verb;
	size_t steps, done;
	int64_t start, next;
} bar;

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void hide(void)
{
	if (bar.shown)
		fputs("\r\033[K", stderr);
	bar.shown = false;
}

/* "reading [#####.....] 1204 of 4000, 3 s left" */
static void show(int64_t time)
{
	const size_t full = bar.done * CELLS / bar.steps;
	const int64_t left =
		(time - bar.start) * (int64_t)(bar.steps - bar.done) / (int64_t)bar.done / 1000;

	fprintf(stderr, "\r%s [", bar.verb);
	for (size_t i = 0; i < CELLS; i++)
		fputc(i < full ? '#' : '.', stderr);
	fprintf(stderr, "] %zu of %zu, %lld s left\033[K", bar.done, bar.steps, (long long)left);
	fflush(stderr);
	bar.shown = true;
}

void progress_off(void)
{
	bar.off = true;
}

void progress_beside_output(void)
{
	bar.off = bar.off || isatty(STDOUT_FILENO);
}

void progress_start(const char *verb, size_t steps)
{
	bar.on = !bar.off && steps > 1 && isatty(STDERR_FILENO);
	bar.verb = verb;
	bar.steps = steps;
	bar.done = 0;
	bar.start = now();
	bar.next = bar.start + PATIENCE;
}

void progress_step(void)
{
	if (!bar.on)
		return;
	pthread_mutex_lock(&lock);
	const int64_t time = now();
	bar.done += bar.done < bar.steps;
	if (time >= bar.next) {
		show(time);
		bar.next = time + INTERVAL;
	}
	pthread_mutex_unlock(&lock);
}

void progress_end(void)
{
	progress_hide();
	bar.on = false;
}

void progress_hide(void)
{
	if (!bar.on)
		return;
	pthread_mutex_lock(&lock);
	hide();
	pthread_mutex_unlock(&lock);
}
