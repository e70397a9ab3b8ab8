/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include <efipxebc.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "exchange.h"
#include "report/device_path.h"

/* UEFI 2.10, 10.3.4.23: a node of HTTP Boot. */
#define MESSAGING_URI 24
#define NODE_HEADER   4

/* RFC 2132: options of DHCP. */
#define DHCP_PAD       0
#define DHCP_BOOT_FILE 67
#define DHCP_END       255

#define TRIES 2

/* Where a file is asked for. */
struct place {
	EFI_HANDLE device;
	struct text name; /* of the file, in the probe's own folder */
	char bytes[URL_MAX + 1];
};

static EFI_HANDLE boot_device(const struct firmware *fw)
{
	EFI_GUID guid = LOADED_IMAGE_PROTOCOL;
	EFI_LOADED_IMAGE *image;

	if (EFI_ERROR(fw->boot->HandleProtocol(fw->image, &guid, (void **)&image)))
		return NULL;
	return image->DeviceHandle;
}

/* Finds the address that the probe was loaded from, and appends name to its folder. */
static bool find_url(struct place *p, const struct firmware *fw, const char *name)
{
	EFI_GUID guid = DEVICE_PATH_PROTOCOL;
	struct device_path path;
	struct url url;
	void *at;

	text_start(&p->name, p->bytes, sizeof(p->bytes));
	if (!p->device || EFI_ERROR(fw->boot->HandleProtocol(p->device, &guid, &at)))
		return false;
	device_path_start(&path, at);
	while (device_path_next(&path)) {
		const char *text = (const char *)path.node + NODE_HEADER;
		size_t size = path.size - NODE_HEADER;

		/* EDK2 keeps the NUL of a server that sends one. */
		while (size && !text[size - 1])
			size--;
		if (path.node[0] != PATH_MESSAGING || path.node[1] != MESSAGING_URI ||
		    url_read(&url, text, size) != ERR_NONE)
			continue;
		text_start(&p->name, p->bytes, sizeof(p->bytes));
		text_bytes(&p->name, text, url.folder);
		text_put(&p->name, name);
	}
	return p->name.used > 0 && text_string(&p->name);
}

static EFI_STATUS read_http(struct place *p, bool secret, struct text *into,
                            const struct firmware *fw, struct network *net,
                            char clause[static REMOTE_CLAUSE_MAX + 1])
{
	struct exchange x = { .url = p->bytes, .into = into };
	EFI_STATUS status;
	struct text t;

	if (secret && memcmp(p->bytes, "https:", 6) != 0)
		return EFI_SECURITY_VIOLATION;
	network_start(net, fw, exchange_families(x.url));
	status = exchange_try(&x, net, TRIES);
	if (x.code == 404)
		return EFI_NOT_FOUND;
	text_start(&t, clause, REMOTE_CLAUSE_MAX + 1);
	exchange_clause(&t, status, x.code);
	text_string(&t);
	/* Not found is a file that is not there, and nothing else. */
	return status == EFI_NOT_FOUND ? EFI_NO_RESPONSE : status;
}

/*
 * Appends name to the boot file's folder.  dnsmasq sends the boot file as an option and leaves its
 * field empty; QEMU's own server, and dnsmasq beside another server, use the field.
 */
static bool find_file(struct place *p, const EFI_PXE_BASE_CODE_DHCPV4_PACKET *packet,
                      const char *name)
{
	const uint8_t *file = packet->BootpBootFile, *option = packet->DhcpOptions;
	const uint8_t *end = option + sizeof(packet->DhcpOptions);
	size_t size = 0, folder = 0;

	while (size < sizeof(packet->BootpBootFile) && file[size])
		size++;
	while (option + 2 <= end && *option != DHCP_END) {
		if (*option == DHCP_PAD) {
			option++;
			continue;
		}
		if (*option == DHCP_BOOT_FILE && option + 2 + option[1] <= end) {
			file = option + 2;
			size = option[1];
		}
		option += 2 + option[1];
	}
	for (size_t i = 0; i < size; i++)
		if (file[i] == '/' || file[i] == '\\')
			folder = i + 1;
	text_start(&p->name, p->bytes, sizeof(p->bytes));
	text_bytes(&p->name, (const char *)file, folder);
	text_put(&p->name, name);
	return text_string(&p->name) != NULL;
}

/* PXE: what the firmware has started for the boot is still there. */
static EFI_STATUS read_tftp(struct place *p, const char *name, bool secret, struct text *into,
                            const struct firmware *fw)
{
	EFI_GUID guid = EFI_PXE_BASE_CODE_PROTOCOL_GUID;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe;
	const EFI_PXE_BASE_CODE_PACKET *packet;
	EFI_IP_ADDRESS server;
	UINT64 size = into->size;
	EFI_STATUS status;

	if (!p->device || EFI_ERROR(fw->boot->HandleProtocol(p->device, &guid, (void **)&pxe)) ||
	    !pxe->Mode->Started || pxe->Mode->UsingIpv6)
		return EFI_NOT_FOUND;
	if (secret)
		return EFI_SECURITY_VIOLATION;
	packet = pxe->Mode->PxeReplyReceived     ? &pxe->Mode->PxeReply
	         : pxe->Mode->ProxyOfferReceived ? &pxe->Mode->ProxyOffer
	                                         : &pxe->Mode->DhcpAck;
	if (!find_file(p, &packet->Dhcpv4, name))
		return EFI_NOT_FOUND;
	memset(&server, 0, sizeof(server));
	memcpy(&server, packet->Dhcpv4.BootpSiAddr, sizeof(packet->Dhcpv4.BootpSiAddr));
	status = pxe->Mtftp(pxe, EFI_PXE_BASE_CODE_TFTP_READ_FILE, into->at, FALSE, &size, NULL,
	                    &server, (UINT8 *)p->bytes, NULL, FALSE);
	into->used = EFI_ERROR(status) || size > into->size ? 0 : (size_t)size;
	return status == EFI_TFTP_ERROR ? EFI_NOT_FOUND : status;
}

EFI_STATUS remote_read(const char *name, bool secret, struct text *into, const struct firmware *fw,
                       struct network *net, char clause[static REMOTE_CLAUSE_MAX + 1])
{
	struct place p = { .device = boot_device(fw) };

	return find_url(&p, fw, name) ? read_http(&p, secret, into, fw, net, clause)
	                              : read_tftp(&p, name, secret, into, fw);
}
