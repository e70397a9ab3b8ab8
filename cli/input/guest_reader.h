/* SPDX-License-Identifier: MIT */
/*
 * guest_reader.h - the readers of guest.h, one for each format.
 */
#ifndef GUEST_READER_H
#define GUEST_READER_H

#include "base/err.h"
#include "input/guest.h"
#include "table/feature_names.h"

/* Bytes of what is said of a processor in one line. */
#define GUEST_WORDS_MAX 0x10000U

struct guest_reader {
	const char *path;
	const char *models; /* as for guest_read */
	struct where where; /* of what is read */
	struct guest *to;
};

/* Read a whole file.  Return false after a message. */
bool guest_read_libvirt(struct guest_reader *r, const struct bytes *b);
bool guest_read_qemu(struct guest_reader *r, const struct bytes *b);
bool guest_read_proxmox(struct guest_reader *r, const struct bytes *b);

/*
 * Takes the arguments of a QEMU; those after the last -cpu count.  If there is no -cpu, the guest
 * stays as it is and *found is false.  text is changed.
 */
bool guest_take_arguments(struct guest_reader *r, char *text, size_t size, bool *found);

/*
 * Takes one setting of -cpu, without a sign: a feature if what is KVM_SAID_ON or KVM_SAID_OFF.
 * Returns false after a message.
 */
bool guest_take_flag(struct guest_reader *r, const char *name, enum kvm_said what);

/* Takes the name of a model. */
bool guest_take_model(struct guest_reader *r, const char *name);

/* Writes "; did you mean A, B?": names of features near an unknown one. */
void guest_near_features(struct text *t, const char *name, enum feature_namer namer);

/* Says what is wrong with a word; always returns false. */
bool guest_fail(const struct guest_reader *r, const char *word, const char *message);

/* True if a line is not longer than GUEST_WORDS_MAX; else a message has been printed. */
bool guest_short(const struct guest_reader *r, const char *text);

/* Returns the number of a string, or 0 after a message if it is none from 1 to 64. */
unsigned guest_bits(const struct guest_reader *r, const char *string);

#endif
