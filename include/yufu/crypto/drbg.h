/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drbg - a deterministic random bit generator and the health tests of the
 * entropy source that feeds it.
 *
 * HMAC_DRBG of SP 800-90A rev. 1 (10.1.2) over any hash of the provider. The
 * entropy source is the caller's function; its samples pass the repetition count
 * and adaptive proportion tests of SP 800-90B 4.4 before they are used. A source
 * that fails them puts the generator into an error state that only a new
 * yf_drbg_open leaves: it fails closed.
 */
#ifndef YUFU_CRYPTO_DRBG_H
#define YUFU_CRYPTO_DRBG_H

#include <yufu/crypto/hash.h>
#include <yufu/crypto/rng.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Health of a noise source of 8-bit samples (SP 800-90B 4.4.1, 4.4.2). The
 * cut-offs follow from the claimed min-entropy a sample, rounded up to the next
 * eighth of a bit (the stricter side), for a false-alarm rate of 2^-30 and a
 * window of 512 samples.
 */
typedef struct yf_health {
    uint16_t rct_cutoff, apt_cutoff;
    uint16_t run;             // equal samples in a row, the last included
    uint16_t seen, in_window; // of the window: times its first sample, samples
    uint8_t last, first;      // the previous sample; the window's first
    bool started, failed;
} yf_health;

/* entropy: min-entropy a sample in 1/256 bit, 32 (an eighth of a bit) to 2048; else YF_E_FORMAT. */
YF_MUST YF_API yf_err yf_health_init(yf_health *h, unsigned entropy);
/* YF_E_STATE from the first failed test on. */
YF_MUST YF_API yf_err yf_health_take(yf_health *h, yf_span samples);

/* A noise source: fills n raw samples, or fails. */
typedef struct yf_noise {
    yf_err (*read)(void *state, uint8_t *samples, size_t n);
    void *state;
    unsigned entropy; // claimed min-entropy a sample, in 1/256 bit
} yf_noise;

/*
 * The bare algorithm of SP 800-90A 10.1.2 with its entropy handed in: for the
 * published vectors and for nonces (nonce.h). No source and no health tests.
 * seed is the concatenation entropy || nonce || personalization, as spans.
 */
typedef struct yf_hmac_drbg {
    const struct yf_hash_alg *hash;
    uint8_t key[YF_HASH_MAX], v[YF_HASH_MAX];
} yf_hmac_drbg;

YF_MUST YF_API yf_err yf_hmac_drbg_init(yf_hmac_drbg *d, const struct yf_hash_alg *hash,
                                        const yf_span *seed, size_t n_seed);
/* Reseed with entropy || additional input, as spans. */
YF_MUST YF_API yf_err yf_hmac_drbg_reseed(yf_hmac_drbg *d, const yf_span *seed, size_t n_seed);
YF_MUST YF_API yf_err yf_hmac_drbg_generate(yf_hmac_drbg *d, yf_span additional, uint8_t *out,
                                            size_t n);
YF_API void yf_hmac_drbg_wipe(yf_hmac_drbg *d);

/* ---- The whole generator: a source, its health tests, and the DRBG ---- */

typedef struct yf_drbg {
    yf_hmac_drbg core;
    yf_noise noise;
    yf_health health;
    uint32_t since_reseed, reseed_interval; // requests
    bool broken;
} yf_drbg;

/*
 * Start: after the source's start-up test (1024 samples, SP 800-90B 4.3), samples
 * worth 320 bits and 192 bits by its claim are conditioned by the hash into entropy
 * input and nonce. The hash must be one of 256 bits or more (YF_E_UNSUPPORTED);
 * the strength is 256 bits. personal may be empty.
 */
YF_MUST YF_API yf_err yf_drbg_open(yf_drbg *d, const struct yf_hash_alg *hash,
                                   const yf_noise *noise, yf_span personal);
/* Any n; cut into requests of 65536 bytes. Reseeds by itself when the interval is over. */
YF_MUST YF_API yf_err yf_drbg_fill(yf_drbg *d, uint8_t *out, size_t n);
YF_MUST YF_API yf_err yf_drbg_reseed(yf_drbg *d, yf_span additional);
YF_API void yf_drbg_close(yf_drbg *d);

/* The generator as a yf_rng; d must outlive it. */
YF_API yf_rng yf_drbg_rng(yf_drbg *d);

#ifdef __cplusplus
}
#endif

#endif
