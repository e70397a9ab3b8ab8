/* SPDX-License-Identifier: MIT */
/*
 * scenario.h - the visits that are posed: what the stick has, which keys are pressed, which
 * firmware it is.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "posed.h"

struct scenario {
	const char *name;
	const char *conf;     /* cpulevel.conf, NULL: none */
	const char *keys;     /* NULL: none */
	const char *says;     /* what a visit in which all goes well says */
	void (*before)(void); /* makes what is on the stick before, or NULL */
	void (*pose)(void);   /* changes the firmware, or NULL */
	unsigned processors;  /* 0: one */
	bool keyless;         /* no stick.key */
	bool slow;            /* a visit takes much longer than others */
	/* What reports have that are stored, sent, or shown in full; NULL after the last one. */
	const char *const *has;
};

#define HAS(...)                  \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

/* odd.c: firmware, sticks and servers of which each is odd in its way; only what goes well. */
extern const struct scenario scenarios[], odd[];
extern const size_t scenario_count, odd_count;

extern struct posed_volume stick, other;

/* What is on both before, and on the server. */
extern struct posed_volume stick_before, other_before;

/* The stick's keys, which the tool made. */
bool scenario_load(const char *folder);

extern EFI_HANDLE scenario_card;

/* UEFI 2.10, 10.3: a device's beginning and end of a path, and the stick's whole path. */
#define PATH_PCI  2, 1, 12, 0, 0xd0, 0x41, 3, 0x0a, 0, 0, 0, 0, 1, 1, 6, 0, 0, 2
#define PATH_LAST 0x7f, 0xff, 4, 0
extern const uint8_t scenario_path_usb[];

/* Poses of more than one scenario, and what is on sticks and servers. */
void scenario_pose_setup(void);
void scenario_pose_tpm(void);
void scenario_pose_cd(void);
void scenario_pose_https(void);
void scenario_pose_http_boot(void);
void scenario_pose_pxe(void);
void scenario_golden(void);
void scenario_server_put(const char *folder, const char *conf);
void scenario_put_ca(void);
/* What was on the stick before is only what every stick has. */
void scenario_stick_new(void);
void scenario_visit_before(const char *conf, const struct posed_fault *fault);

unsigned scenario_processors(const struct scenario *s);

/*
 * Poses and carries out a visit.  fault may be NULL.  What was on the stick before is made when the
 * scenario is another one than that of the visit before, or that was forgotten.
 */
void scenario_visit(const struct scenario *s, const struct posed_fault *fault);
void scenario_forget(void);

#endif
