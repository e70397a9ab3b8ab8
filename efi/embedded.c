/* SPDX-License-Identifier: MIT */
#include "embedded.h"

/* "make netboot" names files.  They stay legible in the program: .rodata is packed there. */
#ifdef EMBEDDED_CONF
#define SECTION ".conf"
#define CONF    ".incbin \"" EMBEDDED_CONF "\"\n"
#else
#define SECTION ".rodata.embedded"
#define CONF
#endif
#ifdef EMBEDDED_CA
#define CA ".incbin \"" EMBEDDED_CA "\"\n"
#else
#define CA
#endif

__asm__(".section " SECTION ", \"a\"\n"
        ".globl embedded_conf, embedded_conf_end, embedded_ca, embedded_ca_end\n"
        ".hidden embedded_conf, embedded_conf_end, embedded_ca, embedded_ca_end\n"
        "embedded_conf:\n" CONF "embedded_conf_end:\n"
        "embedded_ca:\n" CA "embedded_ca_end:\n"
        ".byte 0\n"
        ".previous\n");
