/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flash - the non-volatile memory under the store, as four functions.
 *
 * Memory is `pages` pages of `page` bytes. Erasing sets a page to FF; programming
 * writes to bytes that are still erased, in whole units, and never a byte twice:
 * a driver refuses that with YF_E_STATE, for it is a bug. Power may fail in the
 * middle of either and leave anything in what was being written - and, before
 * the next barrier has returned, in anything written since the last one. A chip
 * that writes in order has an empty barrier; a file syncs there.
 *
 * What reads as FF can be programmed: a driver whose memory can look erased after a
 * cut without being so must return something else for it.
 *
 * Whoever fills the struct owns the state and outlives the store on top. Errors of
 * the medium are YF_E_IO; after one the store refuses everything.
 */
#ifndef YUFU_CARD_FLASH_H
#define YUFU_CARD_FLASH_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct yf_flash {
    uint32_t page;  // bytes erased at once: a power of two, 1024 to 65536
    uint32_t pages; // 8 to YF_STORE_PAGES; 32 MB in all at most
    uint32_t unit;  // bytes programmed at once, aligned: 1, 2, 4, 8 or 16
    yf_err (*read)(void *state, uint32_t at, uint8_t *to, size_t n);
    yf_err (*program)(void *state, uint32_t at, yf_span bytes); // at and bytes.n whole units
    yf_err (*erase)(void *state, uint32_t page);                // by number
    yf_err (*barrier)(void *state); // what was written before stands before anything after
    void *state;
};

#ifdef __cplusplus
}
#endif

#endif
