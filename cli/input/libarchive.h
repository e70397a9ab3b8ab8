/* SPDX-License-Identifier: MIT */
/*
 * libarchive.h - libarchive, loaded when the first archive is read.
 *
 * It needs thirteen other libraries, ICU among them, and loading them takes half as long as all
 * else that a short command does.
 */
#ifndef LIBARCHIVE_H
#define LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

/* The functions of libarchive that are called, by its own names. */
#define LIBARCHIVE_FUNCTIONS(F)              \
	F(archive_read_new)                  \
	F(archive_read_free)                 \
	F(archive_read_support_format_raw)   \
	F(archive_read_support_format_tar)   \
	F(archive_read_support_filter_gzip)  \
	F(archive_read_support_filter_bzip2) \
	F(archive_read_support_filter_xz)    \
	F(archive_read_open_memory)          \
	F(archive_read_next_header)          \
	F(archive_read_data)                 \
	F(archive_filter_count)              \
	F(archive_entry_pathname)            \
	F(archive_entry_size)                \
	F(archive_entry_filetype)

struct libarchive {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): it declares a member */
#define FUNCTION(name) __typeof__(name) *name;
	LIBARCHIVE_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* To be called before the functions are.  Returns false after a message if it cannot be loaded. */
bool libarchive_load(void);

extern struct libarchive libarchive;

#endif
