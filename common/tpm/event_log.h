/* SPDX-License-Identifier: MIT */
/*
 * event_log.h - reads the firmware's log of what it measured into PCRs.
 *
 * The log is that of the TCG PC Client Platform Firmware Profile 1.05, chapter 10, in the crypto
 * agile format: a header of the older format, TCG_EfiSpecIDEvent, then entries TCG_PCR_EVENT2.
 * Numbers in it are little-endian.
 */
#ifndef EVENT_LOG_H
#define EVENT_LOG_H

#include "tpm/tpm.h"

/* Kinds of events that the log is judged by. */
#define EV_NO_ACTION                     0x00000003U /* not measured */
#define EV_EFI_BOOT_SERVICES_APPLICATION 0x80000003U /* a program that was started */

struct event {
	uint32_t pcr, type;
	const uint8_t *digest; /* that of the bank; NULL: the event has none */
	const uint8_t *data;
	size_t size; /* of data */
};

/* More hashes than any log has. */
#define EVENT_LOG_ALGS 8

struct event_log {
	const uint8_t *at, *end; /* from the next event on */
	size_t algs;
	uint16_t alg[EVENT_LOG_ALGS], digest_size[EVENT_LOG_ALGS];
	bool broken; /* it does not continue as a log does */
};

/* Begins to read size bytes.  Returns false, broken, if they do not begin with a log's header. */
bool event_log_start(struct event_log *l, const uint8_t *at, size_t size);

/* Reads the next event.  Returns false at the end, and if the log is broken. */
bool event_log_next(struct event_log *l, uint16_t bank, struct event *ret);

/*
 * Returns the length of a log that begins at first and whose last event begins at last, as
 * EFI_TCG2_PROTOCOL.GetEventLog gives them; first itself if the log has no event but its header.
 * No more than max bytes are read.  0: there is none, or it is longer, or broken.
 */
size_t event_log_size(const uint8_t *first, const uint8_t *last, size_t max);

/* Extends a PCR: to the digest of its value and the event's digest. */
typedef void event_hash(void *of, uint16_t alg, const uint8_t *at, size_t size,
                        uint8_t digest[static TPM_DIGEST]);

/*
 * Sets pcr to what PCR 0 to 7 are after all events, from their values at a reset.  Returns false if
 * the log is broken.
 */
bool event_log_replay(const uint8_t *at, size_t size, uint16_t bank, event_hash *hash, void *of,
                      uint8_t pcr[static TPM_PCRS][TPM_DIGEST]);

#endif
