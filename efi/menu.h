/* SPDX-License-Identifier: MIT */
/*
 * menu.h - what to do next: the count-down, and the keys of whoever is there.
 */
#ifndef MENU_H
#define MENU_H

#include "firmware.h"
#include "report/config.h"

enum choice {
	CHOICE_OFF,
	CHOICE_REBOOT,
	CHOICE_RETURN, /* to the firmware, which boots what comes next */
	CHOICE_PAGES,  /* show the whole report */
	CHOICE_AGAIN,  /* ask the processors again */
	CHOICE_WRITE,  /* write the report again, under a new number */
};

/*
 * Counts down to what the settings say is to become of the machine; a key stops that, and the next
 * one chooses.  Nobody is waited for longer than ten minutes, unless the settings say "exit wait".
 */
enum choice menu_ask(const struct firmware *fw, const struct config *config);

/* The choice after one that was made by a key: without a count-down. */
enum choice menu_ask_again(const struct firmware *fw, const struct config *config);

#endif
