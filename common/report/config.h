/* SPDX-License-Identifier: MIT */
/*
 * config.h - reads cpulevel.conf, the settings on the stick.
 *
 * Each line has a name, blanks and a value.  Empty lines and lines that begin with # are skipped.
 * Of two lines with the same name the later one counts.  docs/man/cpulevel-stick.7 lists names and
 * values.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "report/report.h"
#include "report/url.h"

#define CONFIG_TEXT_MAX 8192

/* A name of a report and ".minisig" are appended to it, within URL_MAX. */
#define CONFIG_COLLECT_MAX 191

/* What the probe does at the end if no key was pressed. */
enum config_exit { EXIT_OFF, EXIT_REBOOT, EXIT_RETURN, EXIT_WAIT };

/* How much is shown: warnings and verdict; one screen; the whole report too. */
enum config_verbosity { VERBOSITY_QUIET, VERBOSITY_NORMAL, VERBOSITY_FULL };

/* Which processors are asked: all, unless an earlier visit did not end; all; the boot processor. */
enum config_processors { PROCESSORS_AUTO, PROCESSORS_ALL, PROCESSORS_BOOT };

/*
 * Which questions of setup are read: none, those about processors, all in a file of their own; all,
 * and drivers are asked for values that no variable has.
 */
enum config_forms { FORMS_OFF, FORMS_PROCESSOR, FORMS_ALL, FORMS_DRIVERS };

struct config {
	uint32_t countdown;                /* seconds to wait before exit */
	uint8_t exit, verbosity;           /* enum config_exit, config_verbosity */
	bool exit_set;                     /* the file sets exit */
	uint8_t processors;                /* enum config_processors */
	uint8_t forms;                     /* enum config_forms */
	bool msr;                          /* read model-specific registers */
	bool tpm;                          /* have the TPM sign the report */
	char label[REPORT_STRING_MAX + 1]; /* the user's name for the machine, "" for none */
	char collect[CONFIG_COLLECT_MAX +
	             1]; /* where reports are sent, "" for nowhere; ends in / */
};

/* Sets the defaults: 10 seconds, power off, one screen, all that can be read. */
void config_default(struct config *c);

/*
 * Reads settings into *c; what is not set keeps its value.  Returns the number of bad lines.  The
 * first of them is at *reterr_where, its cause in *reterr.  The other lines are used: a misspelt
 * setting does not stop the probe.
 */
size_t config_read(struct config *c, const char *text, size_t size, enum err *reterr,
                   struct where *reterr_where);

#endif
