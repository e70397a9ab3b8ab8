/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include "base/ascii.h"
#include "base/mem.h"

/* Each step of a request.  EDK2 itself waits 60 s for a connection and 5 s for a header. */
#define STEP_MILLISECONDS 15000

/* No further try begins after this time: servers that do not answer at all take 60 s each. */
#define TRIES_MILLISECONDS 45000
#define PAUSE_MICROSECONDS 1000000

#define PIECE 4096

/* An answer's code, by EDK2's running number of it: UEFI 2.10, 29.6.2, EFI_HTTP_STATUS_CODE. */
static const uint16_t codes[] = {
	0,   100, 101, 200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304,
	305, 307, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412,
	413, 414, 415, 416, 417, 500, 501, 502, 503, 504, 505, 308, 429,
};

/*
 * All that the firmware reads and writes.  It is freed only if every call ended in time: firmware
 * may write to what it was given later than it should.
 */
struct memory {
	EFI_HTTP_CONFIG_DATA config;
	EFI_HTTPv4_ACCESS_POINT access4;
	EFI_HTTPv6_ACCESS_POINT access6;
	EFI_HTTP_TOKEN token;
	EFI_HTTP_MESSAGE out, in;
	EFI_HTTP_REQUEST_DATA request;
	EFI_HTTP_RESPONSE_DATA response;
	EFI_HTTP_HEADER header[4];
	CHAR16 url[URL_MAX + 1];
	char host[URL_MAX + 1], length[21];
	char piece[PIECE];
	bool late;
};

/* Starts a step and waits for its end; one that is not in time is taken back. */
static EFI_STATUS step(struct memory *m, const struct firmware *fw, EFI_HTTP_PROTOCOL *http,
                       EFI_HTTP_EXCHANGE what, EFI_HTTP_MESSAGE *message)
{
	EFI_STATUS status;
	EFI_EVENT time;

	m->token = (EFI_HTTP_TOKEN){ .Status = EFI_NOT_READY, .Message = message };
	status = fw->boot->CreateEvent(0, 0, NULL, NULL, &m->token.Event);
	if (EFI_ERROR(status))
		return status;
	time = timer_start(fw, STEP_MILLISECONDS);
	status = what(http, &m->token);
	while (!EFI_ERROR(status) && EFI_ERROR(fw->boot->CheckEvent(m->token.Event))) {
		if (timer_over(fw, &time)) {
			http->Cancel(http, &m->token);
			m->late = true;
			status = EFI_TIMEOUT;
		} else {
			http->Poll(http);
		}
	}
	timer_end(fw, &time);
	fw->boot->CloseEvent(m->token.Event);
	return EFI_ERROR(status) ? status : m->token.Status;
}

static size_t length_of(const EFI_HTTP_MESSAGE *in)
{
	size_t length = 0;

	for (UINTN i = 0; i < in->HeaderCount; i++) {
		const char *c = (const char *)in->Headers[i].FieldValue;

		if (!ascii_same((const char *)in->Headers[i].FieldName, "Content-Length"))
			continue;
		for (length = 0; ascii_digit(*c) && length < SIZE_MAX / 16; c++)
			length = length * 10 + (size_t)(*c - '0');
	}
	return length;
}

/*
 * First the header, without room for a body: with it, EDK2 waits for the body of an answer that has
 * none (201 with Content-Length: 0).  A body that nobody wants is left there.
 */
static EFI_STATUS answer(struct exchange *x, struct memory *m, const struct firmware *fw,
                         EFI_HTTP_PROTOCOL *http)
{
	EFI_STATUS status;
	size_t length;

	m->in = (EFI_HTTP_MESSAGE){ .Data.Response = &m->response };
	status = step(m, fw, http, http->Response, &m->in);
	if (EFI_ERROR(status) && status != EFI_HTTP_ERROR)
		return status;
	if (m->response.StatusCode < sizeof(codes) / sizeof(codes[0]))
		x->code = codes[m->response.StatusCode];
	length = length_of(&m->in);
	if (m->in.Headers)
		fw->boot->FreePool(m->in.Headers);
	if (x->code < 200 || x->code >= 300)
		return EFI_HTTP_ERROR;
	while (x->into && length > 0) {
		m->in = (EFI_HTTP_MESSAGE){ .BodyLength = length < PIECE ? length : PIECE,
			                    .Body = m->piece };
		status = step(m, fw, http, http->Response, &m->in);
		if (EFI_ERROR(status))
			return status;
		text_bytes(x->into, m->piece, m->in.BodyLength);
		if (x->into->full || m->in.BodyLength == 0 || m->in.BodyLength > length)
			return EFI_BAD_BUFFER_SIZE;
		length -= m->in.BodyLength;
	}
	return EFI_SUCCESS;
}

static void add_header(struct memory *m, const char *name, const char *value)
{
	m->header[m->out.HeaderCount++] =
		(EFI_HTTP_HEADER){ (CHAR8 *)(UINTN)name, (CHAR8 *)(UINTN)value };
}

static void prepare(struct exchange *x, struct memory *m, bool ipv6, const struct url *url)
{
	struct text t;

	for (size_t i = 0; (m->url[i] = (CHAR16)x->url[i]) != 0; i++)
		;
	memcpy(m->host, x->url + url->host, url->path - url->host);
	m->request = (EFI_HTTP_REQUEST_DATA){ x->body ? HTTP_METHOD_PUT : HTTP_METHOD_GET, m->url };
	m->out = (EFI_HTTP_MESSAGE){ .Data.Request = &m->request, .Headers = m->header };
	add_header(m, "Host", m->host);
	if (x->body) {
		text_start(&t, m->length, sizeof(m->length));
		text_decimal(&t, x->body->used);
		add_header(m, "Content-Length", text_string(&t));
		add_header(m, "Content-Type", "text/plain");
		add_header(m, "If-None-Match", "*");
		m->out.Body = x->body->at;
		m->out.BodyLength = x->body->used;
	}
	m->access4.UseDefaultAddress = TRUE;
	m->config = (EFI_HTTP_CONFIG_DATA){ .HttpVersion = 1,
		                            .TimeOutMillisec = STEP_MILLISECONDS,
		                            .LocalAddressIsIPv6 = ipv6 };
	if (ipv6)
		m->config.AccessPoint.IPv6Node = &m->access6;
	else
		m->config.AccessPoint.IPv4Node = &m->access4;
}

/* In a child of its own: after an error one of EDK2's is not to be trusted with another request. */
static EFI_STATUS in_child(struct exchange *x, struct memory *m, const struct firmware *fw,
                           EFI_HANDLE card)
{
	EFI_GUID binding_guid = EFI_HTTP_SERVICE_BINDING_PROTOCOL_GUID,
		 http_guid = EFI_HTTP_PROTOCOL_GUID;
	EFI_SERVICE_BINDING *binding;
	EFI_HTTP_PROTOCOL *http;
	EFI_HANDLE child = NULL;
	EFI_STATUS status;

	status = fw->boot->HandleProtocol(card, &binding_guid, (void **)&binding);
	if (!EFI_ERROR(status))
		status = binding->CreateChild(binding, &child);
	if (EFI_ERROR(status))
		return status;
	status = fw->boot->HandleProtocol(child, &http_guid, (void **)&http);
	if (!EFI_ERROR(status)) {
		status = http->Configure(http, &m->config);
		if (!EFI_ERROR(status))
			status = step(m, fw, http, http->Request, &m->out);
		if (!EFI_ERROR(status))
			status = answer(x, m, fw, http);
		http->Configure(http, NULL);
	}
	binding->DestroyChild(binding, child);
	return status;
}

static EFI_STATUS once(struct exchange *x, const struct firmware *fw, const struct network_way *way)
{
	EFI_STATUS status;
	struct memory *m;
	struct url url;
	void *memory;

	x->code = 0;
	if (x->into)
		x->into->used = 0;
	/* Without a path EDK2 would read beyond the end of the address. */
	if (url_read(&url, x->url, ascii_size(x->url)) != ERR_NONE)
		return EFI_INVALID_PARAMETER;
	status = fw->boot->AllocatePool(EfiLoaderData, sizeof(*m), &memory);
	if (EFI_ERROR(status))
		return status;
	m = memory;
	memset(m, 0, sizeof(*m));
	prepare(x, m, way->family == NETWORK_IPV6, &url);
	status = in_child(x, m, fw, way->card);
	/* A secret may have been received. */
	memset(m->piece, 0, sizeof(m->piece));
	if (!m->late)
		fw->boot->FreePool(m);
	return status;
}

/* Returns true if the server has answered: the next try would get the same. */
static bool answered(const struct exchange *x, EFI_STATUS status)
{
	return !EFI_ERROR(status) || (x->code > 0 && x->code < 500) ||
	       status == EFI_ACCESS_DENIED || status == EFI_BAD_BUFFER_SIZE;
}

EFI_STATUS exchange_try(struct exchange *x, struct network *n, unsigned tries)
{
	struct network_way *way[2 * NETWORK_CARDS];
	const size_t ways = network_wait(n, exchange_families(x->url), way);
	EFI_STATUS status = EFI_NO_MAPPING;
	EFI_EVENT time;

	x->unsure = false;
	x->code = 0;
	if (ways == 0)
		return status;
	time = timer_start(n->fw, TRIES_MILLISECONDS);
	for (unsigned i = 0; i < tries; i++) {
		if (i > 0) {
			x->unsure = true;
			n->fw->boot->Stall((UINTN)PAUSE_MICROSECONDS << (i - 1));
		}
		status = once(x, n->fw, way[i % ways]);
		if (answered(x, status) || timer_over(n->fw, &time))
			break;
	}
	timer_end(n->fw, &time);
	return status;
}

unsigned exchange_families(const char *url)
{
	struct url u;

	if (url_read(&u, url, ascii_size(url)) != ERR_NONE)
		return 0;
	switch (u.kind) {
	case URL_IPV4:
		return 1U << NETWORK_IPV4;
	case URL_IPV6:
		return 1U << NETWORK_IPV6;
	case URL_NAME:
		break;
	}
	return 1U << NETWORK_IPV4 | 1U << NETWORK_IPV6;
}

void exchange_clause(struct text *t, EFI_STATUS status, unsigned code)
{
	static const struct {
		EFI_STATUS status;
		const char *clause;
	} known[] = {
		{ EFI_NO_MAPPING, "no network card got an address" },
		{ EFI_TIMEOUT, "the server did not answer in time" },
		{ EFI_ACCESS_DENIED, "the firmware allows https:// only" },
		{ EFI_NOT_FOUND, "there is no certificate to check the server with" },
		{ EFI_ABORTED,
		  "TLS fails: its certificate is not trusted here, or no cipher is common" },
		{ EFIERR(104), "the server closed the connection" },
		{ EFIERR(105), "the server refuses connections, or has ended one" },
		{ EFI_HTTP_ERROR,
		  "the server refuses it, by a code that the firmware does not name" },
		{ EFI_ALREADY_STARTED, "the server has another file of this name" },
		{ EFI_BAD_BUFFER_SIZE, "what the server sends is too long" },
	};

	/* An answer that is none to what was asked has a code as well. */
	if (code && status == EFI_HTTP_ERROR) {
		text_put(t, "the server refuses it (HTTP ");
		text_decimal(t, code);
		text_put(t, ")");
		return;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].status == status) {
			text_put(t, known[i].clause);
			return;
		}
	}
	text_put(t, "the server cannot be reached (the firmware's error ");
	text_decimal(t, status & 0xffff);
	text_put(t, ")");
}
