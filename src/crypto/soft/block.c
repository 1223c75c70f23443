/* SPDX-License-Identifier: Apache-2.0 */
/* SP 800-38A. */
#include "block.h"
#include "slice.h"

#include <string.h>

enum { BATCH_MAX = 16 * LANE }; // bytes of the largest batch, which is SM4's

static const struct yf_block_cipher *
cipher_of(const yf_cipher *c)
{
    return (const struct yf_block_cipher *)(const void *)c->alg;
}

static size_t
batch_bytes(const yf_cipher *c)
{
    return (size_t)cipher_of(c)->batch * c->alg->block;
}

static size_t
min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* In steps of eight bytes; freestanding, memcpy by its plain name would be a call. */
static void
xor_into(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n)
{
    for (; n >= 8; n -= 8, out += 8, a += 8, b += 8) {
        uint64_t x, y;
        __builtin_memcpy(&x, a, 8);
        __builtin_memcpy(&y, b, 8);
        x ^= y;
        __builtin_memcpy(out, &x, 8);
    }
    for (; n; n--)
        *out++ = *a++ ^ *b++;
}

void
yf_block_drop(yf_cipher *c)
{
    yf_wipe(c, sizeof *c);
}

static void
ecb(const yf_cipher *c, void (*run)(const yf_cipher *, uint8_t *), uint8_t *out, const uint8_t *in,
    size_t n)
{
    uint8_t b[BATCH_MAX] = { 0 };
    size_t whole = batch_bytes(c);

    for (size_t take; n; n -= take, in += take, out += take) {
        take = min(n, whole);
        memcpy(b, in, take);
        run(c, b);
        memcpy(out, b, take);
    }
    yf_wipe(b, sizeof b);
}

void
yf_block_ecb_enc(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    ecb(c, cipher_of(c)->enc, out, in, n);
}

void
yf_block_ecb_dec(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    ecb(c, cipher_of(c)->dec, out, in, n);
}

/* One block after the other: each needs the one before. */
void
yf_block_cbc_enc(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    uint8_t b[BATCH_MAX] = { 0 };
    size_t block = c->alg->block;

    memcpy(b, iv, block);
    for (; n; n -= block, in += block, out += block) {
        xor_into(b, b, in, block);
        cipher_of(c)->enc(c, b);
        memcpy(out, b, block);
    }
    memcpy(iv, b, block);
    yf_wipe(b, sizeof b);
}

/* b is decrypted; x is the iv and the ciphertext, one block behind it, that it is xored with. */
void
yf_block_cbc_dec(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    uint8_t b[BATCH_MAX] = { 0 }, x[YF_BLOCK_MAX + BATCH_MAX];
    size_t block = c->alg->block, whole = batch_bytes(c);

    memcpy(x, iv, block);
    for (size_t take; n; n -= take, in += take, out += take) {
        take = min(n, whole);
        memcpy(b, in, take);
        memcpy(x + block, in, take);
        cipher_of(c)->dec(c, b);
        xor_into(out, b, x, take);
        memmove(x, x + take, block);
    }
    memcpy(iv, x, block);
    yf_wipe(b, sizeof b);
}

/*
 * Add one to the last bytes of a counter, modulo their size: 4 (GCM), 8 or 16. No
 * branch on them: where the IV of GCM is not of 12 bytes, they come from its key.
 */
static void
increment(uint8_t *counter, size_t block, size_t width)
{
    uint64_t old = yf_be64(counter + block - 8), low = old + 1;
    uint64_t carry = ~(low | (0 - low)) >> 63; // low is zero

    if (width == 4)
        low = (old & 0xFFFFFFFF00000000) | (low & 0xFFFFFFFF);
    yf_put_be64(counter + block - 8, low);
    if (width == 16)
        yf_put_be64(counter, yf_be64(counter) + carry);
}

static void
ctr(const yf_cipher *c, size_t width, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n)
{
    uint8_t b[BATCH_MAX] = { 0 };
    size_t block = c->alg->block, whole = batch_bytes(c);

    for (size_t take; n; n -= take, in += take, out += take) {
        take = min(n, whole);
        for (size_t at = 0; at < take; at += block) {
            memcpy(b + at, counter, block);
            increment(counter, block, width);
        }
        cipher_of(c)->enc(c, b);
        xor_into(out, in, b, take);
    }
    yf_wipe(b, sizeof b);
}

void
yf_block_ctr(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n)
{
    ctr(c, c->alg->block, counter, out, in, n);
}

void
yf_block_ctr32(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n)
{
    ctr(c, 4, counter, out, in, n);
}
