// SPDX-License-Identifier: MIT
/*
 * disks.c - what is on a disk, and what else verify is given: the probe, and what it knows of TPMs.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "input/authenticode.h"
#include "input/credential.h"
#include "input/disk.h"
#include "input/libcrypto.h"
#include "input/machines.h"

#define SECTOR 512

/*
 * An image of so many sectors as the first two bytes say, empty but for what follows: its
 * beginning, and with an odd number of sectors its end.
 */
void fuzz_disk(const uint8_t *data, size_t size)
{
	static struct disk d;
	struct feed f = { data, data + size };
	const off_t sectors = feed_byte(&f) | feed_byte(&f) << 8;
	size_t left = (size_t)(f.end - f.at);
	const uint8_t *at = feed_bytes(&f, &left);
	const int fd = memfd_create("disk", MFD_CLOEXEC);

	CHECK(fd >= 0 && ftruncate(fd, sectors * SECTOR) == 0);
	CHECK(pwrite(fd, at, left, 0) == (ssize_t)left);
	if (sectors & 1 && (off_t)left < sectors * SECTOR)
		CHECK(pwrite(fd, at, left, sectors * SECTOR - (off_t)left) == (ssize_t)left);
	const off_t whole = lseek(fd, 0, SEEK_END);
	const bool read = disk_read(fd, &d);
	CHECK(read && d.count <= DISK_VOLUMES_MAX);
	for (size_t i = 0; i < d.count; i++)
		CHECK(d.offset[i] % SECTOR == 0 && d.offset[i] + SECTOR <= (uint64_t)whole);
	CHECK(lseek(fd, 0, SEEK_END) == whole);
	close(fd);
	disk_message((const char *)data, size);
}

/* A changed checksum is no other program: what signs a program may set it. */
void fuzz_program(const uint8_t *data, size_t size)
{
	uint8_t digest[TPM_SHA256], again[TPM_SHA256];
	const bool ok = authenticode_of(fuzz_file("BOOTX64.EFI", data, size), digest);

	fuzz_says_why(ok);
	if (!ok)
		return;
	struct bytes b = fuzz_copy(data, size);
	const size_t header =
		data[60] | (size_t)data[61] << 8 | (size_t)data[62] << 16 | (size_t)data[63] << 24;
	/* The table of section headers may be there too. */
	CHECK(header + 24 + 64 + 4 <= size);
	memset(b.at + header + 24 + 64, 0x5a, 4);
	if (authenticode_of(fuzz_file("BOOTX64.EFI", b.at, size), again) && header >= 64)
		fuzz_same_text(&(struct text){ (char *)digest, sizeof(digest), sizeof(digest), 0 },
		               &(struct text){ (char *)again, sizeof(again), sizeof(again), 0 });
	free(b.at);
}

/* What is known of machines is found, and is written as it can be read. */
void fuzz_machines(const uint8_t *data, size_t size)
{
	static const struct visit new = { .known = true, .machine = "new", .name = "web \"1\"\t" };
	static const uint8_t key[TPM_KEY] = "its key";
	const char *path = fuzz_file("machines", data, size);
	struct machines m = { .count = 0 }, back = { .count = 0 };

	const bool ok = machines_load(&m, path);
	fuzz_says_why(ok);
	if (ok && !machines_find(&m, &new)) {
		machines_add(&m, &new, key, "report");
		CHECK(machines_find(&m, &new) && machines_with(&m, key));
		CHECK(machines_save(&m) && machines_load(&back, path));
		CHECK(back.count == m.count);
		for (size_t i = 0; i < m.count; i++) {
			const struct machine_key *a = &m.at[i], *b = &back.at[i];

			CHECK(memcmp(a->machine, b->machine, sizeof(a->machine)) == 0);
			CHECK(memcmp(a->key, b->key, sizeof(a->key)) == 0);
			CHECK(strcmp(a->name, b->name) == 0);
			CHECK(machines_with(&back, a->key));
		}
	}
	machines_free(&m);
	machines_free(&back);
}

/* The certificates of makers, and the same bytes as the certificate of a TPM. */
void fuzz_makers(const uint8_t *data, size_t size)
{
	static struct attestation a;
	char names[1024];

	CHECK(libcrypto_load());
	X509_STORE *makers = credential_makers(fuzz_file("makers.pem", data, size));
	fuzz_says_why(makers != NULL);
	a.certificates = 1;
	a.certificate[0].index = 0x01c00002;
	a.certificate[0].size = size < TPM_CERTIFICATE_MAX ? size : TPM_CERTIFICATE_MAX;
	if (size)
		memcpy(a.certificate[0].at, data, a.certificate[0].size);
	X509 *certificate = credential_certificate(&a);
	if (certificate) {
		static const uint8_t key[TPM_KEY], secret[CREDENTIAL_SECRET];
		uint8_t challenge[TPM_CHALLENGE_MAX];

		credential_names(certificate, names, sizeof(names));
		for (const char *c = names; *c; c++)
			CHECK(*c >= ' ' && *c <= '~');
		CHECK(credential_make(certificate, key, secret, challenge) <= sizeof(challenge));
		if (makers)
			credential_by(certificate, makers);
		libcrypto.X509_free(certificate);
	}
	if (makers)
		libcrypto.X509_STORE_free(makers);
}
