/* SPDX-License-Identifier: MIT */
#include "input/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/message.h"
#include "output/progress.h"

/* A thread is worth its while for so many jobs; there are not more than so many. */
#define JOBS_MIN    16
#define THREADS_MAX 64

/* Results that may wait to be taken, for each thread. */
#define WINDOW 32

enum state { SLOT_FREE, SLOT_BUSY, SLOT_DONE };

struct slot {
	enum state state;
	struct message_caught caught;
	void *at;
};

/* Jobs are given out in order, and at most window of them before the next that is taken. */
struct run {
	const struct crew *crew;
	size_t window;
	struct slot *slot; /* of job n: slot[n % window] */
	pthread_mutex_t lock;
	pthread_cond_t done;  /* the next result to take is there */
	pthread_cond_t space; /* another job may begin, or it is over */
	size_t next, taken;
	bool over;
};

static size_t threads_for(size_t jobs)
{
	cpu_set_t set;
	size_t count = 1;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		count = (size_t)CPU_COUNT(&set);
	count = count < THREADS_MAX ? count : THREADS_MAX;
	return count < jobs / JOBS_MIN ? count : jobs / JOBS_MIN;
}

static bool run_alone(const struct crew *c)
{
	void *room = allocate(c->room_size), *slot = allocate(c->slot_size);
	bool ok = true;

	for (size_t i = 0; ok && i < c->count; i++) {
		memset(slot, 0, c->slot_size);
		c->work(c->ctx, room, i, slot);
		ok = c->take(c->ctx, i, slot);
		progress_step();
	}
	free(room);
	free(slot);
	return ok;
}

static bool may_begin(const struct run *r)
{
	return !r->over && r->next < r->crew->count && r->next < r->taken + r->window;
}

/* Does the next job.  The lock is held before and after. */
static void work(struct run *r, void *room)
{
	const size_t job = r->next++;
	struct slot *slot = &r->slot[job % r->window];

	slot->state = SLOT_BUSY;
	pthread_mutex_unlock(&r->lock);
	memset(slot->at, 0, r->crew->slot_size);
	message_catch(&slot->caught);
	r->crew->work(r->crew->ctx, room, job, slot->at);
	message_catch(NULL);
	pthread_mutex_lock(&r->lock);
	slot->state = SLOT_DONE;
	if (job == r->taken)
		pthread_cond_signal(&r->done);
}

static void *work_all(void *of)
{
	struct run *r = of;
	void *room = allocate(r->crew->room_size);

	pthread_mutex_lock(&r->lock);
	while (!r->over && r->next < r->crew->count) {
		if (may_begin(r))
			work(r, room);
		else
			pthread_cond_wait(&r->space, &r->lock);
	}
	pthread_mutex_unlock(&r->lock);
	free(room);
	return NULL;
}

/* Takes the next result.  The lock is held before and after. */
static bool take(struct run *r)
{
	struct slot *slot = &r->slot[r->taken % r->window];

	pthread_mutex_unlock(&r->lock);
	message_release(&slot->caught);
	const bool ok = r->crew->take(r->crew->ctx, r->taken, slot->at);
	progress_step();
	pthread_mutex_lock(&r->lock);
	slot->state = SLOT_FREE;
	r->taken++;
	pthread_cond_signal(&r->space);
	return ok;
}

/* The caller's thread takes what is done, and works while nothing is. */
static bool take_all(struct run *r)
{
	void *room = allocate(r->crew->room_size);
	bool ok = true;

	pthread_mutex_lock(&r->lock);
	while (ok && r->taken < r->crew->count) {
		if (r->slot[r->taken % r->window].state == SLOT_DONE)
			ok = take(r);
		else if (may_begin(r))
			work(r, room);
		else
			pthread_cond_wait(&r->done, &r->lock);
	}
	r->over = true;
	pthread_cond_broadcast(&r->space);
	pthread_mutex_unlock(&r->lock);
	free(room);
	return ok;
}

static void drop_rest(struct run *r)
{
	for (size_t i = 0; i < r->window; i++) {
		struct slot *slot = &r->slot[i];

		if (slot->state == SLOT_DONE && r->crew->drop)
			r->crew->drop(slot->at);
		message_drop(&slot->caught);
		free(slot->at);
	}
	free(r->slot);
}

static bool run_together(const struct crew *c, size_t threads)
{
	pthread_t thread[THREADS_MAX];
	struct run r = { .crew = c,
		         .window = WINDOW * threads,
		         .lock = PTHREAD_MUTEX_INITIALIZER,
		         .done = PTHREAD_COND_INITIALIZER,
		         .space = PTHREAD_COND_INITIALIZER };
	size_t started = 0;

	r.slot = allocate(r.window * sizeof(*r.slot));
	for (size_t i = 0; i < r.window; i++)
		r.slot[i].at = allocate(c->slot_size);
	/* With fewer threads than wanted, or none but this one, it takes longer. */
	while (started + 1 < threads && pthread_create(&thread[started], NULL, work_all, &r) == 0)
		started++;
	const bool ok = take_all(&r);
	for (size_t i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	drop_rest(&r);
	return ok;
}

bool crew_run(const struct crew *c)
{
	const size_t threads = threads_for(c->count);

	progress_start(c->verb, c->count);
	message_sum_start();
	const bool ok = threads < 2 ? run_alone(c) : run_together(c, threads);
	progress_end();
	message_sum_end();
	return ok;
}
