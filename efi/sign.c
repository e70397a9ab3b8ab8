/* SPDX-License-Identifier: MIT */
/*
 * libsodium's static archive was compiled for programs under an operating system.  Such code takes
 * three things for granted that firmware does not give:
 *
 * - a stack-protector canary at %fs:0x28, so FS has to point at memory of ours;
 * - 128 bytes below the stack pointer that nobody touches.  An interrupt would, so there must be
 *   none: RaiseTPL(TPL_HIGH_LEVEL) disables them;
 * - all vector registers for itself, while the caller of an EFI application expects xmm6 to xmm15
 *   unchanged when it returns.  Restoring them also leaves nothing of the key in them.
 *
 * What it takes from a C library is defined at the end of this file, so that nothing of the archive
 * that talks to an operating system is linked.
 */
#include "sign.h"

#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

#define MSR_FS_BASE 0xc0000100U

static const struct firmware *firmware;

struct hosted {
	_Alignas(16) uint8_t vectors[512];
	uint64_t canary[8];
	uint64_t fs;
	EFI_TPL tpl;
};

/*
 * The one MSR that this program touches.  It is architectural: every processor in 64-bit mode has
 * it (SDM vol. 4, table 2-2; APM vol. 2, 3.1.7), so the access cannot fault.
 */
static uint64_t fs_read(void)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(MSR_FS_BASE));
	return (uint64_t)high << 32 | low;
}

static void fs_write(uint64_t value)
{
	__asm__ volatile("wrmsr"
	                 :
	                 : "c"(MSR_FS_BASE), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
	                 : "memory");
}

static void hosted_enter(struct hosted *h)
{
	h->tpl = firmware->boot->RaiseTPL(TPL_HIGH_LEVEL);
	__asm__ volatile("fxsave %0" : "=m"(h->vectors));
	h->fs = fs_read();
	h->canary[5] = 0x6c6576656c757063;
	fs_write((uintptr_t)h->canary);
}

static void hosted_leave(const struct hosted *h)
{
	fs_write(h->fs);
	__asm__ volatile("fxrstor %0" : : "m"(h->vectors));
	firmware->boot->RestoreTPL(h->tpl);
}

void sign_start(const struct firmware *fw)
{
	firmware = fw;
}

bool sign_make(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
               const uint8_t key[static SEAL_SECRET])
{
	struct hosted h;

	hosted_enter(&h);
	const int result = crypto_sign_ed25519_detached(signature, NULL, message, size, key);
	hosted_leave(&h);
	return result == 0;
}

bool sign_check(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
                const uint8_t key[static SEAL_PUBLIC])
{
	struct hosted h;

	hosted_enter(&h);
	const int result = crypto_sign_ed25519_verify_detached(signature, message, size, key);
	hosted_leave(&h);
	return result == 0;
}

void sign_wipe(void *at, size_t size)
{
	volatile uint8_t *bytes = at;

	while (size--)
		bytes[size] = 0;
}

/* From here on: what libsodium calls. */

_Noreturn void abort(void);
_Noreturn void __stack_chk_fail(void);

/* Memory is damaged.  A box that switches itself off without a report is noticed. */
_Noreturn void abort(void)
{
	for (;;)
		firmware->table->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_ABORTED, 0,
		                                              NULL);
}

_Noreturn void __stack_chk_fail(void)
{
	abort();
}

void sodium_memzero(void *const at, const size_t size)
{
	sign_wipe(at, size);
}

int sodium_is_zero(const unsigned char *at, const size_t size)
{
	volatile unsigned char any = 0;

	for (size_t i = 0; i < size; i++)
		any = (unsigned char)(any | at[i]);
	return any == 0;
}

int sodium_memcmp(const void *const a, const void *const b, size_t size)
{
	const unsigned char *p = a, *q = b;
	volatile unsigned char differ = 0;

	for (size_t i = 0; i < size; i++)
		differ = (unsigned char)(differ | (p[i] ^ q[i]));
	return differ == 0 ? 0 : -1;
}
