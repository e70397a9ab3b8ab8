/* SPDX-License-Identifier: MIT */
/*
 * Started in place of the probe: changes one thing of the firmware and starts \EFI\BOOT\PROBE.EFI,
 * the unchanged probe.  \quirk.txt has the name of the thing, of oddities[] below.
 */
#include "base/ascii.h"
#include "base/mem.h"
#include "console.h"
#include "console_control.h"
#include "files.h"
#include "hii_protocol.h"
#include "mp.h"
#include "tcg2.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

#define PROBE     "\\EFI\\BOOT\\PROBE.EFI"
#define PROBE_MAX 0x80000

static struct firmware fw;
static EFI_HANDLE stick;

static void hang(void)
{
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
	hang();
	return EFI_TIMEOUT;
}

static void mp_hangs(void)
{
	find_mp();
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
	mp->StartupThisAP = start_late;
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
	hang();
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
	hang();
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
	hang();
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

/*
 * Setup forms: a package list of the stick's is published, as a board's setup driver does it, and
 * two variables have the values.  tests/hii_build.py makes the files.
 */

#define FORMS_MAX 0x10000

static struct {
	const char *path;
	UINTN size;
	char bytes[FORMS_MAX];
} forms_files[] = { { .path = "\\forms.bin" },
	            { .path = "\\setup.bin" },
	            { .path = "\\cpusetup.bin" },
	            { .path = "\\export.bin" } };

static EFI_HII_DATABASE_PROTOCOL *find_hii(void)
{
	EFI_GUID guid = EFI_HII_DATABASE_PROTOCOL_GUID;
	void *found = NULL;

	fw.boot->LocateProtocol(&guid, NULL, &found);
	return found;
}

static void set_values(CHAR16 *name, EFI_GUID *guid, unsigned file)
{
	fw.table->RuntimeServices->SetVariable(name, guid,
	                                       EFI_VARIABLE_NON_VOLATILE |
	                                               EFI_VARIABLE_BOOTSERVICE_ACCESS |
	                                               EFI_VARIABLE_RUNTIME_ACCESS,
	                                       forms_files[file].size, forms_files[file].bytes);
}

static void publish_forms(void)
{
	EFI_GUID setup = {
		0xec87d643, 0xeba4, 0x4bb5, { 0xa1, 0xe5, 0x3f, 0x3e, 0x36, 0xb2, 0x0d, 0xa9 }
	};
	EFI_GUID cpu = {
		0xb08f97ff, 0xe6e8, 0x4193, { 0xa9, 0x97, 0x5e, 0x9e, 0x9b, 0x0a, 0xdb, 0x32 }
	};
	EFI_STATUS(EFIAPI * add)(EFI_HII_DATABASE_PROTOCOL *, const void *, EFI_HANDLE, void **);
	EFI_HII_DATABASE_PROTOCOL *hii = find_hii();
	void *handle;

	memcpy(&add, &hii->NewPackageList, sizeof(add));
	if (EFI_ERROR(add(hii, forms_files[0].bytes, NULL, &handle)))
		console_put(&fw, "quirk: forms are not taken\n");
	set_values(L"Setup", &setup, 1);
	set_values(L"CpuSetup", &cpu, 2);
}

/* A HII database that is no database: what it exports is a file of the stick's. */
static EFI_STATUS EFIAPI export_file(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                     UINTN *size, void *buffer)
{
	const UINTN room = *size;

	(void)self, (void)handle;
	*size = forms_files[3].size;
	if (!buffer || room < *size)
		return EFI_BUFFER_TOO_SMALL;
	memcpy(buffer, forms_files[3].bytes, *size);
	return EFI_SUCCESS;
}

/* Writes what the firmware's own database exports to the stick, for another reader. */
static void hii_dump(void)
{
	struct volume v = { .device = stick };
	EFI_HII_DATABASE_PROTOCOL *hii = find_hii();
	UINTN size = 0;
	void *data;

	hii->ExportPackageLists(hii, NULL, &size, NULL);
	if (EFI_ERROR(fw.boot->AllocatePool(EfiLoaderData, size, &data)) ||
	    EFI_ERROR(hii->ExportPackageLists(hii, NULL, &size, data)) ||
	    EFI_ERROR(volume->OpenVolume(volume, &v.root)))
		return;
	file_write(&v, "\\dump.bin", data, size);
	v.root->Close(v.root);
}

static EFI_STATUS EFIAPI export_endless(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                        UINTN *size, void *buffer)
{
	(void)self, (void)handle, (void)buffer;
	*size = (UINTN)-1;
	return EFI_BUFFER_TOO_SMALL;
}

static EFI_STATUS EFIAPI export_hangs(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                      UINTN *size, void *buffer)
{
	(void)self, (void)handle, (void)size, (void)buffer;
	hang();
	return EFI_SUCCESS;
}

static void hii_garbage(void)
{
	find_hii()->ExportPackageLists = export_file;
}

static void hii_endless(void)
{
	find_hii()->ExportPackageLists = export_endless;
}

static void hii_hangs(void)
{
	find_hii()->ExportPackageLists = export_hangs;
}

static EFI_STATUS EFIAPI extract_hangs(const EFI_HII_CONFIG_ROUTING_PROTOCOL *self,
                                       const CHAR16 *request, CHAR16 **progress, CHAR16 **results)
{
	(void)self, (void)request, (void)progress, (void)results;
	hang();
	return EFI_SUCCESS;
}

static EFI_HII_CONFIG_ROUTING_PROTOCOL *find_routing(void)
{
	EFI_GUID guid = EFI_HII_CONFIG_ROUTING_PROTOCOL_GUID;
	void *found = NULL;

	fw.boot->LocateProtocol(&guid, NULL, &found);
	return found;
}

static void extract_is_endless(void)
{
	find_routing()->ExtractConfig = extract_hangs;
}

/* An answer of more digits than were asked for, and no end that a value has. */
static EFI_STATUS EFIAPI extract_nonsense(const EFI_HII_CONFIG_ROUTING_PROTOCOL *self,
                                          const CHAR16 *request, CHAR16 **progress,
                                          CHAR16 **results)
{
	static const CHAR16 answer[] = L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=0&VALUE="
				       L"0123456789abcdef0123456789abcdef0123456789abcdef\xffff";
	void *copy;

	(void)self, (void)request;
	*progress = NULL;
	if (EFI_ERROR(fw.boot->AllocatePool(EfiLoaderData, sizeof(answer), &copy)))
		return EFI_OUT_OF_RESOURCES;
	memcpy(copy, answer, sizeof(answer));
	*results = copy;
	return EFI_SUCCESS;
}

static void extract_is_nonsense(void)
{
	find_routing()->ExtractConfig = extract_nonsense;
}

static EFI_STATUS EFIAPI locate_but_hii(EFI_GUID *guid, void *key, void **ret_interface)
{
	const EFI_GUID hidden = EFI_HII_DATABASE_PROTOCOL_GUID;

	if (memcmp(guid, &hidden, sizeof(hidden)) == 0)
		return EFI_NOT_FOUND;
	return locate(guid, key, ret_interface);
}

static void hii_missing(void)
{
	locate = fw.boot->LocateProtocol;
	fw.boot->LocateProtocol = locate_but_hii;
}

/*
 * A TPM that never answers.  A clock that runs 64 times as fast, for the probe gives a TPM ten
 * minutes.  A shift, because 32-bit code has no 64-bit division.
 */
#define FAST 6

static EFI_SET_TIMER set_timer;

static EFI_STATUS EFIAPI set_timer_fast(EFI_EVENT event, EFI_TIMER_DELAY type, UINT64 time)
{
	return set_timer(event, type, time >> FAST);
}

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
	fw.boot->SetTimer = set_timer;
	hang();
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
	set_timer = fw.boot->SetTimer;
	fw.boot->SetTimer = set_timer_fast;
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
	{ "mp-missing", mp_missing },
	{ "mp-fails", mp_fails },
	{ "mp-late", mp_late },
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
	{ "forms", publish_forms },
	{ "hii-dump", hii_dump },
	{ "hii-garbage", hii_garbage },
	{ "hii-endless", hii_endless },
	{ "hii-hangs", hii_hangs },
	{ "hii-missing", hii_missing },
	{ "extract-hangs", extract_is_endless },
	{ "extract-odd", extract_is_nonsense },
	{ "tpm-hangs", tpm_hangs },
};

static void *program;
static UINTN program_size;

/* Reads both files before anything is odd.  Returns false if one cannot be read. */
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
	/* Only some oddities have these. */
	for (UINTN i = 0; i < sizeof(forms_files) / sizeof(forms_files[0]); i++)
		if (EFI_ERROR(file_read(&v, forms_files[i].path, forms_files[i].bytes, FORMS_MAX,
		                        &forms_files[i].size)))
			forms_files[i].size = 0;
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
