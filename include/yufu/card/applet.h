/* SPDX-License-Identifier: Apache-2.0 */
/*
 * applet - what an application of the card is: a name, tables of commands and
 * files, and a few functions. Adding one is adding a folder under src/card/applet
 * and a row to the table a card is started with (yf_card_applets).
 *
 * An application is installed under a number; all its objects in the store carry
 * that number, and every function it is given works on its own number only. Between
 * commands it keeps nothing but its share of memory (yf_app_ram), which is wiped when
 * it is selected and when it is left.
 *
 * A handler gets its command in clear, chaining and secure messaging taken off,
 * and only if a row of its table names it for this class, instruction and stage
 * and what the row needs has been shown. It appends response data to call->out
 * and answers with a status word; for a word of error classes the data is dropped.
 */
#ifndef YUFU_CARD_APPLET_H
#define YUFU_CARD_APPLET_H

#include <yufu/card/access.h>
#include <yufu/card/life.h>
#include <yufu/crypto/provider.h>
#include <yufu/crypto/rng.h>
#include <yufu/proto/sm.h>
#include <yufu/wire/apdu.h>

#ifdef __cplusplus
extern "C" {
#endif

struct yf_card;
struct yf_command;
struct yf_files_at;
struct yf_scp03;

/* One command on its way through an application. */
struct yf_call {
    struct yf_card *card;
    const struct yf_command *row;
    uint8_t app;     // the number of the application that answers
    yf_apdu_cmd cmd; // in clear; its data may be changed in place by no one
    yf_need shown;   // what stands now
    yf_out *out;     // response data; dropped where the reader asked for none
};

typedef yf_sw (*yf_handler)(struct yf_call *call);

/* One row: what an application answers, where and to whom. */
struct yf_command {
    uint8_t cla; // without the bits for channel, chaining and messaging: 00 or 80
    uint8_t ins;
    uint8_t stages; // set of YF_IN(stage)
    uint8_t flags;
    yf_need need;
    yf_handler run;
};

enum {
    YF_CMD_CHAIN = 1, // may come as a chain (else 6884)
    YF_CMD_RAW = 2,   // CLA 84 before a channel stands: the handler checks the MAC itself
    YF_CMD_STEPS = 4, // the chaining bit links the steps of a protocol (9303-11 4.4.4.2): parts are
                      // not joined, each is answered, and its handler sees the bit in cmd.cla
    YF_CMD_ANEW = 8,  // INITIALIZE UPDATE: in clear also where a channel stands, which then ends
};

struct yf_applet {
    const char *name; // "travel"
    yf_span aid;      // of the module, and of an application unless its installer says otherwise
    const struct yf_command *commands;
    size_t n_commands;

    /* A new application: create its objects. Within a transaction of the installer's. */
    yf_sw (*install)(struct yf_call *call, yf_span parameters);
    /* Chosen by name; append the FCI (7816-4 7.4.3). NULL: nothing to say. */
    yf_sw (*selected)(struct yf_call *call);
    /* Another application is chosen; its bits and memory go after this. May be NULL. */
    void (*left)(struct yf_call *call);
    /*
     * Personalisation: bytes at..at+piece.n of a data grouping of total bytes; its
     * pieces come in order. Comes over the issuer's channel only; what it showed is in
     * call->shown, YF_NEED_SECRET where the data came encrypted.
     */
    yf_sw (*store)(struct yf_call *call, uint16_t dgi, uint32_t total, uint32_t at, yf_span piece);
    /* The personaliser says that it is complete. May be NULL. */
    yf_sw (*stored)(struct yf_call *call);
};

/* ---- what a handler may ask of the card ---- */

YF_API struct yf_store *yf_call_store(const struct yf_call *call);
YF_API const yf_provider *yf_call_provider(const struct yf_call *call);
YF_API const yf_rng *yf_call_rng(const struct yf_call *call);
/*
 * Memory of the selected application, YF_CARD_APP_RAM bytes, aligned for anything.
 * In install, store and stored, which another application asks for, there is none:
 * to come here then is a bug of ours (yf_halt).
 */
YF_API void *yf_call_ram(const struct yf_call *call);
/* Its current file; the same holds. */
YF_API struct yf_files_at *yf_call_at(const struct yf_call *call);
YF_API yf_stage yf_call_stage(const struct yf_call *call);

/* Show or withdraw bits that belong to this application: they go when it is left or the messaging
 * in force ends by a fault. */
YF_API void yf_call_show(struct yf_call *call, yf_need bits);
YF_API void yf_call_withdraw(struct yf_call *call, yf_need bits);

/*
 * From the next command on, secure messaging with these keys, if this one ends
 * with 9000; its response still goes out as the command came in. bits stand as long
 * as the session does: all of them, also those of a session this one replaces. global:
 * it outlives the choice of another application (PACE), else it ends there (BAC).
 */
YF_API void yf_call_secure(struct yf_call *call, const struct yf_sm_keys *keys, yf_need bits,
                           bool global);

/*
 * The issuer's channel, for the handlers of its domain alone. INITIALIZE UPDATE begins
 * one in the memory it is given here (NULL: not under other messaging, 6985);
 * EXTERNAL AUTHENTICATE finds it there (NULL: none has begun, 6985) and says that it
 * stands from the next command on, with what its level shows. One that does not
 * come to stand with the very next command is closed.
 */
YF_API struct yf_scp03 *yf_call_channel_begin(struct yf_call *call);
YF_API struct yf_scp03 *yf_call_channel_begun(struct yf_call *call);
YF_API void yf_call_channel_stands(struct yf_call *call, yf_need bits);

/* Go on to another stage of life, in the store and here; YF_E_DENIED if it does not follow. */
YF_MUST YF_API yf_err yf_call_advance(struct yf_call *call, yf_stage to);

/*
 * A status word for an error of a lower layer: SHORT 6700, FORMAT 6A80, ROOM 6A84,
 * STATE 6985, DENIED 6982, AUTH 6300, NOTFOUND 6A88, IO 6581, UNSUPPORTED 6A81.
 */
YF_API yf_sw yf_call_sw(yf_err e);

#ifdef __cplusplus
}
#endif

#endif
