/* SPDX-License-Identifier: Apache-2.0 */
/* SP 800-90A rev. 1, 10.1.2: HMAC_DRBG; and a generator that reads its own noise. */
#include <yufu/crypto/drbg.h>

#include <string.h>

enum {
    REQUEST_MAX = 65536,     // bytes, SP 800-90A table 2
    RESEED_INTERVAL = 65536, // requests; the standard allows 2^48
    STARTUP = 1024,          // samples, SP 800-90B 4.3
    ENTROPY_BITS = 320,      // into one digest of 256: full entropy, SP 800-90C 3.2.2.2
    NONCE_BITS = 192,
};

/* ---- the bare algorithm ---- */

/* K = HMAC(K, V || byte || seed), V = HMAC(K, V). */
static yf_err
mix(yf_hmac_drbg *d, uint8_t byte, const yf_span *seed, size_t n)
{
    yf_span v = { d->v, d->hash->size };
    yf_hmac m;
    yf_err e = yf_hmac_init(&m, d->hash, (yf_span){ d->key, d->hash->size });

    if (e)
        return e;
    yf_hmac_add(&m, v);
    yf_hmac_add(&m, (yf_span){ &byte, 1 });
    for (size_t i = 0; i < n; i++)
        yf_hmac_add(&m, seed[i]);
    yf_hmac_end(&m, d->key);
    return yf_hmac_all(d->hash, (yf_span){ d->key, d->hash->size }, &v, 1, d->v);
}

/* 10.1.2.2; whether there is a seed is public. */
static yf_err
update(yf_hmac_drbg *d, const yf_span *seed, size_t n)
{
    size_t total = 0;
    yf_err e = mix(d, 0x00, seed, n);

    for (size_t i = 0; i < n; i++)
        total += seed[i].n;
    if (!e && total)
        e = mix(d, 0x01, seed, n);
    return e;
}

yf_err
yf_hmac_drbg_init(yf_hmac_drbg *d, const struct yf_hash_alg *hash, const yf_span *seed,
                  size_t n_seed)
{
    if (!hash)
        return YF_E_UNSUPPORTED;
    d->hash = hash;
    memset(d->key, 0, sizeof d->key);
    memset(d->v, 1, sizeof d->v);
    return update(d, seed, n_seed);
}

yf_err
yf_hmac_drbg_reseed(yf_hmac_drbg *d, const yf_span *seed, size_t n_seed)
{
    return update(d, seed, n_seed);
}

/* 10.1.2.5 */
yf_err
yf_hmac_drbg_generate(yf_hmac_drbg *d, yf_span additional, uint8_t *out, size_t n)
{
    yf_span v = { d->v, d->hash->size };
    yf_err e = additional.n ? update(d, &additional, 1) : YF_OK;

    while (!e && n) {
        size_t take = n < v.n ? n : v.n;
        e = yf_hmac_all(d->hash, (yf_span){ d->key, v.n }, &v, 1, d->v);
        memcpy(out, d->v, take);
        out += take;
        n -= take;
    }
    return e ? e : update(d, &additional, 1);
}

void
yf_hmac_drbg_wipe(yf_hmac_drbg *d)
{
    yf_wipe(d, sizeof *d);
}

/* ---- the whole generator ---- */

/* An error of the source or the tests ends the generator: nothing comes out again. */
static yf_err
broken(yf_drbg *d, yf_err e)
{
    d->broken = true;
    yf_hmac_drbg_wipe(&d->core);
    return e;
}

/* The next samples, tested. */
static yf_err
sample(yf_drbg *d, uint8_t *buf, size_t n)
{
    yf_err e = d->noise.read(d->noise.state, buf, n);

    return e ? e : yf_health_take(&d->health, (yf_span){ buf, n });
}

/* Enough samples for so many bits by the source's claim, through the hash. */
static yf_err
condition(yf_drbg *d, const struct yf_hash_alg *hash, unsigned bits, uint8_t *md)
{
    uint8_t buf[32];
    yf_hash h;
    yf_err e = yf_hash_init(&h, hash);

    if (e)
        return e;
    for (unsigned have = 0; !e && have < bits * 256;
         have += (unsigned)sizeof buf * d->noise.entropy) {
        if (!(e = sample(d, buf, sizeof buf)))
            yf_hash_add(&h, YF_SPAN(buf));
    }
    yf_wipe(buf, sizeof buf);
    if (e)
        yf_hash_drop(&h);
    else
        yf_hash_end(&h, md);
    return e;
}

static yf_err
start_up(yf_drbg *d)
{
    uint8_t buf[32];
    yf_err e = YF_OK;

    for (size_t n = 0; !e && n < STARTUP; n += sizeof buf)
        e = sample(d, buf, sizeof buf);
    yf_wipe(buf, sizeof buf);
    return e;
}

static yf_err
instantiate(yf_drbg *d, const struct yf_hash_alg *hash, yf_span personal)
{
    uint8_t entropy[YF_HASH_MAX], nonce[YF_HASH_MAX];
    yf_err e;

    if ((e = condition(d, hash, ENTROPY_BITS, entropy)))
        goto out;
    if ((e = condition(d, hash, NONCE_BITS, nonce)))
        goto out;
    yf_span seed[] = { { entropy, hash->size }, { nonce, hash->size }, personal };
    e = yf_hmac_drbg_init(&d->core, hash, seed, 3);
out:
    yf_wipe(entropy, sizeof entropy);
    yf_wipe(nonce, sizeof nonce);
    return e;
}

yf_err
yf_drbg_open(yf_drbg *d, const struct yf_hash_alg *hash, const yf_noise *noise, yf_span personal)
{
    yf_err e;

    *d = (yf_drbg){ .noise = *noise, .reseed_interval = RESEED_INTERVAL, .broken = true };
    if (!hash || hash->size < 32)
        return YF_E_UNSUPPORTED;
    if ((e = yf_health_init(&d->health, noise->entropy)))
        return e;
    if ((e = start_up(d)) || (e = instantiate(d, hash, personal)))
        return broken(d, e);
    d->broken = false;
    return YF_OK;
}

yf_err
yf_drbg_reseed(yf_drbg *d, yf_span additional)
{
    uint8_t entropy[YF_HASH_MAX];

    if (d->broken)
        return YF_E_STATE;
    yf_err e = condition(d, d->core.hash, ENTROPY_BITS, entropy);
    if (!e) {
        yf_span seed[] = { { entropy, d->core.hash->size }, additional };
        e = yf_hmac_drbg_reseed(&d->core, seed, 2);
    }
    yf_wipe(entropy, sizeof entropy);
    d->since_reseed = 0;
    return e ? broken(d, e) : YF_OK;
}

yf_err
yf_drbg_fill(yf_drbg *d, uint8_t *out, size_t n)
{
    yf_err e = d->broken ? YF_E_STATE : YF_OK;

    while (!e && n) {
        size_t take = n < REQUEST_MAX ? n : REQUEST_MAX;
        if (d->since_reseed++ >= d->reseed_interval && (e = yf_drbg_reseed(d, (yf_span){ 0 })))
            break;
        if ((e = yf_hmac_drbg_generate(&d->core, (yf_span){ 0 }, out, take)))
            return broken(d, e);
        out += take;
        n -= take;
    }
    return e;
}

void
yf_drbg_close(yf_drbg *d)
{
    yf_wipe(d, sizeof *d);
    d->broken = true;
}

static yf_err
fill(void *state, uint8_t *out, size_t n)
{
    return yf_drbg_fill(state, out, n);
}

yf_rng
yf_drbg_rng(yf_drbg *d)
{
    return (yf_rng){ fill, d };
}
