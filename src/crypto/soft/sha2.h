/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sha2 - the compression function that SHA-256 and SHA-512 share (FIPS 180-4 6.2.2,
 * 6.4.2). Included once by the file of each, which has defined
 *
 *     word                          uint32_t or uint64_t
 *     STATE, LOAD(p)                the state's member for it; a big-endian word
 *     K[]                           a constant for each round
 *     BIG0, BIG1, SMALL0, SMALL1    the sigmas
 */
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
expand(word *w)
{
    for (unsigned i = 0; i < 16; i++) {
        word w1 = w[(i + 1) & 15], w14 = w[(i + 14) & 15];
        w[i] += SMALL1(w14) + w[(i + 9) & 15] + SMALL0(w1);
    }
}

/* Sixteen rounds; v is a..h. */
static inline void
rounds(word *v, const word *w, const word *k)
{
    word a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];

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
    word *s = hash->state.STATE, w[16], v[8];

    for (; blocks; blocks--, p += 16 * sizeof(word)) {
        for (unsigned i = 0; i < 16; i++)
            w[i] = LOAD(p + sizeof(word) * i);
        for (unsigned i = 0; i < 8; i++)
            v[i] = s[i];
        rounds(v, w, K);
        for (unsigned i = 16; i < sizeof K / sizeof *K; i += 16) {
            expand(w);
            rounds(v, w, K + i);
        }
        for (unsigned i = 0; i < 8; i++)
            s[i] += v[i];
    }
    yf_wipe(w, sizeof w);
    yf_wipe(v, sizeof v);
}
