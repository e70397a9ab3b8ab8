/* SPDX-License-Identifier: MIT */
/*
 * posed - runs the probe's own code, from efi_main on, under a posed firmware.
 *
 * posed FOLDER list: the names of the scenarios; odd: of those that are odd in themselves.
 * posed FOLDER well NAME OUT: a visit in which all goes well; writes the files of its stick to OUT.
 * posed FOLDER faults NAME: fails every call of that visit in turn, once and for good, by one of
 * its errors after the other; of the console's calls some.  all: by each of them. posed FOLDER
 * hangs NAME: every call in turn does not return. FOLDER has stick.key, stick.pub, ca.pem,
 * board.bin, recorded0.txt and recorded1.txt.
 */
#include "check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX     5
#define CONSOLE_EVERY 31
#define ON_EVERY      8
#define CALLS_MAX     65536

/* A visit takes some milliseconds; this one is in a loop. */
#define VISIT_SECONDS 60

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static const struct scenario *scenario;
static struct posed_fault fault;
static size_t tried, failed;

static const char *how(enum posed_how h)
{
	static const char *const names[] = {
		[POSED_WELL] = "goes well",
		[POSED_FAILS] = "fails",
		[POSED_FAILS_ON] = "fails from then on",
		[POSED_HANGS] = "hangs",
		[POSED_HALF] = "writes half",
		[POSED_HALF_FULL] = "writes half and is full",
		[POSED_FLIPS] = "reads another byte",
	};
	return names[h];
}

static void say_where(void)
{
	const char *service =
		fault.call < posed_calls() ? posed_services[posed_called(fault.call)].name : "?";

	printf("%s: call %zu, %s, %s (%llu)\n", scenario ? scenario->name : "?", fault.call,
	       service, how(fault.how), (unsigned long long)(fault.status & 0xffff));
	fflush(stdout);
}

static void on_alarm(int number)
{
	(void)number;
	say_where();
	printf("the visit does not end\n");
	fflush(stdout);
	_exit(1);
}

/* Returns false if the visit did something wrong, and says so. */
static bool visit(const struct posed_fault *f)
{
	const char *what;

	alarm(VISIT_SECONDS);
	scenario_visit(scenario, f);
	what = check_visit(scenario, f);
	tried++;
	if (!what)
		return true;
	if (failed++ < SHOWN_MAX) {
		say_where();
		printf("  %s\n", what);
		if (getenv("POSED_SHOW"))
			printf("%s\n", posed_console);
	}
	return false;
}

static void try(size_t call, enum posed_how h, EFI_STATUS status)
{
	fault = (struct posed_fault){ h, call, status };
	visit(&fault);
}

/*
 * Whether a call of the console is tried: nobody can do anything if it fails, so some of them are
 * enough.
 */
static bool is_tried(size_t call, const struct posed_service_row *service)
{
	return service->kind != 'C' || call % CONSOLE_EVERY == 0;
}

static void fail_call(size_t call, enum posed_service service, bool all)
{
	const EFI_STATUS *error = posed_services[service].error;
	size_t errors = 0;

	while (errors < POSED_ERRORS && error[errors])
		errors++;
	for (size_t i = 0; i < errors; i++) {
		if (all || i == call % errors)
			try(call, POSED_FAILS, error[i]);
		if (all || (call % ON_EVERY == 0 && i == call / ON_EVERY % errors))
			try(call, POSED_FAILS_ON, error[i]);
	}
	if (service == SERVICE_Write || service == SERVICE_HttpResponse)
		try(call, POSED_HALF, 0);
	if (service == SERVICE_Write)
		try(call, POSED_HALF_FULL, 0);
	if (service == SERVICE_Read)
		try(call, POSED_FLIPS, 0);
}

/*
 * Services that an alarm must watch: drivers of sticks, cards and TPMs, other processors.  The
 * others are the firmware's own tables, memory and console, through which an alarm itself speaks.
 */
static bool is_watched(enum posed_service service)
{
	static const enum posed_service watched[] = {
		SERVICE_ConnectController,
		SERVICE_DisconnectController,
		SERVICE_StartupAllAPs,
		SERVICE_StartupThisAP,
		SERVICE_ExportPackageLists,
		SERVICE_ExtractConfig,
		SERVICE_GetCapability,
		SERVICE_GetEventLog,
		SERVICE_SubmitCommand,
		SERVICE_ReadKeyStroke,
		SERVICE_PciRead,
	};

	for (size_t i = 0; i < COUNT(watched); i++)
		if (watched[i] == service)
			return true;
	return posed_services[service].kind == 'F' || posed_services[service].kind == 'N';
}

static void hang_call(size_t call, enum posed_service service, bool last)
{
	try(call, POSED_HANGS, 0);
	if (posed_ended != END_HANGS || check_said("THE FIRMWARE HANGS") || !is_watched(service) ||
	    last)
		return;
	say_where();
	printf("  nobody says that the firmware hangs\n");
	failed++;
}

/* The calls of a visit in which all goes well.  Returns how many they are. */
static size_t list_calls(uint8_t services[static CALLS_MAX], size_t *ret_last_close)
{
	const size_t calls = (scenario_visit(scenario, NULL), posed_calls());

	for (size_t i = 0; i < calls && i < CALLS_MAX; i++) {
		services[i] = (uint8_t)posed_called(i);
		if (services[i] == SERVICE_Close)
			*ret_last_close = i;
	}
	return calls;
}

static int run_faults(bool hangs, bool all)
{
	static uint8_t services[CALLS_MAX];
	size_t last_close = 0;
	bool keyed = false;
	const size_t calls = list_calls(services, &last_close);

	for (size_t i = 0; i < calls; i++) {
		const enum posed_service service = (enum posed_service)services[i];

		if (service == SERVICE_ReadKeyStroke)
			keyed = true;
		if (!all &&
		    (!is_tried(i, &posed_services[service]) || (scenario->keys[0] && !keyed)))
			continue;
		/* The stick is closed when all is done: nobody is told if that hangs. */
		if (hangs)
			hang_call(i, service, i == last_close);
		else
			fail_call(i, service, all);
	}
	printf("%s: %zu calls, %zu visits, %zu wrong\n", scenario->name, calls, tried, failed);
	return failed > 0;
}

/* Writes a volume's files below reports, and those that a server has. */
static void dump(const struct posed_volume *v, const char *out)
{
	for (size_t i = 0; i < POSED_FILES; i++) {
		const struct posed_file *f = &v->file[i];
		const char *name =
			strrchr(f->path, '\\') ? strrchr(f->path, '\\') : strrchr(f->path, '/');
		char path[512];
		FILE *file;

		/* Scenarios put there what is no report, with these words. */
		if (!name || f->directory || !strstr(f->path, ".txt") ||
		    (f->size == 10 && memcmp(f->data, "no report\n", 10) == 0) ||
		    !(strstr(f->path, "reports") || strstr(f->path, "/new/")))
			continue;
		snprintf(path, sizeof(path), "%s/%s", out, name + 1);
		file = fopen(path, "wb");
		if (!file || fwrite(f->data, 1, f->size, file) != f->size || fclose(file) != 0)
			exit(2);
	}
}

static int run_well(const char *out)
{
	bool ok = visit(NULL);

	printf("%s\n", posed_console);
	if (!check_said(scenario->says)) {
		printf("it does not say: %s\n", scenario->says);
		ok = false;
	}
	for (const char *const *has = scenario->has; has && *has; has++) {
		if (check_has(*has))
			continue;
		printf("no report has: %s\n", *has);
		ok = false;
	}
	dump(&stick, out);
	dump(&other, out);
	dump(&posed_server, out);
	return !ok;
}

static bool load(const char *folder)
{
	char path[512];

	for (unsigned i = 0; i < POSED_RECORDED; i++) {
		snprintf(path, sizeof(path), "%s/recorded%u.txt", folder, i);
		if (!posed_processor_load(i, path))
			return false;
	}
	snprintf(path, sizeof(path), "%s/board.bin", folder);
	return posed_setup_load(path) && scenario_load(folder) && check_load(folder);
}

static int list(const struct scenario *of, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s\n", of[i].name);
	return 0;
}

static const struct scenario *find(const struct scenario *of, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(of[i].name, name) == 0)
			return &of[i];
	return NULL;
}

int main(int argc, char **argv)
{
	signal(SIGALRM, on_alarm);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(say_where);
	if (argc < 3 || !load(argv[1])) {
		fprintf(stderr,
		        "usage: posed FOLDER list|odd|well|faults|all|hangs [NAME [OUT]]\n");
		return 2;
	}
	if (strcmp(argv[2], "list") == 0)
		return list(scenarios, scenario_count);
	if (strcmp(argv[2], "odd") == 0)
		return list(odd, odd_count);
	if (argc > 3)
		scenario = find(scenarios, scenario_count, argv[3]);
	if (argc > 3 && !scenario)
		scenario = find(odd, odd_count, argv[3]);
	if (!scenario)
		return 2;
	return strcmp(argv[2], "well") == 0 && argc > 4
	               ? run_well(argv[4])
	               : run_faults(strcmp(argv[2], "hangs") == 0, strcmp(argv[2], "all") == 0);
}
