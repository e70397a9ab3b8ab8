/* SPDX-License-Identifier: MIT */
/*
 * url.h - reads addresses of servers: http://HOST[:PORT]/PATH, or https.
 *
 * Stricter than RFC 3986: no user, and the path is there.  EDK2 2022.11 reads beyond the end of an
 * address without a path.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>

#include "base/err.h"

/* No address is longer. */
#define URL_MAX 255

enum url_host { URL_NAME, URL_IPV4, URL_IPV6 };

struct url {
	bool tls;           /* https */
	enum url_host kind; /* of the host */
	size_t host, path;  /* where host and path begin; the path's "/" ends host and port */
	size_t folder;      /* so many bytes end in the path's last "/" */
};

/* Reads all of text[size].  Sets *ret only on success. */
enum err url_read(struct url *ret, const char *text, size_t size);

#endif
