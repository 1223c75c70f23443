/* SPDX-License-Identifier: Apache-2.0 */
/* files_parts - what the sources of the file system share: files, records, templates, commands. */
#ifndef YUFU_SRC_CARD_FILES_PARTS_H
#define YUFU_SRC_CARD_FILES_PARTS_H

#include <yufu/card/files.h>
#include <yufu/wire/tlv.h>

bool yf_file_state_known(uint8_t state);
bool yf_file_has_records(const struct yf_fcp *f);

/* The object with a file's contents, and its bytes. */
yf_obj yf_file_body(uint8_t app, const struct yf_fcp *f);
uint32_t yf_file_body_size(const struct yf_fcp *f);

/* As yf_call_sw, where what was not found is a file, and what is malformed is our memory. */
yf_sw yf_files_sw(yf_err e);

/* ---- for commands ---- */

/* The file a command names by P1 and data (7816-4 table 39); with neither, none: YF_SW_OK and
 * *named is false. */
YF_MUST yf_sw yf_files_named(struct yf_call *c, struct yf_fcp *f, bool *named);

/* The current EF, or the one of the current DF with this SFI; 31 is none (6A86). */
YF_MUST yf_sw yf_files_ef(struct yf_call *c, unsigned sfi, struct yf_fcp *f);

/* As yf_files_may, for what this session has shown. */
YF_MUST yf_sw yf_files_call_may(struct yf_call *c, const struct yf_fcp *f, enum yf_file_op op);

/* A command on it went well: it is current, and its record pointer as it was, if it was before and
 * was not named by SFI (7816-4 7.3.3). */
void yf_files_current(struct yf_call *c, const struct yf_fcp *f, bool named);

/* The most bytes this command can be answered with: what Le and YF_CARD_NE let. Zero: no Le. */
uint32_t yf_files_room(const struct yf_call *c);
/* 9000; 6282 if Le said an exact number, for which there was room, and there are fewer. */
YF_MUST yf_sw yf_files_le(const struct yf_call *c, uint32_t room, uint32_t there);

#endif
