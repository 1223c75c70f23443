/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any sequence of writes stays inside the memory and equals the plain model: an
 * array with room for everything, its length, and the first error.
 *
 * Input: cap, then steps of two bytes: what, and a value that is also the amount.
 */
#include "fuzz.h"

#include <yufu/wire/out.h>

#include <stdlib.h>
#include <string.h>

enum { CAP = 255, GUARD = 0xC5 };

struct model {
    uint8_t b[CAP + 16];
    size_t n, cap;
    yf_err err;
};

static void
model_fail(struct model *m, yf_err e)
{
    m->err = m->err ? m->err : e;
}

/* Insert n bytes at `at`, all equal to v or counting down to it as an integer's do. */
static void
model_insert(struct model *m, size_t at, const uint8_t *bytes, size_t n)
{
    if (at > m->n)
        model_fail(m, YF_E_STATE);
    if (n > m->cap - m->n)
        model_fail(m, YF_E_ROOM);
    if (m->err)
        return;
    for (size_t i = m->n; i > at; i--)
        m->b[i - 1 + n] = m->b[i - 1];
    for (size_t i = 0; i < n; i++)
        m->b[at + i] = bytes[i];
    m->n += n;
}

static void
model_uint(struct model *m, uint64_t v, unsigned n)
{
    uint8_t b[8];

    for (unsigned i = 0; i < n; i++)
        b[i] = (uint8_t)(v >> 8 * (n - 1 - i));
    model_insert(m, m->n, b, n);
}

static void
claim(yf_out *o, struct model *m, size_t n, uint8_t v)
{
    uint8_t b[CAP];
    uint8_t *at = yf_out_claim(o, n);

    memset(b, v, sizeof b);
    model_insert(m, m->n, b, n);
    MUST((at != NULL) == (m->err == YF_OK));
    if (at)
        memset(at, v, n);
}

static void
step(yf_out *o, struct model *m, uint8_t what, uint8_t v)
{
    static const uint8_t text[32] = "a rolling stone gathers no moss";
    uint8_t same[CAP];
    uint64_t wide = v * UINT64_C(0x0102030405060708);
    size_t at = what >> 3;

    memset(same, v, sizeof same);
    switch (what & 7) {
    case 0:
        yf_out_put(o, (yf_span){ text, v & 31 });
        model_insert(m, m->n, text, v & 31);
        break;
    case 1:
        yf_out_fill(o, v, v);
        model_insert(m, m->n, same, v);
        break;
    case 2:
        yf_out_u8(o, (uint8_t)wide);
        yf_out_u16(o, (uint16_t)wide);
        model_uint(m, wide, 1);
        model_uint(m, wide, 2);
        break;
    case 3:
        yf_out_u32(o, (uint32_t)wide);
        model_uint(m, wide, 4);
        break;
    case 4:
        yf_out_u64(o, wide);
        model_uint(m, wide, 8);
        break;
    case 5:
        claim(o, m, at, v);
        break;
    case 6:
        yf_out_insert(o, at, (yf_span){ text, v & 31 });
        model_insert(m, at, text, v & 31);
        break;
    default:
        yf_out_fail(o, (yf_err)(v % (YF_E_UNSUPPORTED + 1)));
        model_fail(m, (yf_err)(v % (YF_E_UNSUPPORTED + 1)));
        break;
    }
}

static void
same_state(const yf_out *o, const struct model *m)
{
    yf_span all = { NULL, SIZE_MAX };
    yf_span seen = yf_out_span(o);

    MUST(o->err == m->err && o->cap == m->cap && o->n <= o->cap);
    MUST(seen.n == (m->err ? 0 : m->n));
    MUST(seen.n == 0 || memcmp(seen.p, m->b, m->n) == 0);
    MUST(yf_out_done(o, &all) == m->err);
    MUST(m->err ? all.n == SIZE_MAX : all.n == m->n && all.p == o->p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct model m = { .cap = data[0] };
    uint8_t *mem = malloc(m.cap + 1);
    if (!mem)
        return 0;
    mem[m.cap] = GUARD;
    yf_out o = yf_out_of(mem, m.cap);
    for (size_t i = 1; i + 2 <= size; i += 2) {
        step(&o, &m, data[i], data[i + 1]);
        same_state(&o, &m);
        MUST(mem[m.cap] == GUARD);
    }
    free(mem);
    return 0;
}
