/* SPDX-License-Identifier: MIT */
#include "report/device_path.h"

#define HEADER 4

/* PNP0A03 and PNP0A08 as EISA numbers. */
#define EISA_PCI         0x0a0341d0
#define EISA_PCI_EXPRESS 0x0a0841d0

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t get32(const uint8_t *at)
{
	return get16(at) | (uint32_t)get16(at + 2) << 16;
}

static uint64_t get64(const uint8_t *at)
{
	return get32(at) | (uint64_t)get32(at + 4) << 32;
}

/* EFI before UEFI had 0xff for it, and Apple's firmware still has. */
static bool is_end(const uint8_t *node)
{
	return (node[0] & PATH_END) == PATH_END;
}

void device_path_start(struct device_path *p, const void *path)
{
	*p = (struct device_path){ .node = path };
}

bool device_path_next(struct device_path *p)
{
	const uint8_t *next = p->node + p->size;

	if (p->used + HEADER > DEVICE_PATH_MAX || is_end(next))
		return false;
	const size_t size = get16(next + 2);
	if (size < HEADER || p->used + size > DEVICE_PATH_MAX)
		return false;
	p->node = next;
	p->size = size;
	p->used += size;
	return true;
}

static void put_number(struct text *t, const char *before, uint64_t value)
{
	text_put(t, before);
	text_put(t, "0x");
	text_hex(t, value, 1);
}

/* Appends name and numbers at these offsets, one byte or two each: "Pci(0x2,0x0)". */
static void put_node(struct text *t, const char *name, const uint8_t *node, size_t bytes,
                     size_t first, size_t second)
{
	put_number(t, name, bytes == 2 ? get16(node + first) : node[first]);
	put_number(t, ",", bytes == 2 ? get16(node + second) : node[second]);
	text_put(t, ")");
}

/* Bytes in the order in which a GUID is written: its first three fields are little-endian. */
static void put_guid(struct text *t, const uint8_t *guid)
{
	static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

	for (unsigned i = 0; i < sizeof(order); i++) {
		text_put(t, i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "");
		text_hex(t, guid[order[i]], 2);
	}
}

/* "HD(1,GPT,6f3c5f1e-...,0x800,0x1f000)": number, signature, first block, blocks. */
static void put_disk(struct text *t, const uint8_t *node)
{
	text_put(t, "HD(");
	text_decimal(t, get32(node + 4));
	if (node[41] == 2) {
		text_put(t, ",GPT,");
		put_guid(t, node + 24);
	} else {
		put_number(t, ",MBR,", get32(node + 24));
	}
	put_number(t, ",", get64(node + 8));
	put_number(t, ",", get64(node + 16));
	text_put(t, ")");
}

static void put_mac(struct text *t, const uint8_t *node)
{
	text_put(t, "MAC(");
	for (unsigned i = 4; i < 10; i++)
		text_hex(t, node[i], 2);
	text_put(t, ")");
}

static void put_uri(struct text *t, const uint8_t *node, size_t size)
{
	text_put(t, "Uri(");
	for (size_t i = HEADER; i < size; i++) {
		const char c = node[i] >= ' ' && node[i] <= '~' ? (char)node[i] : '?';

		text_bytes(t, &c, 1);
	}
	text_put(t, ")");
}

static bool put_hardware(struct text *t, const uint8_t *node, size_t size)
{
	if (node[1] != 1 || size < 6)
		return false;
	put_node(t, "Pci(", node, 1, 5, 4);
	return true;
}

static bool put_acpi(struct text *t, const uint8_t *node, size_t size)
{
	if (node[1] != 1 || size < 12)
		return false;
	const uint32_t id = get32(node + 4);
	if (id != EISA_PCI && id != EISA_PCI_EXPRESS)
		return false;
	put_number(t, id == EISA_PCI ? "PciRoot(" : "PcieRoot(", get32(node + 8));
	text_put(t, ")");
	return true;
}

static bool put_messaging(struct text *t, const uint8_t *node, size_t size)
{
	if (node[1] == 2 && size >= 8) {
		put_node(t, "Scsi(", node, 2, 4, 6);
	} else if (node[1] == 5 && size >= 6) {
		put_node(t, "USB(", node, 1, 4, 5);
	} else if (node[1] == 11 && size >= 36) {
		put_mac(t, node);
	} else if (node[1] == 12) {
		text_put(t, "IPv4()");
	} else if (node[1] == 13) {
		text_put(t, "IPv6()");
	} else if (node[1] == 18 && size >= 10) {
		put_node(t, "Sata(", node, 2, 4, 6);
	} else if (node[1] == 23 && size >= 16) {
		put_number(t, "NVMe(", get32(node + 4));
		text_put(t, ")");
	} else if (node[1] == 24) {
		put_uri(t, node, size);
	} else {
		return false;
	}
	return true;
}

static bool put_media(struct text *t, const uint8_t *node, size_t size)
{
	if (node[1] == MEDIA_DISK && size >= 42) {
		put_disk(t, node);
	} else if (node[1] == MEDIA_CD && size >= 24) {
		put_number(t, "CDROM(", get32(node + 4));
		text_put(t, ")");
	} else if (node[1] == MEDIA_RAM) {
		text_put(t, "RamDisk()");
	} else {
		return false;
	}
	return true;
}

static bool put_known(struct text *t, const uint8_t *node, size_t size)
{
	switch (node[0]) {
	case PATH_HARDWARE:
		return put_hardware(t, node, size);
	case PATH_ACPI:
		return put_acpi(t, node, size);
	case PATH_MESSAGING:
		return put_messaging(t, node, size);
	case PATH_MEDIA:
		return put_media(t, node, size);
	}
	return false;
}

void device_path_write(struct text *t, const void *path)
{
	struct device_path p;
	bool any = false;

	device_path_start(&p, path);
	for (; device_path_next(&p); any = true) {
		text_put(t, any ? "/" : "");
		if (put_known(t, p.node, p.size))
			continue;
		text_put(t, "Path(");
		text_decimal(t, p.node[0]);
		text_put(t, ",");
		text_decimal(t, p.node[1]);
		text_put(t, ")");
	}
	if (p.used + HEADER > DEVICE_PATH_MAX || !is_end(p.node + p.size))
		text_put(t, any ? "/..." : "...");
}
