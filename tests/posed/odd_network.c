/* SPDX-License-Identifier: MIT */
#include "odd.h"

#include <efi.h>
#include <efipxebc.h>
#include <string.h>

#include "http.h"
#include "scenario.h"

/* EDK2's numbers of codes: UEFI 2.10, 29.6.2. */
enum { CODE_403 = 20, CODE_412 = 29, CODE_503 = 38 };

static void no_address(void)
{
	posed_processor_install();
	posed_answers.no_address = true;
}

void odd_no_cable(void)
{
	const EFI_GUID guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	EFI_SIMPLE_NETWORK *card = posed_protocol(scenario_card, &guid);

	no_address();
	card->Mode->MediaPresent = FALSE;
}

/* Whether a cable is there cannot be asked. */
void odd_no_card(void)
{
	const EFI_GUID guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;

	no_address();
	posed_remove(scenario_card, &guid);
}

void odd_manual(void)
{
	no_address();
	posed_answers.manual = true;
}

/* A server that is overloaded, and then takes the report. */
void odd_refused(void)
{
	posed_processor_install();
	posed_answers.refuse = 2;
	posed_answers.code = CODE_503;
}

void odd_forbidden(void)
{
	posed_processor_install();
	posed_answers.refuse = 100;
	posed_answers.code = CODE_403;
}

/* A server that has a file of the first name already. */
void odd_other_file(void)
{
	posed_processor_install();
	posed_answers.refuse = 1;
	posed_answers.code = CODE_412;
}

void odd_no_header(void)
{
	posed_processor_install();
	posed_answers.bare = true;
}

void odd_code_unknown(void)
{
	posed_processor_install();
	posed_answers.refuse = 100;
	posed_answers.code = 1000;
	posed_answers.status = EFI_HTTP_ERROR;
}

static const char conf[] = "countdown 0\ncollect http://192.0.2.1/new/\n";

/* An address whose server is not checked, which ends with a NUL. */
void odd_http_secret(void)
{
	static uint8_t path[] = { 3,   24,  31,  0,   'h', 't', 't', 'p',  ':',  '/', '/', '1',
		                  '9', '2', '.', '0', '.', '2', '.', '1',  '/',  'b', '/', 'x',
		                  '.', 'e', 'f', 'i', 0,   0,   0,   0x7f, 0xff, 4,   0 };
	const EFI_GUID guid = DEVICE_PATH_PROTOCOL;

	scenario_pose_http_boot();
	posed_remove(scenario_card, &guid);
	posed_path_install(scenario_card, path);
	scenario_server_put("http://192.0.2.1/b/", conf);
}

/* An answer that says that it has another length than it has. */
void odd_http_long(void)
{
	scenario_pose_http_boot();
	posed_answers.length = "99999999";
}

void odd_http_short(void)
{
	scenario_pose_http_boot();
	posed_answers.length = "1";
}

void odd_http_huge(void)
{
	scenario_pose_http_boot();
	posed_answers.length = "99999999999999999999999";
}

/* No settings there. */
void odd_http_bare(void)
{
	scenario_pose_http_boot();
	posed_file(&posed_server, "https://boot.example/efi/cpulevel.conf")->path[0] = '\0';
}

static EFI_PXE_BASE_CODE_MODE *pxe_mode(void)
{
	const EFI_GUID guid = EFI_PXE_BASE_CODE_PROTOCOL_GUID;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe;

	scenario_pose_pxe();
	pxe = posed_protocol(scenario_card, &guid);
	return pxe->Mode;
}

static void put_packet(EFI_PXE_BASE_CODE_PACKET *packet, const char *file)
{
	memset(packet, 0, sizeof(*packet));
	packet->Dhcpv4.BootpSiAddr[0] = 10;
	strcpy((char *)packet->Dhcpv4.BootpBootFile, file);
	packet->Dhcpv4.DhcpOptions[0] = 255;
}

/* The boot file is in the field; the options of the last packet never end. */
void odd_pxe_reply(void)
{
	EFI_PXE_BASE_CODE_MODE *mode = pxe_mode();

	mode->PxeReplyReceived = TRUE;
	put_packet(&mode->PxeReply, "efi\\BOOTX64.EFI");
	memset(mode->PxeReply.Dhcpv4.DhcpOptions, 0, sizeof(mode->PxeReply.Dhcpv4.DhcpOptions));
	scenario_server_put("efi\\", conf);
}

void odd_pxe_proxy(void)
{
	EFI_PXE_BASE_CODE_MODE *mode = pxe_mode();
	const size_t size = sizeof(mode->ProxyOffer.Dhcpv4.DhcpOptions);
	UINT8 *option;

	mode->ProxyOfferReceived = TRUE;
	put_packet(&mode->ProxyOffer, "efi/BOOTX64.EFI");
	/* The last option is longer than the packet. */
	option = mode->ProxyOffer.Dhcpv4.DhcpOptions;
	memset(option, 0, size);
	option[0] = 12, option[1] = 4;
	option[size - 2] = 67, option[size - 1] = 200;
}

void odd_pxe_ipv6(void)
{
	pxe_mode()->UsingIpv6 = TRUE;
}

void odd_pxe_long(void)
{
	EFI_PXE_BASE_CODE_MODE *mode = pxe_mode();

	/* The field is full and has no NUL. */
	mode->PxeReplyReceived = TRUE;
	put_packet(&mode->PxeReply, "");
	memset(mode->PxeReply.Dhcpv4.BootpBootFile, 'x',
	       sizeof(mode->PxeReply.Dhcpv4.BootpBootFile));
	scenario_server_put("", conf);
}

void before_bad_ca(void)
{
	posed_file_put(&stick_before, "\\cpulevel\\ca.pem",
	               "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", 57);
}

static EFI_STATUS EFIAPI grows(EFI_PXE_BASE_CODE_PROTOCOL *self,
                               EFI_PXE_BASE_CODE_TFTP_OPCODE operation, void *buffer,
                               BOOLEAN overwrite, UINT64 *size, UINTN *block,
                               EFI_IP_ADDRESS *server, UINT8 *name, EFI_PXE_BASE_CODE_MTFTP_INFO *i,
                               BOOLEAN no_buffer)
{
	(void)self, (void)operation, (void)buffer, (void)overwrite, (void)block, (void)server;
	(void)name, (void)i, (void)no_buffer;
	++*size;
	return EFI_SUCCESS;
}

/* A file that is longer than the room for it, and no error. */
void odd_pxe_grows(void)
{
	const EFI_GUID guid = EFI_PXE_BASE_CODE_PROTOCOL_GUID;
	EFI_PXE_BASE_CODE_PROTOCOL *pxe;

	pxe_mode();
	pxe = posed_protocol(scenario_card, &guid);
	pxe->Mtftp = grows;
}

/* The firmware keeps certificates of its own. */
void before_stored_ca(void)
{
	before_bad_ca();
	posed_tls_stored = true;
}
