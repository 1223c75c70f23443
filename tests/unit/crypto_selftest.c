/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The self-test must pass every table as it is, and catch it with any one entry
 * wrong. A wrapped entry hands on to the real one and spoils what comes out.
 */
#include "providers.h"
#include "t.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/selftest.h>

/* ---- what was reported ---- */

struct seen {
    const char *failed; // the first
    const char *names[64];
    size_t ran;
};

static void
note(void *state, const char *name, yf_err e)
{
    struct seen *s = state;

    T(s->ran < sizeof s->names / sizeof *s->names);
    s->names[s->ran++] = name;
    if (e && !s->failed)
        s->failed = name;
}

static yf_err
run(const yf_provider *p, struct seen *s)
{
    *s = (struct seen){ 0 };
    return yf_selftest(p, &(yf_selftest_report){ note, s });
}

static bool
ran(const struct seen *s, const char *name)
{
    for (size_t i = 0; i < s->ran; i++)
        if (strcmp(s->names[i], name) == 0)
            return true;
    return false;
}

static void
every_provider_passes(void **st)
{
    struct seen s;
    (void)st;

    for (const yf_provider *const *p = test_providers; *p; p++) {
        yf_err e = run(*p, &s);
        if (e)
            fail_msg("%s: %s", (*p)->name, s.failed ? s.failed : "nothing ran");
        T_OK(yf_selftest(*p, NULL));
        T(ran(&s, "noise.health"));
        for (size_t i = 0; i < YF_HASHES; i++)
            T(!(*p)->hash[i] || ran(&s, (*p)->hash[i]->name));
        for (size_t i = 0; i < YF_CIPHERS; i++)
            T(!(*p)->cipher[i] || ran(&s, (*p)->cipher[i]->name));
        T(!(*p)->group_sm2 || (ran(&s, "sm2.encrypt") && ran(&s, "sm2.exchange")));
        T(!(*p)->group || (ran(&s, "p256.verify") && ran(&s, "brainpoolp256r1.points")));
        T(!(*p)->rsa || (ran(&s, "rsa.pss") && ran(&s, "rsa.iso9796-2")));
    }
}

static void
nothing_to_test_is_a_failure(void **st)
{
    static const yf_provider nothing = { .name = "nothing" };
    struct seen s;
    (void)st;

    T_ERR(YF_E_STATE, run(&nothing, &s));
    T(s.failed == NULL);
}

/* ---- faults ---- */

enum fault {
    SOUND,
    HASH_INIT,
    HASH_ADD,
    HASH_END,
    HASH_FORK,
    CIPHER_INIT,
    ECB_ENC,
    ECB_DEC,
    CBC_ENC,
    CBC_DEC,
    CBC_IV,
    CTR,
    GCM_SEAL,
    GCM_TAG,
    GCM_OPEN,
    GCM_OPENS_ALL,
    OPEN,
    DECODE,
    DECODES_ALL,
    MUL,
    ADD,
    MOD_ADD,
    MOD_SUB,
    MOD_MUL,
    MOD_EXP,
    MOD_INV,
    MOD_REDUCE,
    SIGN,
    VERIFIES_ALL,
    VERIFIES_NONE,
    RSA_OPEN,
    RSA_SIGN,
    RSA_VERIFIES_ALL,
    RSA_VERIFIES_NONE,
    FAULTS
};

static enum fault now;

static void
spoil(enum fault f, uint8_t *out, size_t n)
{
    if (now == f && n > 0)
        out[n / 2] ^= 0x20;
}

/* ---- a hash ---- */

static const struct yf_hash_alg *real_hash;
static struct yf_hash_alg bad_hash;

static yf_err
hash_init(yf_hash *h)
{
    yf_err e = real_hash->init(h);

    if (!e && now == HASH_INIT)
        real_hash->add(h, YF_STR("x"));
    h->alg = &bad_hash;
    return e;
}

static void
hash_add(yf_hash *h, yf_span bytes)
{
    h->alg = real_hash;
    real_hash->add(h, (yf_span){ bytes.p, bytes.n - (now == HASH_ADD && bytes.n > 100) });
    h->alg = &bad_hash;
}

static void
hash_end(yf_hash *h, uint8_t *md)
{
    h->alg = real_hash;
    real_hash->end(h, md);
    spoil(HASH_END, md, real_hash->size);
}

static void
hash_drop(yf_hash *h)
{
    h->alg = real_hash;
    real_hash->drop(h);
}

static yf_err
hash_fork(yf_hash *to, const yf_hash *from)
{
    yf_hash f = *from;

    f.alg = real_hash;
    yf_err e = real_hash->fork(to, &f);
    if (!e && now == HASH_FORK)
        real_hash->add(to, YF_STR("x"));
    to->alg = &bad_hash;
    return e;
}

static void
plant_hash(yf_provider *p, unsigned id)
{
    real_hash = p->hash[id];
    bad_hash = *real_hash;
    bad_hash.init = hash_init;
    bad_hash.add = hash_add;
    bad_hash.end = hash_end;
    bad_hash.drop = hash_drop;
    bad_hash.fork = hash_fork;
    p->hash[id] = &bad_hash;
}

/* ---- a cipher ---- */

static const struct yf_cipher_alg *real_cipher;
static struct yf_cipher_alg bad_cipher;

static yf_cipher
honest(const yf_cipher *c)
{
    yf_cipher r = *c;

    r.alg = real_cipher;
    return r;
}

static yf_err
cipher_init(yf_cipher *c, const uint8_t *key)
{
    uint8_t k[YF_CIPHER_KEY_MAX];

    memcpy(k, key, real_cipher->key);
    spoil(CIPHER_INIT, k, real_cipher->key);
    yf_err e = real_cipher->init(c, k);
    c->alg = &bad_cipher;
    return e;
}

static void
cipher_drop(yf_cipher *c)
{
    c->alg = real_cipher;
    real_cipher->drop(c);
}

static void
ecb_enc(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    yf_cipher r = honest(c);

    real_cipher->ecb_enc(&r, out, in, n);
    spoil(ECB_ENC, out, n);
}

static void
ecb_dec(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    yf_cipher r = honest(c);

    real_cipher->ecb_dec(&r, out, in, n);
    spoil(ECB_DEC, out, n);
}

static void
cbc_enc(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    yf_cipher r = honest(c);

    real_cipher->cbc_enc(&r, iv, out, in, n);
    spoil(CBC_ENC, out, n);
    spoil(CBC_IV, iv, r.alg->block);
}

static void
cbc_dec(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    yf_cipher r = honest(c);

    real_cipher->cbc_dec(&r, iv, out, in, n);
    spoil(CBC_DEC, out, n);
}

static void
ctr(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n)
{
    yf_cipher r = honest(c);

    real_cipher->ctr(&r, counter, out, in, n);
    spoil(CTR, out, n);
}

static yf_err
gcm_seal(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out, uint8_t *tag)
{
    yf_cipher r = honest(c);
    yf_err e = real_cipher->gcm_seal(&r, iv, aad, in, out, tag);

    spoil(GCM_SEAL, out, in.n);
    spoil(GCM_TAG, tag, YF_GCM_TAG);
    return e;
}

static yf_err
gcm_open(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out, const uint8_t *tag)
{
    yf_cipher r = honest(c);
    yf_err e = real_cipher->gcm_open(&r, iv, aad, in, out, tag);

    spoil(GCM_OPEN, out, in.n);
    return now == GCM_OPENS_ALL ? YF_OK : e;
}

static void
plant_cipher(yf_provider *p, unsigned id)
{
    real_cipher = p->cipher[id];
    bad_cipher = *real_cipher;
    bad_cipher.init = cipher_init;
    bad_cipher.drop = cipher_drop;
    bad_cipher.ecb_enc = ecb_enc;
    bad_cipher.ecb_dec = ecb_dec;
    bad_cipher.cbc_enc = cbc_enc;
    bad_cipher.cbc_dec = cbc_dec;
    bad_cipher.ctr = ctr;
    bad_cipher.gcm_seal = real_cipher->gcm_seal ? gcm_seal : NULL;
    bad_cipher.gcm_open = real_cipher->gcm_open ? gcm_open : NULL;
    p->cipher[id] = &bad_cipher;
}

/* ---- a group ---- */

static const struct yf_group_ops *real_group;
static struct yf_group_ops bad_group;

static yf_group
true_group(const yf_group *g)
{
    yf_group r = *g;

    r.ops = real_group;
    return r;
}

/* Another curve of the same size: what one gets from a wrong constant. */
static yf_err
group_open(yf_group *g, const yf_curve *curve)
{
    static yf_curve other;

    other = *curve;
    other.b[curve->size - 1] ^= 1;
    yf_err e = real_group->open(g, now == OPEN ? &other : curve);
    g->ops = &bad_group;
    return e;
}

static void
group_close(yf_group *g)
{
    g->ops = real_group;
    real_group->close(g);
}

static yf_err
decode(const yf_group *g, yf_span point, uint8_t *r)
{
    yf_group t = true_group(g);
    yf_err e = real_group->decode(&t, point, r);

    if (!e)
        spoil(DECODE, r, yf_point_size(g));
    return now == DECODES_ALL ? YF_OK : e;
}

static yf_err
mul(const yf_group *g, const uint8_t *k, yf_span base, uint8_t *r)
{
    yf_group t = true_group(g);
    yf_err e = real_group->mul(&t, k, base, r);

    if (!e && base.n)
        spoil(MUL, r, yf_point_size(g));
    return e;
}

static yf_err
add(const yf_group *g, yf_span a, yf_span b, uint8_t *r)
{
    yf_group t = true_group(g);
    yf_err e = real_group->add(&t, a, b, r);

    if (!e)
        spoil(ADD, r, yf_point_size(g));
    return e;
}

/* Only modulo n, where signatures would suffer. */
static void
spoil_number(enum fault f, const yf_group *g, enum yf_mod m, uint8_t *r)
{
    if (m == YF_MOD_N)
        spoil(f, r, g->curve->size);
}

#define NUMBER(name, fault)                                                                        \
    static yf_err name(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b,       \
                       uint8_t *r)                                                                 \
    {                                                                                              \
        yf_group t = true_group(g);                                                                \
        yf_err e = real_group->name(&t, m, a, b, r);                                               \
                                                                                                   \
        spoil_number(fault, g, m, r);                                                              \
        return e;                                                                                  \
    }

NUMBER(mod_add, MOD_ADD)
NUMBER(mod_sub, MOD_SUB)
NUMBER(mod_mul, MOD_MUL)
NUMBER(mod_exp, MOD_EXP)

static yf_err
mod_inv(const yf_group *g, enum yf_mod m, const uint8_t *a, uint8_t *r)
{
    yf_group t = true_group(g);
    yf_err e = real_group->mod_inv(&t, m, a, r);

    spoil_number(MOD_INV, g, m, r);
    return e;
}

static yf_err
mod_reduce(const yf_group *g, enum yf_mod m, yf_span a, uint8_t *r)
{
    yf_group t = true_group(g);
    yf_err e = real_group->mod_reduce(&t, m, a, r);

    spoil_number(MOD_REDUCE, g, m, r);
    return e;
}

#define SIGNER(name)                                                                               \
    static yf_err name(const yf_group *g, const uint8_t *d, yf_span digest, const yf_nonce *nonce, \
                       uint8_t *sig)                                                               \
    {                                                                                              \
        yf_group t = true_group(g);                                                                \
        yf_err e = real_group->name(&t, d, digest, nonce, sig);                                    \
                                                                                                   \
        spoil(SIGN, sig, g->curve->size);                                                          \
        return e;                                                                                  \
    }

#define VERIFIER(name)                                                                             \
    static yf_err name(const yf_group *g, yf_span pub, yf_span digest, const uint8_t *sig)         \
    {                                                                                              \
        yf_group t = true_group(g);                                                                \
        yf_err e = real_group->name(&t, pub, digest, sig);                                         \
                                                                                                   \
        return now == VERIFIES_ALL ? YF_OK : now == VERIFIES_NONE ? YF_E_AUTH : e;                 \
    }

SIGNER(ecdsa_sign)
SIGNER(sm2_sign)
VERIFIER(ecdsa_verify)
VERIFIER(sm2_verify)

static void
plant_group(const struct yf_group_ops **entry)
{
    real_group = *entry;
    bad_group = (struct yf_group_ops){
        real_group->name, group_open,   group_close, decode,    mul,     add,
        mod_add,          mod_sub,      mod_mul,     mod_exp,   mod_inv, mod_reduce,
        ecdsa_sign,       ecdsa_verify, sm2_sign,    sm2_verify
    };
    *entry = &bad_group;
}

/* ---- RSA ---- */

static const struct yf_rsa_ops *real_rsa;
static struct yf_rsa_ops bad_rsa;
static unsigned bad_scheme;

static yf_err
rsa_open_public(yf_rsa *k, yf_span der)
{
    uint8_t other[256];

    memcpy(other, der.p, der.n);
    if (now == RSA_OPEN)
        spoil(RSA_OPEN, other, der.n);
    yf_err e = real_rsa->open_public(k, (yf_span){ other, der.n });
    k->ops = &bad_rsa;
    return e;
}

static yf_err
rsa_open_private(yf_rsa *k, yf_span der)
{
    yf_err e = real_rsa->open_private(k, der);

    k->ops = &bad_rsa;
    return e;
}

static yf_err
rsa_sign(const yf_rsa *k, enum yf_rsa_scheme scheme, enum yf_hash_id hash, yf_span msg,
         uint8_t *sig)
{
    yf_err e = real_rsa->sign(k, scheme, hash, msg, sig);

    if (scheme == bad_scheme)
        spoil(RSA_SIGN, sig, k->size);
    return e;
}

static yf_err
rsa_verify(const yf_rsa *k, enum yf_rsa_scheme scheme, enum yf_hash_id hash, yf_span msg,
           yf_span sig)
{
    yf_err e = real_rsa->verify(k, scheme, hash, msg, sig);

    if (scheme == bad_scheme && now == RSA_VERIFIES_ALL)
        return YF_OK;
    return scheme == bad_scheme && now == RSA_VERIFIES_NONE ? YF_E_AUTH : e;
}

static void
plant_rsa(yf_provider *p)
{
    real_rsa = p->rsa;
    bad_rsa = *real_rsa;
    bad_rsa.open_public = rsa_open_public;
    bad_rsa.open_private = rsa_open_private;
    bad_rsa.sign = rsa_sign;
    bad_rsa.verify = rsa_verify;
    p->rsa = &bad_rsa;
}

/* ---- the tables with one wrong entry ---- */

/* With the wrapper alone it passes; with the fault it fails, first where `where` says. */
static void
caught(const yf_provider *p, enum fault f, const char *where)
{
    struct seen s;

    now = SOUND;
    T_OK(run(p, &s));
    now = f;
    yf_err e = run(p, &s);
    now = SOUND;
    if (e != YF_E_STATE || !s.failed || strncmp(s.failed, where, strlen(where)) != 0)
        fail_msg("%s, fault %d: %s, %s", p->name, f, yf_err_name(e), s.failed ? s.failed : "none");
}

static void
a_wrong_hash_is_caught(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (unsigned id = 0; id < YF_HASHES; id++) {
            yf_provider bad = { .name = (*p)->name };
            if (!(bad.hash[id] = (*p)->hash[id]))
                continue;
            plant_hash(&bad, id);
            for (enum fault f = HASH_INIT; f <= HASH_FORK; f++)
                caught(&bad, f, real_hash->name);
        }
}

static void
a_wrong_cipher_is_caught(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (unsigned id = 0; id < YF_CIPHERS; id++) {
            yf_provider bad = { .name = (*p)->name };
            if (!(bad.cipher[id] = (*p)->cipher[id]))
                continue;
            plant_cipher(&bad, id);
            for (enum fault f = CIPHER_INIT; f <= CTR; f++)
                caught(&bad, f, real_cipher->name);
            for (enum fault f = GCM_SEAL; real_cipher->gcm_seal && f <= GCM_OPENS_ALL; f++)
                caught(&bad, f, real_cipher->name);
        }
}

static const struct {
    enum fault fault;
    const char *where; // first, behind the curve's name
} group_faults[] = {
    { OPEN, "points" },         { DECODE, "points" },      { DECODES_ALL, "points" },
    { MUL, "points" },          { ADD, "points" },         { MOD_ADD, "numbers" },
    { MOD_SUB, "numbers" },     { MOD_MUL, "numbers" },    { MOD_EXP, "numbers" },
    { MOD_INV, "numbers" },     { MOD_REDUCE, "numbers" }, { SIGN, "sign" },
    { VERIFIES_ALL, "verify" }, { VERIFIES_NONE, "sign" },
};

static void
group_caught(const yf_provider *p, const char *curve)
{
    for (size_t i = 0; i < sizeof group_faults / sizeof *group_faults; i++) {
        char where[32];
        snprintf(where, sizeof where, "%s.%s", curve, group_faults[i].where);
        caught(p, group_faults[i].fault, where);
    }
}

static void
a_wrong_group_is_caught(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        yf_provider bad = { .name = (*p)->name };
        bad.hash[YF_SM3] = (*p)->hash[YF_SM3];
        if ((bad.group_sm2 = (*p)->group_sm2)) {
            plant_group(&bad.group_sm2);
            group_caught(&bad, "sm2");
        }
        bad = (yf_provider){ .name = (*p)->name };
        if ((bad.group = (*p)->group)) {
            plant_group(&bad.group);
            group_caught(&bad, "p256");
        }
    }
}

static void
a_wrong_rsa_is_caught(void **st)
{
    static const char *const names[] = { "rsa.pkcs1", "rsa.pss", "rsa.iso9796-2" };
    (void)st;

    for (const yf_provider *const *p = test_providers; *p; p++) {
        yf_provider bad = { .name = (*p)->name };
        if (!(bad.rsa = (*p)->rsa))
            continue;
        plant_rsa(&bad);
        for (bad_scheme = 0; bad_scheme < 3; bad_scheme++)
            for (enum fault f = RSA_SIGN; f <= RSA_VERIFIES_NONE; f++)
                caught(&bad, f, names[bad_scheme]);
        caught(&bad, RSA_OPEN, names[0]);
    }
}

T_MAIN(cmocka_unit_test(every_provider_passes), cmocka_unit_test(nothing_to_test_is_a_failure),
       cmocka_unit_test(a_wrong_hash_is_caught), cmocka_unit_test(a_wrong_cipher_is_caught),
       cmocka_unit_test(a_wrong_group_is_caught), cmocka_unit_test(a_wrong_rsa_is_caught))
