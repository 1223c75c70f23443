/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/cipher.h>

#include "providers.h"
#include "rnd.h"
#include "t.h"
#include "vec.h"

enum { LONG = 1100 }; // bytes; more than two batches of any cipher

static const struct {
    const char *name;
    uint8_t block, key;
} sizes[YF_CIPHERS] = {
    [YF_AES128] = { "aes128", 16, 16 },   [YF_AES192] = { "aes192", 16, 24 },
    [YF_AES256] = { "aes256", 16, 32 },   [YF_SM4] = { "sm4", 16, 16 },
    [YF_DES3_2KEY] = { "des3-2", 8, 16 }, [YF_DES3_3KEY] = { "des3-3", 8, 24 },
};

/* The entry of a provider, unless it is soft's under another name. */
static const struct yf_cipher_alg *
entry(const yf_provider *p, size_t i)
{
    bool again = p != &yf_provider_soft && p->cipher[i] == yf_provider_soft.cipher[i];

    return again ? NULL : p->cipher[i];
}

/* Run f with a random key of every algorithm of every provider. */
static void
every_key(void (*f)(const yf_cipher *c, struct rnd *r))
{
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (size_t i = 0; i < YF_CIPHERS; i++) {
            struct rnd r = { i };
            uint8_t key[YF_CIPHER_KEY_MAX];
            yf_cipher c;
            if (!entry(*p, i))
                continue;
            rnd_fill(&r, key, sizeof key);
            T_OK(yf_cipher_init(&c, (*p)->cipher[i], (yf_span){ key, sizes[i].key }));
            f(&c, &r);
            yf_cipher_drop(&c);
        }
}

static void
tables(void **st)
{
    (void)st;
    for (size_t i = 0; i < YF_CIPHERS; i++) {
        T(yf_provider_soft.cipher[i] != NULL);
        for (const yf_provider *const *p = test_providers; *p; p++) {
            const struct yf_cipher_alg *alg = yf_provider_cipher(*p, (enum yf_cipher_id)i);
            if (!alg)
                continue;
            assert_string_equal(alg->name, sizes[i].name);
            T(alg->id == i && alg->block == sizes[i].block && alg->key == sizes[i].key);
            T(yf_provider_cipher_named(*p, sizes[i].name) == alg);
        }
    }
    T(yf_provider_cipher(&yf_provider_soft, YF_CIPHERS) == NULL);
    T(yf_provider_cipher_named(&yf_provider_soft, "aes12") == NULL);
    T(yf_provider_cipher_named(&yf_provider_soft, "des3") == NULL);
}

/* A key of any other length is refused, and a dropped one is gone. */
static void
keys(void **st)
{
    static const yf_cipher zero;
    uint8_t key[YF_CIPHER_KEY_MAX + 1] = { 7 };
    yf_cipher c;

    (void)st;
    T_ERR(YF_E_UNSUPPORTED, yf_cipher_init(&c, NULL, (yf_span){ key, 16 }));
    yf_cipher_drop(&c);
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (size_t i = 0; i < YF_CIPHERS; i++)
            for (size_t n = 0; n <= sizeof key && (*p)->cipher[i]; n++) {
                yf_err want = n == sizes[i].key ? YF_OK : YF_E_FORMAT;
                T_ERR(want, yf_cipher_init(&c, (*p)->cipher[i], (yf_span){ key, n }));
                yf_cipher_drop(&c);
                T_MEM(&c, &zero, sizeof c);
                yf_cipher_drop(&c);
            }
}

/* ---- vectors ---- */

struct io {
    const yf_cipher *c;
    const char *mode;
    yf_span iv, pt, ct;
};

/* One mode in one direction, in place when out is in; the rest of a chain follows in iv. */
static void
run(const struct io *io, bool enc, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    const struct yf_cipher_alg *a = io->c->alg;

    if (strcmp(io->mode, "ecb") == 0)
        (enc ? a->ecb_enc : a->ecb_dec)(io->c, out, in, n);
    else if (strcmp(io->mode, "cbc") == 0)
        (enc ? a->cbc_enc : a->cbc_dec)(io->c, iv, out, in, n);
    else
        a->ctr(io->c, iv, out, in, n);
}

/* In two calls, cut after so many bytes, each in a place of its own and then in place. */
static void
there_and_back(const struct io *io, bool enc, size_t cut)
{
    yf_span from = enc ? io->pt : io->ct, to = enc ? io->ct : io->pt;
    uint8_t iv[YF_BLOCK_MAX], out[LONG], place[LONG];

    T(from.n <= LONG && to.n == from.n && io->iv.n <= sizeof iv);
    if (io->iv.n)
        memcpy(iv, io->iv.p, io->iv.n);
    run(io, enc, iv, out, from.p, cut);
    run(io, enc, iv, out + cut, from.p + cut, from.n - cut);
    T_MEM(out, to.p, to.n);

    if (io->iv.n)
        memcpy(iv, io->iv.p, io->iv.n);
    memcpy(place, from.p, from.n);
    run(io, enc, iv, place, place, cut);
    run(io, enc, iv, place + cut, place + cut, from.n - cut);
    T_MEM(place, to.p, to.n);
}

static void
repeated(const yf_cipher *c, yf_span pt, yf_span ct, long times)
{
    uint8_t b[YF_BLOCK_MAX];

    T(pt.n == c->alg->block && ct.n == pt.n);
    memcpy(b, pt.p, pt.n);
    for (long i = 0; i < times; i++)
        c->alg->ecb_enc(c, b, b, pt.n);
    T_MEM(b, ct.p, ct.n);
    if (times > 1000) // one way shows it
        return;
    for (long i = 0; i < times; i++)
        c->alg->ecb_dec(c, b, b, pt.n);
    T_MEM(b, pt.p, pt.n);
}

static void
with(const struct yf_cipher_alg *alg, const struct vec *v, size_t key_n)
{
    yf_cipher c;
    struct io io = {
        .c = &c, .mode = vec_str(v, "mode"), .pt = vec_get(v, "pt"), .ct = vec_get(v, "ct")
    };

    T_OK(yf_cipher_init(&c, alg, (yf_span){ vec_get(v, "key").p, key_n }));
    if (vec_has(v, "iv"))
        io.iv = vec_get(v, "iv");
    if (vec_has(v, "repeat"))
        repeated(&c, io.pt, io.ct, vec_num(v, "repeat"));
    else
        for (size_t cut = 0; cut <= io.pt.n; cut += alg->block) {
            there_and_back(&io, true, cut);
            there_and_back(&io, false, cut);
        }
    yf_cipher_drop(&c);
}

struct seen {
    const yf_provider *p;
    size_t n[YF_CIPHERS];
};

/* The vectors' des3 has three keys; where the first and the last are equal it is two-key too. */
static void
vector(const struct vec *v, void *arg)
{
    struct seen *seen = arg;
    bool des = strcmp(vec_str(v, "alg"), "des3") == 0;
    const struct yf_cipher_alg *alg =
        yf_provider_cipher_named(seen->p, des ? "des3-3" : vec_str(v, "alg"));
    yf_span key = vec_get(v, "key");

    if (!alg || !entry(seen->p, alg->id))
        return;
    with(alg, v, key.n);
    seen->n[alg->id]++;
    if (des && memcmp(key.p, key.p + 16, 8) == 0) {
        with(seen->p->cipher[YF_DES3_2KEY], v, 16);
        seen->n[YF_DES3_2KEY]++;
    }
}

static void
vectors(void **st)
{
    static const size_t least[YF_CIPHERS] = { 208, 217, 215, 100, 144, 214 };

    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        struct seen seen = { .p = *p };
        vec_each("cipher.txt", vector, &seen);
        for (size_t i = 0; i < YF_CIPHERS; i++)
            T(entry(*p, i) ? seen.n[i] >= least[i] : seen.n[i] == 0);
    }
}

/* ---- what vectors do not say ---- */

/* Every number of blocks gives what one block at a time gives, both ways. */
static void
batches_of(const yf_cipher *c, struct rnd *r)
{
    uint8_t pt[LONG], one[LONG], many[LONG], iv[YF_BLOCK_MAX];
    size_t block = c->alg->block;

    rnd_fill(r, pt, sizeof pt);
    for (size_t at = 0; at + block <= sizeof pt; at += block)
        c->alg->ecb_enc(c, one + at, pt + at, block);
    for (size_t n = 0; n <= sizeof pt; n += block) {
        memset(many, 0, sizeof many);
        c->alg->ecb_enc(c, many, pt, n);
        T_MEM(many, one, n);
        T(n == sizeof many || many[n] == 0);
        c->alg->ecb_dec(c, many, many, n);
        T_MEM(many, pt, n);

        memset(iv, 0x5A, sizeof iv);
        c->alg->cbc_enc(c, iv, many, pt, n);
        T(n == 0 || memcmp(iv, many + n - block, block) == 0);
        memset(iv, 0x5A, sizeof iv);
        c->alg->cbc_dec(c, iv, many, many, n);
        T_MEM(many, pt, n);
    }
}

static void
batches(void **st)
{
    (void)st;
    every_key(batches_of);
}

/* CTR is ECB of a counter that is the whole block, whatever it carries into. */
static void
count(uint8_t *counter, size_t block)
{
    while (block-- && ++counter[block] == 0)
        ;
}

static void
counters_of(const yf_cipher *c, struct rnd *r)
{
    uint8_t in[LONG], want[LONG], got[LONG], stream[YF_BLOCK_MAX];
    size_t block = c->alg->block;

    rnd_fill(r, in, sizeof in);
    for (size_t high = 0; high <= block; high++) { // so many bytes FF before it wraps
        for (size_t n = 0; n < sizeof in; n += high == block ? 3 : 97) {
            uint8_t counter[YF_BLOCK_MAX] = { 0 }, running[YF_BLOCK_MAX];
            memset(counter + block - high, 0xFF, high);
            counter[block - 1] = (uint8_t)(counter[block - 1] - 5);
            memcpy(running, counter, block);
            for (size_t at = 0; at < n; at++) {
                if (at % block == 0) {
                    c->alg->ecb_enc(c, stream, counter, block);
                    count(counter, block);
                }
                want[at] = in[at] ^ stream[at % block];
            }
            got[n] = 0xA5;
            c->alg->ctr(c, running, got, in, n);
            T_MEM(got, want, n);
            T(got[n] == 0xA5);
            T_MEM(running, counter, block);
        }
    }
}

static void
counters(void **st)
{
    (void)st;
    every_key(counters_of);
}

/* The eighth bit of each byte of a DES key says nothing. */
static void
parity(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (size_t i = YF_DES3_2KEY; i <= YF_DES3_3KEY && (*p)->cipher[i]; i++) {
            struct rnd r = { 3 };
            uint8_t key[24], a[8] = { 1 }, b[8] = { 1 };
            yf_cipher c;
            rnd_fill(&r, key, sizeof key);
            T_OK(yf_cipher_init(&c, (*p)->cipher[i], (yf_span){ key, sizes[i].key }));
            c.alg->ecb_enc(&c, a, a, 8);
            yf_cipher_drop(&c);
            for (size_t k = 0; k < sizeof key; k += 1 + k % 3)
                key[k] ^= 1;
            T_OK(yf_cipher_init(&c, (*p)->cipher[i], (yf_span){ key, sizes[i].key }));
            c.alg->ecb_enc(&c, b, b, 8);
            yf_cipher_drop(&c);
            T_MEM(a, b, 8);
            key[0] ^= 2;
            T_OK(yf_cipher_init(&c, (*p)->cipher[i], (yf_span){ key, sizes[i].key }));
            c.alg->ecb_dec(&c, b, b, 8);
            yf_cipher_drop(&c);
            T(b[0] != 1);
        }
}

T_MAIN(cmocka_unit_test(tables), cmocka_unit_test(keys), cmocka_unit_test(vectors),
       cmocka_unit_test(batches), cmocka_unit_test(counters), cmocka_unit_test(parity))
