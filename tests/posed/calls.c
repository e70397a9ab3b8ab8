/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include <stdio.h>
#include <string.h>

/* No visit calls the firmware so often, but for one that never ends. */
#define CALLS_MAX 400000

const struct posed_service_row posed_services[SERVICES] = {
#define SERVICE(name, kind, ...) { #name, kind, { __VA_ARGS__ } },
#include "service.def"
#undef SERVICE
};

jmp_buf posed_exit;
enum posed_end posed_ended;

static struct posed_fault fault;
static uint8_t called[CALLS_MAX];
static size_t calls;
static enum posed_how now;
static char kind_gone;
static enum posed_service service_gone;
static char wrong[256];

void posed_calls_start(const struct posed_fault *f)
{
	fault = f ? *f : (struct posed_fault){ .how = POSED_WELL };
	calls = 0;
	kind_gone = '\0';
	service_gone = SERVICES;
	wrong[0] = '\0';
	posed_ended = END_NONE;
}

static bool is_gone(enum posed_service service)
{
	return service == service_gone || (kind_gone && posed_services[service].kind == kind_gone);
}

/* An error of its own: of those of the kind, only the first service is given the one posed. */
static EFI_STATUS gone(enum posed_service service)
{
	const EFI_STATUS *error = posed_services[service].error;

	for (size_t i = 0; i < POSED_ERRORS && error[i]; i++)
		if (error[i] == fault.status)
			return error[i];
	return error[0];
}

EFI_STATUS posed_call(enum posed_service service)
{
	if (calls == CALLS_MAX)
		posed_end(END_ENDLESS);
	const size_t call = calls++;

	called[call] = (uint8_t)service;
	now = POSED_WELL;
	if (is_gone(service))
		return gone(service);
	if (fault.how == POSED_WELL || call != fault.call)
		return EFI_SUCCESS;
	now = fault.how;
	if (now == POSED_HANGS)
		posed_hang();
	if (now == POSED_FAILS_ON) {
		service_gone = service;
		kind_gone = posed_services[service].kind;
		if (kind_gone == '-')
			kind_gone = '\0';
	}
	return now == POSED_FAILS || now == POSED_FAILS_ON ? fault.status : EFI_SUCCESS;
}

bool posed_does(enum posed_how how)
{
	return now == how;
}

size_t posed_calls(void)
{
	return calls;
}

enum posed_service posed_called(size_t call)
{
	return (enum posed_service)called[call];
}

_Noreturn void posed_end(enum posed_end end)
{
	posed_ended = end;
	longjmp(posed_exit, 1);
}

void posed_wrong(const char *words)
{
	if (!wrong[0])
		snprintf(wrong, sizeof(wrong), "%s", words);
}

const char *posed_what_is_wrong(void)
{
	return wrong[0] ? wrong : NULL;
}
