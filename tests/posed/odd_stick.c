/* SPDX-License-Identifier: MIT */
#include "odd.h"

#include "report/config.h"
#include "report/seal.h"
#include "scenario.h"
#include "sign.h"

#include <stdio.h>
#include <string.h>

#define REPORTS "\\cpulevel\\reports\\"

static void put_conf(const char *text, size_t size)
{
	posed_file_put(&stick_before, "\\cpulevel\\cpulevel.conf", text, size);
}

void before_long_conf(void)
{
	static char text[CONFIG_TEXT_MAX + 1];

	memset(text, '\n', sizeof(text));
	put_conf(text, sizeof(text));
}

/* Lines with a NUL, longer than is shown, without an end, and more than there is room for. */
void before_odd_conf(void)
{
	static char text[CONFIG_TEXT_MAX];
	size_t used = 0;

	memcpy(text, "a\0b\n", 4);
	for (used = 4; used + 64 < sizeof(text); used += 40)
		memcpy(text + used, "this line is longer than what is shown.\n", 40);
	memcpy(text + used, "the last line", 13);
	put_conf(text, used + 13);
}

static void put_report(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), REPORTS "%s", name);
	posed_file_put(&stick_before, path, "no report\n", 10);
}

/* Names that no report has; bytes above ASCII are characters, see files.c. */
void before_names(void)
{
	posed_directory_put(&stick_before, "\\cpulevel\\reports");
	put_report("12-x.txt");
	put_report("0123456789-x.txt");
	put_report("0005-\xa9.txt");
	put_report("0006\xf5-.txt");
	put_report("\xc0 is wide.txt");
	put_report("x.y");
	put_report("0009");
	put_report("0010-a-name-that-is-longer-than-the-longest-of-a-report-which-has-60.txt");
	posed_file_put(&stick_before,
	               "\\cpulevel\\reports\\0011-without.blanks.and.longer.than.any.path.that.the."
	               "probe.itself.makes.which.has.at.most.127.txt",
	               "no report\n", 10);
}

void before_last_number(void)
{
	posed_directory_put(&stick_before, "\\cpulevel\\reports");
	put_report("999999999-x.txt");
}

void before_bad_key(void)
{
	posed_file_replace(&stick_before, "\\cpulevel\\stick.key", "no key\n", 7);
}

/* A file that the stick's key has sealed. */
static void put_sealed(const char *name, const void *text, size_t size)
{
	const struct posed_file *file = posed_file(&stick_before, "\\cpulevel\\stick.key");
	char bytes[SEAL_TEXT_MAX], path[128];
	struct seal_secret secret;
	struct text seal;

	text_start(&seal, bytes, sizeof(bytes));
	if (seal_secret_read(&secret, (const char *)file->data, file->size) != ERR_NONE ||
	    seal_write(&seal, &secret, sign_make, sign_check, text, size, "sealed") != ERR_NONE)
		posed_wrong("the stick's key seals nothing");
	snprintf(path, sizeof(path), REPORTS "%s", name);
	posed_file_put(&stick_before, path, text, size);
	snprintf(path, sizeof(path), REPORTS "%s.minisig", name);
	posed_file_put(&stick_before, path, seal.at, seal.used);
}

/* Sealed files that are no reports: a text, and a report that ends before its processors. */
void before_sealed(void)
{
	const struct posed_file *report;
	const char *kind;

	scenario_visit_before("countdown 0\n", NULL);
	put_sealed("0005-B.txt", "no report\n", 10);
	report = posed_file(&stick_before, REPORTS "0001-A-1.txt");
	kind = report ? strstr((const char *)report->data, "kind ") : NULL;
	if (kind)
		put_sealed("0006-B.txt", report->data, (size_t)(kind - (const char *)report->data));
	/* A visit that did not end, of another machine: its name is no report's. */
	put_report("0007-B_boot.txt");
	put_report("0008-B_bare.txt");
}

/* A report that its directory does not list, as one that is damaged may not. */
void before_hidden(void)
{
	posed_directory_put(&stick_before, "\\cpulevel\\reports");
	put_report("0001-A-1.txt");
	posed_file(&stick_before, REPORTS "0001-A-1.txt")->hidden = true;
}

/* A golden report of a machine of one kind, and then the visit to one of two. */
void before_other_host(void)
{
	scenario_golden();
}

void odd_mixed(void)
{
	posed_processor_of(1);
	posed_processor_install();
}

/* A stick on which each file is longer, or shorter, than what was written. */
void odd_longer(void)
{
	posed_processor_install();
	stick.off = 1;
}

void odd_shorter(void)
{
	posed_processor_install();
	stick.off = -1;
}

/* A directory whose clusters form a loop. */
void odd_loop(void)
{
	posed_processor_install();
	stick.repeats = SIZE_MAX;
}

/* More earlier reports, and visits that did not end, than are looked at. */
void odd_many_files(void)
{
	scenario_pose_setup();
	stick.repeats = 4100;
}

/* The probe is on a CD, and on the only stick "cpulevel" is a file. */
void odd_cd_and_file(void)
{
	scenario_pose_cd();
	posed_file(&other, "\\cpulevel")->directory = false;
	posed_file(&other_before, "\\cpulevel")->directory = false;
}

static EFI_STATUS EFIAPI no_driver(EFI_HANDLE handle, EFI_HANDLE driver, EFI_HANDLE child)
{
	(void)handle, (void)driver, (void)child;
	return EFI_NOT_FOUND;
}

/* Firmware in which no driver keeps the stick. */
void odd_no_driver(void)
{
	posed_processor_install();
	posed_boot.DisconnectController = no_driver;
}
