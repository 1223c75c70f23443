/* SPDX-License-Identifier: Apache-2.0 */
/* FIPS 180-4 6.1. For key derivation of Doc 9303 only, so short rather than fast. */
#include "soft.h"

static const uint32_t iv[8] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 };

/* 4.1.1 and 4.2.1: the function and the constant of each quarter. */
static uint32_t
ft(unsigned quarter, uint32_t x, uint32_t y, uint32_t z)
{
    static const uint32_t k[4] = { 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6 };

    if (quarter == 0)
        return k[0] + (((y ^ z) & x) ^ z);
    if (quarter == 2)
        return k[2] + ((x & y) + ((x ^ y) & z));
    return k[quarter] + (x ^ y ^ z);
}

/* Twenty rounds, which share a function. */
static inline void
quarter(unsigned q, uint32_t *v, const uint32_t *w)
{
    uint32_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4];

    for (unsigned i = 0; i < 20; i++) {
        uint32_t t = yf_rotl32(a, 5) + ft(q, b, c, d) + e + w[i];
        e = d;
        d = c;
        c = yf_rotr32(b, 2);
        b = a;
        a = t;
    }
    v[0] = a;
    v[1] = b;
    v[2] = c;
    v[3] = d;
    v[4] = e;
}

static void
compress(yf_hash *hash, const uint8_t *p, size_t blocks)
{
    uint32_t *s = hash->state.w32, w[80], v[5];

    for (; blocks; blocks--, p += 64) {
        for (unsigned i = 0; i < 16; i++)
            w[i] = yf_be32(p + 4 * i);
        for (unsigned i = 16; i < 80; i++)
            w[i] = yf_rotl32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (unsigned i = 0; i < 5; i++)
            v[i] = s[i];
        quarter(0, v, w);
        quarter(1, v, w + 20);
        quarter(2, v, w + 40);
        quarter(3, v, w + 60);
        for (unsigned i = 0; i < 5; i++)
            s[i] += v[i];
    }
    yf_wipe(w, sizeof w);
    yf_wipe(v, sizeof v);
}

static yf_err
init(yf_hash *h)
{
    return yf_md_init(h, &yf_soft_sha1);
}

const struct yf_md yf_soft_sha1 = YF_MD("sha1", YF_SHA1, 20, 64, init, iv, compress);
