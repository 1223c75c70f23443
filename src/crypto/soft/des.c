/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Triple DES, SP 800-67 (DES: FIPS 46-3), one block at a time and in constant time:
 * all eight S-boxes are evaluated together as six levels of choices between
 * constants, each made by a mask. Bits are numbered as there, the first is the
 * highest; nibble i of a word belongs to S-box i.
 */
#include "soft.h"

#include <string.h>

/* What S1 to S8 give, a nibble each, for the six input bits b1..b6. */
static const uint32_t sboxes[64] = {
    // clang-format off
    0xEFA72C4D, 0x03DDEAD1, 0x410DC1B2, 0xFD78BF0F, 0xD89E4A28, 0x740B24BD, 0x1EE31FE4, 0x4795C278,
    0x266079F6, 0xEF36474A, 0xFB36A20F, 0x224F7C93, 0xB3F9B68B, 0xD860D917, 0x845A68D1, 0x1EA315A4,
    0x3911803A, 0xAC2456EC, 0xA7D25DC9, 0x60870135, 0x62C83393, 0xC152FD56, 0xCD75F47E, 0xBAECAECB,
    0x5CBBDE55, 0x96C13020, 0x904C07A0, 0x59BA9BFE, 0x0524E56C, 0x3BFE8389, 0x7A8F9B17, 0x85196862,
    0x40DA4917, 0xFD13B462, 0x1E662E4B, 0xC8AF83B1, 0xE7491FB4, 0x8AD0C2DE, 0x8B90B5D1, 0x21067C87,
    0xDA8CA2C9, 0x436A1914, 0x64FBD83C, 0x9F91E54A, 0x2D377C7E, 0x148D2FA8, 0xB10D83E2, 0x7278DA7D,
    0xF5BFF7A0, 0x5B496B9F, 0xC81190F6, 0xB6F4FE5C, 0x9C23C46A, 0x37E50109, 0x76CE5A8D, 0xEC3B97F0,
    0x3955610F, 0xA0BCA6E3, 0xA3A23D53, 0x05574025, 0x52E80B95, 0x6E225836, 0x0F74E628, 0xD9CE3DCB,
    // clang-format on
};

static uint32_t
rotl(uint32_t x, unsigned n)
{
    return x << n | x >> (-n & 31); // also for n = 0
}

static uint32_t
choose(uint32_t zero, uint32_t one, uint32_t mask)
{
    return zero ^ ((zero ^ one) & mask);
}

/*
 * Input bit k of every S-box, spread over its nibble. The expansion E gives S-box i
 * the bits 4i - 4 to 4i + 1, so bit k is k - 5 places from the end of the nibble. The
 * round key holds bits 1 to 3 in the low bits of the nibbles of its first word, and
 * 4 to 6 in those of its second.
 */
static uint32_t
select(uint32_t r, const uint32_t *key, unsigned k)
{
    uint32_t bit = rotl(r, (k + 27) & 31) ^ key[k > 3] >> ((k - 1) % 3);

    bit &= 0x11111111;
    return (bit << 4) - bit;
}

/* The permutation P: the bits of each mask come from this many places on. */
static uint32_t
permute(uint32_t x)
{
    static const struct {
        uint32_t mask;
        uint8_t places;
    } move[] = {
        { 0x00000020, 3 },  { 0x00040000, 4 },  { 0x40402402, 5 },  { 0x04000000, 6 },
        { 0x01000000, 9 },  { 0x00000010, 10 }, { 0x00000800, 11 }, { 0x00200200, 12 },
        { 0x00000004, 13 }, { 0x00100000, 14 }, { 0x80000000, 15 }, { 0x00020000, 16 },
        { 0x30008100, 17 }, { 0x00000040, 19 }, { 0x02000000, 21 }, { 0x00004000, 22 },
        { 0x08880000, 24 }, { 0x00000009, 25 }, { 0x00011080, 26 },
    };
    uint32_t y = 0;

    for (size_t i = 0; i < sizeof move / sizeof *move; i++)
        y |= rotl(x, move[i].places) & move[i].mask;
    return y;
}

static uint32_t
feistel(uint32_t r, const uint32_t *key)
{
    uint32_t v[32], mask = select(r, key, 6);

    for (unsigned i = 0; i < 32; i++)
        v[i] = choose(sboxes[2 * i], sboxes[2 * i + 1], mask);
    for (unsigned k = 5, n = 16; k > 0; k--, n /= 2) {
        mask = select(r, key, k);
        for (unsigned i = 0; i < n; i++)
            v[i] = choose(v[2 * i], v[2 * i + 1], mask);
    }
    return permute(v[0]);
}

/* Bits of a at mask << shift change places with bits of b at mask. */
static void
swap_bits(uint32_t *a, uint32_t *b, uint32_t mask, unsigned shift)
{
    uint32_t t = (*a >> shift ^ *b) & mask;

    *b ^= t;
    *a ^= t << shift;
}

/* IP, and its inverse. */
static void
enter(uint32_t *l, uint32_t *r)
{
    swap_bits(l, r, 0x0F0F0F0F, 4);
    swap_bits(l, r, 0x0000FFFF, 16);
    swap_bits(r, l, 0x33333333, 2);
    swap_bits(r, l, 0x00FF00FF, 8);
    swap_bits(l, r, 0x55555555, 1);
}

static void
leave(uint32_t *l, uint32_t *r)
{
    swap_bits(l, r, 0x55555555, 1);
    swap_bits(r, l, 0x00FF00FF, 8);
    swap_bits(r, l, 0x33333333, 2);
    swap_bits(l, r, 0x0000FFFF, 16);
    swap_bits(l, r, 0x0F0F0F0F, 4);
}

/*
 * Three times sixteen rounds. The key schedule is in the order of encryption, E D E;
 * decryption goes through it backwards, whole. Where one DES ends and the next
 * begins only the halves change places: the permutations cancel.
 */
static void
crypt(const uint32_t *key, unsigned flip, uint8_t *block)
{
    uint32_t l = yf_be32(block), r = yf_be32(block + 4);

    enter(&l, &r);
    for (unsigned des = 0; des < 3; des++) {
        for (unsigned i = 0; i < 16; i += 2) {
            unsigned at = 16 * des + i;
            l ^= feistel(r, key + 2 * (flip ? 47 - at : at));
            r ^= feistel(l, key + 2 * (flip ? 46 - at : at + 1));
        }
        uint32_t t = l;
        l = r;
        r = t;
    }
    leave(&l, &r);
    yf_put_be32(block, l);
    yf_put_be32(block + 4, r);
}

static void
enc(const yf_cipher *c, uint8_t *block)
{
    crypt(c->key.w32, 0, block);
}

static void
dec(const yf_cipher *c, uint8_t *block)
{
    crypt(c->key.w32, 1, block);
}

/* ---- the key ---- */

/* Permuted choices 1 and 2: which bit of the key, and which of C and D, numbered from 1. */
static const uint8_t pc1[56] = {
    // clang-format off
    57, 49, 41, 33, 25, 17,  9,  1, 58, 50, 42, 34, 26, 18, 10,  2, 59, 51, 43, 35, 27, 19, 11,  3, 60, 52, 44, 36,
    63, 55, 47, 39, 31, 23, 15,  7, 62, 54, 46, 38, 30, 22, 14,  6, 61, 53, 45, 37, 29, 21, 13,  5, 28, 20, 12,  4,
};
static const uint8_t pc2[48] = {
    14, 17, 11, 24,  1,  5,  3, 28, 15,  6, 21, 10, 23, 19, 12,  4, 26,  8, 16,  7, 27, 20, 13,  2,
    41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    // clang-format on
};

/* The 28 bits of C or D, the first one highest. */
static uint32_t
choice1(const uint8_t *key, const uint8_t *which)
{
    uint32_t half = 0;

    for (unsigned i = 0; i < 28; i++) {
        unsigned at = which[i] - 1u;
        half = half << 1 | ((uint32_t)key[at / 8] >> (7 - at % 8) & 1);
    }
    return half;
}

/* The 48 bits of a round: bit k of S-box i to where select looks for it. */
static void
choice2(uint32_t c, uint32_t d, uint32_t *out)
{
    out[0] = out[1] = 0;
    for (unsigned i = 0; i < 48; i++) {
        unsigned at = pc2[i], k = i % 6;
        uint32_t bit = (at <= 28 ? c >> (28 - at) : d >> (56 - at)) & 1;
        out[k / 3] |= bit << (28 - 4 * (i / 6) + k % 3);
    }
}

/* The sixteen round keys of one DES, the first at out, the next two words on or (step -2) back. */
static void
schedule(const uint8_t *key, uint32_t *out, int step)
{
    uint32_t c = choice1(key, pc1), d = choice1(key, pc1 + 28);

    for (unsigned i = 0; i < 16; i++) {
        unsigned by = 0x8103 >> i & 1 ? 1 : 2; // one place in rounds 1, 2, 9 and 16
        c = (c << by | c >> (28 - by)) & 0x0FFFFFFF;
        d = (d << by | d >> (28 - by)) & 0x0FFFFFFF;
        choice2(c, d, out + (int)i * step);
    }
}

static yf_err
init(yf_cipher *c, const struct yf_block_cipher *des, const uint8_t *key)
{
    c->alg = &des->alg;
    schedule(key, c->key.w32, 2);
    schedule(key + 8, c->key.w32 + 62, -2);
    schedule(des->alg.key == 24 ? key + 16 : key, c->key.w32 + 64, 2);
    return YF_OK;
}

static yf_err
init_2key(yf_cipher *c, const uint8_t *key)
{
    return init(c, &yf_soft_des3_2key, key);
}

static yf_err
init_3key(yf_cipher *c, const uint8_t *key)
{
    return init(c, &yf_soft_des3_3key, key);
}

#define DES3(name_, id_, key_, init_)                                                              \
    {                                                                                              \
        .alg = { .name = (name_),                                                                  \
                 .id = (id_),                                                                      \
                 .block = 8,                                                                       \
                 .key = (key_),                                                                    \
                 .init = (init_),                                                                  \
                 YF_BLOCK_MODES },                                                                 \
        .batch = 1, .enc = enc, .dec = dec,                                                        \
    }

const struct yf_block_cipher yf_soft_des3_2key = DES3("des3-2", YF_DES3_2KEY, 16, init_2key);
const struct yf_block_cipher yf_soft_des3_3key = DES3("des3-3", YF_DES3_3KEY, 24, init_3key);
