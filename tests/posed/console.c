/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include "console_control.h"

/* The longest wait has so many looks for a key; after more in vain nobody comes any more. */
#define LONGEST_LOOKS 12000
#define LOOKS_MAX     20000

EFI_SYSTEM_TABLE posed_table;
char posed_console[POSED_CONSOLE_MAX];

static size_t used;
static const char *keys_left;
static unsigned looks;
static bool looked;
static enum posed_end was_reset;
bool posed_reset_returns;

enum posed_end posed_was_reset(void)
{
	return was_reset;
}

static EFI_STATUS EFIAPI output_string(SIMPLE_TEXT_OUTPUT_INTERFACE *self, CHAR16 *string)
{
	const EFI_STATUS status = posed_call(SERVICE_OutputString);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	for (; *string; string++) {
		if ((*string < ' ' && *string != '\r' && *string != '\n') || *string > '~')
			posed_wrong("an unprintable character goes to the console");
		if (used + 1 < POSED_CONSOLE_MAX && *string != '\r')
			posed_console[used++] = (char)*string;
	}
	posed_console[used] = '\0';
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI set_attribute(SIMPLE_TEXT_OUTPUT_INTERFACE *self, UINTN attribute)
{
	(void)self;
	if (attribute > 0x7f)
		posed_wrong("an attribute that there is not");
	return posed_call(SERVICE_SetAttribute);
}

static EFI_STATUS EFIAPI clear_screen(SIMPLE_TEXT_OUTPUT_INTERFACE *self)
{
	(void)self;
	return posed_call(SERVICE_ClearScreen);
}

static EFI_STATUS EFIAPI query_mode(SIMPLE_TEXT_OUTPUT_INTERFACE *self, UINTN mode,
                                    UINTN *ret_columns, UINTN *ret_rows)
{
	const EFI_STATUS status = posed_call(SERVICE_QueryMode);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	if (mode != 0)
		return EFI_UNSUPPORTED;
	*ret_columns = 80;
	*ret_rows = 25;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI reset(SIMPLE_INPUT_INTERFACE *self, BOOLEAN extended)
{
	(void)self, (void)extended;
	looked = false;
	return posed_call(SERVICE_ConsoleReset);
}

/* A key comes at the second look. */
static EFI_STATUS EFIAPI read_key(SIMPLE_INPUT_INTERFACE *self, EFI_INPUT_KEY *ret_key)
{
	const EFI_STATUS status = posed_call(SERVICE_ReadKeyStroke);

	(void)self;
	if (++looks > LOOKS_MAX)
		posed_end(END_WAITS);
	if (EFI_ERROR(status))
		return status;
	looked = !looked;
	if (*keys_left == '_' && looks > LONGEST_LOOKS)
		keys_left++;
	if (looked || *keys_left == '_')
		return EFI_NOT_READY;
	looks = 0;
	*ret_key = (EFI_INPUT_KEY){ 0, *keys_left ? (CHAR16)*keys_left++ : L'p' };
	if (ret_key->UnicodeChar == '~')
		*ret_key = (EFI_INPUT_KEY){ 0x17, 0 }; /* Escape: a key without a character */
	if (ret_key->UnicodeChar == '`')
		ret_key->UnicodeChar = 0;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI set_mode(struct console_control *self, UINT32 mode)
{
	(void)self, (void)mode;
	return posed_call(SERVICE_ConsoleSetMode);
}

static EFI_STATUS EFIAPI reset_system(EFI_RESET_TYPE type, EFI_STATUS status, UINTN size,
                                      CHAR16 *data)
{
	(void)status, (void)size, (void)data;
	was_reset = type == EfiResetShutdown ? END_OFF : END_REBOOT;
	if (posed_reset_returns)
		return EFI_SUCCESS;
	posed_end(was_reset);
}

void posed_console_start(const char *keys)
{
	static SIMPLE_TEXT_OUTPUT_MODE mode = { .MaxMode = 1 };
	static SIMPLE_TEXT_OUTPUT_INTERFACE out = {
		.OutputString = output_string,
		.SetAttribute = set_attribute,
		.ClearScreen = clear_screen,
		.QueryMode = query_mode,
		.Mode = &mode,
	};
	static SIMPLE_INPUT_INTERFACE in = { .Reset = reset, .ReadKeyStroke = read_key };
	static struct console_control control = { .SetMode = set_mode };
	static EFI_RUNTIME_SERVICES run;
	const EFI_GUID guid = CONSOLE_CONTROL_GUID;

	used = 0;
	posed_console[0] = '\0';
	keys_left = keys;
	looks = 0;
	looked = false;
	was_reset = END_NONE;
	posed_reset_returns = false;
	posed_install(NULL, &guid, &control);
	run.ResetSystem = reset_system;
	posed_table = (EFI_SYSTEM_TABLE){
		.Hdr = { .Revision = 0x20046 },
		.ConIn = &in,
		.ConOut = &out,
		.RuntimeServices = &run,
		.BootServices = &posed_boot,
	};
}
