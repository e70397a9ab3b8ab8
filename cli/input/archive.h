/* SPDX-License-Identifier: MIT */
/*
 * archive.h - libarchive, loaded when the first archive is read.
 *
 * It needs thirteen other libraries, ICU among them, and loading them takes half as long as all
 * else that a short command does.
 */
#ifndef ARCHIVE_LIBRARY_H
#define ARCHIVE_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>

/* The functions of libarchive that are called, by its own names. */
#define ARCHIVE_FUNCTIONS(F)                 \
	F(archive_read_new)                  \
	F(archive_read_free)                 \
	F(archive_read_support_format_tar)   \
	F(archive_read_support_filter_gzip)  \
	F(archive_read_support_filter_bzip2) \
	F(archive_read_support_filter_xz)    \
	F(archive_read_open_memory)          \
	F(archive_read_next_header)          \
	F(archive_read_data)                 \
	F(archive_entry_pathname)            \
	F(archive_entry_size)                \
	F(archive_entry_filetype)

struct archive_library {
#define FUNCTION(name) __typeof__(name) *name;
	ARCHIVE_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* Returns NULL after a message if it cannot be loaded. */
const struct archive_library *archive_library(void);

#endif
