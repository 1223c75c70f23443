/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES, FIPS 197, bit-sliced: LANE / 4 blocks at once. Lane r of a plane is row r of
 * the states; in it, four groups of GROUP bits are the columns, one bit a block.
 *
 * ShiftRows is never done. Where the standard would have shifted row r by r columns
 * in each round, the state after t rounds stands here in its first columns: what
 * belongs in column c of row r stands r * t further on. MixColumns looks for row
 * r + k where it stands, k * t columns on, which is the same way for every row,
 * and the round keys are laid out to match. ("Fixslicing": Adomnicai and Peyrin,
 * "Fixslicing AES-like ciphers", 2020.)
 *
 * S(x) = sbox(x) ^ 63; the 63 goes into the round keys from the first on, since
 * MixColumns keeps it. The inverse wants it on its input, which is the same keys.
 */
#include "invert.h"
#include "soft.h"

enum {
    GROUP = LANE / 4,  // bits of a column, and blocks
    PARTS = 8 / GROUP, // words of a round key
};

static const uint32_t sbox_out = 0x63636363;

/*
 * ODD_ROWS             lanes 1 and 3
 * columns_on(x, k)     in every lane, column c of the result is column c + k of x
 * whole_groups(x, i)   each group is all bit i of the group
 */
#if WORD_BITS == 128

#define ODD_ROWS ((word){ 0, 0xFFFFFFFF, 0, 0xFFFFFFFF })

INLINE word
columns_on(word x, unsigned k)
{
    return k ? x >> 8 * k | x << (32 - 8 * k) : x;
}

INLINE word
whole_groups(word x, unsigned i)
{
    word_bytes m = (word_bytes)repeat(0x01010101u << i);

    return (word)(((word_bytes)x & m) == m);
}

#else

#define ONES(bits) ((word)-1 / (((word)1 << (bits)) - 1)) // the lowest of every so many bits
#define ODD_ROWS (ONES(2 * LANE) * ((1u << LANE) - 1) << LANE)

INLINE word
columns_on(word x, unsigned k)
{
    word low = ONES(LANE) * ((1u << (LANE - GROUP * k)) - 1);

    return k ? (x >> GROUP * k & low) | (x << (LANE - GROUP * k) & ~low) : x;
}

INLINE word
whole_groups(word x, unsigned i)
{
    x = x >> i & ONES(GROUP);
    return (x << GROUP) - x;
}

#endif

INLINE void
sbox(word q[8])
{
    word y[22], z[18], t[12];

    y[7] = q[7];
    y[9] = q[0] ^ q[6];
    y[3] = q[2] ^ y[9];
    y[16] = q[3] ^ y[3];
    y[1] = q[7] ^ y[16];
    y[21] = q[4] ^ y[9];
    y[13] = y[16] ^ y[21];
    y[20] = q[5] ^ y[13];
    y[11] = y[9] ^ y[20];
    y[0] = q[7] ^ y[11];
    y[8] = q[0] ^ y[0];
    y[5] = y[3] ^ y[8];
    y[2] = y[13] ^ y[5];
    y[4] = y[9] ^ y[2];
    y[12] = q[2] ^ y[2];
    y[14] = q[2] ^ y[5];
    y[18] = q[7] ^ y[2];
    y[6] = q[1] ^ y[18];
    y[10] = y[1] ^ y[6];
    y[15] = y[0] ^ y[6];
    y[17] = y[16] ^ y[15];
    y[19] = y[8] ^ y[10];

    invert(z, y);

    t[0] = z[12] ^ z[15];
    t[1] = z[13] ^ z[16] ^ t[0];
    t[2] = z[1] ^ z[4];
    t[3] = z[0] ^ t[2];
    t[4] = z[3] ^ t[3];
    t[5] = z[2] ^ z[5] ^ t[2];
    t[6] = t[1] ^ t[4] ^ t[5];
    t[7] = z[9] ^ z[15];
    t[8] = z[7] ^ z[4];
    t[9] = z[6] ^ t[3];
    t[10] = z[11] ^ t[7] ^ t[8] ^ t[9];
    t[11] = z[8] ^ z[5];
    q[0] = t[6];
    q[1] = t[4];
    q[2] = t[8] ^ t[11];
    q[3] = z[14] ^ t[0] ^ t[10];
    q[4] = t[1] ^ t[9] ^ t[11];
    q[5] = t[1];
    q[6] = z[10] ^ z[16] ^ t[5] ^ t[7];
    q[7] = z[17] ^ t[6] ^ t[10];
}

INLINE void
inv_sbox(word q[8])
{
    word y[22], z[18], t[14];

    y[0] = q[3];
    y[12] = q[5];
    y[1] = q[1] ^ q[5];
    y[11] = q[1] ^ q[7];
    y[7] = q[3] ^ y[11];
    y[16] = y[1] ^ y[7];
    y[3] = q[0] ^ y[16];
    y[4] = q[5] ^ y[3];
    y[18] = q[5] ^ q[6];
    y[2] = y[7] ^ y[18];
    y[9] = y[4] ^ y[2];
    y[15] = q[2] ^ y[18];
    y[6] = q[3] ^ y[15];
    y[10] = y[1] ^ y[6];
    y[17] = y[11] ^ y[10];
    y[20] = y[11] ^ y[9];
    y[21] = q[4] ^ y[10];
    y[13] = y[16] ^ y[21];
    y[5] = y[2] ^ y[13];
    y[8] = y[3] ^ y[5];
    y[14] = q[5] ^ y[13];
    y[19] = y[10] ^ y[8];

    invert(z, y);

    t[0] = z[10] ^ z[16];
    t[1] = z[11] ^ t[0];
    t[2] = z[17] ^ t[1];
    t[3] = z[3] ^ z[4];
    t[4] = z[6] ^ z[7] ^ t[3];
    t[5] = z[9] ^ t[0] ^ z[15] ^ t[4];
    t[6] = z[5] ^ z[4];
    t[7] = z[2] ^ t[2] ^ t[6];
    t[8] = z[1] ^ t[7];
    t[9] = t[5] ^ t[8];
    t[10] = z[14] ^ t[1];
    t[11] = z[13] ^ z[16] ^ t[10];
    t[12] = z[12] ^ z[15] ^ t[10];
    t[13] = z[0] ^ t[3] ^ t[7];
    q[0] = t[5];
    q[1] = z[8] ^ z[7] ^ t[6] ^ t[9];
    q[2] = t[11];
    q[3] = t[12] ^ t[13];
    q[4] = t[13];
    q[5] = t[9] ^ t[11];
    q[6] = t[4];
    q[7] = t[2] ^ t[8] ^ t[12];
}

/* 4.2.1: by x, modulo x^8 + x^4 + x^3 + x + 1. */
INLINE void
times_x(word q[8])
{
    word high = q[7];

    q[7] = q[6];
    q[6] = q[5];
    q[5] = q[4];
    q[4] = q[3] ^ high;
    q[3] = q[2] ^ high;
    q[2] = q[1];
    q[1] = q[0] ^ high;
    q[0] = high;
}

/* The next row, and the one after it, after t rounds modulo 4. */
#define ROW1(x, t) columns_on(LANES(x, 1), t)
#define ROW2(x, t) columns_on(LANES(x, 2), 2 * (t)&3)

/*
 * 5.1.3: a[r] becomes 2a[r] ^ 3a[r+1] ^ a[r+2] ^ a[r+3], which, with the sums
 * s[r] = a[r] ^ a[r+1], is 2s[r] ^ a[r+1] ^ s[r+2].
 */
INLINE void
mix_columns_at(word q[8], unsigned t)
{
    word s[8];

    EACH_PLANE
    for (unsigned p = 0; p < 8; p++) {
        word next = ROW1(q[p], t);
        s[p] = q[p] ^ next;
        q[p] = next ^ ROW2(s[p], t);
    }
    times_x(s);
    EACH_PLANE
    for (unsigned p = 0; p < 8; p++)
        q[p] ^= s[p];
}

static void
mix_columns(word q[8], unsigned round)
{
    switch (round & 3) {
    case 0:
        mix_columns_at(q, 0);
        break;
    case 1:
        mix_columns_at(q, 1);
        break;
    case 2:
        mix_columns_at(q, 2);
        break;
    default:
        mix_columns_at(q, 3);
    }
}

/* 5.3.3 is 5.1.3 after a[r] ^= 4(a[r] ^ a[r+2]). */
INLINE void
before_inverse(word q[8], unsigned t)
{
    word s[8];

    EACH_PLANE
    for (unsigned p = 0; p < 8; p++)
        s[p] = q[p] ^ ROW2(q[p], t);
    times_x(s);
    times_x(s);
    EACH_PLANE
    for (unsigned p = 0; p < 8; p++)
        q[p] ^= s[p];
}

static void
inv_mix_columns(word q[8], unsigned round)
{
    if (round & 1) // two rows on, only this matters
        before_inverse(q, 1);
    else
        before_inverse(q, 0);
    mix_columns(q, round);
}

/* A round key is PARTS words: bit i of each group of word j is of plane j * GROUP + i. */
INLINE void
add_round_key(word q[8], const uint32_t *key, unsigned round)
{
    word k[PARTS];

    __builtin_memcpy(k, key + 4 * round, sizeof k);
    EACH_PLANE
    for (unsigned p = 0; p < 8; p++)
        q[p] ^= whole_groups(k[p / GROUP], p % GROUP);
}

/* After all rounds, an even number, odd rows stand two columns off, or none do. */
INLINE void
straighten(word q[8], unsigned rounds)
{
    if (rounds & 2) {
        EACH_PLANE
        for (unsigned p = 0; p < 8; p++)
            q[p] = (q[p] & ~ODD_ROWS) | (columns_on(q[p], 2) & ODD_ROWS);
    }
}

/* Word i has columns i / GROUP, i / GROUP + PARTS, .. of block i % GROUP. */
INLINE void
load(word q[8], const uint8_t *blocks)
{
    EACH_PLANE
    for (unsigned i = 0; i < 8; i++)
        q[i] = gather(blocks + 16 * (i % GROUP) + 4 * (i / GROUP), 4 * PARTS);
    transpose(q);
}

INLINE void
store(word q[8], uint8_t *blocks)
{
    transpose(q);
    EACH_PLANE
    for (unsigned i = 0; i < 8; i++)
        scatter(q[i], blocks + 16 * (i % GROUP) + 4 * (i / GROUP), 4 * PARTS);
}

static unsigned
rounds_of(const yf_cipher *c)
{
    return c->alg->key / 4u + 6;
}

static void
enc(const yf_cipher *c, uint8_t *blocks)
{
    unsigned rounds = rounds_of(c);
    word q[8];

    load(q, blocks);
    add_round_key(q, c->key.w32, 0);
    for (unsigned t = 1; t < rounds; t++) {
        sbox(q);
        mix_columns(q, t);
        add_round_key(q, c->key.w32, t);
    }
    sbox(q);
    add_round_key(q, c->key.w32, rounds);
    straighten(q, rounds);
    store(q, blocks);
    yf_wipe(q, sizeof q);
}

static void
dec(const yf_cipher *c, uint8_t *blocks)
{
    unsigned rounds = rounds_of(c);
    word q[8];

    load(q, blocks);
    straighten(q, rounds);
    add_round_key(q, c->key.w32, rounds);
    inv_sbox(q);
    for (unsigned t = rounds - 1; t > 0; t--) {
        add_round_key(q, c->key.w32, t);
        inv_mix_columns(q, t);
        inv_sbox(q);
    }
    add_round_key(q, c->key.w32, 0);
    store(q, blocks);
    yf_wipe(q, sizeof q);
}

/* ---- the key, 5.2; words as they lie in memory, so RotWord turns the other way ---- */

static uint32_t
sub_word(uint32_t x)
{
    word q[8];

    for (unsigned p = 0; p < 8; p++)
        q[p] = lanes_of(x, p);
    sbox(q);
    return first_word(q) ^ sbox_out;
}

static void
expand(uint32_t *w, unsigned words, unsigned nk)
{
    uint32_t rcon = 1;

    for (unsigned i = nk, at = 0; i < words; i++, at++) {
        uint32_t t = w[i - 1];
        if (at == nk)
            at = 0;
        if (at == 0) {
            t = sub_word(t >> 8 | t << 24) ^ rcon;
            rcon = rcon << 1 ^ (rcon >> 7) * 0x11B;
        } else if (nk == 8 && at == 4) {
            t = sub_word(t);
        }
        w[i] = w[i - nk] ^ t;
    }
}

/* Round key t from words to parts: each byte where it is met, r * t columns on. */
static void
lay_out(uint32_t *w, unsigned t)
{
    uint8_t block[16 * GROUP] = { 0 };
    word q[8], k[PARTS];

    for (unsigned c = 0; c < 4; c++)
        for (unsigned r = 0; r < 4; r++)
            block[4 * ((c + r * t) & 3) + r] =
                (uint8_t)(w[c] >> 8 * r) ^ (uint8_t)(t ? sbox_out : 0);
    load(q, block);
    for (unsigned j = 0; j < PARTS; j++) {
        k[j] = q[j * GROUP];
        for (unsigned i = 1; i < GROUP; i++)
            k[j] |= q[j * GROUP + i] << i;
    }
    memcpy(w, k, sizeof k);
    yf_wipe(block, sizeof block);
}

static yf_err
init(yf_cipher *c, const struct yf_block_cipher *aes, const uint8_t *key)
{
    unsigned rounds;

    c->alg = &aes->alg;
    rounds = rounds_of(c);
    for (unsigned i = 0; i < c->alg->key / 4u; i++)
        c->key.w32[i] = load32(key + 4 * i);
    expand(c->key.w32, 4 * (rounds + 1), c->alg->key / 4u);
    for (unsigned t = 0; t <= rounds; t++)
        lay_out(c->key.w32 + 4 * t, t);
    return YF_OK;
}

static yf_err
init128(yf_cipher *c, const uint8_t *key)
{
    return init(c, &yf_soft_aes128, key);
}

static yf_err
init192(yf_cipher *c, const uint8_t *key)
{
    return init(c, &yf_soft_aes192, key);
}

static yf_err
init256(yf_cipher *c, const uint8_t *key)
{
    return init(c, &yf_soft_aes256, key);
}

#define AES(name_, id_, key_, init_)                                                               \
    {                                                                                              \
        .alg = { .name = (name_),                                                                  \
                 .id = (id_),                                                                      \
                 .block = 16,                                                                      \
                 .key = (key_),                                                                    \
                 .init = (init_),                                                                  \
                 YF_BLOCK_MODES,                                                                   \
                 YF_BLOCK_GCM },                                                                   \
        .batch = GROUP, .enc = enc, .dec = dec,                                                    \
    }

const struct yf_block_cipher yf_soft_aes128 = AES("aes128", YF_AES128, 16, init128);
const struct yf_block_cipher yf_soft_aes192 = AES("aes192", YF_AES192, 24, init192);
const struct yf_block_cipher yf_soft_aes256 = AES("aes256", YF_AES256, 32, init256);
