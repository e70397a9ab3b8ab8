/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include "http.h"

#include <efipxebc.h>
#include <stdio.h>
#include <string.h>

/* EDK2's numbers of codes: UEFI 2.10, 29.6.2. */
enum { CODE_200 = 3, CODE_201 = 4, CODE_404 = 21, CODE_412 = 29 };

struct posed_volume posed_server;
struct posed_answers posed_answers;

static UINT32 policy[2];
static unsigned children;
static struct {
	bool configured, answers, gone;
	unsigned code;
	const struct posed_file *body;
	size_t at;
} http;

static unsigned family(EFI_IP_CONFIG_PROTOCOL *self);

static EFI_STATUS EFIAPI ip_get(EFI_IP_CONFIG_PROTOCOL *self, UINT32 type, UINTN *size, void *data)
{
	const EFI_STATUS status = posed_call(SERVICE_IpGetData);
	const unsigned f = family(self);
	static EFI_IP6_ADDRESS_INFO address[2];

	if (EFI_ERROR(status))
		return status;
	if (type == (f ? IP6_MANUAL_ADDRESS : IP4_MANUAL_ADDRESS) && posed_answers.manual) {
		*size = 8;
		return EFI_BUFFER_TOO_SMALL;
	}
	if (type == (f ? IP6_POLICY : IP4_POLICY)) {
		memcpy(data, &policy[f], sizeof(policy[f]));
		return EFI_SUCCESS;
	}
	if (type != IP_INTERFACE_INFO)
		return EFI_NOT_FOUND;
	const bool has = policy[f] == IP_POLICY_AUTOMATIC && posed_now() > 20000000 &&
	                 !posed_answers.no_address;
	memset(data, 0, *size < 512 ? *size : 512);
	if (!f) {
		((EFI_IP4_CONFIG2_INTERFACE_INFO *)data)->StationAddress[0] = has ? 192 : 0;
		return EFI_SUCCESS;
	}
	address[0].Address.Addr[0] = 0xfe;
	address[0].Address.Addr[1] = 0x80;
	address[1].Address.Addr[0] = 0x20;
	((EFI_IP6_CONFIG_INTERFACE_INFO *)data)->AddressInfo = address;
	((EFI_IP6_CONFIG_INTERFACE_INFO *)data)->AddressInfoCount = has ? 2 : 1;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI ip_set(EFI_IP_CONFIG_PROTOCOL *self, UINT32 type, UINTN size, void *data)
{
	const EFI_STATUS status = posed_call(SERVICE_IpSetData);
	const unsigned f = family(self);

	if (EFI_ERROR(status))
		return status;
	if (type != (f ? IP6_POLICY : IP4_POLICY) || size != sizeof(policy[f]))
		posed_wrong("something else than a policy is set");
	memcpy(&policy[f], data, sizeof(policy[f]));
	return EFI_SUCCESS;
}

static EFI_IP_CONFIG_PROTOCOL ip[2] = { { ip_set, ip_get }, { ip_set, ip_get } };

static unsigned family(EFI_IP_CONFIG_PROTOCOL *self)
{
	return self == &ip[1];
}

static EFI_STATUS EFIAPI configure(EFI_HTTP_PROTOCOL *self, EFI_HTTP_CONFIG_DATA *data)
{
	const EFI_STATUS status = posed_call(SERVICE_HttpConfigure);

	(void)self;
	http.configured = data && !EFI_ERROR(status);
	return status;
}

/* Carries a request out: which file is asked for, or put there. */
static void carry_out(const EFI_HTTP_MESSAGE *m)
{
	const CHAR16 *url = m->Data.Request->Url;
	struct posed_file *f;
	char path[POSED_PATH];
	size_t i = 0;

	for (; url[i] && i + 1 < sizeof(path); i++)
		path[i] = (char)url[i];
	path[i] = '\0';
	f = posed_file(&posed_server, path);
	http.body = NULL;
	http.at = 0;
	if (m->Data.Request->Method == HTTP_METHOD_GET) {
		http.body = f;
		http.code = f ? CODE_200 : CODE_404;
	} else {
		http.code = f ? CODE_412 : CODE_201;
		if (!f)
			posed_file_put(&posed_server, path, m->Body, m->BodyLength);
	}
}

static EFI_STATUS EFIAPI request(EFI_HTTP_PROTOCOL *self, EFI_HTTP_TOKEN *token)
{
	const EFI_STATUS status = posed_call(SERVICE_HttpRequest);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	if (!http.configured)
		return EFI_NOT_STARTED;
	http.answers = true;
	if (posed_answers.refuse) {
		posed_answers.refuse--;
		if (posed_answers.stores_unsaid)
			carry_out(token->Message);
		http.answers = posed_answers.code != 0;
		http.code = posed_answers.code;
		http.body = NULL;
	} else {
		carry_out(token->Message);
	}
	token->Status = EFI_SUCCESS;
	posed_signal(token->Event);
	return EFI_SUCCESS;
}

/* The header's memory is for the program to free. */
static void give_header(EFI_HTTP_MESSAGE *m)
{
	struct {
		EFI_HTTP_HEADER header[2];
		char length[24];
	} *h = posed_pool(sizeof(*h));

	snprintf(h->length, sizeof(h->length), "%zu", http.body ? http.body->size : 0);
	if (posed_answers.length)
		snprintf(h->length, sizeof(h->length), "%s", posed_answers.length);
	h->header[0] = (EFI_HTTP_HEADER){ (CHAR8 *)"Server", (CHAR8 *)"posed" };
	h->header[1] = (EFI_HTTP_HEADER){ (CHAR8 *)"content-length", (CHAR8 *)h->length };
	m->Headers = h->header;
	m->HeaderCount = 2;
	m->Data.Response->StatusCode = http.code;
}

static void give_body(EFI_HTTP_MESSAGE *m)
{
	const size_t left = http.body->size - http.at;

	m->BodyLength = m->BodyLength < left ? m->BodyLength : left;
	memcpy(m->Body, http.body->data + http.at, m->BodyLength);
	if (posed_does(POSED_HALF))
		m->BodyLength = 0;
	http.at += m->BodyLength;
}

static EFI_STATUS EFIAPI response(EFI_HTTP_PROTOCOL *self, EFI_HTTP_TOKEN *token)
{
	const EFI_STATUS status = posed_call(SERVICE_HttpResponse);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	if (!http.answers)
		return EFI_SUCCESS; /* the event never comes */
	token->Status = posed_answers.status;
	if (token->Message->Data.Response && posed_answers.bare)
		token->Message->Data.Response->StatusCode = http.code;
	else if (token->Message->Data.Response)
		give_header(token->Message);
	else
		give_body(token->Message);
	posed_signal(token->Event);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI cancel(EFI_HTTP_PROTOCOL *self, EFI_HTTP_TOKEN *token)
{
	(void)self, (void)token;
	posed_pool_may_stay();
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI poll(EFI_HTTP_PROTOCOL *self)
{
	(void)self;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI create_child(EFI_SERVICE_BINDING *self, EFI_HANDLE *ret_child)
{
	static EFI_HTTP_PROTOCOL services = { NULL, configure, request, cancel, response, poll };
	const EFI_GUID guid = EFI_HTTP_PROTOCOL_GUID;
	const EFI_STATUS status = posed_call(SERVICE_CreateChild);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	children++;
	*ret_child = posed_install(NULL, &guid, &services);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI destroy_child(EFI_SERVICE_BINDING *self, EFI_HANDLE child)
{
	const EFI_GUID guid = EFI_HTTP_PROTOCOL_GUID;

	(void)self;
	children--;
	posed_remove(child, &guid);
	return posed_call(SERVICE_DestroyChild);
}

void posed_network_start(void)
{
	posed_volume_free(&posed_server);
	posed_answers = (struct posed_answers){ .refuse = 0 };
	memset(&http, 0, sizeof(http));
	policy[0] = policy[1] = 0;
	children = 0;
}

EFI_HANDLE posed_network_install(void)
{
	static EFI_SERVICE_BINDING binding = { create_child, destroy_child };
	static EFI_SIMPLE_NETWORK_MODE mode = { .MediaPresentSupported = TRUE };
	static EFI_SIMPLE_NETWORK card = { .Mode = &mode };
	const EFI_GUID binding_guid = EFI_HTTP_SERVICE_BINDING_PROTOCOL_GUID,
		       ip4 = EFI_IP4_CONFIG2_PROTOCOL_GUID, ip6 = EFI_IP6_CONFIG_PROTOCOL_GUID,
		       card_guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	const EFI_HANDLE handle = posed_install(NULL, &binding_guid, &binding);

	mode.MediaPresent = !posed_answers.no_cable;
	posed_install(handle, &ip4, &ip[0]);
	posed_install(handle, &ip6, &ip[1]);
	posed_install(handle, &card_guid, &card);
	return handle;
}

bool posed_network_left(void)
{
	return children || policy[0] || policy[1];
}

static EFI_STATUS EFIAPI mtftp(EFI_PXE_BASE_CODE_PROTOCOL *self,
                               EFI_PXE_BASE_CODE_TFTP_OPCODE operation, void *buffer,
                               BOOLEAN overwrite, UINT64 *size, UINTN *block,
                               EFI_IP_ADDRESS *server, UINT8 *name, EFI_PXE_BASE_CODE_MTFTP_INFO *i,
                               BOOLEAN no_buffer)
{
	const EFI_STATUS status = posed_call(SERVICE_Mtftp);
	const struct posed_file *f = posed_file(&posed_server, (const char *)name);

	(void)self, (void)overwrite, (void)block, (void)i, (void)no_buffer;
	if (operation != EFI_PXE_BASE_CODE_TFTP_READ_FILE || server->v4.Addr[0] != 10)
		posed_wrong("something else is asked of TFTP");
	if (EFI_ERROR(status))
		return status;
	if (!f)
		return EFI_TFTP_ERROR;
	if (*size < f->size)
		return EFI_BUFFER_TOO_SMALL;
	*size = f->size;
	memcpy(buffer, f->data, f->size);
	return EFI_SUCCESS;
}

/* file: the boot file, as dnsmasq sends it, in an option. */
void posed_pxe_install(EFI_HANDLE card, const char *file)
{
	static EFI_PXE_BASE_CODE_MODE mode;
	static EFI_PXE_BASE_CODE_PROTOCOL pxe = { .Mtftp = mtftp, .Mode = &mode };
	const EFI_GUID guid = EFI_PXE_BASE_CODE_PROTOCOL_GUID;
	UINT8 *option = mode.DhcpAck.Dhcpv4.DhcpOptions;

	memset(&mode, 0, sizeof(mode));
	mode.Started = TRUE;
	mode.DhcpAck.Dhcpv4.BootpSiAddr[0] = 10;
	option[0] = 0; /* a byte that only fills */
	option[1] = 67;
	option[2] = (UINT8)strlen(file);
	memcpy(option + 3, file, strlen(file));
	option[3 + strlen(file)] = 255;
	posed_install(card, &guid, &pxe);
}
