/* SPDX-License-Identifier: MIT */
/*
 * memory.c - for LD_PRELOAD: an allocation fails.
 *
 * A place is where the program, libjansson or libexpat calls for memory; places are counted from 1
 * as they are first used.  FAULTS_MEMORY is the number of the place that fails each time; 0: none
 * does.  FAULTS_PLACES is a file that gets how many there were.  What else the C library needs, and
 * what other libraries do, has memory.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACES_MAX 4096

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);

#define CODES_MAX 4

static struct code {
	const char *at;
	size_t size;
} code[CODES_MAX];
static size_t code_count;
static const char *places[PLACES_MAX];
static size_t place_count, failing;
static bool ready;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* For dl_iterate_phdr: notes where the code is that may have no memory. */
static int note(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (*info->dlpi_name && !strstr(info->dlpi_name, "/libjansson.") &&
	    !strstr(info->dlpi_name, "/libexpat."))
		return 0;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && (p->p_flags & PF_X) && code_count < CODES_MAX)
			code[code_count++] =
				(struct code){ (const char *)info->dlpi_addr + p->p_vaddr,
				               p->p_memsz };
	}
	return 0;
}

__attribute__((constructor)) static void start(void)
{
	const char *number = getenv("FAULTS_MEMORY");

	if (!number || strcmp(program_invocation_short_name, "cpulevel") != 0)
		return;
	dl_iterate_phdr(note, NULL);
	failing = strtoul(number, NULL, 10);
	ready = true;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAULTS_PLACES");

	if (!code_count || !path)
		return;
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0 || dprintf(fd, "%zu\n", place_count) < 0 || close(fd) != 0)
		abort();
}

static bool is_place(const char *at)
{
	for (size_t i = 0; i < code_count; i++)
		if (at >= code[i].at && at < code[i].at + code[i].size)
			return true;
	return false;
}

/* What writes the counts of gcov is in the program too, and has memory. */
static void stop(void)
{
	ready = false;
}

/* True if an allocation at this place is to fail. */
static bool fails(const char *place)
{
	static bool used;
	size_t i;

	if (!ready || !is_place(place))
		return false;
	pthread_mutex_lock(&lock);
	/* Registered in main, it runs before the program's destructors. */
	if (!used)
		atexit(stop);
	used = true;
	for (i = 0; i < place_count && places[i] != place; i++)
		continue;
	if (i == PLACES_MAX)
		abort();
	if (i == place_count)
		places[place_count++] = place;
	pthread_mutex_unlock(&lock);
	if (i + 1 != failing)
		return false;
	errno = ENOMEM;
	return true;
}

#define FAILS() fails(__builtin_return_address(0))

void *malloc(size_t size)
{
	return FAILS() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return FAILS() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *at, size_t size)
{
	return FAILS() ? NULL : __libc_realloc(at, size);
}

FILE *open_memstream(char **text, size_t *size)
{
	return FAILS() ? NULL
	               : ((__typeof__(&open_memstream))dlsym(RTLD_NEXT, "open_memstream"))(text,
	                                                                                   size);
}

int fclose(FILE *stream)
{
	const bool fault = FAILS();
	const int result = ((__typeof__(&fclose))dlsym(RTLD_NEXT, "fclose"))(stream);

	return fault ? EOF : result;
}

/* Both names call this with the list of what they are given. */
#define PRINT(text, format)                                                    \
	do {                                                                   \
		va_list list;                                                  \
		va_start(list, format);                                        \
		const int size = FAILS() ? -1 : vasprintf(text, format, list); \
		va_end(list);                                                  \
		return size;                                                   \
	} while (0)

int asprintf(char **text, const char *format, ...)
{
	PRINT(text, format);
}

/* As the compiler calls it where FORTIFY_SOURCE is set. */
int __asprintf_chk(char **text, int flag, const char *format, ...)
{
	(void)flag;
	PRINT(text, format);
}

char *strdup(const char *text)
{
	const size_t size = strlen(text) + 1;
	char *copy = FAILS() ? NULL : __libc_malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}
