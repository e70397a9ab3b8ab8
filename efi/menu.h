/* SPDX-License-Identifier: MIT */
/*
 * menu.h - the count-down and the menu: what to do next.
 */
#ifndef MENU_H
#define MENU_H

#include "firmware.h"
#include "report/config.h"

struct alarm;

enum choice {
	CHOICE_OFF,
	CHOICE_REBOOT,
	CHOICE_RETURN, /* go back to the firmware, which boots what comes next */
	CHOICE_PAGES,  /* show the whole report */
	CHOICE_AGAIN,  /* read CPUID again */
	CHOICE_WRITE,  /* write the report again, under a new number */
};

/*
 * Counts down and returns the choice that the setting "exit" names.  A key stops the count-down;
 * the next key chooses, but L shows the pages at once.  After ten minutes without a key the setting
 * counts again, except for "exit wait", which has no count-down and waits without limit.  The alarm
 * rings if the firmware does not return from reading a key.
 */
enum choice menu_ask(struct alarm *alarm, const struct config *config);

/* Returns the next choice, after one that did not end the program; without a count-down. */
enum choice menu_ask_again(struct alarm *alarm, const struct config *config);

/* Returns the choice that the setting "exit" names. */
enum choice menu_exit(const struct config *config);

#endif
