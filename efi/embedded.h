/* SPDX-License-Identifier: MIT */
/*
 * embedded.h - the files that "make netboot" builds into the probe; empty in other probes.
 */
#ifndef EMBEDDED_H
#define EMBEDDED_H

/* cpulevel.conf and ca.pem: where they begin and end. */
extern const char embedded_conf[], embedded_conf_end[];
extern const char embedded_ca[], embedded_ca_end[];

#endif
