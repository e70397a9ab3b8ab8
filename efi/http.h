/* SPDX-License-Identifier: MIT */
/*
 * http.h - the firmware's protocols for HTTP and for addresses of network cards; gnu-efi lacks
 * them.
 *
 * UEFI Specification 2.10, 28.5, 28.8 and 29.6.  Names and order are the specification's; functions
 * that the probe does not call are bare pointers.
 */
#ifndef HTTP_H
#define HTTP_H

#include <efi.h>

#define EFI_HTTP_SERVICE_BINDING_PROTOCOL_GUID                         \
	{                                                              \
		0xbdc8e6af, 0xd9bc, 0x4379,                            \
		{                                                      \
			0xa7, 0x2a, 0xe0, 0xc4, 0xe7, 0x5d, 0xae, 0x1c \
		}                                                      \
	}
#define EFI_HTTP_PROTOCOL_GUID                                         \
	{                                                              \
		0x7a59b29b, 0x910b, 0x4171,                            \
		{                                                      \
			0x82, 0x42, 0xa8, 0x5a, 0x0d, 0xf2, 0x5b, 0x5b \
		}                                                      \
	}
#define EFI_IP4_CONFIG2_PROTOCOL_GUID                                  \
	{                                                              \
		0x5b446ed1, 0xe30b, 0x4faa,                            \
		{                                                      \
			0x87, 0x1a, 0x36, 0x54, 0xec, 0xa3, 0x60, 0x80 \
		}                                                      \
	}
#define EFI_IP6_CONFIG_PROTOCOL_GUID                                   \
	{                                                              \
		0x937fe521, 0x95ae, 0x4d1a,                            \
		{                                                      \
			0x89, 0x29, 0x48, 0xbc, 0xd9, 0x0a, 0xd3, 0x1a \
		}                                                      \
	}

/* EFI_HTTP_METHOD */
enum { HTTP_METHOD_GET = 0, HTTP_METHOD_PUT = 6 };

/* Of a token: the server's answer has a code from 400 on. */
#define EFI_HTTP_ERROR EFIERR(35)

typedef struct {
	UINT32 Method;
	CHAR16 *Url;
} EFI_HTTP_REQUEST_DATA;

typedef struct {
	UINT32 StatusCode; /* EFI_HTTP_STATUS_CODE: a number of its own */
} EFI_HTTP_RESPONSE_DATA;

typedef struct {
	CHAR8 *FieldName, *FieldValue;
} EFI_HTTP_HEADER;

typedef struct {
	union {
		EFI_HTTP_REQUEST_DATA *Request;
		EFI_HTTP_RESPONSE_DATA *Response;
	} Data;
	UINTN HeaderCount;
	EFI_HTTP_HEADER *Headers;
	UINTN BodyLength;
	void *Body;
} EFI_HTTP_MESSAGE;

typedef struct {
	EFI_EVENT Event;
	EFI_STATUS Status;
	EFI_HTTP_MESSAGE *Message;
} EFI_HTTP_TOKEN;

typedef struct {
	BOOLEAN UseDefaultAddress;
	UINT8 LocalAddress[4], LocalSubnet[4];
	UINT16 LocalPort;
} EFI_HTTPv4_ACCESS_POINT;

typedef struct {
	UINT8 LocalAddress[16];
	UINT16 LocalPort;
} EFI_HTTPv6_ACCESS_POINT;

typedef struct {
	UINT32 HttpVersion; /* 1: 1.1 */
	UINT32 TimeOutMillisec;
	BOOLEAN LocalAddressIsIPv6;
	union {
		EFI_HTTPv4_ACCESS_POINT *IPv4Node;
		EFI_HTTPv6_ACCESS_POINT *IPv6Node;
	} AccessPoint;
} EFI_HTTP_CONFIG_DATA;

typedef struct EFI_HTTP_PROTOCOL EFI_HTTP_PROTOCOL;
typedef EFI_STATUS(EFIAPI *EFI_HTTP_EXCHANGE)(EFI_HTTP_PROTOCOL *self, EFI_HTTP_TOKEN *token);

struct EFI_HTTP_PROTOCOL {
	void *GetModeData;
	EFI_STATUS(EFIAPI *Configure)(EFI_HTTP_PROTOCOL *self, EFI_HTTP_CONFIG_DATA *data);
	EFI_HTTP_EXCHANGE Request, Cancel, Response;
	EFI_STATUS(EFIAPI *Poll)(EFI_HTTP_PROTOCOL *self);
};

/* EFI_IP4_CONFIG2_PROTOCOL and EFI_IP6_CONFIG_PROTOCOL, which begin alike. */
typedef struct EFI_IP_CONFIG_PROTOCOL EFI_IP_CONFIG_PROTOCOL;

struct EFI_IP_CONFIG_PROTOCOL {
	EFI_STATUS(EFIAPI *SetData)
	(EFI_IP_CONFIG_PROTOCOL *self, UINT32 type, UINTN size, void *data);
	EFI_STATUS(EFIAPI *GetData)
	(EFI_IP_CONFIG_PROTOCOL *self, UINT32 type, UINTN *size, void *data);
};

/* What a type of data is for the one and the other. */
enum { IP_INTERFACE_INFO = 0 };
enum { IP4_POLICY = 1, IP4_MANUAL_ADDRESS = 2 };
enum { IP6_POLICY = 2, IP6_MANUAL_ADDRESS = 4 };

enum { IP_POLICY_AUTOMATIC = 1 }; /* IPv4: DHCP */

typedef struct {
	CHAR16 Name[32];
	UINT8 IfType;
	UINT32 HwAddressSize;
	UINT8 HwAddress[32];
	UINT8 StationAddress[4], SubnetMask[4];
	UINT32 RouteTableSize;
	void *RouteTable;
} EFI_IP4_CONFIG2_INTERFACE_INFO;

typedef struct {
	CHAR16 Name[32];
	UINT8 IfType;
	UINT32 HwAddressSize;
	UINT8 HwAddress[32];
	UINT32 AddressInfoCount;
	EFI_IP6_ADDRESS_INFO *AddressInfo;
	UINT32 RouteCount;
	void *RouteTable;
} EFI_IP6_CONFIG_INTERFACE_INFO;

#endif
