/* SPDX-License-Identifier: MIT */
#include "input/formats.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "input/esxcli.h"
#include "report/cpuid_r.h"
#include "report/vmx_host.h"

/* Reads a text with a reader of common/. */
typedef enum err read_text(struct report *r, const char *text, size_t size,
                           struct where *reterr_where);

static bool read_with(read_text *read, struct report *r, const char *path, const struct bytes *b)
{
	struct where where;
	const enum err err = read(r, b->at, b->size, &where);

	if (err != ERR_NONE)
		trouble_at(path, err, &where);
	return err == ERR_NONE;
}

static bool read_cpuid_r(struct report *r, const char *path, struct bytes *b)
{
	return read_with(cpuid_r_read, r, path, b);
}

static bool read_vmx(struct report *r, const char *path, struct bytes *b)
{
	return read_with(vmx_host_read, r, path, b);
}

static bool is_cpuid_r(const struct bytes *b)
{
	return cpuid_r_is(b->at, b->size);
}

static bool is_vmx(const struct bytes *b)
{
	return vmx_host_is(b->at, b->size);
}

static bool is_console(const struct bytes *b)
{
	return memmem(b->at, b->size, "|BEGIN cpulevel", 15) != NULL ||
	       memmem(b->at, b->size, "|END cpulevel", 13) != NULL;
}

const struct format formats[FORMATS] = {
	/* A dump of 4096 processors with 200 leaves each is 70 MiB. */
	{ "cpuid-r", "cpuid -r", 0x8000000, is_cpuid_r, read_cpuid_r },
	{ "console", NULL, 0x4000000, is_console, NULL },
	{ "vmx", "VMware .vmx", 0x1000000, is_vmx, read_vmx },
	/* 512 leaves with much white space; parsed JSON takes many times its size. */
	{ "esxcli", "esxcli", 0x100000, esxcli_is, esxcli_read },
};

const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const struct format *format_of(const struct bytes *b)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i].is(b))
			return &formats[i];
	return NULL;
}

const char *format_names(void)
{
	static char names[FORMATS * 16];

	if (!*names)
		for (size_t i = 0; i < FORMATS; i++) {
			strcat(names, i ? ", " : "");
			strcat(names, formats[i].name);
		}
	return names;
}

bool format_read(const struct format *f, struct report *r, const char *path, struct bytes *b)
{
	if (b->size > f->max) {
		char message[96];

		snprintf(message, sizeof(message), "too long for the format %s (limit: %zu bytes)",
		         f->name, f->max);
		trouble(path, message);
		return false;
	}
	if (!f->read(r, path, b))
		return false;
	report_set(r, FIELD_PROGRAM, PROGRAM);
	report_set(r, FIELD_ORIGIN, f->origin);
	report_set(r, FIELD_SOURCE, base_name(path));
	return true;
}
