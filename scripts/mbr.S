/* SPDX-License-Identifier: MIT */
/*
 * mbr.S - what a legacy BIOS runs from the stick: it says that the stick needs UEFI, and halts.
 *
 * scripts/bootcode assembles it, scripts/image puts it into the boot code of the protective MBR, which UEFI
 * ignores (UEFI 2.10, 5.2.3).  A BIOS loads the sector to 7C00H and starts it in real mode; CS is 0 or 07C0H.
 */
	.code16
	.section .text
	.globl start

start:
	cli
	xorw %ax, %ax
	movw %ax, %ds
	movw %ax, %ss
	movw $0x7c00, %sp
	sti
	cld
	ljmp $0, $clear

	/* Text mode, 80 columns: the maker's logo may have left graphics. */
clear:
	movw $0x0003, %ax
	int $0x10
	movw $message, %si
next:
	lodsb
	testb %al, %al
	jz halt
	pushw %ax
	call screen
	popw %ax
	call serial
	jmp next

	/* Some BIOSes change registers in INT 10H. */
screen:
	pushw %si
	movb $0x0e, %ah
	movw $0x0007, %bx
	int $0x10
	popw %si
	ret

	/*
	 * COM1, if the BIOS has found one, at the speed that it has now: a BIOS whose console is on the
	 * serial line has set that speed, and setting another would garble the console.  No more is sent
	 * after a time-out, bit 7 of AH.
	 */
serial:
	cmpw $0, 0x400
	je done
	cmpb $0, timeout
	jne done
	pushw %si
	movb $0x01, %ah
	xorw %dx, %dx
	int $0x14
	andb $0x80, %ah
	movb %ah, timeout
	popw %si
done:
	ret

	/* Interrupts stay on, so that Ctrl-Alt-Del works. */
halt:
	sti
	hlt
	jmp halt

timeout:
	.byte 0
message:
	.ascii "This stick needs UEFI boot: choose the UEFI entry in the boot menu"
	.byte 13, 10, 0
