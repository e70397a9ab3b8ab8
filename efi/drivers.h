/* SPDX-License-Identifier: MIT */
/*
 * drivers.h - asks firmware's drivers for the values of setup questions that they keep.
 */
#ifndef DRIVERS_H
#define DRIVERS_H

#include "alarm.h"
#include "report/setup.h"

/*
 * Reads bytes of a store from its offset on, by EFI_HII_CONFIG_ROUTING_PROTOCOL; path is the device
 * path of the driver.  The alarm guards the call: a driver may never return.  Returns NULL, or why
 * there is no value.
 */
const char *drivers_read(const struct firmware *fw, struct alarm *alarm,
                         const struct setup_store *store, const uint8_t *path, size_t path_size,
                         uint8_t *bytes, size_t size);

#endif
