/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/card/store.h>
#include <yufu/sim/powercut.h>

#include <stdlib.h>

/* FNV-1a */
static yf_err
hash_object(const struct yf_store *s, yf_obj o, uint32_t size, uint64_t *h)
{
    uint8_t b[256];
    yf_err e = YF_OK;

    *h = 0xCBF29CE484222325;
    for (uint32_t at = 0, n; at < size && !e; at += n) {
        n = size - at < sizeof b ? size - at : sizeof b;
        e = yf_store_read(s, o, at, b, n);
        for (uint32_t i = 0; i < n; i++)
            *h = (*h ^ b[i]) * 0x100000001B3;
    }
    return e;
}

yf_err
yf_cuts_look_store(void *ctx, const struct yf_flash *flash, yf_out *seen)
{
    struct yf_store s;
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    for (yf_obj o = UINT32_MAX; !e && yf_store_next(&s, o, &o);) {
        uint32_t size = 0;
        uint64_t h = 0;
        if (!(e = yf_store_size(&s, o, &size)))
            e = hash_object(&s, o, size, &h);
        yf_out_u32(seen, o);
        yf_out_u32(seen, size);
        yf_out_u64(seen, h);
    }
    return e;
}

/* ---- counters ---- */

static yf_err
left(const struct yf_cut_counter *c, const struct yf_flash *flash, struct yf_store *s, uint8_t *n)
{
    yf_err e = yf_store_open(s, flash);

    return e ? e : c->left(c->ctx, s, n);
}

static yf_err
counter_setup(void *ctx, const struct yf_flash *flash)
{
    const struct yf_cut_counter *c = ctx;
    struct yf_store s;
    yf_err e = yf_store_format(&s, flash);

    return e ? e : c->make(c->ctx, &s);
}

static yf_err
counter_step(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    const struct yf_cut_counter *c = ctx;
    struct yf_store s;
    uint8_t n;
    yf_err e = left(c, flash, &s, &n);

    while (!e && n && !(e = c->take(c->ctx, &s))) {
        yf_cuts_done(cuts);
        e = c->left(c->ctx, &s, &n);
    }
    return e;
}

static yf_err
counter_look(void *ctx, const struct yf_flash *flash, yf_out *seen)
{
    struct yf_store s;
    uint8_t n = 0;
    yf_err e = left(ctx, flash, &s, &n);

    yf_out_u8(seen, n);
    return e;
}

static yf_err
counter_more(void *ctx, const struct yf_flash *flash)
{
    const struct yf_cut_counter *c = ctx;
    struct yf_store s;
    uint8_t before, after;
    yf_err e = left(c, flash, &s, &before);

    if (e || before == 0)
        return e;
    if (!(e = c->take(c->ctx, &s)))
        e = left(c, flash, &s, &after);
    return e ? e : after + 1 == before ? YF_OK : YF_E_STATE;
}

yf_err
yf_cuts_counter(const struct yf_cut_counter *c, enum yf_cut_depth depth,
                struct yf_cut_report *report)
{
    struct yf_cut_counter copy = *c;
    struct yf_cut_scenario scenario = {
        .name = c->name,
        .ctx = &copy,
        .setup = counter_setup,
        .step = counter_step,
        .look = counter_look,
        .more = counter_more,
    };

    return yf_cuts_run(&scenario, depth, report);
}
