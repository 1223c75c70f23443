/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flashram - simulated flash in memory, which holds its user to the rules of
 * flash.h: no byte programmed twice between erasures, whole aligned units, nothing
 * outside. For tests, fuzzing and benchmarks; a chip's driver and the card file
 * (cardfile.h) are its brothers.
 *
 * flash.state points at the struct itself, which therefore stays where it was opened.
 */
#ifndef YUFU_SIM_FLASHRAM_H
#define YUFU_SIM_FLASHRAM_H

#include <yufu/card/flash.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A card's default memory. */
enum { YF_FLASH_PAGE = 4096, YF_FLASH_PAGES = 64, YF_FLASH_UNIT = 8 };

struct yf_flashram {
    struct yf_flash flash;
    uint8_t *mem;        // page * pages bytes, owned
    uint8_t *programmed; // a byte for each unit: programmed since its page was erased; owned
    uint32_t *erased;    // times each page was erased; owned
    uint64_t programs;   // calls that programmed something
    uint64_t barriers;
};

/* All pages erased. YF_E_ROOM without memory. */
YF_API YF_MUST yf_err yf_flashram_open(struct yf_flashram *f, uint32_t page, uint32_t pages,
                                       uint32_t unit);
YF_API void yf_flashram_close(struct yf_flashram *f);

/* Take another memory's bytes, page * pages of them; what is FF in them counts as erased. */
YF_API void yf_flashram_load(struct yf_flashram *f, const uint8_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
