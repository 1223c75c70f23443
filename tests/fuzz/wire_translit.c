/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever is accepted becomes components of A-Z with one '<' between two, and such
 * a name becomes itself. Two names with a separator between them become what they
 * become alone. Nothing is written past the room, and with less room there is
 * ROOM or the same.
 *
 * Input: two bytes of choices, one of room, UTF-8.
 */
#include "fuzz.h"

#include <yufu/wire/cur.h>
#include <yufu/wire/translit.h>

static uint8_t mem[1 << 16], again[1 << 16];

static void
is_name(yf_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        MUST((s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '<');
        if (s.p[i] == '<')
            MUST(i > 0 && i + 1 < s.n && s.p[i + 1] != '<');
    }
}

static void
becomes_itself(yf_span name, unsigned choices)
{
    static uint8_t plain[sizeof mem];
    yf_out o = yf_out_of(again, sizeof again);

    for (size_t i = 0; i < name.n; i++)
        plain[i] = name.p[i] == '<' ? '-' : name.p[i];
    yf_translit(&o, (yf_span){ plain, name.n }, choices);
    MUST(!o.err && yf_span_eq(yf_out_span(&o), name));
}

/* Cut at each blank: the parts are transliterated on their own. */
static void
parts_stand_alone(yf_span in, yf_span name, unsigned choices)
{
    yf_out o = yf_out_of(again, sizeof again);
    size_t at = 0;

    for (size_t i = 0; i <= in.n; i++) {
        if (i < in.n && in.p[i] != ' ')
            continue;
        size_t before = o.n;
        yf_translit(&o, (yf_span){ in.p + at, i - at }, choices);
        MUST(!o.err);
        if (before > 0 && o.n > before)
            yf_out_insert(&o, before, YF_STR("<"));
        at = i + 1;
    }
    MUST(yf_span_eq(yf_out_span(&o), name));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_cur c = yf_cur_of((yf_span){ data, size < 4096 ? size : 4096 });
    unsigned choices = yf_cur_u16(&c);
    size_t room = yf_cur_u8(&c);
    yf_span in = yf_cur_rest(&c);
    yf_out o = yf_out_of(mem, sizeof mem), less = yf_out_of(again, room);

    yf_translit(&o, in, choices);
    MUST(o.err == YF_OK || o.err == YF_E_UNSUPPORTED || o.err == YF_E_FORMAT);
    if (o.err)
        return 0;
    is_name(yf_out_span(&o));
    yf_translit(&less, in, choices);
    MUST(o.n <= room ? yf_span_eq(yf_out_span(&less), yf_out_span(&o)) : less.err == YF_E_ROOM);
    becomes_itself(yf_out_span(&o), choices);
    parts_stand_alone(in, yf_out_span(&o), choices);
    return 0;
}
