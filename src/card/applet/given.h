/* SPDX-License-Identifier: Apache-2.0 */
/*
 * given - what an application is given in its personalisation: files and keys, each as a
 * data grouping of its own, from tables.
 *
 * A file comes under its identifier, a key under a number from 8000 on, and only where
 * YF_NEED_SECRET is met. A grouping that comes again replaces what was there. One that came
 * in part is remembered as such, also across a power cut, until it came whole.
 */
#ifndef YUFU_CARD_APPLET_GIVEN_H
#define YUFU_CARD_APPLET_GIVEN_H

#include <yufu/card/files.h>

struct given_file {
    uint16_t fid; // and grouping
    uint8_t sfi;
    yf_need read;
    uint32_t max; // bytes
    /* What the file says of the card must be true; called when it is whole. NULL: opaque. */
    yf_sw (*check)(struct yf_call *call, yf_span file);
};

struct given_key {
    uint16_t first, last; // groupings: one kind of key may come under several
    uint16_t min, max;    // bytes
};

struct given {
    const struct given_file *files;
    size_t n_files;
    const struct given_key *keys;
    size_t n_keys;
};

/* An applet's install: its own directory, in which files come to lie. fid 0: it has none. */
yf_sw given_install(struct yf_call *call, uint16_t fid);

/*
 * An applet's store. 6A88 for a grouping it does not know, 6A84 for one too long, 6A80 for
 * pieces that do not fit together, 6982 for a key that comes in clear, 6985 past
 * YF_STAGE_PERSO.
 */
yf_sw given_store(struct yf_call *call, const struct given *g, uint16_t dgi, uint32_t total,
                  uint32_t at, yf_span piece);

/* 6985 as long as a grouping came in part only. */
yf_sw given_whole(struct yf_call *call);

/* Was it given? */
bool given_file(struct yf_call *call, uint16_t fid);
bool given_key(struct yf_call *call, uint16_t dgi);
/* How many keys of these groupings were. */
unsigned given_keys(struct yf_call *call, uint16_t first, uint16_t last);

/*
 * A whole file in the response's memory, behind what stands there; given_release takes it
 * out again, before anything is appended. 6A82 if it is not there, 6A84 if it is too long.
 */
yf_sw given_read_file(struct yf_call *call, uint16_t fid, yf_span *file);
void given_release(struct yf_call *call, yf_span file);

/* The same for a key; given_wipe wipes it there, too. 6A88 if it was not given. */
yf_sw given_claim_key(struct yf_call *call, uint16_t dgi, yf_span *key);
void given_wipe(struct yf_call *call, yf_span key);

/* A key of at most cap bytes, to be wiped by the caller; 6A88 if it was not given. */
yf_sw given_read_key(struct yf_call *call, uint16_t dgi, uint8_t *key, size_t cap, size_t *n);

#endif
