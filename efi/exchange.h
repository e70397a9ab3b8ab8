/* SPDX-License-Identifier: MIT */
/*
 * exchange.h - one request to an HTTP server, and its answer, through the firmware's HTTP.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "base/text.h"
#include "network.h"
#include "report/url.h"

struct exchange {
	const char *url;         /* checked with url_read */
	const struct text *body; /* what is PUT, where nothing is yet; NULL: GET */
	struct text *into;       /* GET: the answer's body is appended */

	unsigned code; /* of the answer, 204 for example; 0: there was none, or it has no name */
	bool unsure;   /* a try before this got no answer, and may have reached the server */
};

/*
 * Makes the request by one of the machine's ways after the other until the server answers, so many
 * times at most, with growing pauses.  An answer from 500 on counts as none.  EFI_SUCCESS: the code
 * is below 300.  EFI_HTTP_ERROR: another code; EFI_NO_MAPPING: no card has an address.
 */
EFI_STATUS exchange_try(struct exchange *x, struct network *n, unsigned tries);

/* Which families lead to a server: bits, for network_start. */
unsigned exchange_families(const char *url);

/* Appends what a status and a code mean: a clause, "the server refuses it (HTTP 403)". */
void exchange_clause(struct text *t, EFI_STATUS status, unsigned code);

#endif
