/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card - a smart card: commands in, responses out.
 *
 * A struct yf_card is placed by its embedder - a chip's main loop, a simulator, a
 * fuzzer - and started with its parts: a provider of ciphers, a source of random
 * bytes, flash, and the applets it knows. It does no I/O but through them, allocates
 * nothing, and keeps nothing across a start but what is in the flash.
 *
 * A command goes down through: APDU, chaining, secure messaging, the table of
 * the selected application for the card's stage, the needs of its row, the handler;
 * and its response back up. One logical channel.
 *
 * A card whose self-test, random bytes or store are not sound at start is mute: it
 * still has its ATR, and answers 6F00 to everything until it is started again. What calls
 * yf_halt is a bug of ours, and the embedder's to make final.
 */
#ifndef YUFU_CARD_CARD_H
#define YUFU_CARD_CARD_H

#include <yufu/card/apps.h>
#include <yufu/card/files.h>
#include <yufu/proto/scp03.h>
#include <yufu/proto/sm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a card is started with; all of it borrowed, and outliving the card. */
struct yf_card_parts {
    const yf_provider *provider;
    yf_rng rng;
    const struct yf_flash *flash;
    const struct yf_applet *const *applets; // ended by NULL; the first is the root, selected at
                                            // reset, the second the issuer's domain
    bool tested; // yf_selftest has passed on this provider since power came on: do not run it again
};

/* The applets of this project, root and issuer's domain first. */
YF_API extern const struct yf_applet *const yf_card_applets[];

enum yf_channel_kind {
    YF_CHANNEL_PLAIN,
    YF_CHANNEL_ISO,
    YF_CHANNEL_BEGUN,   // SCP03 after INITIALIZE UPDATE, for the very next command
    YF_CHANNEL_SCP03,   // and after EXTERNAL AUTHENTICATE
    YF_CHANNEL_ABORTED, // after a fault in it: refuses all but a new beginning (GPC_SPE_014 5.6)
};

/* The messaging in force. */
struct yf_channel {
    enum yf_channel_kind kind;
    bool global;   // outlives the choice of another application
    yf_need shown; // what its existence shows
    union {
        struct yf_sm iso;
        struct yf_scp03 gp; // the issuer's domain begins and opens it
    } as;
};

struct yf_card {
    struct yf_card_parts parts;
    struct yf_store store;
    yf_err mute;    // YF_OK, or why it does not answer
    yf_stage stage; // as in the store

    uint8_t app; // the selected application, and what it is made of
    const struct yf_applet *applet;
    struct yf_channel channel;
    struct yf_sm_keys next; // keys for after this response; cipher YF_CIPHERS: none
    yf_need next_shown;
    bool next_global;
    yf_need shown; // bits the selected application has shown

    struct yf_files_at at; // current file of the selected application
    struct yf_apdu_chain chain;
    uint32_t held_at, held; // rest of a response, for GET RESPONSE: lies in out
    yf_sw held_sw;          // and how it ends
    uint8_t in[YF_CARD_IN], out[YF_CARD_OUT];
    union {
        uint64_t align;
        uint8_t bytes[YF_CARD_APP_RAM];
    } ram;
};

/*
 * Bytes of a struct yf_card at most, of stack at most under any command, and under a start with
 * its self-test; tested. Curves of 384 and 521 bits take the most; with 256 bits it is 6.5 KB.
 */
enum { YF_CARD_STATE = 16384, YF_CARD_STACK = 10240, YF_CARD_STACK_START = 12288 };

/*
 * The chip maker's step: format the flash, give the card its serial number (up to
 * YF_CARD_SERIAL_MAX bytes) and install the root and the issuer's domain, which gets
 * the chip maker's transport keys (key version 'FF') as its parameters: one byte
 * enum yf_cipher_id, then ENC, MAC and DEK in that cipher's length. No way to do
 * this by a command. scratch is wiped.
 */
YF_MUST YF_API yf_err yf_card_make(const struct yf_card_parts *parts, yf_span serial,
                                   const struct yf_scp03_keys *transport, struct yf_card *scratch);

/* Power on: self-tests, recovery of the store, reset. Whatever is wrong, the card is then mute and
 * this says why. */
YF_MUST YF_API yf_err yf_card_start(struct yf_card *c, const struct yf_card_parts *parts);
/* A reset without loss of power: session, selection and everything volatile are gone. */
YF_API void yf_card_reset(struct yf_card *c);
/* Power off: everything volatile is wiped. */
YF_API void yf_card_stop(struct yf_card *c);

/* One command, and its response appended to rsp (at least YF_APDU_MAX_SHORT_RSP of room). */
YF_API void yf_card_transmit(struct yf_card *c, yf_span cmd, yf_out *rsp);

/* The ATR: T=1, with the historical bytes the card maker set, or those of the project. */
YF_API void yf_card_atr(const struct yf_card *c, yf_out *o);

#ifdef __cplusplus
}
#endif

#endif
