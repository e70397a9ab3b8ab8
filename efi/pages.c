/* SPDX-License-Identifier: MIT */
#include "pages.h"

void *pages_take(const struct firmware *fw, UINTN size)
{
	EFI_PHYSICAL_ADDRESS at;

	if (EFI_ERROR(fw->boot->AllocatePages(AllocateAnyPages, EfiLoaderData,
	                                      EFI_SIZE_TO_PAGES(size), &at)))
		return NULL;
	return (void *)(UINTN)at;
}

void pages_give(const struct firmware *fw, void *at, UINTN size)
{
	if (at)
		fw->boot->FreePages((UINTN)at, EFI_SIZE_TO_PAGES(size));
}
