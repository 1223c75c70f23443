/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pace - Password Authenticated Connection Establishment, Doc 9303-11 4.4, both ends,
 * over elliptic curves, with generic and with integrated mapping.
 *
 *     card                                        reader
 *     yf_pace_begin(p, YF_PACE_CARD, ...)         yf_pace_begin(p, YF_PACE_READER, ...)
 *     four times                                  four times
 *       yf_pace_answer(p, rng, command, o)          yf_pace_ask(p, rng, o)
 *                                                   yf_pace_hear(p, response)
 *     yf_pace_keys(p, &keys)                      yf_pace_keys(p, &keys)
 *
 * What goes to and fro is the data field of GENERAL AUTHENTICATE (genauth.h):
 *
 *     step     command     response
 *     nonce    7C 00       80 encrypted nonce
 *     map      81          82             (GM: points; IM: a nonce, and nothing)
 *     agree    83 point    84 point
 *     token    85          86
 *
 * The first three commands carry the chaining bit (CLA 10), the last does not; yet each
 * is answered at once with data of its own (4.4.4.3). That is not a chain as
 * yf_apdu_chain joins it.
 *
 * A struct yf_pace is placed by its owner, fits a card's memory for an application
 * (YF_PACE_STATE) and holds secrets until it is dropped. Any failure drops it: later
 * calls are YF_E_STATE until the next begin. So is a call out of turn, which drops it too.
 *
 * Points are uncompressed and checked; a peer that sends our own public key back is
 * refused (4.4.1); tokens are compared in constant time, the card's goes out only after
 * the reader's was right. The password's key, the nonce, the mapped generator and all that is
 * drawn or agreed are secret.
 */
#ifndef YUFU_PROTO_PACE_H
#define YUFU_PROTO_PACE_H

#include <yufu/crypto/provider.h>
#include <yufu/crypto/rng.h>
#include <yufu/proto/sm.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- suites ---- */

enum yf_pace_mapping { YF_PACE_GM = 1, YF_PACE_IM };

/* What an object identifier and a parameter id stand for. */
struct yf_pace_suite {
    enum yf_pace_mapping mapping;
    enum yf_cipher_id cipher;
    const yf_curve *curve;
    yf_span oid;        // contents octets; a constant
    uint8_t parameters; // 9303-11 table 12, or YF_PACE_SM2
};

enum { YF_PACE_SM2 = 83 }; // the parameter id of the SM2 curve in our own profile (docs/formats.md)

/*
 * The suite of this protocol over these standardised domain parameters, if p can do all of
 * it. YF_E_UNSUPPORTED for what this does not know or p does not have: another
 * identifier (DH, chip authentication mapping), other parameters, a cipher or a hash
 * that is missing, integrated mapping over a prime that is 1 modulo 4 (P-224). The SM2
 * curve goes with the profile's identifiers and they go with it alone.
 */
YF_MUST YF_API yf_err yf_pace_suite(const yf_provider *p, yf_span oid, int32_t parameters,
                                    struct yf_pace_suite *suite);
/* The suite made of these parts; the same refusals. */
YF_MUST YF_API yf_err yf_pace_suite_of(const yf_provider *p, enum yf_pace_mapping mapping,
                                       enum yf_cipher_id cipher, const yf_curve *curve,
                                       struct yf_pace_suite *suite);

/* The curve of a standardised domain parameter id (9303-11 table 12), and back; NULL, -1. */
YF_API const yf_curve *yf_pace_curve(int32_t parameters);
YF_API int32_t yf_pace_parameters(const yf_curve *curve);

/* ---- passwords ---- */

/* The values of data object '83' (9303-11 4.4.4.1, TR-03110-3 B.11.1). */
enum yf_pace_password { YF_PACE_MRZ = 1, YF_PACE_CAN, YF_PACE_PIN, YF_PACE_PUK };

/*
 * The key of a password (9303-11 9.7.2, 9.7.3), as many bytes as the cipher's key. For
 * MRZ the secret is the MRZ information as for BAC: document number, dates, each
 * with its check digit; otherwise the digits as characters.
 */
YF_MUST YF_API yf_err yf_pace_key(const yf_provider *p, enum yf_cipher_id cipher,
                                  enum yf_pace_password kind, yf_span secret,
                                  uint8_t k_pi[YF_CIPHER_KEY_MAX]);

/* ---- MSE:Set AT (00 22 C1 A4), 9303-11 4.4.4.1 ---- */

struct yf_pace_select {
    yf_span oid;
    uint8_t password;   // of enum yf_pace_password, or whatever came
    int32_t parameters; // -1: not said
};

/* Append the command's data; parse it, passing over objects not named in the standard. */
YF_API void yf_pace_select_put(yf_out *o, const struct yf_pace_select *s);
YF_MUST YF_API yf_err yf_pace_select_parse(yf_span in, struct yf_pace_select *s);

/* ---- the protocol ---- */

enum yf_pace_role { YF_PACE_CARD = 1, YF_PACE_READER };

enum { YF_PACE_NONCE_MAX = 32, YF_PACE_STATE = 672, YF_PACE_DATA_MAX = 4 + 2 + YF_POINT_MAX };

struct yf_pace {
    const yf_provider *provider;
    struct yf_pace_suite suite;
    uint8_t role;
    uint8_t turn;                    // how many of its role's steps are done
    uint8_t nonce_n;                 // bytes of s
    uint8_t key[YF_CIPHER_KEY_MAX];  // of the password; then the session's for MACs
    uint8_t enc[YF_CIPHER_KEY_MAX];  // the session's for encryption
    uint8_t s[YF_PACE_NONCE_MAX];    // the nonce
    uint8_t t[YF_CIPHER_KEY_MAX];    // IM: the reader's nonce
    uint8_t d[YF_FIELD_MAX];         // our ephemeral private key
    uint8_t own[YF_POINT_MAX];       // and its public one
    uint8_t peer[YF_POINT_MAX];      // theirs
    uint8_t generator[YF_POINT_MAX]; // the mapped one
};

/* k_pi: the password's key (yf_pace_key), copied. */
YF_MUST YF_API yf_err yf_pace_begin(struct yf_pace *s, const yf_provider *p, enum yf_pace_role role,
                                    const struct yf_pace_suite *suite, const uint8_t *k_pi);

/*
 * The card's end: the data of one command, and the response's appended. A wrong token is YF_E_AUTH
 * (6300); other refusals of what came are YF_E_FORMAT, YF_E_SHORT, YF_E_DENIED for our own public
 * key (6A80). Draws the nonce in the first step, a private key in the third, and for GM one in
 * the second.
 */
YF_MUST YF_API yf_err yf_pace_answer(struct yf_pace *s, const yf_rng *rng, yf_span command,
                                     yf_out *o);

/*
 * The reader's end: the data of the next command, and what came back. The same errors; YF_E_AUTH
 * is a card that does not know the password, as is one that answers 6300. Draws the
 * mapping's key or nonce in the second step, a private key in the third.
 */
YF_MUST YF_API yf_err yf_pace_ask(struct yf_pace *s, const yf_rng *rng, yf_out *o);
YF_MUST YF_API yf_err yf_pace_hear(struct yf_pace *s, yf_span response);

/* Is the next command, or the one just asked, the last: without the chaining bit? */
YF_API bool yf_pace_last(const struct yf_pace *s);

/* Both tokens were right: the session's keys, counter zero; drops s. YF_E_STATE before that. */
YF_MUST YF_API yf_err yf_pace_keys(struct yf_pace *s, struct yf_sm_keys *keys);

/* Wipe; harmless on one that is dropped or all zero. */
YF_API void yf_pace_drop(struct yf_pace *s);

#ifdef __cplusplus
}
#endif

#endif
