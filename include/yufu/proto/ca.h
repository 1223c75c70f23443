/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ca - Chip Authentication version 1 over elliptic curves, Doc 9303-11 6.2, both ends: the
 * reader draws a key on the chip's curve, both agree, and secure messaging starts
 * again with what they agreed on. That the chip answers under the new keys is its proof.
 *
 *     AES, SM4, and 3DES   MSE:Set AT (22 41 A4)   80 protocol [84 key]
 *                          GENERAL AUTHENTICATE    7C { 80 point }, answered by 7C { }
 *     3DES                 MSE:Set KAT (22 41 A6)  91 point [84 key]
 *
 * SM4 goes with the SM2 curve and the SM2 curve with SM4, our own profile; anything else of
 * either is YF_E_UNSUPPORTED. Private keys and the keys agreed are secret.
 */
#ifndef YUFU_PROTO_CA_H
#define YUFU_PROTO_CA_H

#include <yufu/crypto/provider.h>
#include <yufu/crypto/rng.h>
#include <yufu/proto/sm.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The cipher of a protocol's identifier, if p has what it takes, and back; YF_E_UNSUPPORTED
 * for others and for DH. SM4 is our own profile's (docs/formats.md).
 */
YF_MUST YF_API yf_err yf_ca_cipher(const yf_provider *p, yf_span oid, enum yf_cipher_id *cipher);
/* Empty for a cipher that has none. */
YF_API yf_span yf_ca_oid(enum yf_cipher_id cipher);

/*
 * The card's end: d is its static private key, point what the reader sent. YF_E_FORMAT for
 * a point that is not an uncompressed one on the curve (6A80).
 */
YF_MUST YF_API yf_err yf_ca_answer(const yf_provider *p, enum yf_cipher_id cipher,
                                   const yf_curve *curve, const uint8_t *d, yf_span point,
                                   struct yf_sm_keys *keys);

/*
 * The reader's end: chip is the chip's public point, from a file whose signature will be or
 * was verified. Appends the ephemeral public point to o.
 */
YF_MUST YF_API yf_err yf_ca_ask(const yf_provider *p, enum yf_cipher_id cipher,
                                const yf_curve *curve, yf_span chip, const yf_rng *rng, yf_out *o,
                                struct yf_sm_keys *keys);

/* The data of both kinds of MSE. */
struct yf_ca_select {
    yf_span oid;    // Set AT; empty in Set KAT
    yf_span point;  // Set KAT; empty in Set AT
    int32_t key_id; // -1: not said
};

/* Append the command's data: Set KAT if there is a point. Parse it, passing over objects
 * that are not of this command. */
YF_API void yf_ca_select_put(yf_out *o, const struct yf_ca_select *s);
YF_MUST YF_API yf_err yf_ca_set_at_parse(yf_span in, struct yf_ca_select *s);
YF_MUST YF_API yf_err yf_ca_set_kat_parse(yf_span in, struct yf_ca_select *s);

#ifdef __cplusplus
}
#endif

#endif
