/* SPDX-License-Identifier: MIT */
#include "input/device.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cli.h"
#include "input/child.h"

#define LSBLK_MAX 0x1000000
/* Without NAME, lsblk does not say what is part of what. */
#define LSBLK_KEYS                                                                              \
	"NAME,PATH,TYPE,SIZE,RO,RM,TRAN,VENDOR,MODEL,SERIAL,FSTYPE,LABEL,PARTLABEL,MOUNTPOINT," \
	"PKNAME,LOG-SEC,MAJ:MIN"

#define MESSAGE_MAX (3 * PRINTABLE_MAX)

static const json_t *value(const json_t *part, const char *key)
{
	const json_t *found = json_object_get(part, key);

	return json_is_null(found) ? NULL : found;
}

const char *device_text(const json_t *part, const char *key)
{
	const char *text = json_string_value(value(part, key));

	return text && *text ? text : NULL;
}

uint64_t device_number(const json_t *part, const char *key)
{
	const json_t *found = value(part, key);
	const json_int_t number = json_integer_value(found);

	return number > 0 ? (uint64_t)number : 0;
}

const json_t *device_part(const json_t *disk, size_t index)
{
	return json_array_get(value(disk, "children"), index);
}

static bool is(const json_t *part, const char *key, const char *wanted)
{
	const char *text = device_text(part, key);

	return text && strcmp(text, wanted) == 0;
}

bool device_find(const char *path, struct device *ret)
{
	static char *environment[] = { "LC_ALL=C", NULL };
	/* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): LSBLK_KEYS is one list */
	char *argv[] = { "lsblk", "-J", "-b", "-o", LSBLK_KEYS, "--", (char *)path, NULL };
	char error[PRINTABLE_MAX], message[MESSAGE_MAX];
	struct bytes b;
	struct stat st;

	if (stat(path, &st) != 0) {
		trouble_errno(path, "not a drive");
		return false;
	}
	switch (child_run(argv, environment, -1, path, LSBLK_MAX, &b, error, sizeof(error))) {
	case CHILD_DONE:
		break;
	case CHILD_ABSENT:
		trouble(path, "lsblk is not installed (package util-linux)");
		return false;
	case CHILD_FAILED:
		snprintf(message, sizeof(message), "no drive, or one without a medium (lsblk: %s)",
		         error);
		trouble(path, strstr(error, "not a block device")
		                      ? "not a block device; a stick is one, such as /dev/sdX"
		                      : message);
		return false;
	case CHILD_TOLD:
		return false;
	}
	*ret = (struct device){ .path = path, .lsblk = json_parse(path, &b) };
	free(b.at);
	if (!ret->lsblk)
		return false;
	ret->disk = json_array_get(value(ret->lsblk, "blockdevices"), 0);
	if (ret->disk && device_number(ret->disk, "size"))
		return true;
	trouble(path, "there is no medium in this drive");
	device_free(ret);
	return false;
}

void device_free(struct device *d)
{
	json_decref(d->lsblk);
}

/* Says that a part of the drive is in use, or something of it.  Returns true if it is. */
static bool in_use(const struct device *d, const json_t *part)
{
	const char *mounted = device_text(part, "mountpoint");
	char name[PRINTABLE_MAX], where[PRINTABLE_MAX], message[MESSAGE_MAX];
	const json_t *child;

	printable(name, sizeof(name), device_text(part, "path") ? device_text(part, "path") : "?");
	if (mounted) {
		if (strcmp(mounted, "[SWAP]") == 0)
			snprintf(message, sizeof(message), "in use: %s is swap; first: swapoff %s",
			         name, name);
		else
			snprintf(message, sizeof(message),
			         "in use: %s is mounted at %s; unmount it first", name,
			         printable(where, sizeof(where), mounted));
		trouble(d->path, message);
		return true;
	}
	for (size_t i = 0; (child = device_part(part, i)) != NULL; i++) {
		if (in_use(d, child))
			return true;
		if (is(child, "type", "part"))
			continue;
		const char *path = device_text(child, "path"), *type = device_text(child, "type");
		snprintf(message, sizeof(message), "in use: %s is part of %s (%.16s)", name,
		         printable(where, sizeof(where), path ? path : "?"), type ? type : "?");
		trouble(d->path, message);
		return true;
	}
	return false;
}

/* Says that a part of the drive belongs to a set of drives.  Returns true if it does. */
static bool in_set(const struct device *d, const json_t *part)
{
	const char *holds = device_text(part, "fstype"), *path = device_text(part, "path");
	char name[PRINTABLE_MAX], type[PRINTABLE_MAX], message[MESSAGE_MAX];
	const json_t *child;

	if (holds && strstr(holds, "_member")) {
		snprintf(message, sizeof(message),
		         "%s belongs to a RAID or to a volume group (%s); to erase it, add --force",
		         printable(name, sizeof(name), path ? path : "?"),
		         printable(type, sizeof(type), holds));
		trouble(d->path, message);
		return true;
	}
	for (size_t i = 0; (child = device_part(part, i)) != NULL; i++)
		if (in_set(d, child))
			return true;
	return false;
}

/* Returns true if it is a whole drive. */
static bool is_whole(const struct device *d)
{
	const char *type = device_text(d->disk, "type"), *of = device_text(d->disk, "pkname");
	char name[PRINTABLE_MAX], message[MESSAGE_MAX];

	if (is(d->disk, "type", "disk") || is(d->disk, "type", "loop"))
		return true;
	printable(name, sizeof(name), is(d->disk, "type", "part") && of ? of : type ? type : "?");
	snprintf(message, sizeof(message),
	         is(d->disk, "type", "part")
	                 ? "a partition; a stick is a whole drive, here /dev/%s"
	                 : "not a drive that a stick can be made of (lsblk calls it \"%s\")",
	         name);
	trouble(d->path, message);
	return false;
}

bool device_allowed(const struct device *d, bool force)
{
	const uint64_t sector = device_number(d->disk, "log-sec");
	char message[MESSAGE_MAX];

	if (!is_whole(d) || in_use(d, d->disk))
		return false;
	if (json_is_true(value(d->disk, "ro"))) {
		trouble(d->path, "write-protected");
		return false;
	}
	if (sector != 512 && sector != 4096) {
		snprintf(message, sizeof(message),
		         "its sectors have %" PRIu64 " bytes; no firmware boots from such a drive",
		         sector);
		trouble(d->path, message);
		return false;
	}
	if (!force && !json_is_true(value(d->disk, "rm")) && !is(d->disk, "tran", "usb")) {
		trouble(d->path,
		        "not removable, so it is probably a drive of this machine; to erase "
		        "it all the same, add --force");
		return false;
	}
	return force || !in_set(d, d->disk);
}

int device_open(const struct device *d)
{
	const char *wanted = device_text(d->disk, "maj:min");
	const int fd = open(d->path, O_RDWR | O_EXCL | O_CLOEXEC);
	char number[64];
	struct stat st;

	if (fd < 0) {
		if (errno == EBUSY)
			trouble(d->path, "in use by this machine");
		else
			trouble_errno(d->path, "cannot be opened for writing");
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISBLK(st.st_mode)) {
		snprintf(number, sizeof(number), "%u:%u", major(st.st_rdev), minor(st.st_rdev));
		if (wanted && strcmp(wanted, number) == 0)
			return fd;
		trouble(d->path, "now another drive than a moment ago");
	} else {
		trouble(d->path, "not a block device");
	}
	close(fd);
	return -1;
}
