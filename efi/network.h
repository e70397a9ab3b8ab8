/* SPDX-License-Identifier: MIT */
/*
 * network.h - gets addresses for the machine's network cards, and puts back what it changed for it.
 *
 * EDK2's cards have no address until their policy is set, and it keeps policies in variables.  An
 * address takes four seconds: ask early, wait late.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "firmware.h"
#include "http.h"

#define NETWORK_CARDS 16

enum network_family { NETWORK_IPV4, NETWORK_IPV6 };

/* One family on one card. */
struct network_way {
	EFI_HANDLE card;
	EFI_IP_CONFIG_PROTOCOL *config;
	uint8_t family; /* enum network_family */
	bool changed;   /* the policy is to be put back: */
	UINT32 policy;
};

/* All zero: nothing is started. */
struct network {
	const struct firmware *fw;
	unsigned families; /* those that were asked for, as bits: 1 << NETWORK_IPV6 */
	EFI_EVENT time;    /* for addresses to come; NULL: it is over */
	size_t count;
	struct network_way way[2 * NETWORK_CARDS];
};

/*
 * Starts the drivers of all network cards and has them ask for addresses of these families (bits).
 * Does nothing for a family that was asked for before.  A card with an address that somebody has
 * set keeps it.
 */
void network_start(struct network *n, const struct firmware *fw, unsigned families);

/*
 * Waits until a card has an address of one of the families, but not for longer than 30 seconds from
 * network_start on.  Sets *ret to such ways, IPv4 first, and returns how
 * many there are.
 */
size_t network_wait(struct network *n, unsigned families,
                    struct network_way *ret[static 2 * NETWORK_CARDS]);

/* Puts the policies back.  Does nothing if nothing was started. */
void network_end(struct network *n);

/* A time to wait for, in milliseconds from now on.  Without memory for it, it is over at once. */
EFI_EVENT timer_start(const struct firmware *fw, uint32_t milliseconds);

/* Returns true once the time is over; *timer is then closed and NULL. */
bool timer_over(const struct firmware *fw, EFI_EVENT *timer);
void timer_end(const struct firmware *fw, EFI_EVENT *timer);

#endif
