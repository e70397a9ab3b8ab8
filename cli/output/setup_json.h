/* SPDX-License-Identifier: MIT */
/*
 * setup_json.h - setup options in JSON documents.
 */
#ifndef SETUP_JSON_H
#define SETUP_JSON_H

#include "output/document.h"
#include "report/setup.h"

/* Return what describes a value, a store (null: none), and a question with its values. */
json_t *json_setup_value(const struct setup_value *v);
json_t *json_setup_store(const struct setup_store *s);
json_t *json_setup_question(const struct setup_question *q);

#endif
