/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/modes.h>

#include "soft/declassify.h"

#include <string.h>

static void
xor_into(uint8_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] ^= from[i];
}

yf_err
yf_cipher_init(yf_cipher *c, const struct yf_cipher_alg *alg, yf_span key)
{
    *c = (yf_cipher){ 0 };
    if (!alg)
        return YF_E_UNSUPPORTED;
    if (key.n != alg->key)
        return YF_E_FORMAT;
    return alg->init(c, key.p);
}

/* ---- CMAC ---- */

void
yf_cmac_init(yf_cmac *m, const yf_cipher *c)
{
    *m = (yf_cmac){ .cipher = c };
}

/* The last block waits: only the end knows which subkey it gets. */
void
yf_cmac_add(yf_cmac *m, yf_span bytes)
{
    size_t size = m->cipher->alg->block;

    while (bytes.n) {
        if (m->used == size) {
            xor_into(m->chain, m->block, size);
            m->cipher->alg->ecb_enc(m->cipher, m->chain, m->chain, size);
            m->used = 0;
        }
        size_t take = bytes.n < size - m->used ? bytes.n : size - m->used;
        memcpy(m->block + m->used, bytes.p, take);
        m->used = (uint8_t)(m->used + take);
        bytes = (yf_span){ bytes.p + take, bytes.n - take };
    }
}

/* Times x in GF(2^64) or GF(2^128), SP 800-38B 5.3 and 6.1. */
static void
times_x(uint8_t *b, size_t size)
{
    uint8_t top = (uint8_t)(0 - (b[0] >> 7));

    for (size_t i = 0; i + 1 < size; i++)
        b[i] = (uint8_t)(b[i] << 1 | b[i + 1] >> 7);
    b[size - 1] = (uint8_t)(b[size - 1] << 1 ^ (top & (size == 8 ? 0x1B : 0x87)));
}

/* SP 800-38B 6.2: a whole last block gets K1, a padded one K2. */
void
yf_cmac_end(yf_cmac *m, uint8_t *mac)
{
    const struct yf_cipher_alg *alg = m->cipher->alg;
    uint8_t subkey[YF_BLOCK_MAX] = { 0 };

    alg->ecb_enc(m->cipher, subkey, subkey, alg->block);
    times_x(subkey, alg->block);
    if (m->used < alg->block) {
        memset(m->block + m->used, 0, (size_t)(alg->block - m->used));
        m->block[m->used] = 0x80;
        times_x(subkey, alg->block);
    }
    xor_into(m->chain, m->block, alg->block);
    xor_into(m->chain, subkey, alg->block);
    alg->ecb_enc(m->cipher, mac, m->chain, alg->block);
    yf_wipe(subkey, sizeof subkey);
    yf_cmac_drop(m);
}

void
yf_cmac_drop(yf_cmac *m)
{
    yf_wipe(m, sizeof *m);
}

/* ---- retail MAC ---- */

yf_err
yf_rmac_init(yf_rmac *m, const struct yf_cipher_alg *des3, yf_span key)
{
    uint8_t twice[16];
    yf_err e;

    *m = (yf_rmac){ 0 };
    if (!des3 || des3->id != YF_DES3_2KEY)
        return YF_E_UNSUPPORTED;
    if (key.n != sizeof twice)
        return YF_E_FORMAT;
    memcpy(twice, key.p, 8);
    memcpy(twice + 8, key.p, 8);
    e = yf_cipher_init(&m->first, des3, YF_SPAN(twice));
    if (!e)
        e = yf_cipher_init(&m->last, des3, key);
    if (e)
        yf_rmac_drop(m);
    yf_wipe(twice, sizeof twice);
    return e;
}

void
yf_rmac_add(yf_rmac *m, yf_span bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        m->block[m->used++] = bytes.p[i];
        if (m->used == sizeof m->block) {
            xor_into(m->chain, m->block, sizeof m->chain);
            m->first.alg->ecb_enc(&m->first, m->chain, m->chain, sizeof m->chain);
            m->used = 0;
        }
    }
}

void
yf_rmac_end(yf_rmac *m, uint8_t mac[8])
{
    memset(m->block + m->used, 0, sizeof m->block - m->used);
    m->block[m->used] = 0x80;
    xor_into(m->chain, m->block, sizeof m->chain);
    m->last.alg->ecb_enc(&m->last, mac, m->chain, sizeof m->chain);
    yf_rmac_drop(m);
}

void
yf_rmac_drop(yf_rmac *m)
{
    yf_cipher_drop(&m->first);
    yf_cipher_drop(&m->last);
    yf_wipe(m, sizeof *m);
}

/* ---- CCM ---- */

enum { CCM_BLOCK = 16 };

struct ccm {
    const yf_cipher *c;
    uint8_t a0[CCM_BLOCK]; // the counter block of the tag; one more is the message's first
    uint8_t mac[CCM_BLOCK];
    uint8_t used; // bytes xored into mac since it was last encrypted
};

static void
ccm_mac(struct ccm *m, yf_span bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        m->mac[m->used++] ^= bytes.p[i];
        if (m->used == CCM_BLOCK) {
            m->c->alg->ecb_enc(m->c, m->mac, m->mac, CCM_BLOCK);
            m->used = 0;
        }
    }
}

/* Zeros to the end of the block. */
static void
ccm_pad(struct ccm *m)
{
    if (m->used)
        m->c->alg->ecb_enc(m->c, m->mac, m->mac, CCM_BLOCK);
    m->used = 0;
}

/* SP 800-38C A.2.2: how the length of the additional data is written. */
static void
ccm_aad(struct ccm *m, yf_span aad)
{
    uint8_t head[10];
    size_t n = 2;

    if (aad.n == 0)
        return;
    if (aad.n < 0xFF00) {
        yf_put_be16(head, (uint16_t)aad.n);
    } else if ((uint64_t)aad.n <= UINT32_MAX) {
        yf_put_be16(head, 0xFFFE);
        yf_put_be32(head + 2, (uint32_t)aad.n);
        n = 6;
    } else {
        yf_put_be16(head, 0xFFFF);
        yf_put_be64(head + 2, aad.n);
        n = 10;
    }
    ccm_mac(m, (yf_span){ head, n });
    ccm_mac(m, aad);
    ccm_pad(m);
}

/* A.2.1 and A.3: the first blocks, after the sizes were found to be the standard's. */
static yf_err
ccm_begin(struct ccm *m, const yf_cipher *c, yf_span nonce, yf_span aad, size_t n, size_t tag_n)
{
    size_t q = 15 - nonce.n; // bytes of the length field

    if (c->alg->block != CCM_BLOCK)
        return YF_E_UNSUPPORTED;
    if (nonce.n < 7 || nonce.n > 13 || tag_n < 4 || tag_n > 16 || tag_n % 2)
        return YF_E_FORMAT;
    if (q < 8 && (uint64_t)n >> (8 * q))
        return YF_E_ROOM;
    *m = (struct ccm){ .c = c };
    m->a0[0] = (uint8_t)(q - 1);
    memcpy(m->a0 + 1, nonce.p, nonce.n);

    uint8_t b0[CCM_BLOCK] = { 0 }, length[8];
    yf_put_be64(length, n);
    memcpy(b0, m->a0, 1 + nonce.n);
    b0[0] = (uint8_t)((aad.n ? 0x40 : 0) | (tag_n - 2) / 2 << 3 | (q - 1));
    memcpy(b0 + 16 - q, length + 8 - q, q);
    ccm_mac(m, YF_SPAN(b0));
    ccm_aad(m, aad);
    return YF_OK;
}

static void
ccm_crypt(const struct ccm *m, uint8_t *out, yf_span in)
{
    uint8_t counter[CCM_BLOCK];

    memcpy(counter, m->a0, sizeof counter);
    counter[CCM_BLOCK - 1] = 1;
    m->c->alg->ctr(m->c, counter, out, in.p, in.n);
}

/* The whole tag, over the plaintext. */
static void
ccm_tag(struct ccm *m, yf_span plain, uint8_t tag[CCM_BLOCK])
{
    uint8_t s0[CCM_BLOCK];

    ccm_mac(m, plain);
    ccm_pad(m);
    m->c->alg->ecb_enc(m->c, s0, m->a0, CCM_BLOCK);
    for (size_t i = 0; i < CCM_BLOCK; i++)
        tag[i] = m->mac[i] ^ s0[i];
    yf_wipe(s0, sizeof s0);
}

yf_err
yf_ccm_seal(const yf_cipher *c, yf_span nonce, yf_span aad, yf_span in, uint8_t *out, uint8_t *tag,
            size_t tag_n)
{
    struct ccm m;
    uint8_t full[CCM_BLOCK];
    yf_err e = ccm_begin(&m, c, nonce, aad, in.n, tag_n);

    if (e)
        return e;
    ccm_tag(&m, in, full);
    ccm_crypt(&m, out, in);
    memcpy(tag, full, tag_n);
    yf_wipe(&m, sizeof m);
    yf_wipe(full, sizeof full);
    return YF_OK;
}

yf_err
yf_ccm_open(const yf_cipher *c, yf_span nonce, yf_span aad, yf_span in, uint8_t *out, yf_span tag)
{
    struct ccm m;
    uint8_t full[CCM_BLOCK];
    yf_err e = ccm_begin(&m, c, nonce, aad, in.n, tag.n);

    if (e)
        return e;
    ccm_crypt(&m, out, in);
    ccm_tag(&m, (yf_span){ out, in.n }, full);
    bool same = yf_ct_eq(full, tag.p, tag.n);
    YF_DECLASSIFY(&same, sizeof same);
    if (!same)
        yf_wipe(out, in.n);
    yf_wipe(&m, sizeof m);
    yf_wipe(full, sizeof full);
    return same ? YF_OK : YF_E_AUTH;
}

/* ---- padding ---- */

size_t
yf_pad_iso(uint8_t *buf, size_t n, size_t block)
{
    size_t total = (n & ~(block - 1)) + block;

    memset(buf + n, 0, total - n);
    buf[n] = 0x80;
    return total;
}

size_t
yf_pad_pkcs7(uint8_t *buf, size_t n, size_t block)
{
    size_t total = (n & ~(block - 1)) + block;

    memset(buf + n, (int)(total - n), total - n);
    return total;
}

/* All ones if a is zero, else none; a is below 2^31. */
static uint32_t
is_zero(uint32_t a)
{
    return 0 - ((a - 1) >> 31);
}

static yf_err
unpadded(uint32_t good, size_t n, uint32_t pad, size_t *plain)
{
    YF_DECLASSIFY(&good, sizeof good);
    if (!good)
        return YF_E_FORMAT;
    *plain = n - pad;
    return YF_OK;
}

/* From the end: zeros, then 80. Every byte of the last block is looked at. */
yf_err
yf_unpad_iso(const uint8_t *buf, size_t n, size_t block, size_t *plain)
{
    uint32_t zeros = ~(uint32_t)0, good = 0, pad = 0;

    if (n == 0 || n & (block - 1))
        return YF_E_FORMAT;
    for (uint32_t i = 1; i <= block; i++) {
        uint8_t b = buf[n - i];
        uint32_t mark = zeros & is_zero(b ^ 0x80u);
        pad |= mark & i;
        good |= mark;
        zeros &= is_zero(b);
    }
    return unpadded(good, n, pad, plain);
}

yf_err
yf_unpad_pkcs7(const uint8_t *buf, size_t n, size_t block, size_t *plain)
{
    if (n == 0 || n & (block - 1))
        return YF_E_FORMAT;
    uint32_t pad = buf[n - 1], good = 0, bad = 0;

    for (uint32_t i = 1; i <= block; i++) {
        uint32_t inside = ((i - 1 - pad) >> 31) & 1; // i <= pad
        bad |= (0 - inside) & (buf[n - i] ^ pad);
        good |= is_zero(i ^ pad); // pad is one of 1..block
    }
    return unpadded(good & is_zero(bad), n, pad, plain);
}
