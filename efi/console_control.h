/* SPDX-License-Identifier: MIT */
/*
 * console_control.h - the console control protocol of Intel's EDK, which no header here declares.
 *
 * Not in the UEFI specification.  Apple's firmware has it; OpenCore documents it.
 */
#ifndef CONSOLE_CONTROL_H
#define CONSOLE_CONTROL_H

#include <efi.h>

#define CONSOLE_CONTROL_GUID                                           \
	{                                                              \
		0xf42f7782, 0x012e, 0x4c12,                            \
		{                                                      \
			0x99, 0x56, 0x49, 0xf9, 0x43, 0x04, 0xf7, 0x21 \
		}                                                      \
	}

#define CONSOLE_CONTROL_TEXT 0

struct console_control {
	void *GetMode;
	EFI_STATUS(EFIAPI *SetMode)(struct console_control *self, UINT32 mode);
	void *LockStdIn;
};

#endif
