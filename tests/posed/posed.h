/* SPDX-License-Identifier: MIT */
/*
 * posed.h - a posed firmware: what efi_main is given instead of a real one, in a process.
 *
 * Its services do what the UEFI specification says, in memory and in a time of its own, in which
 * waiting costs nothing.  Each call is counted, and one of them can fail, or never return.
 */
#ifndef POSED_H
#define POSED_H

#include <efi.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum posed_service {
#define SERVICE(name, kind, ...) SERVICE_##name,
#include "service.def"
#undef SERVICE
	SERVICES,
};

#define POSED_ERRORS 9

struct posed_service_row {
	const char *name;
	char kind;
	EFI_STATUS error[POSED_ERRORS]; /* 0 after the last one */
};
extern const struct posed_service_row posed_services[SERVICES];

/*
 * What a call does wrong: it fails; it and all later ones of its kind do; it never returns; half of
 * the bytes are written and nothing is said, or that the stick is full; a byte that is read is
 * another one.
 */
enum posed_how {
	POSED_WELL,
	POSED_FAILS,
	POSED_FAILS_ON,
	POSED_HANGS,
	POSED_HALF,
	POSED_HALF_FULL,
	POSED_FLIPS,
};

struct posed_fault {
	enum posed_how how;
	size_t call;
	EFI_STATUS status;
};

/* How a program ended: at a service, by returning, or not: what it waits for never comes. */
enum posed_end { END_NONE, END_OFF, END_REBOOT, END_RETURNED, END_WAITS, END_HANGS, END_ENDLESS };

/* calls.c */
extern jmp_buf posed_exit;
extern enum posed_end posed_ended;
void posed_calls_start(const struct posed_fault *fault);
/* Counts a call of a service.  Returns what it has to return, EFI_SUCCESS if it may work. */
EFI_STATUS posed_call(enum posed_service service);
/* Whether the last call that was counted does this wrong. */
bool posed_does(enum posed_how how);
size_t posed_calls(void);
enum posed_service posed_called(size_t call);
_Noreturn void posed_end(enum posed_end end);
/* Notes what no program may do; the check of the visit fails. */
void posed_wrong(const char *words);
const char *posed_what_is_wrong(void);

/* memory.c */
extern EFI_BOOT_SERVICES posed_boot;
void posed_memory_start(void);
/* Memory of the firmware's own, which the program may free. */
void *posed_pool(size_t size);
/* One more may stay for ever: firmware, or a processor, may still write to it. */
void posed_pool_may_stay(void);
/* How many are left that may not stay. */
size_t posed_pools_left(void);
size_t posed_pages_left(void);
void posed_handles_start(void);
EFI_HANDLE posed_install(EFI_HANDLE handle, const EFI_GUID *guid, void *interface);
void *posed_protocol(EFI_HANDLE handle, const EFI_GUID *guid);
void posed_remove(EFI_HANDLE handle, const EFI_GUID *guid);

/* clock.c: the time is in units of 100 ns. */
void posed_clock_start(void);
void posed_clock_services(EFI_BOOT_SERVICES *boot);
uint64_t posed_now(void);
void posed_signal(EFI_EVENT event);
/* Time passes until an event ends the program; if none does, it hangs for ever. */
_Noreturn void posed_hang(void);
size_t posed_events_left(void);

/* console.c */
#define POSED_CONSOLE_MAX 0x400000
extern EFI_SYSTEM_TABLE posed_table;
extern char posed_console[POSED_CONSOLE_MAX];
/*
 * The keys that are pressed, one each time that the program waits for one; after the last 'p'.  '~'
 * is one without a character, '`' one of nothing, '_' none in the longest time that is waited.
 */
void posed_console_start(const char *keys);
/* Whether the machine stays on when it is switched off.  A program that waits then has ended. */
extern bool posed_reset_returns;
enum posed_end posed_was_reset(void);

/* volume.c */
#define POSED_FILES 64
#define POSED_PATH  320
struct posed_file {
	char path[POSED_PATH];           /* of a file of a server: its address */
	bool directory, changed, hidden; /* hidden: no directory lists it */
	size_t size;
	uint8_t *data;
};
struct posed_volume {
	struct posed_file file[POSED_FILES]; /* path "": none */
	EFI_HANDLE device;
	size_t room; /* for more bytes */
	bool read_only, no_rename, no_flush, loses;
	int off;        /* so many bytes too many are written */
	size_t repeats; /* so often a directory has each file once more */
};
struct posed_file *posed_file(struct posed_volume *v, const char *path);
struct posed_file *posed_file_put(struct posed_volume *v, const char *path, const void *data,
                                  size_t size);
/* In place of a file that has this name. */
struct posed_file *posed_file_replace(struct posed_volume *v, const char *path, const void *data,
                                      size_t size);
void posed_file_size(struct posed_file *f, size_t size);
void posed_file_remove(struct posed_file *f);
void posed_directory_put(struct posed_volume *v, const char *path);
void posed_volume_copy(struct posed_volume *to, const struct posed_volume *from);
void posed_volume_free(struct posed_volume *v);

/* files.c */
void posed_volume_start(struct posed_volume *v);
EFI_HANDLE posed_volume_install(struct posed_volume *v, EFI_HANDLE device);
/* Its driver is stopped: the medium has what it has. */
void posed_volume_stopped(EFI_HANDLE device);
size_t posed_files_left(void);

/* processor.c */
/* Which of the recorded machines: 0 has one kind of processors, 1 has two. */
#define POSED_RECORDED 2
bool posed_processor_load(unsigned machine, const char *path);
void posed_processor_of(unsigned machine);
void posed_processor_start(unsigned processors);
void posed_processor_same_number(void);
void posed_processor_install(void);
bool posed_handler_left(void);
/* What processors have otherwise; the functions may be NULL.  msr: false if it is as recorded. */
struct posed_patches {
	void (*cpuid)(unsigned processor, uint32_t leaf, uint32_t subleaf, uint32_t reg[4]);
	bool (*msr)(unsigned processor, uint32_t number, uint64_t *ret_value);
	bool few_gates, other_gates;
};
void posed_processor_patch(const struct posed_patches *p);
void posed_fault_elsewhere(void);

/* board.c */
#define POSED_IMAGE ((EFI_HANDLE)(uintptr_t)0x1000)
extern bool posed_tls_stored;
void posed_board_start(void);
void posed_board_install(void);
void posed_loaded_from(EFI_HANDLE device);
void posed_path_install(EFI_HANDLE device, const void *path);
EFI_HANDLE posed_pci_install(uint8_t class, uint8_t subclass);
/* SMBIOS's table instead of the board's, until the next start. */
void posed_smbios_put(const void *table, size_t size);
/* A variable, in place of one of that name.  Returns false if there are too many, or it is too
 * large. */
bool posed_variable_put(const CHAR16 *name, const EFI_GUID *guid, UINT32 attributes,
                        const void *bytes, size_t size);
void posed_secure_boot_on(void);
/* Whether a variable is not as it was. */
bool posed_variable_left(void);

/* setup.c */
bool posed_setup_load(const char *path);
void posed_setup_install(bool routing);

/* tpm.c */
struct posed_tpm {
	UINT32 banks, room, code;
	bool absent, truncated;
};
extern struct posed_tpm posed_tpm;
void posed_tpm_install(void);

/* network.c */
extern struct posed_volume posed_server; /* the paths are addresses */
struct posed_answers {
	unsigned refuse;    /* so many requests get: */
	unsigned code;      /* EDK2's number of the code; 0: no answer */
	bool stores_unsaid; /* a request that gets no answer is carried out all the same */
	bool no_address, no_cable, manual, automatic;
	EFI_STATUS status;  /* of an answer */
	const char *length; /* that it says, or NULL: the right one */
	bool bare;          /* it has no header */
};
extern struct posed_answers posed_answers;
void posed_network_start(void);
EFI_HANDLE posed_network_install(void);
void posed_pxe_install(EFI_HANDLE card, const char *file);
bool posed_network_left(void);

#endif
