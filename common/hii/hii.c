/* SPDX-License-Identifier: MIT */
#include "hii/hii.h"

#include "base/mem.h"
#include "hii/hii_walk.h"

#define LIST_HEADER    20 /* a GUID and the size of the list */
#define PACKAGE_HEADER 4  /* 24 bits of size, 8 of type */

/* Walks over one list.  Returns false if package does. */
static bool pass_list(const uint8_t *at, const uint8_t *end, uint32_t list, unsigned type,
                      hii_package *package, void *ctx, uint32_t *faults)
{
	while (end - at >= PACKAGE_HEADER) {
		const size_t size = (size_t)hii_number(at, 3);

		if (size < PACKAGE_HEADER || size > (size_t)(end - at)) {
			++*faults;
			break;
		}
		if (at[3] == type && !package(ctx, list, at, at + size))
			return false;
		at += size;
	}
	return true;
}

/* A list shorter than its header is padding, of zeros or of ffH, after the last one. */
uint32_t hii_packages(const struct hii *h, unsigned type, hii_package *package, void *ctx,
                      uint32_t *faults)
{
	const uint8_t *at = h->data, *const end = at + h->size;
	uint32_t list = 0;

	while (end - at >= LIST_HEADER) {
		const uint64_t size = hii_number(at + 16, 4);

		if (size == 0 || size == UINT32_MAX)
			break;
		if (size < LIST_HEADER || size > (uint64_t)(end - at)) {
			++*faults;
			break;
		}
		if (!pass_list(at + LIST_HEADER, at + size, list, type, package, ctx, faults))
			break;
		list++;
		at += size;
	}
	return list;
}

/* A device path package; if a list has several, the last one. */
static bool take_path(void *ctx, uint32_t list, const uint8_t *at, const uint8_t *end)
{
	struct hii *h = ctx;

	h->list[list].path = (uint32_t)(at + PACKAGE_HEADER - h->data);
	h->list[list].path_size = (uint32_t)(end - at - PACKAGE_HEADER);
	return true;
}

static void sift(uint64_t *key, size_t at, size_t count)
{
	for (size_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && key[child + 1] > key[child])
			child++;
		if (key[at] >= key[child])
			return;
		const uint64_t larger = key[child];
		key[child] = key[at];
		key[at] = larger;
	}
}

void hii_sort(uint64_t *key, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sift(key, i, count);
	while (count-- > 1) {
		const uint64_t largest = key[0];

		key[0] = key[count];
		key[count] = largest;
		sift(key, 0, count);
	}
}

size_t hii_find(const uint64_t *key, size_t count, uint64_t least)
{
	size_t low = 0;

	while (low < count) {
		const size_t middle = low + (count - low) / 2;

		if (key[middle] < least)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

size_t hii_count(struct hii *h, const uint8_t *data, size_t size)
{
	struct hii_walk w = { .h = h };

	*h = (struct hii){ .data = data, .size = size };
	if (size > HII_EXPORT_MAX) {
		h->size = 0;
		return 0;
	}
	h->lists = hii_walk(&w);
	h->sets = w.sets;
	h->forms = w.forms;
	h->refs = w.refs;
	h->stores = w.stores;
	h->questions = w.questions;
	h->faults = w.faults;
	hii_strings(h);
	return h->lists * sizeof(*h->list) + h->sets * sizeof(*h->set) +
	       h->forms * (sizeof(*h->form) + sizeof(*h->form_key)) + h->refs * sizeof(*h->ref) +
	       h->strings * sizeof(*h->string) + h->stores * sizeof(*h->store_key) +
	       sizeof(uint64_t);
}

/* The tables of the widest alignment come first, so that none needs padding. */
void hii_open(struct hii *h, void *memory)
{
	struct hii_walk w = { .h = h };
	uint32_t faults = 0;

	h->store_key = memory;
	h->form_key = h->store_key + h->stores;
	h->list = (struct hii_list *)(void *)(h->form_key + h->forms);
	h->string = (struct hii_string *)(void *)(h->list + h->lists);
	h->set = (struct hii_set *)(void *)(h->string + h->strings);
	h->form = (struct hii_form *)(void *)(h->set + h->sets);
	h->ref = (struct hii_ref *)(void *)(h->form + h->forms);
	hii_strings(h);
	hii_packages(h, 8, take_path, h, &faults);
	hii_walk(&w);
	hii_sort(h->store_key, h->stores);
	for (uint32_t i = 0; i < h->forms; i++)
		h->form_key[i] = hii_key(h->form[i].set, h->form[i].id, i);
	hii_sort(h->form_key, h->forms);
	hii_ways(h);
}
