/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each step is the same for both ends: draw what is ours, put it on the wire, take what the
 * other sent. They differ in the order alone: a reader draws and puts in one call and takes
 * in the next, a card draws, takes, and puts what it has last, so that its token is not seen
 * before the reader's was right.
 */
#include <yufu/proto/pace.h>

#include "../crypto/soft/declassify.h"
#include "mapping.h"

#include <yufu/crypto/ec.h>
#include <yufu/crypto/kdf.h>
#include <yufu/proto/genauth.h>

#include <string.h>

enum { TOKEN = 8, STEPS = 4 };

static const struct yf_cipher_alg *
cipher_of(const struct yf_pace *s)
{
    return s->provider->cipher[s->suite.cipher];
}

static yf_err
open_group(const struct yf_pace *s, yf_group *g)
{
    return yf_group_open(g, yf_provider_group(s->provider, s->suite.curve), s->suite.curve);
}

static yf_span
point(const struct yf_pace *s, const uint8_t *p)
{
    return (yf_span){ p, 1 + 2 * (size_t)s->suite.curve->size };
}

/* ---- the nonce: 9303-11 4.4.3.3 ---- */

/* IM wants no fewer bytes than the key has, GM any number of blocks. */
static uint8_t
nonce_size(const struct yf_pace *s)
{
    return s->suite.mapping == YF_PACE_IM && cipher_of(s)->key > 16 ? 32 : 16;
}

static bool
nonce_fits(const struct yf_pace *s, size_t n)
{
    if (s->suite.mapping == YF_PACE_IM)
        return n == nonce_size(s);
    return n > 0 && n <= YF_PACE_NONCE_MAX && (n & (cipher_of(s)->block - 1U)) == 0;
}

static yf_err
draw_nonce(struct yf_pace *s, const yf_rng *rng)
{
    s->nonce_n = nonce_size(s);
    return yf_rng_fill(rng, s->s, s->nonce_n);
}

static yf_err
put_nonce(struct yf_pace *s, yf_out *o)
{
    uint8_t iv[YF_BLOCK_MAX] = { 0 };
    uint8_t *z = yf_out_claim(o, s->nonce_n);
    yf_cipher c;
    yf_err e = yf_cipher_init(&c, cipher_of(s), (yf_span){ s->key, cipher_of(s)->key });

    if (e)
        return e;
    c.alg->cbc_enc(&c, iv, z, s->s, s->nonce_n);
    yf_cipher_drop(&c);
    YF_DECLASSIFY(z, s->nonce_n);
    return YF_OK;
}

static yf_err
take_nonce(struct yf_pace *s, yf_span z)
{
    uint8_t iv[YF_BLOCK_MAX] = { 0 };
    yf_cipher c;
    yf_err e;

    if (!nonce_fits(s, z.n))
        return YF_E_FORMAT;
    if ((e = yf_cipher_init(&c, cipher_of(s), (yf_span){ s->key, cipher_of(s)->key })))
        return e;
    c.alg->cbc_dec(&c, iv, s->s, z.p, z.n);
    yf_cipher_drop(&c);
    s->nonce_n = (uint8_t)z.n;
    return YF_OK;
}

/* ---- what both steps of key agreement share ---- */

/* A peer's public key: uncompressed, and not our own (4.4.1). mul checks the rest. */
static yf_err
check_peer(const struct yf_pace *s, yf_span peer)
{
    if (peer.n != point(s, s->own).n || peer.p[0] != 4)
        return YF_E_FORMAT;
    return yf_span_eq(peer, point(s, s->own)) ? YF_E_DENIED : YF_OK;
}

/* An ephemeral key pair; base is a point, or empty for the curve's generator. */
static yf_err
draw_pair(struct yf_pace *s, const yf_rng *rng, yf_span base)
{
    yf_group g;
    yf_err e = open_group(s, &g);

    if (e)
        return e;
    if (!(e = yf_ec_draw(s->suite.curve, rng, s->d)))
        e = g.ops->mul(&g, s->d, base, s->own);
    if (!e)
        YF_DECLASSIFY(s->own, yf_point_size(&g));
    yf_group_close(&g);
    return e;
}

static yf_err
put_pair(struct yf_pace *s, yf_out *o)
{
    yf_out_put(o, point(s, s->own));
    return YF_OK;
}

/* ---- mapping: 9303-11 4.4.5.2; IM has a nonce from the reader and nothing from the card ---- */

static yf_err
draw_mapping(struct yf_pace *s, const yf_rng *rng)
{
    if (s->suite.mapping == YF_PACE_GM)
        return draw_pair(s, rng, (yf_span){ NULL, 0 });
    return s->role == YF_PACE_READER ? yf_rng_fill(rng, s->t, cipher_of(s)->key) : YF_OK;
}

static yf_err
put_mapping(struct yf_pace *s, yf_out *o)
{
    if (s->suite.mapping == YF_PACE_GM)
        return put_pair(s, o);
    if (s->role == YF_PACE_READER) {
        YF_DECLASSIFY(s->t, cipher_of(s)->key);
        yf_out_put(o, (yf_span){ s->t, cipher_of(s)->key });
    }
    return YF_OK;
}

static yf_err
take_t(struct yf_pace *s, yf_span t)
{
    if (t.n != (s->role == YF_PACE_CARD ? cipher_of(s)->key : 0U))
        return YF_E_FORMAT;
    if (t.n)
        memcpy(s->t, t.p, t.n);
    return YF_OK;
}

static yf_err
take_mapping(struct yf_pace *s, yf_span peer)
{
    bool gm = s->suite.mapping == YF_PACE_GM;
    yf_span nonce = { s->s, s->nonce_n }, t = { s->t, cipher_of(s)->key };
    yf_group g;
    yf_err e;

    if ((e = gm ? check_peer(s, peer) : take_t(s, peer)) || (e = open_group(s, &g)))
        return e;
    e = gm ? yf_mapping_generic(&g, nonce, s->d, peer, s->generator)
           : yf_mapping_integrated(&g, cipher_of(s), nonce, t, s->generator);
    yf_group_close(&g);
    yf_wipe(s->s, sizeof s->s);
    return e;
}

/* ---- key agreement: 9303-11 4.4.1 (3c), 9.6 ---- */

static yf_err
draw_key(struct yf_pace *s, const yf_rng *rng)
{
    return draw_pair(s, rng, point(s, s->generator));
}

/* The session's keys, 9.7.4; the one for MACs takes the place of the password's. */
static yf_err
derive(struct yf_pace *s, yf_span z)
{
    yf_err e = yf_kdf_icao(s->provider, s->suite.cipher, z, YF_KDF_ENC, s->enc);

    return e ? e : yf_kdf_icao(s->provider, s->suite.cipher, z, YF_KDF_MAC, s->key);
}

static yf_err
take_key(struct yf_pace *s, yf_span peer)
{
    uint8_t z[YF_FIELD_MAX];
    yf_group g;
    yf_err e;

    if ((e = check_peer(s, peer)) || (e = open_group(s, &g)))
        return e;
    if (!(e = yf_ecdh(&g, s->d, peer, z)))
        e = derive(s, (yf_span){ z, s->suite.curve->size });
    yf_group_close(&g);
    memcpy(s->peer, peer.p, peer.n);
    yf_wipe(z, sizeof z);
    yf_wipe(s->d, sizeof s->d);
    yf_wipe(s->generator, sizeof s->generator);
    return e;
}

/* ---- tokens: 9303-11 4.4.3.4, 9.4 ---- */

static yf_err
mac(const struct yf_pace *s, yf_span data, uint8_t out[YF_BLOCK_MAX])
{
    const struct yf_cipher_alg *alg = cipher_of(s);
    yf_span key = { s->key, alg->key };
    yf_cipher c;
    yf_cmac m;
    yf_rmac r;
    yf_err e;

    if (alg->block == 8) {
        if (!(e = yf_rmac_init(&r, alg, key))) {
            yf_rmac_add(&r, data);
            yf_rmac_end(&r, out);
        }
    } else if (!(e = yf_cipher_init(&c, alg, key))) {
        yf_cmac_init(&m, &c);
        yf_cmac_add(&m, data);
        yf_cmac_end(&m, out);
        yf_cipher_drop(&c);
    }
    return e;
}

/* The token of whoever received this public key. */
static yf_err
token(const struct yf_pace *s, const uint8_t *public, uint8_t out[YF_BLOCK_MAX])
{
    uint8_t mem[YF_POINT_MAX + 48];
    yf_out o = yf_out_of(mem, sizeof mem);
    size_t mark = yf_tlv_open(&o, 0x7F49);
    yf_span data;

    yf_tlv_put(&o, 0x06, s->suite.oid);
    yf_tlv_put(&o, 0x86, point(s, public));
    yf_tlv_close(&o, mark);
    yf_err e = yf_out_done(&o, &data);
    return e ? e : mac(s, data, out);
}

static yf_err
put_token(struct yf_pace *s, yf_out *o)
{
    uint8_t t[YF_BLOCK_MAX];
    yf_err e = token(s, s->peer, t);

    if (e)
        return e;
    YF_DECLASSIFY(t, TOKEN);
    yf_out_put(o, (yf_span){ t, TOKEN });
    yf_wipe(t, sizeof t);
    return YF_OK;
}

static yf_err
take_token(struct yf_pace *s, yf_span theirs)
{
    uint8_t t[YF_BLOCK_MAX];
    yf_err e;

    if (theirs.n != TOKEN)
        return YF_E_FORMAT;
    if ((e = token(s, s->own, t)))
        return e;
    bool same = yf_ct_eq(t, theirs.p, TOKEN);
    YF_DECLASSIFY(&same, sizeof same);
    yf_wipe(t, sizeof t);
    return same ? YF_OK : YF_E_AUTH;
}

/* ---- the order of things: 9303-11 table 4 ---- */

/* Nothing is drawn, put or taken where there is NULL. */
struct step {
    uint32_t tag;
    yf_err (*draw)(struct yf_pace *s, const yf_rng *rng);
    yf_err (*put)(struct yf_pace *s, yf_out *o);
    uint32_t peer_tag;
    yf_err (*take)(struct yf_pace *s, yf_span val);
};

static const struct step steps[][STEPS] = {
    [YF_PACE_CARD] = { { 0x80, draw_nonce, put_nonce, 0, NULL },
                       { 0x82, draw_mapping, put_mapping, 0x81, take_mapping },
                       { 0x84, draw_key, put_pair, 0x83, take_key },
                       { 0x86, NULL, put_token, 0x85, take_token } },
    [YF_PACE_READER] = { { 0, NULL, NULL, 0x80, take_nonce },
                         { 0x81, draw_mapping, put_mapping, 0x82, take_mapping },
                         { 0x83, draw_key, put_pair, 0x84, take_key },
                         { 0x85, NULL, put_token, 0x86, take_token } },
};

/* turn counts asking and hearing, so that a card's steps are two each. */
static bool
in_turn(const struct yf_pace *s, enum yf_pace_role role, unsigned half)
{
    return s->role == role && s->turn < 2 * STEPS && (s->turn & 1) == half;
}

static const struct step *
step_of(const struct yf_pace *s)
{
    return &steps[s->role][s->turn >> 1];
}

static yf_err
put(struct yf_pace *s, const struct step *step, yf_out *o)
{
    uint8_t mem[YF_POINT_MAX];
    yf_out val = yf_out_of(mem, sizeof mem);
    yf_err e = step->put ? step->put(s, &val) : YF_OK;

    if (!e)
        yf_genauth_put(o, step->tag, yf_out_span(&val));
    return yf_err_first(e, o->err);
}

/* A call that went wrong is the last. */
static yf_err
ended(struct yf_pace *s, yf_err e, unsigned halves)
{
    if (e)
        yf_pace_drop(s);
    else
        s->turn = (uint8_t)(s->turn + halves);
    return e;
}

yf_err
yf_pace_begin(struct yf_pace *s, const yf_provider *p, enum yf_pace_role role,
              const struct yf_pace_suite *suite, const uint8_t *k_pi)
{
    const struct yf_cipher_alg *cipher = yf_provider_cipher(p, suite->cipher);

    if (!cipher)
        return YF_E_UNSUPPORTED;
    *s = (struct yf_pace){ .provider = p, .suite = *suite, .role = (uint8_t)role };
    memcpy(s->key, k_pi, cipher->key);
    return YF_OK;
}

static yf_err
answer(struct yf_pace *s, const yf_rng *rng, yf_span command, yf_out *o)
{
    yf_span val;
    yf_err e;

    if (!in_turn(s, YF_PACE_CARD, 0))
        return YF_E_STATE;
    const struct step *step = step_of(s);
    if ((e = yf_genauth_only(command, step->peer_tag, &val)))
        return e;
    if (step->draw && (e = step->draw(s, rng)))
        return e;
    if (step->take && (e = step->take(s, val)))
        return e;
    return put(s, step, o);
}

yf_err
yf_pace_answer(struct yf_pace *s, const yf_rng *rng, yf_span command, yf_out *o)
{
    return ended(s, answer(s, rng, command, o), 2);
}

static yf_err
ask(struct yf_pace *s, const yf_rng *rng, yf_out *o)
{
    yf_err e;

    if (!in_turn(s, YF_PACE_READER, 0))
        return YF_E_STATE;
    const struct step *step = step_of(s);
    if (step->draw && (e = step->draw(s, rng)))
        return e;
    return put(s, step, o);
}

yf_err
yf_pace_ask(struct yf_pace *s, const yf_rng *rng, yf_out *o)
{
    return ended(s, ask(s, rng, o), 1);
}

static yf_err
hear(struct yf_pace *s, yf_span response)
{
    yf_span val;
    yf_err e;

    if (!in_turn(s, YF_PACE_READER, 1))
        return YF_E_STATE;
    const struct step *step = step_of(s);
    if ((e = yf_genauth_find(response, step->peer_tag, &val)))
        return e;
    return step->take(s, val);
}

yf_err
yf_pace_hear(struct yf_pace *s, yf_span response)
{
    return ended(s, hear(s, response), 1);
}

bool
yf_pace_last(const struct yf_pace *s)
{
    return s->role && s->turn >> 1 == STEPS - 1;
}

yf_err
yf_pace_keys(struct yf_pace *s, struct yf_sm_keys *keys)
{
    yf_err e = s->role && s->turn == 2 * STEPS ? YF_OK : YF_E_STATE;

    if (!e) {
        *keys = (struct yf_sm_keys){ .cipher = s->suite.cipher };
        memcpy(keys->enc, s->enc, sizeof keys->enc);
        memcpy(keys->mac, s->key, sizeof keys->mac);
    }
    yf_pace_drop(s);
    return e;
}

void
yf_pace_drop(struct yf_pace *s)
{
    yf_wipe(s, sizeof *s);
}
