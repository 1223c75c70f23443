/* SPDX-License-Identifier: Apache-2.0 */
#include "md.h"

#include <string.h>

static const struct yf_md *
md_of(const yf_hash *h)
{
    return (const struct yf_md *)(const void *)h->alg;
}

static bool
wide(const yf_hash *h)
{
    return h->alg->block == 128;
}

/* Bytes waiting in the block; every block size is a power of two. */
static size_t
used(const yf_hash *h)
{
    return (size_t)(h->total & (h->alg->block - 1u));
}

yf_err
yf_md_init(yf_hash *h, const struct yf_md *m)
{
    h->alg = &m->alg;
    h->total = 0;
    memcpy(&h->state, m->iv, wide(h) ? sizeof h->state.w64 : sizeof h->state.w32);
    return YF_OK;
}

/* Complete the block that was begun; returns how many bytes that took. */
static size_t
fill(yf_hash *h, yf_span bytes)
{
    size_t at = used(h), room = h->alg->block - at, n = bytes.n < room ? bytes.n : room;

    memcpy(h->block + at, bytes.p, n);
    h->total += n;
    if (n == room)
        md_of(h)->compress(h, h->block, 1);
    return n;
}

void
yf_md_add(yf_hash *h, yf_span bytes)
{
    size_t block = h->alg->block, n = 0, whole;

    if (bytes.n == 0)
        return;
    if (used(h))
        n = fill(h, bytes);
    whole = (bytes.n - n) & ~(block - 1);
    if (whole) {
        md_of(h)->compress(h, bytes.p + n, whole >> (block == 128 ? 7 : 6));
        h->total += whole;
        n += whole;
    }
    if (n < bytes.n)
        fill(h, (yf_span){ bytes.p + n, bytes.n - n });
}

/* 80 00.. and the length in bits, in the last 8 bytes of a field of 8 or (wide) 16. */
static void
pad(yf_hash *h)
{
    size_t block = h->alg->block, field = wide(h) ? 16 : 8, at = used(h);

    h->block[at++] = 0x80;
    if (at > block - field) {
        memset(h->block + at, 0, block - at);
        md_of(h)->compress(h, h->block, 1);
        at = 0;
    }
    memset(h->block + at, 0, block - at);
    yf_put_be64(h->block + block - 8, h->total << 3);
    md_of(h)->compress(h, h->block, 1);
}

void
yf_md_end(yf_hash *h, uint8_t *md)
{
    uint8_t whole[YF_HASH_MAX];

    pad(h);
    for (size_t i = 0; i < 8; i++) {
        if (wide(h))
            yf_put_be64(whole + 8 * i, h->state.w64[i]);
        else
            yf_put_be32(whole + 4 * i, h->state.w32[i]);
    }
    memcpy(md, whole, h->alg->size);
    yf_wipe(whole, sizeof whole);
    yf_md_drop(h);
}

void
yf_md_drop(yf_hash *h)
{
    yf_wipe(h, sizeof *h);
}

yf_err
yf_md_fork(yf_hash *to, const yf_hash *from)
{
    *to = *from;
    return YF_OK;
}
