/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SP 800-90B 4.4: the two continuous tests of a noise source. Both only count equal
 * samples; of the samples nothing becomes public but the verdict.
 */
#include <yufu/crypto/drbg.h>

#include "soft/declassify.h"

enum { WINDOW = 512, STEP = 32 }; // STEP: an eighth of a bit, in 1/256 bit

/*
 * Cut-offs for min-entropy H = 1/8, 2/8, ... 8 bits a sample, alpha = 2^-30:
 * repetition 1 + ceil(30 / H); proportion 1 + critbinom(512, 2^-H, 1 - alpha).
 */
// clang-format off
static const struct { uint16_t repetition, proportion; } cutoffs[64] = {
    { 241, 502 }, { 121, 477 }, { 81, 449 }, { 61, 422 }, { 49, 396 }, { 41, 371 }, { 36, 347 }, { 31, 325 }, // to 1 bit
    { 28, 304 }, { 25, 284 }, { 23, 266 }, { 21, 248 }, { 20, 232 }, { 19, 217 }, { 17, 203 }, { 16, 190 }, // to 2 bits
    { 16, 178 }, { 15, 167 }, { 14, 157 }, { 13, 147 }, { 13, 138 }, { 12, 129 }, { 12, 121 }, { 11, 114 }, // to 3 bits
    { 11, 107 }, { 11, 101 }, { 10, 95 }, { 10, 89 }, { 10, 84 }, { 9, 79 }, { 9, 75 }, { 9, 71 }, // to 4 bits
    { 9, 67 }, { 9, 63 }, { 8, 60 }, { 8, 56 }, { 8, 53 }, { 8, 51 }, { 8, 48 }, { 7, 46 }, // to 5 bits
    { 7, 43 }, { 7, 41 }, { 7, 39 }, { 7, 37 }, { 7, 35 }, { 7, 34 }, { 7, 32 }, { 6, 31 }, // to 6 bits
    { 6, 29 }, { 6, 28 }, { 6, 27 }, { 6, 26 }, { 6, 25 }, { 6, 24 }, { 6, 23 }, { 6, 22 }, // to 7 bits
    { 6, 21 }, { 6, 20 }, { 6, 19 }, { 5, 19 }, { 5, 18 }, { 5, 17 }, { 5, 17 }, { 5, 16 }, // to 8 bits
};
// clang-format on

yf_err
yf_health_init(yf_health *h, unsigned entropy)
{
    if (entropy < STEP || entropy > 64 * STEP)
        return YF_E_FORMAT;
    size_t row = (entropy + STEP - 1) / STEP - 1;
    *h = (yf_health){
        .rct_cutoff = cutoffs[row].repetition,
        .apt_cutoff = cutoffs[row].proportion,
    };
    return YF_OK;
}

/* 1 if they are the same, without a branch: samples are secret. */
static uint32_t
same(uint8_t a, uint8_t b)
{
    return ((uint32_t)(a ^ b) - 1) >> 31;
}

/* 4.4.1: too many equal samples in a row. */
static uint32_t
repetition(yf_health *h, uint8_t s)
{
    uint32_t again = h->started ? same(s, h->last) : 0;

    h->run = (uint16_t)(1 + h->run * again);
    h->last = s;
    return (uint32_t)(h->rct_cutoff - 1 - h->run) >> 31;
}

/* 4.4.2: the first sample of a window turns up in it too often. */
static uint32_t
proportion(yf_health *h, uint8_t s)
{
    if (h->in_window == 0) {
        h->first = s;
        h->seen = 0;
    }
    h->seen = (uint16_t)(h->seen + same(s, h->first));
    h->in_window = (uint16_t)(h->in_window + 1 == WINDOW ? 0 : h->in_window + 1);
    return (uint32_t)(h->apt_cutoff - 1 - h->seen) >> 31;
}

yf_err
yf_health_take(yf_health *h, yf_span samples)
{
    uint32_t bad = h->failed;

    for (size_t i = 0; i < samples.n; i++) {
        bad |= repetition(h, samples.p[i]);
        bad |= proportion(h, samples.p[i]);
        h->started = true;
    }
    YF_DECLASSIFY(&bad, sizeof bad);
    h->failed = bad != 0;
    return bad ? YF_E_STATE : YF_OK;
}
