/* SPDX-License-Identifier: MIT */
#include "menu.h"

#include "alarm.h"
#include "base/text.h"
#include "console.h"

#define WAIT_SECONDS (10 * 60)

/* After the time in which a key should come. */
#define FROZEN_SECONDS 5

static const struct {
	uint8_t choice; /* enum choice */
	char words[22];
} exits[] = {
	[EXIT_OFF] = { CHOICE_OFF, "Power off" },
	[EXIT_REBOOT] = { CHOICE_REBOOT, "Reboot" },
	[EXIT_RETURN] = { CHOICE_RETURN, "Back to the firmware" },
	[EXIT_WAIT] = { CHOICE_OFF, "" },
};

static const struct {
	char key;
	uint8_t choice;
} keys[] = {
	{ 'l', CHOICE_PAGES }, { 'a', CHOICE_AGAIN },  { 'w', CHOICE_WRITE },
	{ 'p', CHOICE_OFF },   { 'r', CHOICE_REBOOT }, { 'b', CHOICE_RETURN },
};

static void show_seconds(const struct firmware *fw, const char *words, uint32_t seconds)
{
	char buffer[CONSOLE_COLUMNS + 1];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "\r");
	text_put(&t, words);
	text_put(&t, " in ");
	text_decimal(&t, seconds);
	text_put(&t, " s. Any key stops the count-down. ");
	if (text_string(&t))
		console_put(fw, buffer);
}

/* Returns the key that stopped the count-down, or 0. */
static char count_down(struct alarm *alarm, const struct config *config)
{
	const struct firmware *fw = alarm->fw;
	char key = 0;

	alarm_start(alarm, config->countdown + FROZEN_SECONDS);
	for (uint32_t seconds = config->countdown; seconds > 0 && !key; seconds--) {
		show_seconds(fw, exits[config->exit].words, seconds);
		key = console_key(fw, 1000);
	}
	alarm_stop(alarm);
	console_put(fw, "\n");
	return key;
}

/* Returns false if the key has no meaning. */
static bool choose(char key, enum choice *choice)
{
	if (key >= 'A' && key <= 'Z')
		key = (char)(key - 'A' + 'a');
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key == key) {
			*choice = (enum choice)keys[i].choice;
			return true;
		}
	return false;
}

/* Returns a key, or 0 if none came in time. */
static char wait_for_key(struct alarm *alarm)
{
	char key;

	alarm_start(alarm, WAIT_SECONDS + FROZEN_SECONDS);
	key = console_key(alarm->fw, WAIT_SECONDS * 1000);
	alarm_stop(alarm);
	return key;
}

enum choice menu_exit(const struct config *config)
{
	return (enum choice)exits[config->exit].choice;
}

enum choice menu_ask_again(struct alarm *alarm, const struct config *config)
{
	const struct firmware *fw = alarm->fw;
	enum choice choice;

	console_put(fw, "L list the report   A read CPUID again   W write again\n"
	                "P power off   R reboot   B back to the firmware");
	if (config->exit != EXIT_WAIT) {
		console_put(fw, "   (");
		console_put(fw, exits[config->exit].words);
		console_put(fw, " in 10 minutes)");
	}
	console_put(fw, "\n");
	for (;;) {
		const char key = wait_for_key(alarm);

		if (key == 0 && config->exit != EXIT_WAIT)
			return menu_exit(config);
		if (choose(key, &choice))
			return choice;
	}
}

enum choice menu_ask(struct alarm *alarm, const struct config *config)
{
	enum choice choice;
	char key;

	if (config->exit == EXIT_WAIT)
		return menu_ask_again(alarm, config);
	key = count_down(alarm, config);
	if (!key)
		return menu_exit(config);
	/* Of keys that only stop the count-down, this one does no harm. */
	if (choose(key, &choice) && choice == CHOICE_PAGES)
		return choice;
	return menu_ask_again(alarm, config);
}
