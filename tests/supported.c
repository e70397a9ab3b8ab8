/* SPDX-License-Identifier: MIT */
/*
 * supported.c - the first process of an emulated host: prints what its KVM offers guests, and ends.
 *
 * For each leaf that KVM_GET_SUPPORTED_CPUID lists, a row "kvm LEAF SUBLEAF EAX EBX ECX EDX" and
 * the processor's own, "host ...".  The last row is "end".  The modules are in /modules.
 *
 * It is linked with musl: glibc uses each instruction that CPUID shows, and the emulation does not
 * have all that this host's shows.
 */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LEAVES 256

/* In the order in which they are needed; a kernel may have some built in. */
static const char *const modules[] = { "irqbypass", "rng-core", "ccp", "kvm", "kvm-amd" };

static void load(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/modules/%s.ko", name);
	const int fd = open(path, O_RDONLY);
	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "", 0))
		printf("%s: %s\n", name, strerror(errno));
	close(fd);
}

static int print_leaves(int kvm)
{
	static struct {
		struct kvm_cpuid2 head;
		struct kvm_cpuid_entry2 leaf[LEAVES];
	} all = { .head.nent = LEAVES };

	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &all))
		return -1;
	for (uint32_t i = 0; i < all.head.nent; i++) {
		const struct kvm_cpuid_entry2 *e = &all.leaf[i];
		uint32_t a, b, c, d;

		__cpuid_count(e->function, e->index, a, b, c, d);
		printf("kvm %08x %02x %08x %08x %08x %08x\n", e->function, e->index, e->eax, e->ebx,
		       e->ecx, e->edx);
		printf("host %08x %02x %08x %08x %08x %08x\n", e->function, e->index, a, b, c, d);
	}
	return 0;
}

int main(void)
{
	mkdir("/dev", 0755);
	mount("none", "/dev", "devtmpfs", 0, "");
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		load(modules[i]);
	const int kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0 || print_leaves(kvm))
		printf("/dev/kvm: %s\n", strerror(errno));
	else
		printf("end\n");
	fflush(stdout);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
