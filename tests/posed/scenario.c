/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

struct posed_volume stick, other, stick_before, other_before;

static struct {
	char bytes[1024];
	size_t size;
} stick_key, certificate;

EFI_HANDLE scenario_card;
static const struct scenario *posed_now_is, *before_of;

#define PCI_ROOT   2, 1, 12, 0, 0xd0, 0x41, 3, 0x0a, 0, 0, 0, 0
#define PCI_DEVICE 1, 1, 6, 0, 0, 2
#define PATH_LAST  0x7f, 0xff, 4, 0

/* UEFI 2.10, 10.3: a USB stick's partition, a CD, a card with an address of HTTP Boot. */
static const uint8_t path_usb[] = { PCI_ROOT, PCI_DEVICE, 3, 5, 6, 0, 1, 0, PATH_LAST };
static const uint8_t path_cd[] = { PCI_ROOT, PCI_DEVICE, 4, 2, 24, 0, 0, 0, 0,        0,
	                           0,        0,          0, 0, 0,  0, 0, 0, 0,        0,
	                           0,        0,          0, 0, 0,  0, 0, 0, PATH_LAST };
static const uint8_t path_ram[] = { PCI_ROOT, PCI_DEVICE, 4, 9, 38, 0, 0, 0,        0, 0, 0,
	                            0,        0,          0, 0, 0,  0, 0, 0,        0, 0, 0,
	                            0,        0,          0, 0, 0,  0, 0, 0,        0, 0, 0,
	                            0,        0,          0, 0, 0,  0, 0, PATH_LAST };
#define BOOT_URL "https://boot.example/efi/"
static uint8_t path_http[128];

static bool load(const char *folder, const char *name, char *bytes, size_t room, size_t *size)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file)
		return false;
	*size = fread(bytes, 1, room, file);
	fclose(file);
	return *size > 0 && *size < room;
}

bool scenario_load(const char *folder)
{
	return load(folder, "stick.key", stick_key.bytes, sizeof(stick_key.bytes),
	            &stick_key.size) &&
	       load(folder, "ca.pem", certificate.bytes, sizeof(certificate.bytes),
	            &certificate.size);
}

/* What every stick has, and what else is on it. */
static void fill(struct posed_volume *v, const struct scenario *s)
{
	posed_volume_free(v);
	posed_directory_put(v, "\\EFI");
	posed_directory_put(v, "\\EFI\\BOOT");
	posed_file_put(v, "\\EFI\\BOOT\\BOOTX64.EFI", "the probe", 9);
	posed_file_put(v, "\\notes.txt", "somebody's notes\n", 17);
	posed_directory_put(v, "\\cpulevel");
	if (!s->keyless)
		posed_file_put(v, "\\cpulevel\\stick.key", stick_key.bytes, stick_key.size);
	if (s->conf)
		posed_file_put(v, "\\cpulevel\\cpulevel.conf", s->conf, strlen(s->conf));
}

static void fill_other(struct posed_volume *v)
{
	posed_volume_free(v);
	posed_directory_put(v, "\\cpulevel");
	posed_directory_put(v, "\\cpulevel\\reports");
	posed_file_put(v, "\\cpulevel\\reports\\0007-Z.txt", "no report", 9);
	posed_file_put(v, "\\cpulevel\\stick.key", stick_key.bytes, stick_key.size);
	posed_file_put(v, "\\cpulevel\\cpulevel.conf", "countdown 0\n", 12);
}

unsigned scenario_processors(const struct scenario *s)
{
	return s->processors ? s->processors : 1;
}

static void start(const struct scenario *s)
{
	posed_memory_start();
	posed_clock_start();
	posed_handles_start();
	posed_volume_start(&stick);
	posed_volume_start(&other);
	posed_board_start();
	posed_network_start();
	posed_processor_start(scenario_processors(s));
	posed_console_start(s->keys ? s->keys : "");
	posed_board_install();
	posed_volume_install(&stick, NULL);
	posed_path_install(stick.device, path_usb);
	posed_loaded_from(stick.device);
	posed_pci_install(2, 0);
	posed_pci_install(0x0c, 3);
	scenario_card = posed_network_install();
}

static void run(const struct posed_fault *fault)
{
	posed_calls_start(fault);
	if (setjmp(posed_exit) == 0) {
		efi_main(POSED_IMAGE, &posed_table);
		posed_ended = END_RETURNED;
	}
}

void scenario_visit(const struct scenario *s, const struct posed_fault *fault)
{
	if (before_of != s) {
		before_of = s;
		fill(&stick_before, s);
		fill_other(&other_before);
		if (s->before)
			s->before();
	}
	posed_now_is = s;
	start(s);
	posed_volume_copy(&stick, &stick_before);
	posed_volume_copy(&other, &other_before);
	if (s->pose)
		s->pose();
	else
		posed_processor_install();
	run(fault);
}

/* Visits before, whose sticks are kept. */
void scenario_visit_before(const char *conf, const struct posed_fault *fault)
{
	static const struct scenario plain = { .keys = "", .processors = 2 };

	start(&plain);
	posed_volume_copy(&stick, &stick_before);
	posed_file(&stick, "\\cpulevel\\cpulevel.conf")->path[0] = '\0';
	posed_file_put(&stick, "\\cpulevel\\cpulevel.conf", conf, strlen(conf));
	posed_processor_install();
	posed_setup_install(false);
	run(fault);
	posed_file(&stick, "\\cpulevel\\cpulevel.conf")->path[0] = '\0';
	posed_file_put(&stick, "\\cpulevel\\cpulevel.conf", before_of->conf,
	               strlen(before_of->conf));
	posed_volume_copy(&stick_before, &stick);
}

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
	fill(&stick_before, before_of);
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
	posed_path_install(other.device, path_usb);
}

/* A stick that is protected, and no other one; Secure Boot is on. */
static void protected(void)
{
	EFI_GUID guid = BLOCK_IO_PROTOCOL;
	static EFI_BLOCK_IO_MEDIA media = { .ReadOnly = TRUE };
	static EFI_BLOCK_IO block = { .Media = &media };

	posed_processor_install();
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

static void put_ca(void)
{
	posed_file_put(&stick_before, "\\cpulevel\\ca.pem", certificate.bytes, certificate.size);
}

void scenario_server_put(const char *folder, const char *conf)
{
	char path[128];

	snprintf(path, sizeof(path), "%sstick.key", folder);
	posed_file_put(&posed_server, path, stick_key.bytes, stick_key.size);
	snprintf(path, sizeof(path), "%sca.pem", folder);
	posed_file_put(&posed_server, path, certificate.bytes, certificate.size);
	snprintf(path, sizeof(path), "%scpulevel.conf", folder);
	posed_file_put(&posed_server, path, conf, strlen(conf));
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
	posed_path_install(scenario_card, path_usb);
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
	  protected, 1, false },
	{ "ram", PLAIN, "b", "not started from a stick", NULL, from_ram, 1, false },
	{ "menu", "countdown 3\nbad line\n",
	  "?l rwlqax"
	  "b",
	  "L list the report", NULL, NULL, 1, false },
	{ "server", PLAIN "collect http://192.0.2.1/new/\n", "", "Server has", NULL, with_server, 1,
	  false },
	{ "https", PLAIN "collect https://collect.example/new/\n", "", "Server has", put_ca,
	  scenario_pose_https, 1, false },
	{ "http-boot", NULL, "", "SENT AND SEALED", NULL, scenario_pose_http_boot, 1, false },
	{ "pxe", NULL, "", "SENT WITHOUT A SEAL", NULL, scenario_pose_pxe, 1, false },
};
const size_t scenario_count = COUNT(scenarios);
