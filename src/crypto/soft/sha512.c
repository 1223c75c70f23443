/* SPDX-License-Identifier: Apache-2.0 */
/* FIPS 180-4 6.4 and 6.5. Names a..h, W, K, Ch, Maj and the sigmas are the standard's. */
#include "soft.h"

static const uint64_t iv384[8] = {
    0xCBBB9D5DC1059ED8, 0x629A292A367CD507, 0x9159015A3070DD17, 0x152FECD8F70E5939,
    0x67332667FFC00B31, 0x8EB44A8768581511, 0xDB0C2E0D64F98FA7, 0x47B5481DBEFA4FA4,
};

static const uint64_t iv512[8] = {
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
};

/* 4.2.3: the fractions of the cube roots of the first 80 primes. */
static const uint64_t K[80] = {
    0x428A2F98D728AE22, 0x7137449123EF65CD, 0xB5C0FBCFEC4D3B2F, 0xE9B5DBA58189DBBC,
    0x3956C25BF348B538, 0x59F111F1B605D019, 0x923F82A4AF194F9B, 0xAB1C5ED5DA6D8118,
    0xD807AA98A3030242, 0x12835B0145706FBE, 0x243185BE4EE4B28C, 0x550C7DC3D5FFB4E2,
    0x72BE5D74F27B896F, 0x80DEB1FE3B1696B1, 0x9BDC06A725C71235, 0xC19BF174CF692694,
    0xE49B69C19EF14AD2, 0xEFBE4786384F25E3, 0x0FC19DC68B8CD5B5, 0x240CA1CC77AC9C65,
    0x2DE92C6F592B0275, 0x4A7484AA6EA6E483, 0x5CB0A9DCBD41FBD4, 0x76F988DA831153B5,
    0x983E5152EE66DFAB, 0xA831C66D2DB43210, 0xB00327C898FB213F, 0xBF597FC7BEEF0EE4,
    0xC6E00BF33DA88FC2, 0xD5A79147930AA725, 0x06CA6351E003826F, 0x142929670A0E6E70,
    0x27B70A8546D22FFC, 0x2E1B21385C26C926, 0x4D2C6DFC5AC42AED, 0x53380D139D95B3DF,
    0x650A73548BAF63DE, 0x766A0ABB3C77B2A8, 0x81C2C92E47EDAEE6, 0x92722C851482353B,
    0xA2BFE8A14CF10364, 0xA81A664BBC423001, 0xC24B8B70D0F89791, 0xC76C51A30654BE30,
    0xD192E819D6EF5218, 0xD69906245565A910, 0xF40E35855771202A, 0x106AA07032BBD1B8,
    0x19A4C116B8D2D0C8, 0x1E376C085141AB53, 0x2748774CDF8EEB99, 0x34B0BCB5E19B48A8,
    0x391C0CB3C5C95A63, 0x4ED8AA4AE3418ACB, 0x5B9CCA4F7763E373, 0x682E6FF3D6B2B8A3,
    0x748F82EE5DEFB2FC, 0x78A5636F43172F60, 0x84C87814A1F0AB72, 0x8CC702081A6439EC,
    0x90BEFFFA23631E28, 0xA4506CEBDE82BDE9, 0xBEF9A3F7B2C67915, 0xC67178F2E372532B,
    0xCA273ECEEA26619C, 0xD186B8C721C0C207, 0xEADA7DD6CDE0EB1E, 0xF57D4F7FEE6ED178,
    0x06F067AA72176FBA, 0x0A637DC5A2C898A6, 0x113F9804BEF90DAE, 0x1B710B35131C471B,
    0x28DB77F523047D84, 0x32CAAB7B40C72493, 0x3C9EBE0A15C9BEBC, 0x431D67C49C100D4C,
    0x4CC5D4BECB3E42B6, 0x597F299CFC657E2A, 0x5FCB6FAB3AD6FAEC, 0x6C44198C4A475817,
};

/* 4.1.3 */
#define BIG0(x) (yf_rotr64(x, 28) ^ yf_rotr64(x, 34) ^ yf_rotr64(x, 39))
#define BIG1(x) (yf_rotr64(x, 14) ^ yf_rotr64(x, 18) ^ yf_rotr64(x, 41))
#define SMALL0(x) (yf_rotr64(x, 1) ^ yf_rotr64(x, 8) ^ ((x) >> 7))
#define SMALL1(x) (yf_rotr64(x, 19) ^ yf_rotr64(x, 61) ^ ((x) >> 6))
#define CH(x, y, z) ((((y) ^ (z)) & (x)) ^ (z))
#define MAJ(x, y, z) (((x) & (y)) + (((x) ^ (y)) & (z)))

/* One round; the registers do not move, their names do. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                           \
    do {                                                                                           \
        h += BIG1(e) + CH(e, f, g) + k[i] + w[i];                                                  \
        d += h;                                                                                    \
        h += BIG0(a) + MAJ(a, b, c);                                                               \
    } while (0)

/* The message words of the next sixteen rounds, in place of those just used. */
static inline void
expand(uint64_t *w)
{
    for (unsigned i = 0; i < 16; i++) {
        uint64_t w1 = w[(i + 1) & 15], w14 = w[(i + 14) & 15];
        w[i] += SMALL1(w14) + w[(i + 9) & 15] + SMALL0(w1);
    }
}

/* Sixteen rounds; v is a..h. */
static inline void
rounds(uint64_t *v, const uint64_t *w, const uint64_t *k)
{
    uint64_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];

    for (unsigned i = 0; i < 16; i += 8) {
        ROUND(a, b, c, d, e, f, g, h, i);
        ROUND(h, a, b, c, d, e, f, g, i + 1);
        ROUND(g, h, a, b, c, d, e, f, i + 2);
        ROUND(f, g, h, a, b, c, d, e, i + 3);
        ROUND(e, f, g, h, a, b, c, d, i + 4);
        ROUND(d, e, f, g, h, a, b, c, i + 5);
        ROUND(c, d, e, f, g, h, a, b, i + 6);
        ROUND(b, c, d, e, f, g, h, a, i + 7);
    }
    v[0] = a;
    v[1] = b;
    v[2] = c;
    v[3] = d;
    v[4] = e;
    v[5] = f;
    v[6] = g;
    v[7] = h;
}

static void
compress(yf_hash *hash, const uint8_t *p, size_t blocks)
{
    uint64_t *s = hash->state.w64, w[16], v[8];

    for (; blocks; blocks--, p += 128) {
        for (unsigned i = 0; i < 16; i++)
            w[i] = yf_be64(p + 8 * i);
        for (unsigned i = 0; i < 8; i++)
            v[i] = s[i];
        rounds(v, w, K);
        for (unsigned i = 16; i < 80; i += 16) {
            expand(w);
            rounds(v, w, K + i);
        }
        for (unsigned i = 0; i < 8; i++)
            s[i] += v[i];
    }
    yf_wipe(w, sizeof w);
    yf_wipe(v, sizeof v);
}

static yf_err
init384(yf_hash *h)
{
    return yf_md_init(h, &yf_soft_sha384);
}

static yf_err
init512(yf_hash *h)
{
    return yf_md_init(h, &yf_soft_sha512);
}

const struct yf_md yf_soft_sha384 = YF_MD("sha384", YF_SHA384, 48, 128, init384, iv384, compress);
const struct yf_md yf_soft_sha512 = YF_MD("sha512", YF_SHA512, 64, 128, init512, iv512, compress);
