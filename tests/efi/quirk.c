/* SPDX-License-Identifier: MIT */
/*
 * Started in place of the probe: changes one thing of the firmware and starts \EFI\BOOT\PROBE.EFI,
 * the unchanged probe.  \quirk.txt has the name of the thing, of oddities[] below.
 */
#include "quirk.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "console.h"
#include "console_control.h"
#include "files.h"
#include "mp.h"
#include "tcg2.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

#define PROBE     "\\EFI\\BOOT\\PROBE.EFI"
#define PROBE_MAX 0x80000

static struct firmware fw;
const struct firmware *const quirk_fw = &fw;
static EFI_HANDLE stick;

/*
 * Where the firmware hangs, time runs 64 times as fast: nobody waits the minutes that the probe
 * gives it.  A shift, because 32-bit code has no 64-bit division.
 */
#define FAST 6

static EFI_SET_TIMER set_timer;
static EFI_EVENT last_event;
static UINT64 last_time;

static EFI_STATUS EFIAPI set_timer_seen(EFI_EVENT event, EFI_TIMER_DELAY type, UINT64 time)
{
	if (type == TimerRelative) {
		last_event = event;
		last_time = time;
	}
	return set_timer(event, type, time);
}

static EFI_CLOSE_EVENT close_event;

static EFI_STATUS EFIAPI close_event_seen(EFI_EVENT event)
{
	if (event == last_event)
		last_event = NULL;
	return close_event(event);
}

void quirk_hang(void)
{
	if (last_event)
		set_timer(last_event, TimerRelative, last_time >> FAST);
	for (;;)
		__asm__ volatile("pause");
}

/* MP services */

static EFI_MP_SERVICES_PROTOCOL *mp;

static void find_mp(void)
{
	EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;

	fw.boot->LocateProtocol(&guid, NULL, (void **)&mp);
}

static EFI_STATUS EFIAPI start_hangs(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                     UINTN number, EFI_EVENT event, UINTN microseconds,
                                     void *argument, BOOLEAN *finished)
{
	(void)self, (void)procedure, (void)number, (void)event;
	(void)microseconds, (void)argument, (void)finished;
	quirk_hang();
	return EFI_TIMEOUT;
}

static EFI_STATUS EFIAPI all_hang(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                  BOOLEAN single, EFI_EVENT event, UINTN microseconds,
                                  void *argument, UINTN **failed)
{
	(void)self, (void)procedure, (void)single, (void)event;
	(void)microseconds, (void)argument, (void)failed;
	quirk_hang();
	return EFI_TIMEOUT;
}

static void mp_hangs(void)
{
	find_mp();
	mp->StartupAllAPs = all_hang;
}

static EFI_STATUS EFIAPI all_fail(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                  BOOLEAN single, EFI_EVENT event, UINTN microseconds,
                                  void *argument, UINTN **failed)
{
	(void)self, (void)procedure, (void)single, (void)event;
	(void)microseconds, (void)argument, (void)failed;
	return EFI_UNSUPPORTED;
}

static void mp_hangs_alone(void)
{
	find_mp();
	mp->StartupAllAPs = all_fail;
	mp->StartupThisAP = start_hangs;
}

static EFI_STATUS EFIAPI count_fails(EFI_MP_SERVICES_PROTOCOL *self, UINTN *number, UINTN *enabled)
{
	(void)self, (void)number, (void)enabled;
	return EFI_NOT_READY;
}

static void mp_fails(void)
{
	find_mp();
	mp->GetNumberOfProcessors = count_fails;
}

static EFI_LOCATE_PROTOCOL locate;

static EFI_STATUS EFIAPI locate_but_mp(EFI_GUID *guid, void *key, void **ret_interface)
{
	const EFI_GUID hidden = EFI_MP_SERVICES_PROTOCOL_GUID;

	if (memcmp(guid, &hidden, sizeof(hidden)) == 0)
		return EFI_NOT_FOUND;
	return locate(guid, key, ret_interface);
}

static void mp_missing(void)
{
	locate = fw.boot->LocateProtocol;
	fw.boot->LocateProtocol = locate_but_mp;
}

/* Processor 1 begins when the boot processor has given up, and has begun with the others. */
#define LATE_LOOPS 3000000

static EFI_STATUS(EFIAPI *start_this)(EFI_MP_SERVICES_PROTOCOL *, EFI_AP_PROCEDURE, UINTN,
                                      EFI_EVENT, UINTN, void *, BOOLEAN *);
static EFI_AP_PROCEDURE late_procedure;
static volatile bool late_may_begin;

static void EFIAPI begin_late(void *argument)
{
	while (!late_may_begin)
		__asm__ volatile("pause");
	for (unsigned i = 0; i < LATE_LOOPS; i++)
		__asm__ volatile("pause");
	late_procedure(argument);
}

static EFI_STATUS EFIAPI start_late(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                    UINTN number, EFI_EVENT event, UINTN microseconds,
                                    void *argument, BOOLEAN *finished)
{
	if (number != 1) {
		late_may_begin = true;
		return start_this(self, procedure, number, event, microseconds, argument, finished);
	}
	late_procedure = procedure;
	fw.boot->CreateEvent(0, 0, NULL, NULL, &event);
	start_this(self, begin_late, number, event, 0, argument, finished);
	return EFI_TIMEOUT;
}

static void mp_late(void)
{
	find_mp();
	start_this = mp->StartupThisAP;
	mp->StartupAllAPs = all_fail;
	mp->StartupThisAP = start_late;
}

/* Processor 1 does not begin with the others. */

static EFI_STATUS(EFIAPI *start_all)(EFI_MP_SERVICES_PROTOCOL *, EFI_AP_PROCEDURE, BOOLEAN,
                                     EFI_EVENT, UINTN, void *, UINTN **);

static void EFIAPI begin_but_one(void *argument)
{
	UINTN number;

	while (EFI_ERROR(mp->WhoAmI(mp, &number)) || number == 1)
		__asm__ volatile("pause");
	late_procedure(argument);
}

static EFI_STATUS EFIAPI start_but_one(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                       BOOLEAN single, EFI_EVENT event, UINTN microseconds,
                                       void *argument, UINTN **failed)
{
	late_procedure = procedure;
	return start_all(self, begin_but_one, single, event, microseconds, argument, failed);
}

static void mp_but_one(void)
{
	find_mp();
	start_all = mp->StartupAllAPs;
	mp->StartupAllAPs = start_but_one;
}

/* Files */

static EFI_FILE_IO_INTERFACE *volume;
static EFI_VOLUME_OPEN open_volume;
static EFI_FILE_OPEN open_file;
static bool renames = true, flushes = true;

static EFI_STATUS EFIAPI no_info(EFI_FILE_HANDLE file, EFI_GUID *type, UINTN size, void *info)
{
	(void)file, (void)type, (void)size, (void)info;
	return EFI_ACCESS_DENIED;
}

static EFI_STATUS EFIAPI no_flush(EFI_FILE_HANDLE file)
{
	(void)file;
	return EFI_UNSUPPORTED;
}

static EFI_STATUS EFIAPI open_odd(EFI_FILE_HANDLE file, EFI_FILE_HANDLE *ret_file, CHAR16 *name,
                                  UINT64 mode, UINT64 attributes);

static void make_odd(EFI_FILE_HANDLE file)
{
	if (file->Open != open_odd)
		open_file = file->Open;
	file->Open = open_odd;
	if (!renames)
		file->SetInfo = no_info;
	if (!flushes)
		file->Flush = no_flush;
}

static EFI_STATUS EFIAPI open_odd(EFI_FILE_HANDLE file, EFI_FILE_HANDLE *ret_file, CHAR16 *name,
                                  UINT64 mode, UINT64 attributes)
{
	const EFI_STATUS status = open_file(file, ret_file, name, mode, attributes);

	if (!EFI_ERROR(status))
		make_odd(*ret_file);
	return status;
}

static EFI_STATUS EFIAPI open_volume_odd(EFI_FILE_IO_INTERFACE *self, EFI_FILE_HANDLE *ret_root)
{
	const EFI_STATUS status = open_volume(self, ret_root);

	if (!EFI_ERROR(status))
		make_odd(*ret_root);
	return status;
}

static void odd_files(void)
{
	open_volume = volume->OpenVolume;
	volume->OpenVolume = open_volume_odd;
}

static void no_rename(void)
{
	renames = false;
	odd_files();
}

static void no_flushing(void)
{
	flushes = false;
	odd_files();
}

/* Drivers */

static EFI_STATUS EFIAPI connect_not(EFI_HANDLE handle, EFI_HANDLE *driver, EFI_DEVICE_PATH *path,
                                     BOOLEAN recursive)
{
	(void)handle, (void)driver, (void)path, (void)recursive;
	return EFI_NOT_FOUND;
}

static void driver_is_lost(void)
{
	fw.boot->ConnectController = connect_not;
}

static EFI_STATUS EFIAPI disconnect_hangs(EFI_HANDLE handle, EFI_HANDLE driver, EFI_HANDLE child)
{
	(void)handle, (void)driver, (void)child;
	quirk_hang();
	return EFI_SUCCESS;
}

static void driver_hangs(void)
{
	fw.boot->DisconnectController = disconnect_hangs;
}

/* Device paths: a root bridge, a PCI device, a node without a length, and the end. */

static UINT8 bad_path[] = { 2, 1, 12, 0, 0xd0, 0x41, 3,    0x0a, 0, 0,    0,    0, 1,
	                    1, 6, 0,  0, 2,    3,    0x0a, 0,    0, 0x7f, 0xff, 4, 0 };
static EFI_HANDLE_PROTOCOL handle_protocol;

static EFI_STATUS EFIAPI handle_bad_path(EFI_HANDLE handle, EFI_GUID *guid, void **ret_interface)
{
	const EFI_GUID path = DEVICE_PATH_PROTOCOL;

	if (handle != stick || memcmp(guid, &path, sizeof(path)) != 0)
		return handle_protocol(handle, guid, ret_interface);
	*ret_interface = bad_path;
	return EFI_SUCCESS;
}

static void path_is_bad(void)
{
	handle_protocol = fw.boot->HandleProtocol;
	fw.boot->HandleProtocol = handle_bad_path;
}

/* Keys */

static EFI_STATUS EFIAPI null_key(SIMPLE_INPUT_INTERFACE *self, EFI_INPUT_KEY *key)
{
	(void)self;
	*key = (EFI_INPUT_KEY){ 0, 0 };
	return EFI_SUCCESS;
}

static void keys_are_null(void)
{
	fw.table->ConIn->ReadKeyStroke = null_key;
}

static EFI_STATUS EFIAPI key_hangs(SIMPLE_INPUT_INTERFACE *self, EFI_INPUT_KEY *key)
{
	(void)self, (void)key;
	quirk_hang();
	return EFI_SUCCESS;
}

static void keys_hang(void)
{
	fw.table->ConIn->ReadKeyStroke = key_hangs;
}

/* Power */

static EFI_STATUS EFIAPI reset_returns(EFI_RESET_TYPE type, EFI_STATUS status, UINTN size,
                                       CHAR16 *data)
{
	(void)type, (void)status, (void)size, (void)data;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI reset_hangs(EFI_RESET_TYPE type, EFI_STATUS status, UINTN size,
                                     CHAR16 *data)
{
	(void)type, (void)status, (void)size, (void)data;
	quirk_hang();
	return EFI_SUCCESS;
}

static void no_reset(void)
{
	fw.table->RuntimeServices->ResetSystem = reset_returns;
}

static void no_end(void)
{
	fw.table->RuntimeServices->ResetSystem = reset_hangs;
}

/* The screen: in graphics mode until somebody asks for text. */

static EFI_STATUS EFIAPI set_mode(struct console_control *self, UINT32 mode)
{
	(void)self;
	console_put(&fw, mode == CONSOLE_CONTROL_TEXT ? "quirk: text mode\n" : "quirk: graphics\n");
	return EFI_SUCCESS;
}

static void graphics(void)
{
	static struct console_control control = { .SetMode = set_mode };
	EFI_GUID guid = CONSOLE_CONTROL_GUID;
	EFI_HANDLE handle = NULL;

	fw.boot->InstallProtocolInterface(&handle, &guid, EFI_NATIVE_INTERFACE, &control);
}

/* Text modes: firmware can have left any of its modes.  0 columns: the largest. */
static void set_text_mode(UINTN columns, UINTN rows)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = fw.table->ConOut;
	UINTN most = 0, best = 0;
	bool found = false;

	for (UINTN mode = 0; mode < (UINTN)out->Mode->MaxMode; mode++) {
		UINTN c, r;

		if (EFI_ERROR(out->QueryMode(out, mode, &c, &r)) || c * r <= most ||
		    (columns && (c != columns || r != rows)))
			continue;
		found = true;
		best = mode;
		most = c * r;
	}
	if (found && !EFI_ERROR(out->SetMode(out, best)))
		console_put(&fw, "quirk: mode set\n");
}

static void mode_80(void)
{
	set_text_mode(80, 25);
}

static void mode_100(void)
{
	set_text_mode(100, 31);
}

static void mode_128(void)
{
	set_text_mode(128, 40);
}

static void mode_largest(void)
{
	set_text_mode(0, 0);
}

/* A TPM that never answers. */

static EFI_STATUS EFIAPI tpm_capability(EFI_TCG2_PROTOCOL *self,
                                        EFI_TCG2_BOOT_SERVICE_CAPABILITY *capability)
{
	(void)self;
	*capability = (EFI_TCG2_BOOT_SERVICE_CAPABILITY){
		.Size = sizeof(*capability),
		.TPMPresentFlag = TRUE,
		.MaxCommandSize = 4096,
		.MaxResponseSize = 4096,
		.NumberOfPCRBanks = 1,
		.ActivePcrBanks = EFI_TCG2_BOOT_HASH_ALG_SHA256,
	};
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI tpm_command(EFI_TCG2_PROTOCOL *self, UINT32 input_size, UINT8 *input,
                                     UINT32 output_size, UINT8 *output)
{
	(void)self, (void)input_size, (void)input, (void)output_size, (void)output;
	quirk_hang();
	return EFI_TIMEOUT;
}

static void tpm_hangs(void)
{
	static EFI_TCG2_PROTOCOL tpm = {
		.GetCapability = tpm_capability,
		.SubmitCommand = tpm_command,
	};
	EFI_GUID guid = EFI_TCG2_PROTOCOL_GUID;
	EFI_HANDLE handle = NULL;

	fw.boot->InstallProtocolInterface(&handle, &guid, EFI_NATIVE_INTERFACE, &tpm);
}

static void nothing(void)
{
}

static const struct {
	char name[16];
	void (*make)(void);
} oddities[] = {
	{ "none", nothing },
	{ "mp-hangs", mp_hangs },
	{ "mp-hangs-alone", mp_hangs_alone },
	{ "mp-missing", mp_missing },
	{ "mp-fails", mp_fails },
	{ "mp-late", mp_late },
	{ "mp-but-one", mp_but_one },
	{ "no-rename", no_rename },
	{ "no-flush", no_flushing },
	{ "driver-lost", driver_is_lost },
	{ "driver-hangs", driver_hangs },
	{ "path-bad", path_is_bad },
	{ "keys-null", keys_are_null },
	{ "keys-hang", keys_hang },
	{ "reset-returns", no_reset },
	{ "reset-hangs", no_end },
	{ "graphics", graphics },
	{ "mode-80x25", mode_80 },
	{ "mode-100x31", mode_100 },
	{ "mode-128x40", mode_128 },
	{ "mode-largest", mode_largest },
	{ "forms", quirk_forms },
	{ "hii-dump", quirk_hii_dump },
	{ "hii-garbage", quirk_hii_garbage },
	{ "hii-endless", quirk_hii_endless },
	{ "hii-hangs", quirk_hii_hangs },
	{ "hii-missing", quirk_hii_missing },
	{ "extract-hangs", quirk_extract_hangs },
	{ "extract-odd", quirk_extract_odd },
	{ "tpm-hangs", tpm_hangs },
};

static void *program;
static UINTN program_size;

bool quirk_open(struct volume *v)
{
	*v = (struct volume){ .device = stick };
	return !EFI_ERROR(volume->OpenVolume(volume, &v->root));
}

/* Reads the files before anything is odd.  Returns false if one cannot be read. */
static bool read_files(char name[static 16])
{
	EFI_GUID guid = SIMPLE_FILE_SYSTEM_PROTOCOL;
	struct volume v = { .device = stick };
	UINTN size = 0;
	bool read;

	if (EFI_ERROR(fw.boot->HandleProtocol(stick, &guid, (void **)&volume)) ||
	    EFI_ERROR(volume->OpenVolume(volume, &v.root)) ||
	    EFI_ERROR(fw.boot->AllocatePool(EfiLoaderData, PROBE_MAX, &program)))
		return false;
	read = !EFI_ERROR(file_read(&v, "\\quirk.txt", name, 15, &size)) &&
	       !EFI_ERROR(file_read(&v, PROBE, program, PROBE_MAX, &program_size));
	name[size] = '\0';
	quirk_forms_read(&v);
	v.root->Close(v.root);
	return read;
}

static EFI_STATUS start_probe(EFI_HANDLE image, const char *name)
{
	EFI_GUID guid = LOADED_IMAGE_PROTOCOL;
	EFI_LOADED_IMAGE *loaded;
	EFI_HANDLE probe;
	EFI_STATUS status;

	status = fw.boot->LoadImage(FALSE, image, NULL, program, program_size, &probe);
	if (EFI_ERROR(status))
		return status;
	status = fw.boot->HandleProtocol(probe, &guid, (void **)&loaded);
	if (EFI_ERROR(status))
		return status;
	loaded->DeviceHandle = stick;
	set_timer = fw.boot->SetTimer;
	fw.boot->SetTimer = set_timer_seen;
	close_event = fw.boot->CloseEvent;
	fw.boot->CloseEvent = close_event_seen;
	for (UINTN i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++) {
		if (memcmp(oddities[i].name, name, ascii_size(name) + 1) == 0) {
			oddities[i].make();
			return fw.boot->StartImage(probe, NULL, NULL);
		}
	}
	return EFI_NOT_FOUND;
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	EFI_GUID guid = LOADED_IMAGE_PROTOCOL;
	EFI_LOADED_IMAGE *loaded;
	char name[16];

	fw = (struct firmware){ image, table, table->BootServices };
	if (EFI_ERROR(fw.boot->HandleProtocol(image, &guid, (void **)&loaded)))
		return EFI_UNSUPPORTED;
	stick = loaded->DeviceHandle;
	if (!read_files(name)) {
		console_put(&fw, "quirk: no files\n");
		return EFI_NOT_FOUND;
	}
	console_put(&fw, "quirk: ");
	console_put(&fw, name);
	console_put(&fw, "\n");
	return start_probe(image, name);
}
