/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SM2 as a protocol, ours against OpenSSL's in both directions: identities, messages,
 * ciphertexts, and their DER. Each question has a new message, every sixteenth a new
 * key. The groups beneath are crypto_group's.
 */
#include "diff.h"

#include "../peer.h"
#include "../rng.h"

#include <yufu/crypto/host.h>

enum { MSG_MAX = 200, DER_MAX = 512, TURNS_PER_KEY = 16 };

static struct turn {
    struct rnd r;
    yf_rng rng;
    yf_sm2 sm2;
    uint8_t d[32], pub[65], msg[MSG_MAX], id[64], der[DER_MAX];
    size_t msg_n, id_n, der_n;
    EVP_PKEY *peer;
} t;

static yf_span
msg(void)
{
    return (yf_span){ t.msg, t.msg_n };
}

static yf_span
id(void)
{
    return (yf_span){ t.id, t.id_n };
}

static yf_span
der(void)
{
    return (yf_span){ t.der, t.der_n };
}

static void
new_key(void)
{
    EVP_PKEY_free(t.peer);
    T_OK(yf_ec_keygen(&t.sm2.group, &t.rng, t.d, t.pub));
    t.peer = peer_private(t.d, t.pub);
    T(t.peer != NULL);
}

static void
each_turn(uint64_t test, void (*one)(size_t turn))
{
    t = (struct turn){ .r = diff_start(test) };
    t.rng = rng_seeded(&t.r);
    T_OK(yf_sm2_open(&t.sm2, &yf_provider_soft));
    for (size_t i = 0; i < diff_times(); i++) {
        if (i % TURNS_PER_KEY == 0)
            new_key();
        t.msg_n = 1 + rnd_below(&t.r, rnd_below(&t.r, 4) ? 8 : MSG_MAX);
        t.id_n = rnd_below(&t.r, sizeof t.id + 1);
        rnd_fill(&t.r, t.msg, t.msg_n);
        rnd_fill(&t.r, t.id, t.id_n);
        one(i);
    }
    EVP_PKEY_free(t.peer);
    yf_sm2_close(&t.sm2);
}

/* ---- signatures ---- */

static void
ours_signed(void)
{
    uint8_t sig[YF_SM2_SIG];

    T_OK(yf_sm2_sign(&t.sm2, t.d, id(), msg(), &t.rng, sig));
    T_OK(yf_sig_to_der(YF_SPAN(sig), t.der, &t.der_n));
    T(peer_verify(t.peer, id(), msg(), der()));
}

static void
theirs_signed(void)
{
    uint8_t sig[YF_SM2_SIG], again[YF_SIG_DER_MAX];
    size_t n;

    T(peer_sign(t.peer, id(), msg(), t.der, DER_MAX, &t.der_n));
    T_OK(yf_sig_from_der(der(), YF_SM2_SIZE, sig));
    T_OK(yf_sm2_verify(&t.sm2, YF_SPAN(t.pub), id(), msg(), YF_SPAN(sig)));
    T_OK(yf_sig_to_der(YF_SPAN(sig), again, &n));
    T_SPAN(((yf_span){ again, n }), der());
}

static void
sign_one(size_t turn)
{
    if (turn & 1)
        ours_signed();
    else
        theirs_signed();
}

static void
sm2_signatures(void **st)
{
    (void)st;
    each_turn(7, sign_one);
}

/* ---- ciphertexts ---- */

static void
ours_encrypted(void)
{
    uint8_t raw[YF_SM2_OVERHEAD + MSG_MAX], back[MSG_MAX];
    size_t n;

    T_OK(yf_sm2_encrypt(&t.sm2, YF_SPAN(t.pub), msg(), &t.rng, raw));
    T_OK(yf_sm2_cipher_to_der((yf_span){ raw, YF_SM2_OVERHEAD + t.msg_n }, t.der, DER_MAX,
                              &t.der_n));
    T(peer_decrypt(t.peer, der(), back, sizeof back, &n));
    T_SPAN(((yf_span){ back, n }), msg());
}

static void
theirs_encrypted(void)
{
    uint8_t raw[YF_SM2_OVERHEAD + MSG_MAX], back[MSG_MAX], again[DER_MAX];
    size_t n;

    T(peer_encrypt(t.peer, msg(), t.der, DER_MAX, &t.der_n));
    T_OK(yf_sm2_cipher_from_der(der(), raw, sizeof raw, &n));
    T_OK(yf_sm2_decrypt(&t.sm2, t.d, (yf_span){ raw, n }, back));
    T_SPAN(((yf_span){ back, n - YF_SM2_OVERHEAD }), msg());
    T_OK(yf_sm2_cipher_to_der((yf_span){ raw, n }, again, sizeof again, &n));
    T_SPAN(((yf_span){ again, n }), der());
}

static void
encrypt_one(size_t turn)
{
    if (turn & 1)
        ours_encrypted();
    else
        theirs_encrypted();
}

static void
sm2_ciphertexts(void **st)
{
    (void)st;
    each_turn(8, encrypt_one);
}

T_MAIN(cmocka_unit_test(sm2_signatures), cmocka_unit_test(sm2_ciphertexts))
