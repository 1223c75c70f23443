/* SPDX-License-Identifier: Apache-2.0 */
#include "kat.h"

#include <yufu/crypto/selftest.h>
#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#include <string.h>

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static bool
cur_reads(void)
{
    yf_cur c = yf_cur_of(YF_SPAN(bytes));

    return yf_cur_u8(&c) == 0x01 && yf_cur_u16(&c) == 0x0203 && yf_cur_u32(&c) == 0x04050607 &&
           yf_cur_u64(&c) == 0x08090a0b0c0d0e0f && yf_cur_done(&c) == YF_OK;
}

static bool
out_writes(void)
{
    uint8_t mem[sizeof bytes];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all;

    yf_out_u8(&o, 0x01);
    yf_out_u32(&o, 0x04050607);
    yf_out_u64(&o, 0x08090a0b0c0d0e0f);
    yf_out_insert(&o, 1, (yf_span){ bytes + 1, 2 });
    return yf_out_done(&o, &all) == YF_OK && yf_span_eq(all, YF_SPAN(bytes));
}

static bool
wipes_and_compares(void)
{
    uint8_t a[32], zero[32] = { 0 };

    memset(a, 0x5A, sizeof a);
    bool before = yf_ct_eq(a, zero, sizeof a);
    yf_wipe(a, sizeof a);
    return !before && yf_ct_eq(a, zero, sizeof a);
}

static const struct {
    const char *ok, *not_ok;
    bool (*holds)(void);
} cases[] = {
#define CASE(function)                                                                             \
    {                                                                                              \
        "ok - " #function "\n", "not ok - " #function "\n", function                               \
    }
    CASE(cur_reads),
    CASE(out_writes),
    CASE(wipes_and_compares),
};

/* One test of the soft provider, as a line of its own. */
static void
done(void *state, const char *name, yf_err e)
{
    void (*const *say)(const char *line) = state;
    char line[64];
    yf_out o = yf_out_of((uint8_t *)line, sizeof line);

    yf_out_put(&o, YF_STR("not ok - "));
    yf_out_put(&o, (yf_span){ (const uint8_t *)name, strlen(name) });
    yf_out_put(&o, YF_SPAN("\n"));
    if (o.err)
        yf_halt();
    (*say)(e ? line : line + strlen("not "));
}

int
kat_run(void (*say)(const char *line))
{
    const yf_selftest_report report = { done, &say };
    size_t n = sizeof cases / sizeof *cases;
    int wrong = 0;

    for (size_t i = 0; i < n; i++) {
        bool holds = cases[i].holds();
        say(holds ? cases[i].ok : cases[i].not_ok);
        wrong += !holds;
    }
    return wrong + (yf_selftest(&yf_provider_soft, &report) != YF_OK);
}
