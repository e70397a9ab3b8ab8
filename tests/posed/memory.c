/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>

#define POOLS   256
#define ENTRIES 128

/*
 * Blocks are used again for the same size, poisoned meanwhile: new ones from the system cost more
 * than a visit.
 */
static struct block {
	uint8_t *at;
	size_t size, room;
	bool used;
} blocks[POOLS];
static size_t may_stay;

/* Pages are blocks too. */
#define PAGES 4
static struct {
	EFI_PHYSICAL_ADDRESS at;
	UINTN count;
} pages[PAGES];

static struct entry {
	EFI_HANDLE handle;
	EFI_GUID guid;
	void *interface;
} entries[ENTRIES];
static uintptr_t last_handle;

EFI_BOOT_SERVICES posed_boot;

static void block_free(struct block *b)
{
	ASAN_POISON_MEMORY_REGION(b->at, b->room);
	b->used = false;
}

void posed_memory_start(void)
{
	for (struct block *b = blocks; b < blocks + POOLS; b++)
		if (b->used)
			block_free(b);
	may_stay = 0;
	memset(pages, 0, sizeof(pages));
}

void posed_pool_may_stay(void)
{
	may_stay++;
}

size_t posed_pools_left(void)
{
	size_t left = 0;

	for (size_t i = 0; i < POOLS; i++)
		left += blocks[i].used;
	left -= posed_pages_left();
	return left > may_stay ? left - may_stay : 0;
}

size_t posed_pages_left(void)
{
	size_t left = 0;

	for (size_t i = 0; i < PAGES; i++)
		left += pages[i].at != 0;
	return left;
}

/* What is in new memory is anybody's. */
static void *block_use(struct block *b, size_t size)
{
	b->used = true;
	b->size = size;
	ASAN_UNPOISON_MEMORY_REGION(b->at, size);
	memset(b->at, 0xa5, size < 4096 ? size : 4096);
	return b->at;
}

void *posed_pool(size_t size)
{
	static size_t next;
	const size_t room = (size + 15) / 16 * 16 + 16;

	for (struct block *b = blocks; b < blocks + POOLS; b++)
		if (b->at && !b->used && b->room == room)
			return block_use(b, size);
	for (size_t i = 0; i < POOLS; i++) {
		struct block *b = &blocks[next++ % POOLS];

		if (b->used)
			continue;
		if (b->at)
			ASAN_UNPOISON_MEMORY_REGION(b->at, b->room);
		free(b->at);
		b->at = malloc(room);
		b->room = room;
		ASAN_POISON_MEMORY_REGION(b->at, room);
		return block_use(b, size);
	}
	posed_wrong("too many pools");
	return NULL;
}

static EFI_STATUS EFIAPI allocate_pool(EFI_MEMORY_TYPE type, UINTN size, void **ret)
{
	const EFI_STATUS status = posed_call(SERVICE_AllocatePool);

	(void)type;
	if (EFI_ERROR(status))
		return status;
	*ret = posed_pool(size);
	return *ret ? EFI_SUCCESS : EFI_OUT_OF_RESOURCES;
}

static EFI_STATUS EFIAPI free_pool(void *at)
{
	for (struct block *b = blocks; b < blocks + POOLS; b++) {
		if (!b->used || b->at != at)
			continue;
		block_free(b);
		return EFI_SUCCESS;
	}
	posed_wrong("FreePool of what is no pool");
	return EFI_INVALID_PARAMETER;
}

static EFI_STATUS EFIAPI allocate_pages(EFI_ALLOCATE_TYPE how, EFI_MEMORY_TYPE type, UINTN count,
                                        EFI_PHYSICAL_ADDRESS *ret)
{
	const EFI_STATUS status = posed_call(SERVICE_AllocatePages);

	(void)how, (void)type;
	if (EFI_ERROR(status))
		return status;
	for (size_t i = 0; i < PAGES; i++) {
		if (pages[i].at)
			continue;
		pages[i].at = *ret = (UINTN)posed_pool(count * EFI_PAGE_SIZE);
		pages[i].count = count;
		return *ret ? EFI_SUCCESS : EFI_OUT_OF_RESOURCES;
	}
	posed_wrong("too many pages");
	return EFI_OUT_OF_RESOURCES;
}

static EFI_STATUS EFIAPI free_pages(EFI_PHYSICAL_ADDRESS at, UINTN count)
{
	for (size_t i = 0; i < PAGES; i++) {
		if (!at || pages[i].at != at || pages[i].count != count)
			continue;
		pages[i].at = 0;
		return free_pool((void *)(UINTN)at);
	}
	posed_wrong("FreePages of what are no pages");
	return EFI_INVALID_PARAMETER;
}

/* A handle of NULL: a new one. */
EFI_HANDLE posed_install(EFI_HANDLE handle, const EFI_GUID *guid, void *interface)
{
	if (!handle)
		handle = (EFI_HANDLE)(last_handle += 8);
	for (size_t i = 0; i < ENTRIES; i++) {
		if (entries[i].interface)
			continue;
		entries[i] = (struct entry){ handle, *guid, interface };
		return handle;
	}
	posed_wrong("too many protocols");
	return handle;
}

static struct entry *find(EFI_HANDLE handle, const EFI_GUID *guid)
{
	for (struct entry *e = entries; e < entries + ENTRIES; e++)
		if (e->interface && (!handle || e->handle == handle) &&
		    memcmp(&e->guid, guid, sizeof(*guid)) == 0)
			return e;
	return NULL;
}

void *posed_protocol(EFI_HANDLE handle, const EFI_GUID *guid)
{
	const struct entry *e = find(handle, guid);

	return e ? e->interface : NULL;
}

void posed_remove(EFI_HANDLE handle, const EFI_GUID *guid)
{
	struct entry *e = find(handle, guid);

	if (e)
		*e = (struct entry){ .interface = NULL };
}

static EFI_STATUS EFIAPI handle_protocol(EFI_HANDLE handle, EFI_GUID *guid, void **ret)
{
	const EFI_STATUS status = posed_call(SERVICE_HandleProtocol);

	if (!handle)
		posed_wrong("HandleProtocol of no handle");
	if (EFI_ERROR(status))
		return status;
	*ret = posed_protocol(handle, guid);
	return *ret ? EFI_SUCCESS : EFI_UNSUPPORTED;
}

static EFI_STATUS EFIAPI locate_protocol(EFI_GUID *guid, void *key, void **ret)
{
	const EFI_STATUS status = posed_call(SERVICE_LocateProtocol);

	(void)key;
	if (EFI_ERROR(status))
		return status;
	*ret = posed_protocol(NULL, guid);
	return *ret ? EFI_SUCCESS : EFI_NOT_FOUND;
}

static EFI_STATUS EFIAPI locate_handles(EFI_LOCATE_SEARCH_TYPE type, EFI_GUID *guid, void *key,
                                        UINTN *ret_count, EFI_HANDLE **ret)
{
	const EFI_STATUS status = posed_call(SERVICE_LocateHandleBuffer);
	EFI_HANDLE found[ENTRIES];
	UINTN count = 0;

	(void)key;
	if (type != ByProtocol)
		posed_wrong("LocateHandleBuffer by something else");
	if (EFI_ERROR(status))
		return status;
	for (size_t i = 0; i < ENTRIES; i++)
		if (entries[i].interface && memcmp(&entries[i].guid, guid, sizeof(*guid)) == 0)
			found[count++] = entries[i].handle;
	if (count == 0)
		return EFI_NOT_FOUND;
	*ret = posed_pool(count * sizeof(found[0]));
	memcpy(*ret, found, count * sizeof(found[0]));
	*ret_count = count;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI connect(EFI_HANDLE handle, EFI_HANDLE *driver, EFI_DEVICE_PATH *path,
                                 BOOLEAN recursive)
{
	(void)handle, (void)driver, (void)path, (void)recursive;
	return posed_call(SERVICE_ConnectController);
}

static EFI_STATUS EFIAPI disconnect(EFI_HANDLE handle, EFI_HANDLE driver, EFI_HANDLE child)
{
	const EFI_STATUS status = posed_call(SERVICE_DisconnectController);

	(void)driver, (void)child;
	if (!EFI_ERROR(status))
		posed_volume_stopped(handle);
	return status;
}

void posed_handles_start(void)
{
	memset(entries, 0, sizeof(entries));
	last_handle = 0x2000;
	posed_boot = (EFI_BOOT_SERVICES){
		.AllocatePages = allocate_pages,
		.FreePages = free_pages,
		.AllocatePool = allocate_pool,
		.FreePool = free_pool,
		.HandleProtocol = handle_protocol,
		.LocateProtocol = locate_protocol,
		.LocateHandleBuffer = locate_handles,
		.ConnectController = connect,
		.DisconnectController = disconnect,
	};
	posed_clock_services(&posed_boot);
}
