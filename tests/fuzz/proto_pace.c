/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PACE with one of its eight messages exchanged: both ends come to keys, and to the same,
 * exactly if its value is the one that was to be there, however it is written.
 *
 * Input: which message (low three bits; odd ones go to the reader) and suite (the next bit: IM),
 * and the message. Without one nothing is exchanged.
 */
#include "fuzz.h"

#include "../rng.h"

#include <yufu/proto/genauth.h>
#include <yufu/proto/pace.h>

#include <string.h>

static const uint32_t tags[8] = { 0, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86 };

struct exchange {
    unsigned which;
    yf_span instead; // p NULL: nothing
    bool same;       // what was there had the value of what was said instead
};

static bool
value_of(unsigned which, yf_span message, yf_span *val)
{
    return (which & 1 ? yf_genauth_find : yf_genauth_only)(message, tags[which], val) == YF_OK;
}

/* The message that arrives. */
static yf_span
under_way(struct exchange *x, unsigned which, yf_span said)
{
    yf_span was = { 0 }, is = { 0 };

    if (!x->instead.p || which != x->which)
        return said;
    MUST(value_of(which, said, &was));
    x->same = value_of(which, x->instead, &is) && yf_span_eq(was, is);
    return x->instead;
}

static bool
converse(struct yf_pace *card, struct yf_pace *reader, struct exchange *x)
{
    struct rnd c = { 1 }, r = { 2 };
    yf_rng card_rng = rng_seeded(&c), reader_rng = rng_seeded(&r);

    for (unsigned i = 0; i < 8; i += 2) {
        uint8_t cm[YF_PACE_DATA_MAX], rm[YF_PACE_DATA_MAX];
        yf_out co = yf_out_of(cm, sizeof cm), ro = yf_out_of(rm, sizeof rm);
        MUST(yf_pace_ask(reader, &reader_rng, &co) == YF_OK);
        yf_span command = under_way(x, i, yf_out_span(&co));
        if (yf_pace_answer(card, &card_rng, command, &ro))
            return false;
        if (yf_pace_hear(reader, under_way(x, i + 1, yf_out_span(&ro))))
            return false;
    }
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t k_pi[YF_CIPHER_KEY_MAX] = { 7 };
    const yf_provider *p = &yf_provider_soft;
    struct yf_pace card, reader;
    struct yf_pace_suite suite;
    struct yf_sm_keys a, b;

    if (size == 0)
        return 0;
    struct exchange x = { data[0] & 7U, { size > 1 ? data + 1 : NULL, size - 1 }, size == 1 };
    MUST(yf_pace_suite_of(p, data[0] & 8 ? YF_PACE_IM : YF_PACE_GM, YF_AES128, &yf_curve_p256,
                          &suite) == YF_OK);
    MUST(yf_pace_begin(&card, p, YF_PACE_CARD, &suite, k_pi) == YF_OK);
    MUST(yf_pace_begin(&reader, p, YF_PACE_READER, &suite, k_pi) == YF_OK);
    bool through = converse(&card, &reader, &x);
    MUST(through == x.same);
    MUST(!through || (yf_pace_keys(&card, &a) == YF_OK && yf_pace_keys(&reader, &b) == YF_OK));
    MUST(!through || memcmp(&a, &b, sizeof a) == 0);
    yf_pace_drop(&card);
    yf_pace_drop(&reader);
    return 0;
}
