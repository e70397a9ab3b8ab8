/* SPDX-License-Identifier: MIT */
#include "embedded.h"

/* "make netboot" names files. */
#ifdef EMBEDDED_CONF
#define CONF ".incbin \"" EMBEDDED_CONF "\"\n"
#else
#define CONF
#endif
#ifdef EMBEDDED_CA
#define CA ".incbin \"" EMBEDDED_CA "\"\n"
#else
#define CA
#endif

__asm__(".section .rodata.embedded, \"a\"\n"
        ".globl embedded_conf, embedded_conf_end, embedded_ca, embedded_ca_end\n"
        ".hidden embedded_conf, embedded_conf_end, embedded_ca, embedded_ca_end\n"
        "embedded_conf:\n" CONF "embedded_conf_end:\n"
        "embedded_ca:\n" CA "embedded_ca_end:\n"
        ".byte 0\n"
        ".previous\n");
