/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kat - known answers on the chip. Says each case as one line of TAP, "ok - name\n"
 * or "not ok - name\n", and returns how many were wrong.
 */
#ifndef YUFU_FIRMWARE_KAT_H
#define YUFU_FIRMWARE_KAT_H

int kat_run(void (*say)(const char *line));

#endif
