/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SM4, GB/T 32907-2016, bit-sliced: LANE blocks at once, a lane for each byte of a
 * word. The four words of the state are eight planes each.
 */
#include "invert.h"
#include "soft.h"

/*
 * S(x) ^ D3 = sbox(x ^ 75). Both constants go into the round keys. The D3 of a
 * round, behind L, is 4F in every byte of its new word: the planes hold that word
 * without it, for every other four words, and the rounds that read such words
 * make up for an odd number of them.
 */
enum { SBOX_IN = 0x75757575, ROUND_OUT = 0x4F4F4F4F };

INLINE void
sbox(word q[8])
{
    word y[22], z[18], t[12];

    y[14] = q[1];
    y[20] = q[2];
    y[11] = q[6];
    y[9] = q[2] ^ q[6];
    y[1] = q[7] ^ y[9];
    y[8] = q[1] ^ y[9];
    t[0] = q[0] ^ q[4];
    y[17] = y[8] ^ t[0];
    y[10] = q[6] ^ y[17];
    y[6] = y[1] ^ y[10];
    y[19] = q[6] ^ t[0];
    y[18] = q[5] ^ y[19];
    t[1] = q[3] ^ q[5];
    y[0] = y[1] ^ t[1];
    y[7] = q[6] ^ y[0];
    y[2] = y[18] ^ y[7];
    y[4] = y[9] ^ y[2];
    y[12] = q[0] ^ t[1];
    y[3] = y[4] ^ y[12];
    y[5] = y[8] ^ y[3];
    y[13] = q[1] ^ y[12];
    y[15] = y[10] ^ t[1];
    y[16] = q[6] ^ t[1];
    y[21] = y[13] ^ y[16];

    invert(z, y);

    t[0] = z[2] ^ z[8];
    t[1] = z[0] ^ t[0];
    t[2] = z[3] ^ t[1];
    t[3] = z[4] ^ z[7] ^ t[2];
    t[4] = z[13] ^ z[14] ^ t[3];
    t[5] = z[10] ^ t[4];
    t[6] = z[11] ^ t[5];
    t[7] = z[16] ^ t[4] ^ z[17];
    t[8] = z[12] ^ z[14];
    t[9] = z[15] ^ z[17] ^ t[8];
    t[10] = z[9] ^ t[8];
    t[11] = z[6] ^ t[1] ^ t[5] ^ t[10];
    q[0] = t[11];
    q[1] = t[3] ^ t[9];
    q[2] = t[7] ^ t[11];
    q[3] = t[9];
    q[4] = t[6];
    q[5] = z[1] ^ z[7] ^ t[0] ^ t[6];
    q[6] = z[5] ^ z[8] ^ t[2] ^ t[7];
    q[7] = z[11] ^ t[10];
}

/*
 * a ^= L(b), 6.2: L(b) = b ^ b<<<2 ^ b<<<10 ^ b<<<18 ^ b<<<24. Rotating by 8 turns
 * the lanes; rotating by 2 moves plane p to p + 2, and planes 6 and 7 to 0 and 1
 * of the byte before. With u = b ^ b<<<24, b ^ b<<<8 is u<<<8.
 */
INLINE void
add_linear(word a[8], const word b[8])
{
    EACH_PLANE
    for (unsigned p = 0; p < 8; p++) {
        word r24 = LANES(b[p], 3), u = b[p] ^ r24;

        a[p] ^= u;
        if (p < 6)
            a[p + 2] ^= LANES(u, 1) ^ LANES(b[p], 2); // b ^ b<<<8 ^ b<<<16
        else
            a[p - 6] ^= LANES(u, 2) ^ r24; // the same, one lane on
    }
}

/* One round, 6.1: a ^= T(b ^ c ^ d ^ rk). */
static void
round_(word a[8], const word b[8], const word c[8], const word d[8], uint32_t rk)
{
    word t[8];

    EACH_PLANE
    for (unsigned p = 0; p < 8; p++)
        t[p] = b[p] ^ c[p] ^ d[p] ^ lanes_of(rk, p);
    sbox(t);
    add_linear(a, t);
}

/* 32 rounds; to decrypt, flip is 31 and the round keys come in reverse. */
static void
crypt(const uint32_t *rk, unsigned flip, uint8_t *blocks)
{
    word x[4][8];

    for (unsigned w = 0; w < 4; w++) {
        for (unsigned i = 0; i < 8; i++)
            x[w][i] = gather(blocks + 16 * i + 4 * w, 128);
        transpose(x[w]);
    }
    for (unsigned i = 0; i < 32; i += 4) {
        round_(x[0], x[1], x[2], x[3], rk[i ^ flip]);
        round_(x[1], x[2], x[3], x[0], rk[(i + 1) ^ flip]);
        round_(x[2], x[3], x[0], x[1], rk[(i + 2) ^ flip]);
        round_(x[3], x[0], x[1], x[2], rk[(i + 3) ^ flip]);
    }
    for (unsigned w = 0; w < 4; w++) {
        transpose(x[w]);
        for (unsigned i = 0; i < 8; i++)
            scatter(x[w][i], blocks + 16 * i + 4 * (3 - w), 128);
    }
    yf_wipe(x, sizeof x);
}

static void
enc(const yf_cipher *c, uint8_t *blocks)
{
    crypt(c->key.w32, 0, blocks);
}

static void
dec(const yf_cipher *c, uint8_t *blocks)
{
    crypt(c->key.w32, 31, blocks);
}

/* ---- the key, 7.3 ---- */

/* A word as its bytes lie in memory, which is what lanes_of and first_word take. */
static uint32_t
turned(uint32_t x)
{
    uint8_t b[4];

    yf_put_be32(b, x);
    return load32(b);
}

static uint32_t
sub_word(uint32_t x)
{
    word q[8];

    x = turned(x) ^ SBOX_IN;
    EACH_PLANE
    for (unsigned p = 0; p < 8; p++)
        q[p] = lanes_of(x, p);
    sbox(q);
    return turned(first_word(q)) ^ 0xD3D3D3D3;
}

/* 7.3.2 c): byte j of CK[i] is 7(4i + j). */
static uint32_t
ck(unsigned i)
{
    uint32_t a = 28 * i;

    return (a & 255) << 24 | ((a + 7) & 255) << 16 | ((a + 14) & 255) << 8 | ((a + 21) & 255);
}

static uint32_t
rotl(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

/* How many of the three words that round i reads are held without ROUND_OUT: is it odd? */
static bool
odd(unsigned i)
{
    return (((i + 1) ^ (i + 2) ^ (i + 3)) >> 2) & 1;
}

static yf_err
init(yf_cipher *c, const uint8_t *key)
{
    static const uint32_t fk[4] = { 0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC };
    uint32_t k[4];

    c->alg = &yf_soft_sm4.alg;
    for (unsigned i = 0; i < 4; i++)
        k[i] = yf_be32(key + 4 * i) ^ fk[i];
    for (unsigned i = 0; i < 32; i++) {
        uint32_t t = sub_word(k[(i + 1) & 3] ^ k[(i + 2) & 3] ^ k[(i + 3) & 3] ^ ck(i));
        k[i & 3] ^= t ^ rotl(t, 13) ^ rotl(t, 23);
        c->key.w32[i] = turned(k[i & 3]) ^ SBOX_IN ^ (odd(i) ? ROUND_OUT : 0);
    }
    yf_wipe(k, sizeof k);
    return YF_OK;
}

const struct yf_block_cipher yf_soft_sm4 = {
    .alg = { .name = "sm4",
             .id = YF_SM4,
             .block = 16,
             .key = 16,
             .init = init,
             YF_BLOCK_MODES,
             YF_BLOCK_GCM },
    .batch = LANE,
    .enc = enc,
    .dec = dec,
};
