/* SPDX-License-Identifier: MIT */
/*
 * check_print.h - prints whether a host can take a guest of KVM, and why not.
 */
#ifndef CHECK_PRINT_H
#define CHECK_PRINT_H

#include <stdio.h>

#include "fleet/pool.h"
#include "mask/kvm_check.h"

struct checking {
	struct kvm_check check;
	struct guest_kvm kernel; /* but for the microcode of each host */
	const struct pool *pool;
};

/* A list of features, by their names and those of the definition's reader. */
struct check_list {
	char *words;
	size_t size, count;
	FILE *to; /* what is written here is in the list too */
};

void check_list_start(struct check_list *l);
void check_list_add(struct check_list *l, const struct checking *c, unsigned id);

/* Prints the list after words, and after it, if there is any, more words.  Frees it. */
void check_list_print(struct check_list *l, const char *words, const char *after);

/* Prints what there is to say of one host.  Returns the worst of it. */
enum kvm_fit check_print_host(const struct checking *c, const struct pool_host *h);

#endif
