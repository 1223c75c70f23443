/* SPDX-License-Identifier: Apache-2.0 */
/*
 * travelcard - a synthetic travel document in this process: made, personalised through the
 * issuer's channel by owner after owner, and in use, from a profile that says which
 * ciphers it has.
 *
 *     static struct travelcard t;
 *     travelcard_make(&t, &travelcard_p256);
 *     yf_card_transmit(&t.card, cmd, &rsp);
 *     travelcard_drop(&t);
 *
 * The holder is the specimen of Doc 9303: Anna Maria Eriksson of Utopia. Keys are made from
 * a seed, the same every time but for RSA. EF.SOD and EF.CardSecurity are filler: what a file
 * says is the reader's business, and a card hands out bytes.
 *
 * Whatever fails on the way ends the process; no test framework is needed.
 */
#ifndef YUFU_TESTS_TRAVELCARD_H
#define YUFU_TESTS_TRAVELCARD_H

#include "rng.h"

#include <yufu/card/card.h>
#include <yufu/card/root.h>
#include <yufu/card/travel.h>
#include <yufu/crypto/key.h>
#include <yufu/issuer/line.h>
#include <yufu/proto/bac.h>
#include <yufu/proto/pace.h>
#include <yufu/sim/flashram.h>

enum { TRAVELCARD_PACE = 4, TRAVELCARD_GIVEN = 32, TRAVELCARD_POOL = 160 * 1024 };

struct travelcard_profile {
    const char *name;
    const yf_provider *provider;            // the card's; NULL: soft
    const struct yf_applet *const *applets; // NULL: yf_card_applets
    const char *mrz_info;                   // NULL: the specimen's
    const char *can;                        // NULL: none
    bool bac, pace_mrz;
    struct {
        enum yf_pace_mapping mapping; // 0: none
        enum yf_cipher_id cipher;
        const yf_curve *curve;
    } pace[TRAVELCARD_PACE];
    const yf_curve *chip_curve; // of chip authentication; NULL: none
    enum yf_cipher_id chip_cipher;
    int32_t chip_id;              // -1: the key has no id
    const yf_curve *active_curve; // of active authentication
    bool active_rsa;              // RSA instead, with 2048 bits
    enum yf_hash_id active_hash;
    size_t dg2;      // bytes
    bool fingers;    // DG3
    const char *com; // contents of EF.COM as hex; NULL: as 9303-10 has it
};

/* Each by what is special to it; all have PACE by MRZ and CAN but the last two. */
extern const struct travelcard_profile travelcard_p256, // P-256, AES-128; GM and IM; BAC; CA, AA
    travelcard_bp256,                                   // brainpoolP256r1, AES-128
    travelcard_bp384,                                   // brainpoolP384r1, AES-192; no BAC
    travelcard_p521,                                    // P-521, AES-256; DG2 of 40 KB
    travelcard_des3,   // P-256, 3DES; AA by RSA on the host's provider
    travelcard_sm2,    // SM2, SM3, SM4
    travelcard_icao_d, // the document of 9303-11 appendix D: BAC alone
    travelcard_icao_g; // of G and H: brainpoolP256r1, MRZ and CAN

/* Ended by NULL. */
extern const struct travelcard_profile *const travelcard_profiles[];

/* What a card is given: a file under its identifier, or a key. */
struct travelcard_grouping {
    uint8_t app; // number of its application
    uint16_t dgi;
    yf_span bytes;
};

struct travelcard {
    const struct travelcard_profile *profile;
    struct yf_card card;
    struct yf_card_parts parts;
    struct yf_flashram flash;
    uint8_t travel;      // number of the application
    struct yf_line line; // whose keys open the issuer's channel: yf_line_keys

    struct rnd seeded;    // what the card's random bytes come from,
    struct rng_said said; // unless some were said

    yf_span mrz_info, can;
    uint8_t seed[YF_BAC_SEED];
    yf_key chip, active;      // the card's keys
    uint8_t active_der[1400]; // RSAPrivateKey
    size_t active_der_n;

    struct travelcard_grouping given[TRAVELCARD_GIVEN];
    size_t n_given;
    uint8_t pool[TRAVELCARD_POOL]; // where that lies
    size_t pooled;
};

/* Made, personalised, and with its holder (YF_STAGE_ACTIVE). */
void travelcard_make(struct travelcard *t, const struct travelcard_profile *p);
/* The same, left with the personaliser (YF_STAGE_PERSO), who has not yet begun: `given` waits to
 * be. */
void travelcard_blank(struct travelcard *t, const struct travelcard_profile *p);
void travelcard_drop(struct travelcard *t);

/* The next bytes the card draws; then the seeded ones again. They are borrowed. */
void travelcard_say(struct travelcard *t, yf_span bytes);

/* What it was given under this number; empty if nothing. */
yf_span travelcard_given(const struct travelcard *t, uint8_t app, uint16_t dgi);

/* ---- without a channel, for tests of store and stored alone ---- */

/* A call such as the issuer's domain makes, its response going to o. */
struct yf_call travelcard_call(struct travelcard *t, uint8_t app, yf_out *o);
/* A grouping, in pieces of at most `piece` bytes; the first status word that is not 9000. */
yf_sw travelcard_give(struct travelcard *t, uint8_t app, uint16_t dgi, yf_span bytes, size_t piece);
yf_sw travelcard_stored(struct travelcard *t, uint8_t app);

#endif
