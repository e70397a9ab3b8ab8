/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

/* UEFI 2.10, 10.3: a CD, a disk in memory, a card with an address of HTTP Boot. */
static const uint8_t path_cd[] = { PATH_PCI, 4, 2, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	                           0,        0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, PATH_LAST };
static const uint8_t path_ram[] = { PATH_PCI, 4, 9, 38, 0, 0, 0, 0, 0, 0, 0, 0,        0, 0,
	                            0,        0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0,        0, 0,
	                            0,        0, 0, 0,  0, 0, 0, 0, 0, 0, 0, PATH_LAST };
#define BOOT_URL "https://boot.example/efi/"
static uint8_t path_http[128];

static void earlier(void)
{
	scenario_visit_before("countdown 0\n", NULL);
	scenario_visit_before("countdown 0\nsetup off\n", NULL);
	posed_file_put(&stick_before, "\\cpulevel\\reports\\0009-B.txt", "no report\n", 10);
}

/* More earlier reports than are read without saying how far that is. */
static void many(void)
{
	char name[64];

	scenario_visit_before("countdown 0\n", NULL);
	for (unsigned i = 10; i < 30; i++) {
		snprintf(name, sizeof(name), "\\cpulevel\\reports\\%04u-B.txt", i);
		posed_file_put(&stick_before, name, "no report\n", 10);
	}
}

static void mixed(void)
{
	posed_processor_of(1);
	posed_processor_install();
}

/* Each processor says that it is number 1, so all are asked alone. */
static void same_number(void)
{
	posed_processor_same_number();
	posed_processor_install();
}

void scenario_golden(void)
{
	struct posed_file *f;

	scenario_visit_before("countdown 0\n", NULL);
	f = posed_file(&stick_before, "\\cpulevel\\reports\\0001-A-1.txt");
	if (f)
		snprintf(f->path, sizeof(f->path), "\\cpulevel\\golden.txt");
	f = posed_file(&stick_before, "\\cpulevel\\reports\\0001-A-1.txt.minisig");
	if (f)
		snprintf(f->path, sizeof(f->path), "\\cpulevel\\golden.txt.minisig");
}

/* A visit that a call of this service, its first, did not come back from. */
static void unfinished_at(enum posed_service service)
{
	struct posed_fault fault = { POSED_HANGS, 0, 0 };

	scenario_visit_before("countdown 0\n", NULL);
	while (fault.call < posed_calls() && posed_called(fault.call) != service)
		fault.call++;
	scenario_stick_new();
	scenario_visit_before("countdown 0\nexit reboot\n", &fault);
}

static void unfinished_boot(void)
{
	unfinished_at(SERVICE_StartupAllAPs);
}

static void unfinished_bare(void)
{
	unfinished_at(SERVICE_ExportPackageLists);
}

void scenario_pose_setup(void)
{
	posed_processor_install();
	posed_setup_install(true);
}

void scenario_pose_tpm(void)
{
	scenario_pose_setup();
	posed_tpm_install();
}

static void challenge(void)
{
	posed_directory_put(&stick_before, "\\cpulevel\\challenge");
}

static void cannot_rename(void)
{
	scenario_pose_tpm();
	stick.no_rename = stick.no_flush = true;
}

static void off_returns(void)
{
	posed_processor_install();
	posed_reset_returns = true;
}

/* A counterfeit stick: what is written is not what is there later. */
static void loses(void)
{
	posed_processor_install();
	stick.loses = true;
}

static void full(void)
{
	posed_processor_install();
	stick.room = 100;
}

/* The probe is on a CD, and a stick is there. */
void scenario_pose_cd(void)
{
	const EFI_GUID guid = DEVICE_PATH_PROTOCOL;

	posed_processor_install();
	posed_remove(stick.device, &guid);
	posed_path_install(stick.device, path_cd);
	stick.read_only = true;
	posed_volume_install(&other, NULL);
	posed_path_install(other.device, scenario_path_usb);
}

/* A stick that is protected, and no other one; Secure Boot is on. */
static void protected(void)
{
	EFI_GUID guid = BLOCK_IO_PROTOCOL;
	static EFI_BLOCK_IO_MEDIA media = { .ReadOnly = TRUE };
	static EFI_BLOCK_IO block = { .Media = &media };

	posed_processor_install();
	posed_secure_boot_on();
	posed_install(stick.device, &guid, &block);
}

/* An image in memory, and no MP services. */
static void from_ram(void)
{
	const EFI_GUID guid = DEVICE_PATH_PROTOCOL;

	posed_remove(stick.device, &guid);
	posed_path_install(stick.device, path_ram);
}

static void with_server(void)
{
	posed_processor_install();
	posed_answers.refuse = 1;
	posed_answers.stores_unsaid = true;
}

void scenario_pose_https(void)
{
	posed_processor_install();
	posed_tpm_install();
}

/* HTTP Boot: no stick at all. */
void scenario_pose_http_boot(void)
{
	static const char url[] = BOOT_URL "BOOTX64.EFI";
	const size_t size = 4 + sizeof(url) - 1;
	const EFI_GUID guid = SIMPLE_FILE_SYSTEM_PROTOCOL;

	scenario_pose_https();
	path_http[0] = 3, path_http[1] = 24, path_http[2] = (uint8_t)size;
	memcpy(path_http + 4, url, size - 4);
	memcpy(path_http + size, (uint8_t[]){ PATH_LAST }, 4);
	posed_remove(stick.device, &guid);
	posed_path_install(scenario_card, path_http);
	posed_loaded_from(scenario_card);
	scenario_server_put(BOOT_URL, "countdown 0\ncollect https://collect.example/new/\n");
}

void scenario_pose_pxe(void)
{
	const EFI_GUID guid = SIMPLE_FILE_SYSTEM_PROTOCOL;

	posed_processor_install();
	posed_remove(stick.device, &guid);
	posed_path_install(scenario_card, scenario_path_usb);
	posed_pxe_install(scenario_card, "efi/BOOTX64.EFI");
	posed_loaded_from(scenario_card);
	scenario_server_put("efi/", "countdown 0\ncollect http://[2001:db8::1]/new/\n");
}

#define PLAIN "countdown 0\n"

const struct scenario scenarios[] = {
	{ "plain", PLAIN "label rack 7\n", "", "STORED AND SEALED 0001-A-1.txt", NULL, NULL, 3,
	  false },
	{ "setup", PLAIN "setup all\nverbosity full\n", "", "STORED AND SEALED 0001-A-1.txt", NULL,
	  scenario_pose_setup, 2, false },
	{ "drivers", PLAIN "setup drivers\nverbosity quiet\nexit reboot\n", "", "Rebooting.", NULL,
	  scenario_pose_setup, 1, false },
	{ "tpm", PLAIN "exit return\n", "", "signed the report with key", challenge,
	  scenario_pose_tpm, 1, false },
	{ "keyless", PLAIN "msr off\n", "", "STORED WITHOUT A SEAL 0001-A-1.txt", NULL, NULL, 1,
	  true },
	{ "earlier", PLAIN, "", "Ignored: 1 file", earlier, NULL, 2, false },
	{ "golden", PLAIN, "", "golden.txt", scenario_golden, NULL, 1, false },
	{ "many", PLAIN, "", "Reading earlier reports: 21 of 21", many, NULL, 1, false },
	{ "mixed", PLAIN, "", "the processors are not identical", NULL, mixed, 2, false },
	{ "same-number", PLAIN, "", "Topology 3 processors; sockets", NULL, same_number, 4, false },
	{ "off-returns", PLAIN, "", "Powering off.", NULL, off_returns, 1, false },
	{ "boot-left", PLAIN, "", "0001-A-1_boot.txt remains of it", unfinished_boot, NULL, 2,
	  false },
	{ "bare-left", PLAIN, "", "STORED AND SEALED 0002-A-1.txt", unfinished_bare,
	  scenario_pose_setup, 1, false },
	{ "no-rename", PLAIN "setup all\n", "", "cannot rename", NULL, cannot_rename, 2, false },
	{ "loses", PLAIN, "", "NOT VERIFIED on the stick", NULL, loses, 1, false },
	{ "full", PLAIN, "wp", "NOT STORED: the stick is full", NULL, full, 2, false },
	{ "cd", PLAIN, "", "Stick used:", NULL, scenario_pose_cd, 1, false },
	{ "protected", PLAIN "exit wait\n", "l bq~ra", "the stick is write-protected", NULL,
	  protected, 1, false,
	  .has = HAS("secure-boot \"on\"|", "boot-medium \"PciRoot(0x0)/Pci(0x2,0x0)/USB") },
	{ "ram", PLAIN, "b", "not started from a stick", NULL, from_ram, 1, false },
	{ "menu", "countdown 3\nbad line\n",
	  "?l rwlqax"
	  "b",
	  "L list the report", NULL, NULL, 1, false },
	{ "server", PLAIN "collect http://192.0.2.1/new/\n", "", "Server has", NULL, with_server, 1,
	  false },
	{ "https", PLAIN "collect https://collect.example/new/\n", "", "Server has",
	  scenario_put_ca, scenario_pose_https, 1, false },
	{ "http-boot", NULL, "", "SENT AND SEALED", NULL, scenario_pose_http_boot, 1, false },
	{ "pxe", NULL, "", "SENT WITHOUT A SEAL", NULL, scenario_pose_pxe, 1, false },
};
const size_t scenario_count = COUNT(scenarios);
