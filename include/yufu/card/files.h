/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files - ISO/IEC 7816-4 file systems over the store, one per application, and the
 * commands on them.
 *
 * A file is an object that says what it is (YF_OBJ_FILE) and one that holds its
 * contents (YF_OBJ_BODY). Files are numbered within their application; the file
 * with number 0 is the application's own directory (the MF for the root) and is
 * the first to be created. Whoever reads or writes gives what has been shown; what it
 * needs stands in the file.
 *
 * Each change is one transaction, or part of the one that is open. docs/files.md
 * says what is taken from the standard, and how its choices were made.
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
    YF_FILE_KINDS
};

/*
 * What can be done to a file, each with its own needs: the bits of an access mode
 * byte, bit 1 first (7816-4 5.4.3.1). The first three differ between EFs and DFs.
 */
enum yf_file_op {
    YF_FILE_READ = 0,
    YF_FILE_UPDATE = 1, // also erase
    YF_FILE_APPEND = 2, // a record

    YF_FILE_DELETE_CHILD = 0, // any file in it; what the file's own DELETE needs is enough, too
    YF_FILE_CREATE_EF = 1,
    YF_FILE_CREATE_DF = 2,

    YF_FILE_DEACTIVATE = 3,
    YF_FILE_ACTIVATE = 4,
    YF_FILE_TERMINATE = 5,
    YF_FILE_DELETE = 6,
    YF_FILE_OPS
};

/*
 * 7816-4 table 13: life cycle status byte. Only an activated file asks for its
 * needs; until then it belongs to whoever may create it where it is, and needs just
 * what that needs.
 */
enum yf_file_state {
    YF_FILE_CREATION = 0x01,
    YF_FILE_INITIALISATION = 0x03,
    YF_FILE_ACTIVATED = 0x05,
    YF_FILE_DEACTIVATED = 0x04,
    YF_FILE_TERMINATED = 0x0C,
};

/* File control parameters: what a file is (7816-4 5.3.3). */
struct yf_fcp {
    uint8_t number; // within the application
    uint8_t parent; // number of its DF; of number 0: 0
    uint8_t kind, state;
    uint16_t fid;    // 0: none, for number 0 only
    uint8_t sfi;     // 1 to 30, 0: none
    uint8_t record;  // bytes of the longest record, 1 to 255
    uint8_t records; // how many there can be, 1 to 254
    uint32_t size;   // bytes of a transparent file, 1 to YF_OBJ_MAX
    yf_need need[YF_FILE_OPS];
};

/* Which file is current, in an application's memory; all zero: its own directory. */
struct yf_files_at {
    uint8_t df, ef; // numbers; ef 0: none
    uint8_t record; // 0: none
};

/*
 * Create a file with contents 00 (transparent) or no records; its number goes to
 * f->number. The first of an application must be a DF.
 * YF_E_FORMAT what no file can be; YF_E_STATE the fid or SFI is taken; YF_E_NOTFOUND no
 * such parent; YF_E_ROOM.
 */
YF_MUST YF_API yf_err yf_files_create(struct yf_store *s, uint8_t app, struct yf_fcp *f);
/* YF_E_STATE: a DF with files in it. */
YF_MUST YF_API yf_err yf_files_delete(struct yf_store *s, uint8_t app, uint8_t number);
/* Another state, whichever; for an application that knows what it does. */
YF_MUST YF_API yf_err yf_files_set_state(struct yf_store *s, uint8_t app, uint8_t number,
                                         enum yf_file_state state);

/* A file of this DF; YF_E_NOTFOUND. */
YF_MUST YF_API yf_err yf_files_by_fid(const struct yf_store *s, uint8_t app, uint8_t df,
                                      uint16_t fid, struct yf_fcp *f);
YF_MUST YF_API yf_err yf_files_by_sfi(const struct yf_store *s, uint8_t app, uint8_t df,
                                      uint8_t sfi, struct yf_fcp *f);
YF_MUST YF_API yf_err yf_files_get(const struct yf_store *s, uint8_t app, uint8_t number,
                                   struct yf_fcp *f);

/* May it be done to this file now? 9000, or 6985 (its state, or a DF's above it), or 6982. */
YF_MUST YF_API yf_sw yf_files_may(const struct yf_store *s, uint8_t app, const struct yf_fcp *f,
                                  enum yf_file_op op, yf_need shown);

/* Contents of a transparent file, without asking for access: for the application itself. */
YF_MUST YF_API yf_err yf_files_read(const struct yf_store *s, uint8_t app, const struct yf_fcp *f,
                                    uint32_t at, uint8_t *to, size_t n);
YF_MUST YF_API yf_err yf_files_write(struct yf_store *s, uint8_t app, const struct yf_fcp *f,
                                     uint32_t at, yf_span bytes);

/*
 * Records, without asking for access. Number 1 is the oldest of a linear file and the
 * newest of a cyclic one. YF_E_NOTFOUND: no such record. update takes any length up to
 * f->record in a variable file, else exactly that (YF_E_FORMAT). append: YF_E_ROOM in a
 * full linear file; in a full cyclic one it overwrites the oldest.
 */
YF_MUST YF_API yf_err yf_records_count(const struct yf_store *s, uint8_t app,
                                       const struct yf_fcp *f, uint8_t *count);
YF_MUST YF_API yf_err yf_records_read(const struct yf_store *s, uint8_t app, const struct yf_fcp *f,
                                      uint8_t number, yf_out *o);
YF_MUST YF_API yf_err yf_records_update(struct yf_store *s, uint8_t app, const struct yf_fcp *f,
                                        uint8_t number, yf_span record);
YF_MUST YF_API yf_err yf_records_append(struct yf_store *s, uint8_t app, const struct yf_fcp *f,
                                        yf_span record);

/* Append the contents of a control parameter template: 80 82 83 88 8A (7816-4 table 12). */
YF_API void yf_fcp_put(yf_out *o, const struct yf_fcp *f);
/*
 * Read a template '62', with everything a CREATE FILE may say of a file; docs/files.md
 * has the list. Number and parent are the caller's. YF_E_FORMAT; YF_E_UNSUPPORTED
 * what can be said in a template and not of our files.
 */
YF_MUST YF_API yf_err yf_fcp_parse(yf_span in, struct yf_fcp *f);

/* ---- handlers for an application's table: 7816-4 7.1 to 7.3, 7816-9 ---- */

YF_API yf_sw yf_do_select(struct yf_call *c); // files of this application; by AID is the card's
YF_API yf_sw yf_do_read_binary(struct yf_call *c);     // B0, B1
YF_API yf_sw yf_do_update_binary(struct yf_call *c);   // D6, D7
YF_API yf_sw yf_do_erase_binary(struct yf_call *c);    // 0E
YF_API yf_sw yf_do_read_record(struct yf_call *c);     // B2
YF_API yf_sw yf_do_update_record(struct yf_call *c);   // DC
YF_API yf_sw yf_do_append_record(struct yf_call *c);   // E2
YF_API yf_sw yf_do_create_file(struct yf_call *c);     // E0, FCP with compact access rules
YF_API yf_sw yf_do_delete_file(struct yf_call *c);     // E4
YF_API yf_sw yf_do_activate_file(struct yf_call *c);   // 44
YF_API yf_sw yf_do_deactivate_file(struct yf_call *c); // 04
YF_API yf_sw yf_do_terminate_file(struct yf_call *c);  // E6 a DF, E8 an EF

#ifdef __cplusplus
}
#endif

#endif
