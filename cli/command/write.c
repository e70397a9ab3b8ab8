/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"
#include "input/device.h"
#include "input/device_copy.h"
#include "input/inputs.h"
#include "input/new_files.h"
#include "input/stick_image.h"
#include "output/arguments.h"

enum { OPTION_IMAGE = 0x100 };

struct arguments {
	struct stick_image make;
	const char *image; /* NULL: make one */
	bool yes, force;
	const char *device;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	const struct stick_files *f = &a->make.files;

	switch (key) {
	case OPTION_IMAGE:
		a->image = arg;
		return 0;
	case 'y':
		a->yes = true;
		return 0;
	case 'f':
		a->force = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->make;
		return 0;
	case ARGP_KEY_ARG:
		inputs_operands(state);
		if (a->device)
			arguments_wrong(state, "one drive at a time");
		a->device = arg;
		return 0;
	case ARGP_KEY_END:
		if (!a->device)
			arguments_missing(state, "a drive");
		if (a->image && (f->secret || f->conf || f->golden || f->ca || a->make.efi))
			arguments_wrong(state, "--image is an image that is made already: give its "
			                       "files to \"cpulevel image\"");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "image", OPTION_IMAGE, "FILE", 0,
	  "Write this image, instead of one that is made of the files below", 0 },
	{ "yes", 'y', NULL, 0, "Do not ask", 0 },
	{ "force", 'f', NULL, 0,
	  "Erase a drive that is not removable, or that belongs to a RAID or a volume group. One "
	  "that is mounted or in use is never erased",
	  0 },
	{ 0 },
};

static const struct argp_child children[] = { { &stick_image_argp, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "DEVICE",
	.doc = "Makes a stick: erases DEVICE, such as /dev/sdX, writes the image to it, and "
	       "compares the two. Needs root. Shows first what is on the drive, and asks; without "
	       "a terminal, --yes is needed. Refuses a drive that is not removable, one that is "
	       "mounted or in use, and a partition. Exit status: 0 the stick is written and "
	       "compared; 1 the answer was no, and nothing was written; 2 trouble.",
	.children = children,
};

/* Makes an image that has no name.  Returns -1 after a message.  It may contain a secret key. */
static int make_nameless(const struct stick_image *make)
{
	const char *folder = getenv("TMPDIR");
	int fd = -1;

	char *work = path_join(folder && *folder ? folder : "/tmp", "cpulevel.XXXXXX");
	if (!mkdtemp(work)) {
		trouble_errno(work, "cannot be made");
		free(work);
		return -1;
	}
	char *path = path_join(work, "stick.img");
	if (stick_image_make(make, path)) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			trouble_errno(path, "cannot be opened");
		unlink(path);
	}
	rmdir(work);
	free(path);
	free(work);
	return fd;
}

static int make_image(const struct stick_image *make)
{
	sigset_t before;

	signals_hold(&before);
	const int fd = make_nameless(make);
	signals_release(&before);
	return fd;
}

/* Returns true if an image has a partition table for sectors of so many bytes. */
static bool has_table(int fd, uint64_t sector)
{
	char sign[8];

	return pread(fd, sign, sizeof(sign), (off_t)sector) == sizeof(sign) &&
	       memcmp(sign, "EFI PART", sizeof(sign)) == 0;
}

/* Returns true if an image fits the drive; otherwise says why not. */
static bool fits(const char *image, int fd, uint64_t size, const struct device *d)
{
	const uint64_t sector = device_number(d->disk, "log-sec"),
		       other = sector == 512 ? 4096 : 512;
	char message[160];

	if (!has_table(fd, sector)) {
		if (has_table(fd, other))
			snprintf(message, sizeof(message),
			         "for drives with sectors of %" PRIu64 " bytes; this one's have "
			         "%" PRIu64 " (cpulevel image --sector %" PRIu64 ")",
			         other, sector, sector);
		else
			snprintf(message, sizeof(message), "not the image of a stick");
		trouble(image, message);
		return false;
	}
	if (size <= device_number(d->disk, "size"))
		return true;
	snprintf(message, sizeof(message), "too small: a stick needs %" PRIu64 " MiB",
	         (size + 0xfffff) >> 20);
	trouble(d->path, message);
	return false;
}

static void print_words(const json_t *part, const char *const keys[], const char *before)
{
	char word[PRINTABLE_MAX];

	for (size_t i = 0; keys[i]; i++) {
		const char *text = device_text(part, keys[i]);

		if (!text)
			continue;
		printf("%s%s", before, printable(word, sizeof(word), text + strspn(text, " ")));
		before = " ";
	}
}

/* One line for a drive or for a part of it. */
static void print_part(const json_t *part, const char *const keys[], const char *indent)
{
	const char *path = device_text(part, "path"), *const fstype[] = { "fstype", NULL },
		   *label = device_text(part, "label");
	char text[PRINTABLE_MAX];

	printf("%s%s  %.1f GB", indent, printable(text, sizeof(text), path ? path : "?"),
	       (double)device_number(part, "size") / 1e9);
	print_words(part, keys, "  ");
	print_words(part, fstype, "  ");
	if (label)
		printf("  \"%s\"", printable(text, sizeof(text), label));
	putchar('\n');
}

/* Returns false after a message: what nobody could read is not erased. */
static bool print_device(const struct device *d)
{
	static const char *const drive_keys[] = { "tran", "vendor", "model", "serial", NULL },
				 *const part_keys[] = { "partlabel", NULL };
	const json_t *part;

	printf("All that is on this drive will be erased:\n");
	print_part(d->disk, drive_keys, "  ");
	for (size_t i = 0; (part = device_part(d->disk, i)) != NULL; i++)
		print_part(part, part_keys, "    ");
	return output_write("", 0);
}

/* Asks for the drive's name.  Returns an exit code: yes, no, or nobody to ask. */
static int ask(const struct device *d)
{
	const char *path = device_text(d->disk, "path"), *name = base_name(path ? path : d->path);
	char line[PRINTABLE_MAX], text[PRINTABLE_MAX];

	if (!isatty(STDIN_FILENO)) {
		trouble(d->path, "not written: there is no terminal to ask on; to write without a "
		                 "question, add --yes");
		return EXIT_TROUBLE;
	}
	printf("To go on, type the drive's name, %s: ", printable(text, sizeof(text), name));
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		*line = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (strcmp(line, name) == 0 || (path && strcmp(line, path) == 0))
		return EXIT_YES;
	trouble(d->path, "another answer: nothing was written");
	return EXIT_NO;
}

static void print_done(const struct arguments *a)
{
	const char *secret = a->make.files.secret;
	char name[PRINTABLE_MAX];

	printable(name, sizeof(name), a->device);
	printf("%s: written and compared; it can be removed\n"
	       "Boot a machine from it, by UEFI. Then: cpulevel take %s -o FOLDER %s\n",
	       name, a->image || secret ? "--key STICK.pub" : "--unsigned", name);
}

/* Asks, and writes an open image to the drive.  Returns an exit code. */
static int write_stick(const struct arguments *a, const struct device *d, int image, uint64_t size)
{
	const int fd = device_open(d);
	struct device_copy c = { .path = a->device,
		                 .image = a->image ? a->image : "the image",
		                 .to = fd,
		                 .from = image,
		                 .size = size };
	int result = EXIT_TROUBLE;

	if (fd < 0)
		return EXIT_TROUBLE;
	if (ioctl(fd, BLKGETSIZE64, &c.drive) != 0 || c.drive < size) {
		trouble(a->device, "its size cannot be read, or is too small");
	} else if (print_device(d)) {
		result = a->yes ? EXIT_YES : ask(d);
		if (result == EXIT_YES && !device_copy(&c))
			result = EXIT_TROUBLE;
	}
	if (close(fd) != 0 && result == EXIT_YES) {
		trouble_errno(a->device, "cannot be closed");
		result = EXIT_TROUBLE;
	}
	if (result == EXIT_YES)
		print_done(a);
	return result;
}

int command_write(int argc, char **argv)
{
	struct arguments a = { .yes = false };
	int result = EXIT_TROUBLE, image = -1;
	struct device d;

	arguments_parse(&argp, argc, argv, &a);
	if (!device_find(a.device, &d))
		return EXIT_TROUBLE;
	if (device_allowed(&d, a.force)) {
		a.make.sector = (unsigned)device_number(d.disk, "log-sec");
		image = a.image ? open(a.image, O_RDONLY | O_CLOEXEC) : make_image(&a.make);
		if (image < 0 && a.image)
			trouble_errno(a.image, "cannot be opened");
	}
	if (image >= 0) {
		const off_t size = lseek(image, 0, SEEK_END);

		if (size >= 0 && fits(a.image ? a.image : "the image", image, (uint64_t)size, &d))
			result = write_stick(&a, &d, image, (uint64_t)size);
		close(image);
	}
	device_free(&d);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
