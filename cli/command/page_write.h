/* SPDX-License-Identifier: MIT */
/*
 * page_write.h - makes one HTML file of the page's program, its style, and data.
 *
 * The file allows the browser nothing but this one script and this one style, by their SHA-256: no
 * network, no other script, whatever a report says.
 */
#ifndef PAGE_WRITE_H
#define PAGE_WRITE_H

#include "input/file.h"
#include "output/document.h"

/* Returns the file, from malloc. */
struct bytes page_write(const json_t *data);

#endif
