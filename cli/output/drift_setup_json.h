/* SPDX-License-Identifier: MIT */
/*
 * drift_setup_json.h - in JSON documents: what setup has to do with differences between hosts.
 */
#ifndef DRIFT_SETUP_JSON_H
#define DRIFT_SETUP_JSON_H

#include "output/document.h"
#include "output/drift_setup.h"

/* Adds {"kind": "option", "text": "..."}. */
void json_add_cause(json_t *causes, const char *kind, const char *text);

/* Adds the setup options of a feature, as option_causes says.  Returns false if there are none. */
bool json_add_options(json_t *causes, const struct option_sides *s, enum feature_id id);

/* Adds under which names to look for the option of a feature, as print_setup prints it. */
void json_add_setup(json_t *causes, enum feature_id id);

/* Returns in which options a group differs, and of which hosts they are not known. */
json_t *json_setup_summary(const struct drift_setup *s);

#endif
