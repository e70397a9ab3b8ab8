/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

#define CONF "\\cpulevel\\cpulevel.conf"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

struct posed_volume stick, other, stick_before, other_before;

static struct {
	char bytes[1024];
	size_t size;
} stick_key, certificate;

EFI_HANDLE scenario_card;
static const struct scenario *before_of;

/* UEFI 2.10, 10.3: a USB stick's partition. */
const uint8_t scenario_path_usb[] = { PATH_PCI, 3, 5, 6, 0, 1, 0, PATH_LAST };

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
		posed_file_put(v, CONF, s->conf, strlen(s->conf));
}

static void fill_other(struct posed_volume *v)
{
	posed_volume_free(v);
	posed_directory_put(v, "\\cpulevel");
	posed_directory_put(v, "\\cpulevel\\reports");
	posed_file_put(v, "\\cpulevel\\reports\\0007-Z.txt", "no report", 9);
	posed_file_put(v, "\\cpulevel\\stick.key", stick_key.bytes, stick_key.size);
	posed_file_put(v, CONF, "countdown 0\n", 12);
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
	posed_path_install(stick.device, scenario_path_usb);
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
	posed_file_replace(&stick, CONF, conf, strlen(conf));
	posed_processor_install();
	posed_setup_install(false);
	run(fault);
	posed_file_replace(&stick, CONF, before_of->conf, strlen(before_of->conf));
	posed_volume_copy(&stick_before, &stick);
}

void scenario_stick_new(void)
{
	fill(&stick_before, before_of);
}

void scenario_forget(void)
{
	before_of = NULL;
}

void scenario_put_ca(void)
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
