/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files - ISO/IEC 7816-4 file systems over the store, one per application, and the
 * commands on them.
 *
 * A file is an object that says what it is (YF_OBJ_FILE) and one that holds its
 * contents (YF_OBJ_BODY). Files are numbered within their application; the file
 * with number 0 is the application's own directory (the MF for the root). Whoever
 * reads or writes gives what has been shown; what it needs stands in the file.
 */
#ifndef YUFU_CARD_FILES_H
#define YUFU_CARD_FILES_H

#include <yufu/card/applet.h>

#ifdef __cplusplus
extern "C" {
#endif

enum yf_file_kind { // zero is no file
    YF_FILE_DF = 1,
    YF_FILE_TRANSPARENT,
    YF_FILE_LINEAR_FIXED,
    YF_FILE_LINEAR_VARIABLE,
    YF_FILE_CYCLIC,
};

/* What can be done to a file, each with its own needs; for a DF, CREATE is of files in it. */
enum yf_file_op {
    YF_FILE_READ,
    YF_FILE_UPDATE, // also append and erase
    YF_FILE_CREATE,
    YF_FILE_DELETE,
    YF_FILE_ACTIVATE, // and deactivate
    YF_FILE_TERMINATE,
    YF_FILE_OPS
};

/* 7816-4 table 14: life cycle status byte. */
enum yf_file_state {
    YF_FILE_CREATION = 0x01,
    YF_FILE_INITIALISATION = 0x03,
    YF_FILE_ACTIVATED = 0x05,
    YF_FILE_DEACTIVATED = 0x04,
    YF_FILE_TERMINATED = 0x0C,
};

/* File control parameters: what a file is (7816-4 7.4.3). */
struct yf_fcp {
    uint8_t number; // within the application
    uint8_t parent; // number of its DF
    uint8_t kind, state;
    uint16_t fid;
    uint8_t sfi;     // 1 to 30, 0: none
    uint8_t record;  // bytes of the longest record
    uint8_t records; // how many there can be
    uint32_t size;   // bytes of a transparent file
    yf_need need[YF_FILE_OPS];
};

/* Which file is current, in an application's memory; the root's is the card's own. */
struct yf_files_at {
    uint8_t df, ef; // numbers; ef 0: none
    uint8_t record; // 0: none
};

/* Create a file with contents 00 (transparent) or no records; its number goes to f->number. */
YF_MUST yf_err yf_files_create(struct yf_store *s, uint8_t app, struct yf_fcp *f);
YF_MUST yf_err yf_files_delete(struct yf_store *s, uint8_t app, uint8_t number);
YF_MUST yf_err yf_files_by_fid(const struct yf_store *s, uint8_t app, uint8_t df, uint16_t fid,
                               struct yf_fcp *f);
YF_MUST yf_err yf_files_by_sfi(const struct yf_store *s, uint8_t app, uint8_t df, uint8_t sfi,
                               struct yf_fcp *f);
YF_MUST yf_err yf_files_get(const struct yf_store *s, uint8_t app, uint8_t number,
                            struct yf_fcp *f);
/* Contents, without asking for access: for the application itself. */
YF_MUST yf_err yf_files_read(const struct yf_store *s, uint8_t app, const struct yf_fcp *f,
                             uint32_t at, uint8_t *to, size_t n);
YF_MUST yf_err yf_files_write(struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint32_t at,
                              yf_span bytes);

/* ---- handlers for an application's table: 7816-4 7.2, 7.3, 7816-9 ---- */

yf_sw yf_do_select(struct yf_call *c);          // files of this application; by AID is the card's
yf_sw yf_do_read_binary(struct yf_call *c);     // B0, B1
yf_sw yf_do_update_binary(struct yf_call *c);   // D6, D7
yf_sw yf_do_erase_binary(struct yf_call *c);    // 0E
yf_sw yf_do_read_record(struct yf_call *c);     // B2
yf_sw yf_do_update_record(struct yf_call *c);   // DC
yf_sw yf_do_append_record(struct yf_call *c);   // E2
yf_sw yf_do_create_file(struct yf_call *c);     // E0, FCP with compact access rules
yf_sw yf_do_delete_file(struct yf_call *c);     // E4
yf_sw yf_do_activate_file(struct yf_call *c);   // 44
yf_sw yf_do_deactivate_file(struct yf_call *c); // 04
yf_sw yf_do_terminate_file(struct yf_call *c);  // E6, E8

#ifdef __cplusplus
}
#endif

#endif
