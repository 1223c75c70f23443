/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits - all sizes of the card in one place. A card's whole state is one struct
 * yf_card, placed by its embedder; these numbers decide how big that is.
 */
#ifndef YUFU_CARD_LIMITS_H
#define YUFU_CARD_LIMITS_H

enum {
    /* Commands and responses. EF.ATR/INFO tells readers of them (7816-4 12.7.1). */
    YF_CARD_NC = 2048,             // data of a command, joined and in clear
    YF_CARD_NE = 2048,             // data of a response in clear
    YF_CARD_IN = YF_CARD_NC + 256, // the same under secure messaging
    YF_CARD_OUT = YF_CARD_NE + 256,

    /* Applications and files. */
    YF_CARD_APPS = 8,      // installed at once, the root and the issuer's domain included
    YF_CARD_AID = 16,      // bytes of an application identifier
    YF_CARD_APP_RAM = 768, // what a selected application may keep between commands
    YF_CARD_SERIAL_MAX = 16,
    YF_CARD_ATR = 33,            // bytes of an answer to reset
    YF_CARD_HISTORICAL_MAX = 15, // of these, historical

    /* The store. */
    YF_STORE_PIECE = 256,  // an object is kept in pieces of so many bytes
    YF_STORE_PIECES = 512, // pieces in all; the index has an entry for each
    YF_STORE_TXN = 24,     // pieces one transaction can change
    YF_STORE_PAGES = 1024, // pages of flash at most
    YF_STORE_WEAR = 16,    // erasures two pages may differ in before still data is moved
    YF_OBJ_MAX = 65536,    // bytes of one object

    /* Retry counters. */
    YF_PIN_MAX = 16,   // bytes of a PIN as it is sent
    YF_TRIES_MAX = 15, // a counter starts at most here: 63Cx has one digit
};

#endif
