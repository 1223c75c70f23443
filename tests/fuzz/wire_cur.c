/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any sequence of reads stays inside the input and equals the plain model: an
 * offset into an array and the first error.
 *
 * Input: n, n bytes of script (one step each: what, and how much), the message.
 */
#include "fuzz.h"

#include <yufu/wire/cur.h>

struct model {
    const uint8_t *p;
    size_t n, at;
    yf_err err;
};

/* The n bytes the model would hand out now, or NULL. */
static const uint8_t *
model_take(struct model *m, size_t n)
{
    const uint8_t *here = m->p + m->at;

    if (m->err)
        return NULL;
    if (m->at + n > m->n) {
        m->err = YF_E_SHORT;
        return NULL;
    }
    m->at += n;
    return here;
}

static uint64_t
model_uint(struct model *m, unsigned n)
{
    const uint8_t *p = model_take(m, n);
    uint64_t v = 0;

    for (unsigned i = 0; p && i < n; i++)
        v = v * 256 + p[i];
    return v;
}

static void
same_take(struct model *m, yf_span got, size_t n)
{
    const uint8_t *want = model_take(m, n);

    MUST(got.n == (want ? n : 0));
    MUST(got.n == 0 || got.p == want);
}

static void
same_state(const struct model *m, const yf_cur *c)
{
    size_t left = m->n - m->at;

    MUST(c->err == m->err && c->p == m->p + m->at && c->left == left);
    MUST(yf_cur_more(c) == (!m->err && left > 0));
    MUST(yf_cur_peek(c) == (!m->err && left > 0 ? m->p[m->at] : -1));
    MUST(yf_cur_done(c) == (m->err ? m->err : left ? YF_E_FORMAT : YF_OK));
}

static void
step(yf_cur *c, struct model *m, uint8_t what)
{
    size_t n = what >> 3;

    switch (what & 7) {
    case 0:
        same_take(m, yf_cur_take(c, n), n);
        break;
    case 1:
        MUST(yf_cur_u8(c) == model_uint(m, 1));
        break;
    case 2:
        MUST(yf_cur_u16(c) == model_uint(m, 2));
        break;
    case 3:
        MUST(yf_cur_u32(c) == model_uint(m, 4));
        break;
    case 4:
        MUST(yf_cur_u64(c) == model_uint(m, 8));
        break;
    case 5:
        same_take(m, yf_cur_take(c, SIZE_MAX - n), m->n + 1);
        break;
    case 6:
        yf_cur_fail(c, (yf_err)(n % (YF_E_UNSUPPORTED + 1)));
        m->err = m->err ? m->err : (yf_err)(n % (YF_E_UNSUPPORTED + 1));
        break;
    default:
        same_take(m, yf_cur_rest(c), m->n - m->at);
        break;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t steps = size ? data[0] : 0;

    if (size < 1 + steps)
        return 0;
    struct model m = { data + 1 + steps, size - 1 - steps, 0, YF_OK };
    yf_cur c = yf_cur_of((yf_span){ m.p, m.n });
    same_state(&m, &c);
    for (size_t i = 0; i < steps; i++) {
        step(&c, &m, data[1 + i]);
        same_state(&m, &c);
    }
    return 0;
}
