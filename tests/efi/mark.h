/* SPDX-License-Identifier: MIT */
/*
 * mark.h - lines with the time on QEMU's debug console (-debugcon, port E9H), for
 * scripts/bench-boot.
 *
 * "WORDS TIME": the time stamp counter in hexadecimal digits.  Under QEMU's -icount that counts
 * nanoseconds of the guest, one for each instruction; a byte that is written costs one too.
 */
#ifndef MARK_H
#define MARK_H

#include <stdint.h>

static inline void mark_byte(int byte)
{
	__asm__ volatile("outb %b0, $0xe9" : : "a"(byte));
}

static inline void mark_time(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	const uint64_t time = (uint64_t)high << 32 | low;
	for (int shift = 60; shift >= 0; shift -= 4) {
		const int digit = time >> shift & 15;

		mark_byte(digit < 10 ? '0' + digit : 'a' + digit - 10);
	}
	mark_byte('\n');
}

static inline void mark(const char *words)
{
	for (; *words; words++)
		mark_byte(*words);
	mark_time();
}

#endif
