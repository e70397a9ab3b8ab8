/* SPDX-License-Identifier: MIT */
#include "volume.h"

#include "files.h"
#include "line.h"
#include "report/device_path.h"

#define VOLUME_DIRECTORY "\\cpulevel"
#define VOLUME_TRIAL     VOLUME_DIRECTORY "\\try.tmp"

#define PCI_SUBCLASS         0x0a
#define PCI_SUBCLASS_USB     0x03
#define PCI_CLASS_SERIAL_BUS 0x0c

/* The volume's label follows the structure; a FAT label has at most 11 characters. */
union system_info {
	EFI_FILE_SYSTEM_INFO info;
	UINT8 bytes[512];
};

static EFI_LOADED_IMAGE *loaded_image(const struct firmware *fw)
{
	EFI_GUID guid = LOADED_IMAGE_PROTOCOL;
	EFI_LOADED_IMAGE *image;

	if (EFI_ERROR(fw->boot->HandleProtocol(fw->image, &guid, (void **)&image)))
		return NULL;
	return image;
}

static EFI_STATUS open_on(struct volume *v, const struct firmware *fw, EFI_HANDLE device)
{
	EFI_GUID guid = SIMPLE_FILE_SYSTEM_PROTOCOL;
	EFI_FILE_IO_INTERFACE *system;
	EFI_STATUS status;

	*v = (struct volume){ .device = device };
	status = fw->boot->HandleProtocol(device, &guid, (void **)&system);
	if (!EFI_ERROR(status))
		status = system->OpenVolume(system, &v->root);
	if (EFI_ERROR(status))
		v->root = NULL;
	return status;
}

void volume_close(struct volume *v)
{
	if (v->root)
		v->root->Close(v->root);
	v->root = NULL;
}

EFI_STATUS volume_reopen(struct volume *v, const struct firmware *fw)
{
	const struct volume old = *v;
	EFI_STATUS stopped, status;

	volume_close(v);
	/* EFI_NOT_FOUND: no driver keeps anything there; U-Boot 2023.01 and EDK2 say it so. */
	stopped = fw->boot->DisconnectController(old.device, NULL, NULL);
	fw->boot->ConnectController(old.device, NULL, NULL, TRUE);
	status = open_on(v, fw, old.device);
	v->other = old.other;
	v->takes = old.takes;
	/* If the driver does not stop, the volume stays and can be opened anyway. */
	if (!EFI_ERROR(status) && stopped != EFI_NOT_FOUND)
		return stopped;
	/* The volume was there, so "no file system" means that it can no longer be read. */
	return status == EFI_UNSUPPORTED ? EFI_DEVICE_ERROR : status;
}

/*
 * Returns why a volume of this type takes no files, EFI_SUCCESS if it may.  UEFI 2.10, 10.3.5.  A
 * CD is never written to: firmware may take a BMC's virtual CD for writable and try for a minute.
 * A RAM disk, which holds an image from the network, is gone when the machine is off.
 */
static EFI_STATUS refused_by_type(const struct volume *v, const struct firmware *fw)
{
	EFI_GUID guid = DEVICE_PATH_PROTOCOL;
	struct device_path path;
	void *at;

	if (EFI_ERROR(fw->boot->HandleProtocol(v->device, &guid, &at)))
		return EFI_SUCCESS;
	device_path_start(&path, at);
	while (device_path_next(&path)) {
		if (path.node[0] != PATH_MEDIA)
			continue;
		if (path.node[1] == MEDIA_CD)
			return EFI_WRITE_PROTECTED;
		if (path.node[1] == MEDIA_RAM)
			return EFI_UNSUPPORTED;
	}
	return EFI_SUCCESS;
}

static bool is_read_only(const struct volume *v, const struct firmware *fw)
{
	EFI_GUID info_guid = EFI_FILE_SYSTEM_INFO_ID, block_guid = BLOCK_IO_PROTOCOL;
	union system_info u;
	UINTN size = sizeof(u);
	EFI_BLOCK_IO *block;

	if (!EFI_ERROR(v->root->GetInfo(v->root, &info_guid, &size, &u)) && u.info.ReadOnly)
		return true;
	return !EFI_ERROR(fw->boot->HandleProtocol(v->device, &block_guid, (void **)&block)) &&
	       block->Media->ReadOnly;
}

/*
 * Some firmware reports write protection only on a write, so an empty file is created and removed.
 * A full stick counts as one that takes files: its owner should learn that it is full, not find
 * the report on another volume.
 */
static bool takes_files(struct volume *v, const struct firmware *fw)
{
	v->takes = refused_by_type(v, fw);
	if (!EFI_ERROR(v->takes) && is_read_only(v, fw))
		v->takes = EFI_WRITE_PROTECTED;
	if (!EFI_ERROR(v->takes))
		v->takes = directory_make(v, VOLUME_DIRECTORY);
	if (!EFI_ERROR(v->takes))
		v->takes = file_zeros(v, VOLUME_TRIAL, 0);
	if (v->takes == EFI_VOLUME_FULL)
		v->takes = EFI_SUCCESS;
	return !EFI_ERROR(v->takes);
}

static bool is_usb_controller(const struct firmware *fw, EFI_HANDLE handle)
{
	EFI_GUID guid = EFI_PCI_IO_PROTOCOL_GUID;
	EFI_PCI_IO_PROTOCOL *pci;
	UINT8 class[2]; /* subclass and class, PCI Local Bus Specification 3.0, 6.2.1 */

	return !EFI_ERROR(fw->boot->HandleProtocol(handle, &guid, (void **)&pci)) &&
	       !EFI_ERROR(pci->Pci.Read(pci, EfiPciIoWidthUint8, PCI_SUBCLASS, 2, class)) &&
	       class[0] == PCI_SUBCLASS_USB && class[1] == PCI_CLASS_SERIAL_BUS;
}

/* With fast boot, firmware starts only the drivers of the device that it boots from. */
static void connect_usb(const struct firmware *fw)
{
	EFI_GUID guid = EFI_PCI_IO_PROTOCOL_GUID;
	EFI_HANDLE *handles;
	UINTN count;

	if (EFI_ERROR(fw->boot->LocateHandleBuffer(ByProtocol, &guid, NULL, &count, &handles)))
		return;
	for (UINTN i = 0; i < count; i++)
		if (is_usb_controller(fw, handles[i]))
			fw->boot->ConnectController(handles[i], NULL, NULL, TRUE);
	fw->boot->FreePool(handles);
}

static bool open_other(struct volume *v, const struct firmware *fw, EFI_HANDLE boot)
{
	EFI_GUID guid = SIMPLE_FILE_SYSTEM_PROTOCOL;
	EFI_HANDLE *handles;
	UINTN count;
	bool found = false;

	connect_usb(fw);
	if (EFI_ERROR(fw->boot->LocateHandleBuffer(ByProtocol, &guid, NULL, &count, &handles)))
		return false;
	for (UINTN i = 0; i < count && !found; i++) {
		if (handles[i] == boot || EFI_ERROR(open_on(v, fw, handles[i])))
			continue;
		found = directory_is(v, VOLUME_DIRECTORY) && takes_files(v, fw);
		if (!found)
			volume_close(v);
	}
	fw->boot->FreePool(handles);
	v->other = found;
	return found;
}

EFI_STATUS volume_open(struct volume *v, const struct firmware *fw)
{
	const EFI_LOADED_IMAGE *image = loaded_image(fw);
	EFI_HANDLE device = image ? image->DeviceHandle : NULL;
	struct volume boot = { .device = device };
	EFI_STATUS status = device ? open_on(&boot, fw, device) : EFI_UNSUPPORTED;

	const bool good = !EFI_ERROR(status) && takes_files(&boot, fw);

	if (!good && open_other(v, fw, device)) {
		volume_close(&boot);
		return EFI_SUCCESS;
	}
	*v = boot;
	return status;
}

static bool describe(const struct firmware *fw, EFI_HANDLE device,
                     char text[static VOLUME_TEXT_MAX + 1])
{
	EFI_GUID guid = DEVICE_PATH_PROTOCOL;
	struct text t;
	void *path;

	text[0] = '\0';
	if (!device || EFI_ERROR(fw->boot->HandleProtocol(device, &guid, &path)))
		return false;
	text_start(&t, text, VOLUME_TEXT_MAX);
	device_path_write(&t, path);
	text[t.used] = '\0';
	return t.used > 0;
}

bool volume_describe(const struct volume *v, const struct firmware *fw,
                     char text[static VOLUME_TEXT_MAX + 1])
{
	return describe(fw, v->root ? v->device : NULL, text);
}

bool volume_describe_boot(const struct firmware *fw, char text[static VOLUME_TEXT_MAX + 1])
{
	const EFI_LOADED_IMAGE *image = loaded_image(fw);

	return describe(fw, image ? image->DeviceHandle : NULL, text);
}

void volume_announce(const struct volume *v, const struct firmware *fw, struct text *rows)
{
	char name[VOLUME_TEXT_MAX + 1], buffer[2 * VOLUME_TEXT_MAX + 128];
	struct text t;

	if (!v->other)
		return;
	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "Stick used: ");
	text_put(&t, volume_describe(v, fw, name) ? name : "another one");
	text_put(&t, " (it has a folder \\cpulevel). The probe was loaded from ");
	text_put(&t, volume_describe_boot(fw, name) ? name : "elsewhere");
	text_put(&t, ", which takes no files.");
	if (text_string(&t))
		line_sentence(rows, CONSOLE_PLAIN, buffer, "", "");
}
