/* SPDX-License-Identifier: MIT */
#include "report/device_path.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define END  "\x7f\xff\x04\x00"
#define ROOT "\x02\x01\x0c\x00\xd0\x41\x03\x0a\x00\x00\x00\x00"
#define PCI  "\x01\x01\x06\x00\x01\x1f"
#define USB  "\x03\x05\x06\x00\x03\x00"
#define GUID "\x1e\x5f\x3c\x6f\x8b\x0c\x53\x4b\x9c\x55\x63\x70\x07\x00\x6c\x76"
#define DISK                                                               \
	"\x04\x01\x2a\x00\x01\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00" \
	"\x00\xf0\x01\x00\x00\x00\x00\x00" GUID "\x02\x02"
#define MBR                                                                \
	"\x04\x01\x2a\x00\x02\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00" \
	"\x00\xf0\x01\x00\x00\x00\x00\x00" ID ZEROS "\x01\x01"
#define ID    "\x78\x56\x34\x12"
#define ZEROS "\0\0\0\0\0\0\0\0\0\0\0\0"
#define OTHER "\x04\x08\x06\x00xx"

/* As OVMF's own function writes them, but for the case of digits. */
static const struct path_case {
	const char *path, *text;
	size_t size;
} cases[] = {
	{ END, "", 4 },
	{ ROOT PCI USB END, "PciRoot(0x0)/Pci(0x1f,0x1)/USB(0x3,0x0)", 28 },
	{ ROOT DISK END,
	  "PciRoot(0x0)/HD(1,GPT,6f3c5f1e-0c8b-4b53-9c55-637007006c76,0x800,0x1f000)", 58 },
	{ PCI "\xff\xff\x04\x00", "Pci(0x1f,0x1)", 10 },
	{ OTHER END, "Path(4,8)", 10 },
	{ "\x03\x18\x09\x00http\x01" END, "Uri(http?)", 13 },
	{ "\x03\x12\x0a\x00\x02\x00\xff\xff\x00\x00" END, "Sata(0x2,0xffff)", 14 },
	{ "\x02\x01\x0c\x00\xd0\x41\x08\x0a\x01\x00\x00\x00" END, "PcieRoot(0x1)", 16 },
	{ "\x02\x01\x0c\x00\xd0\x41\x04\x05\x00\x00\x00\x00" END, "Path(2,1)", 16 },
	{ "\x02\x03\x0c\x00\xd0\x41\x03\x0a\x00\x00\x00\x00" END, "Path(2,3)", 16 },
	{ MBR END, "HD(2,MBR,0x12345678,0x800,0x1f000)", 46 },
	{ "\x04\x02\x18\x00\x01\x00\x00\x00" ZEROS "\0\0\0\0" END, "CDROM(0x1)", 28 },
	{ "\x04\x09\x26\x00" ZEROS ZEROS "\0\0\0\0\0\0\0\0\0\0" END, "RamDisk()", 42 },
	{ "\x03\x02\x08\x00\x01\x00\x02\x01" END, "Scsi(0x1,0x102)", 12 },
	{ "\x03\x0b\x25\x00\x52\x54\x00\x12\x34\x56" ZEROS ZEROS "\0\0\x01" END,
	  "MAC(525400123456)", 41 },
	{ "\x03\x0c\x13\x00" ZEROS "\0\0\0" END, "IPv4()", 23 },
	{ "\x03\x0d\x10\x00" ZEROS END, "IPv6()", 20 },
	{ "\x03\x17\x10\x00\x01\x00\x00\x00\0\0\0\0\0\0\0\0" END, "NVMe(0x1)", 20 },
	{ "\x03\x18\x08\x00"
	  "a\x7f b" END,
	  "Uri(a? b)", 12 },
	/* Shorter than their kinds. */
	{ "\x01\x01\x05\x00\x01" END, "Path(1,1)", 9 },
	{ "\x01\x02\x06\x00\x01\x1f" END, "Path(1,2)", 10 },
	{ "\x02\x01\x08\x00\xd0\x41\x03\x0a" END, "Path(2,1)", 12 },
	{ "\x03\x02\x06\x00\x01\x00" END, "Path(3,2)", 10 },
	{ "\x03\x0b\x0a\x00\x52\x54\x00\x12\x34\x56" END, "Path(3,11)", 14 },
	{ "\x03\x12\x08\x00\x02\x00\xff\xff" END, "Path(3,18)", 12 },
	{ "\x03\x17\x08\x00\x01\x00\x00\x00" END, "Path(3,23)", 12 },
	{ "\x04\x01\x08\x00\x01\x00\x00\x00" END, "Path(4,1)", 12 },
	{ "\x04\x02\x08\x00\x01\x00\x00\x00" END, "Path(4,2)", 12 },
	/* Nodes of lengths 0 and 3, and one that is shorter than its kind. */
	{ ROOT "\x01\x01\x00\x00\x00\x00" END, "PciRoot(0x0)/...", 22 },
	{ "\x01\x01\x03\x00" END, "...", 8 },
	{ "\x03\x05\x05\x00\x03" END, "Path(3,5)", 9 },
	/* One that leads too far. */
	{ ROOT "\x04\x04\xff\xff" END, "PciRoot(0x0)/...", 20 },
};

static void paths_are_written(void **state)
{
	char text[256];
	struct text t;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		/* Allocated, so that the sanitizer sees a byte that is read behind it. */
		char *path = malloc(cases[i].size);

		memcpy(path, cases[i].path, cases[i].size);
		text_start(&t, text, sizeof(text));
		device_path_write(&t, path);
		assert_string_equal(text_string(&t), cases[i].text);
		free(path);
	}
}

static void a_path_without_an_end_ends(void **state)
{
	static char path[DEVICE_PATH_MAX + 4], text[16 * DEVICE_PATH_MAX];
	struct device_path p;
	size_t nodes = 0;
	struct text t;

	(void)state;
	for (size_t i = 0; i + 4 <= sizeof(path); i += 4)
		memcpy(path + i, "\x05\x05\x04\x00", 4);
	for (device_path_start(&p, path); device_path_next(&p);)
		nodes++;
	assert_int_equal(nodes, DEVICE_PATH_MAX / 4);
	text_start(&t, text, sizeof(text));
	device_path_write(&t, path);
	assert_string_equal(text_string(&t) + t.used - 13, "Path(5,5)/...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_written),
		cmocka_unit_test(a_path_without_an_end_ends),
	};

	return cmocka_run_group_tests_name("device_path", tests, NULL, NULL);
}
