/* SPDX-License-Identifier: MIT */
#include "base/program.h"
#include "input/running.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "cpuid/cpuid_native.h"
#include "input/file.h"
#include "report/smbios.h"
#include "table/feature.h"
#include "table/msr.h"

/* Where Linux has what firmware says; only root can read it. */
#define SMBIOS_TABLE "/sys/firmware/dmi/tables/DMI"

#define SMBIOS_MAX 0x100000

/* What was found out of all processors. */
struct running {
	struct report *r;
	bool msrs;                /* are to be read */
	size_t processors, asked; /* that are configured; that were read */
	size_t with_msrs;
};

/* Reads one register; the driver answers with EIO if the processor raises a fault. */
static bool read_msr(int fd, uint32_t number, struct control_value *value)
{
	uint64_t raw;

	*value = (struct control_value){ .known = false };
	if (pread(fd, &raw, sizeof(raw), (off_t)number) == (ssize_t)sizeof(raw))
		*value = (struct control_value){ true, raw };
	return value->known || errno == EIO;
}

static void read_msrs(struct running *u, unsigned number, struct control *c,
                      const struct cpuid_set *set)
{
	uint32_t list[CONTROL_MSRS_MAX];
	char path[32];

	snprintf(path, sizeof(path), "/dev/cpu/%u/msr", number);
	const int fd = u->msrs ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	const size_t count = msr_list(set, list, CONTROL_MSRS_MAX);
	if (msr_has_microcode(set) && read_msr(fd, MSR_MICROCODE, &c->microcode) &&
	    c->microcode.known)
		c->microcode.value = msr_microcode(set, c->microcode.value);
	for (size_t i = 0; i < count; i++) {
		c->msr[c->msrs].number = list[i];
		c->msrs += read_msr(fd, list[i], &c->msr[c->msrs].value);
	}
	u->with_msrs++;
	close(fd);
}

/* Moves to a processor.  Returns false if this program may not run there, or it is offline. */
static bool move_to(unsigned number, cpu_set_t *cpus, size_t size)
{
	CPU_ZERO_S(size, cpus);
	CPU_SET_S(number, size, cpus);
	return sched_setaffinity(0, size, cpus) == 0;
}

/* Reads the processor on which the program is.  Returns false after a message. */
static bool read_here(struct running *u, unsigned number)
{
	struct control control = { .msrs = 0 };
	static struct cpuid_set set;
	enum err err = ERR_NONE;

	if (!cpuid_collect(&set, cpuid_native, NULL))
		err = ERR_MANY_LEAVES;
	if (feature_value(&set, F_OSXSAVE))
		control.xcr0 = (struct control_value){ true, cpuid_native_xcr0() };
	read_msrs(u, number, &control, &set);
	if (err == ERR_NONE && !report_add(u->r, (uint16_t)number, &control, &set))
		err = u->r->cut & CUT_KINDS ? ERR_MANY_KINDS : ERR_MANY_CPUS;
	if (err != ERR_NONE)
		trouble("this machine", err_text(err));
	u->asked++;
	return err == ERR_NONE;
}

static bool read_processors(struct running *u)
{
	const long configured = sysconf(_SC_NPROCESSORS_CONF);
	const unsigned count = configured > 0 && configured <= REPORT_NUMBER_MAX
	                               ? (unsigned)configured
	                               : REPORT_NUMBER_MAX;
	const size_t size = CPU_ALLOC_SIZE(count);
	cpu_set_t *before = CPU_ALLOC(count), *cpus = CPU_ALLOC(count);
	bool ok = before && cpus && sched_getaffinity(0, size, before) == 0;

	u->processors = count;
	if (!ok)
		trouble_errno("this machine", "its processors cannot be found out");
	for (unsigned i = 0; ok && i < count; i++)
		ok = !move_to(i, cpus, size) || read_here(u, i);
	if (ok && !u->asked) {
		trouble("this machine", "no processor can be chosen to run on");
		ok = false;
	} else if (ok) {
		sched_setaffinity(0, size, before);
	}
	CPU_FREE(before);
	CPU_FREE(cpus);
	return ok;
}

static void set_fields(struct running *u)
{
	char text[REPORT_STRING_MAX * 2];
	const time_t now = time(NULL);
	struct utsname system;
	struct tm utc;

	report_set(u->r, FIELD_PROGRAM, PROGRAM);
	if (uname(&system) == 0) {
		snprintf(text, sizeof(text), "probe under %.60s %.60s", system.sysname,
		         system.release);
		report_set(u->r, FIELD_ORIGIN, text);
	} else {
		report_set(u->r, FIELD_ORIGIN, "probe under an operating system");
	}
	if (gmtime_r(&now, &utc) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		report_set(u->r, FIELD_TIME, text);
	report_set(u->r, FIELD_MSR_ACCESS,
	           !u->msrs                   ? "off"
	           : u->with_msrs == u->asked ? "/dev/cpu/N/msr"
	                                      : "no access to /dev/cpu/N/msr");
	snprintf(text, sizeof(text), "%zu of %zu", u->asked, u->processors);
	report_set(u->r, FIELD_PROCESSORS_ASKED, u->asked == u->processors ? "all" : text);
}

/* Of a machine without the table, or to which there is no access, the fields stay unknown. */
static void set_machine(struct report *r)
{
	struct bytes b;
	bool missing;

	if (access(SMBIOS_TABLE, R_OK) != 0 ||
	    !file_read_optional(SMBIOS_TABLE, SMBIOS_MAX, &b, &missing))
		return;
	smbios_identify(r, (const uint8_t *)b.at, b.size);
	free(b.at);
}

bool running_read(struct report *r, bool msrs)
{
	struct running u = { .r = r, .msrs = msrs };

	report_start(r);
	if (!read_processors(&u))
		return false;
	set_fields(&u);
	set_machine(r);
	return true;
}
