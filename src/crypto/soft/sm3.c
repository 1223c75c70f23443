/* SPDX-License-Identifier: Apache-2.0 */
/* GB/T 32905-2016. Names A..H, W, SS1, TT1, TT2, FF, GG, P0, P1 are the standard's. */
#include "soft.h"

static const uint32_t iv[8] = { 0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
                                0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E };

/* T rotated by j, a constant once j is one (4.2, and its place in 5.3.3). */
#define T_(j) ((j) < 16 ? 0x79CC4519u : 0x7A879D8Au)
#define K(j) (T_(j) << ((j)&31) | T_(j) >> ((32 - (j)) & 31))

#define P0(x) ((x) ^ yf_rotl32((x) ^ yf_rotl32(x, 8), 9))
#define P1(x) ((x) ^ yf_rotl32(x, 15) ^ yf_rotl32(x, 23))
#define FF0(x, y, z) ((x) ^ (y) ^ (z))
#define GG0(x, y, z) ((x) ^ (y) ^ (z))
#define FF1(x, y, z) (((x) & (y)) | (((x) ^ (y)) & (z)))
#define GG1(x, y, z) ((((y) ^ (z)) & (x)) ^ (z))

/*
 * 5.3.3, one round. The registers do not move, their names do: the next round is
 * called with D first and H fifth. The sums are written so that what comes last,
 * SS1, is added last: it is the longest path through the round.
 */
#define ROUND(A, B, C, D, E, F, G, H, j, w, w4, FF, GG)                                            \
    do {                                                                                           \
        uint32_t a12 = yf_rotl32(A, 12), ss1 = yf_rotl32(a12 + K(j) + E, 7), tt2;                  \
        D += (w) ^ (w4);                                                                           \
        H += (w);                                                                                  \
        D += FF(A, B, C);                                                                          \
        H += GG(E, F, G);                                                                          \
        D += ss1 ^ a12;                                                                            \
        tt2 = H + ss1;                                                                             \
        H = P0(tt2);                                                                               \
        B = yf_rotl32(B, 9);                                                                       \
        F = yf_rotl32(F, 19);                                                                      \
    } while (0)

/* 5.3.2: the words four ahead, because W'[j] = W[j] ^ W[j+4]. */
#define LOAD(j) w[j] = yf_be32(p + 4 * (j))
#define EXPAND(j) w[j] = expand(w + (j))

#define ROUNDS4(j, NEXT, FF, GG)                                                                   \
    do {                                                                                           \
        NEXT((j) + 4);                                                                             \
        NEXT((j) + 5);                                                                             \
        NEXT((j) + 6);                                                                             \
        NEXT((j) + 7);                                                                             \
        ROUND(a, b, c, d, e, f, g, h, (j), w[j], w[(j) + 4], FF, GG);                              \
        ROUND(d, a, b, c, h, e, f, g, (j) + 1, w[(j) + 1], w[(j) + 5], FF, GG);                    \
        ROUND(c, d, a, b, g, h, e, f, (j) + 2, w[(j) + 2], w[(j) + 6], FF, GG);                    \
        ROUND(b, c, d, a, f, g, h, e, (j) + 3, w[(j) + 3], w[(j) + 7], FF, GG);                    \
    } while (0)

/* A loop of rounds is written out, unless size matters more. */
#if defined(__OPTIMIZE_SIZE__)
#define ALL_ROUNDS
#elif defined(__clang__)
#define ALL_ROUNDS _Pragma("clang loop unroll(full)")
#else
#define ALL_ROUNDS _Pragma("GCC unroll 16")
#endif

static inline uint32_t
expand(const uint32_t *w)
{
    uint32_t x = w[-16] ^ w[-9] ^ yf_rotl32(w[-3], 15);

    return P1(x) ^ yf_rotl32(w[-13], 7) ^ w[-6];
}

static void
compress(yf_hash *hash, const uint8_t *p, size_t blocks)
{
    uint32_t *s = hash->state.w32, w[68];
    uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];

    for (; blocks; blocks--, p += 64) {
        LOAD(0);
        LOAD(1);
        LOAD(2);
        LOAD(3);
        ALL_ROUNDS
        for (unsigned j = 0; j < 12; j += 4)
            ROUNDS4(j, LOAD, FF0, GG0);
        ROUNDS4(12, EXPAND, FF0, GG0);
        ALL_ROUNDS
        for (unsigned j = 16; j < 64; j += 4)
            ROUNDS4(j, EXPAND, FF1, GG1);
        a = s[0] ^= a;
        b = s[1] ^= b;
        c = s[2] ^= c;
        d = s[3] ^= d;
        e = s[4] ^= e;
        f = s[5] ^= f;
        g = s[6] ^= g;
        h = s[7] ^= h;
    }
    yf_wipe(w, sizeof w);
}

static yf_err
init(yf_hash *h)
{
    return yf_md_init(h, &yf_soft_sm3);
}

const struct yf_md yf_soft_sm3 = YF_MD("sm3", YF_SM3, 32, 64, init, iv, compress);
