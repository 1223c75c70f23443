/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cardfile - a chip's flash in a file, `.yfc`: a head that says what it is, then the
 * pages, byte for byte (docs/formats.md).
 *
 * A file that is open for writing is locked: nobody else opens it. All of it is held
 * in memory as well; what is programmed or erased goes to the file at once, so the end
 * of the process at any point is to the card what a power cut is to a chip, and at a
 * barrier it goes to the disk, so the end of the machine is no worse. After the
 * first error of the file every call answers YF_E_IO: what it holds then is for the
 * next start to find out.
 *
 * It holds the keys of the card. Its mode is 0600, memory is wiped on close, and the
 * file says so to whoever looks into it.
 *
 * Errors: YF_E_NOTFOUND, YF_E_DENIED (permissions), YF_E_STATE (in use by another, or
 * already there), YF_E_UNSUPPORTED (another version), YF_E_FORMAT (no card file, or
 * damaged), YF_E_ROOM (no memory), YF_E_IO.
 */
#ifndef YUFU_SIM_CARDFILE_H
#define YUFU_SIM_CARDFILE_H

#include <yufu/card/flash.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_CARDFILE_VERSION = 1,
    YF_CARDFILE_HEAD = 4096, // bytes before the first page
    YF_CARDFILE_WHY = 160,   // bytes of a reason, its NUL included
};

/* As in struct yf_flash. */
struct yf_cardfile_shape {
    uint32_t page, pages, unit;
};

/*
 * The head alone. A head that is taken is one that put would have written. why gets
 * what is wrong in one line, lower case.
 */
YF_API void yf_cardfile_head_put(const struct yf_cardfile_shape *shape,
                                 uint8_t head[YF_CARDFILE_HEAD]);
YF_MUST YF_API yf_err yf_cardfile_head_parse(yf_span head, struct yf_cardfile_shape *shape,
                                             char why[YF_CARDFILE_WHY]);

typedef struct yf_cardfile yf_cardfile;

enum yf_cardfile_mode {
    YF_CARDFILE_WRITE, // the card lives in this file
    YF_CARDFILE_COPY,  // what it holds now; changes stay in memory and are forgotten
};

/* Open the file of that name. why says on failure what is wrong, and the mend where there is one.
 */
YF_MUST YF_API yf_err yf_cardfile_open(const char *path, enum yf_cardfile_mode mode,
                                       yf_cardfile **f, char why[YF_CARDFILE_WHY]);

/* Erased memory that is in no file yet: barriers cost nothing. YF_E_FORMAT for a shape no flash
 * has. */
YF_MUST YF_API yf_err yf_cardfile_new(const struct yf_cardfile_shape *shape, yf_cardfile **f);

/*
 * Write what is in memory to a new file: after YF_OK it is whole and on the disk, after
 * anything else it is not there. YF_E_STATE if the name is taken; errno says more. f
 * stays in memory alone; open the file to go on in it.
 */
YF_MUST YF_API yf_err yf_cardfile_save(const yf_cardfile *f, const char *path);

/* Lives as long as f. */
YF_API const struct yf_flash *yf_cardfile_flash(const yf_cardfile *f);

/* Give up the lock, and wipe; NULL is harmless. */
YF_API void yf_cardfile_close(yf_cardfile *f);

#ifdef __cplusplus
}
#endif

#endif
