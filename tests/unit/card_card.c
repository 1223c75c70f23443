/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "stack.h"
#include "t.h"
#include "tiny.h"

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, NULL };

_Static_assert(sizeof(struct yf_card) <= YF_CARD_STATE, "a card takes more than it says");

/* ---- made ---- */

static void
made_with_the_chip_maker(void **st)
{
    struct box b;

    (void)st;
    box_open(&b, applets);
    T(b.card.stage == YF_STAGE_CHIP && b.card.app == YF_APP_ROOT);
    T(box_say(&b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_OK);
    T_SPAN(b.data, YF_STR("serial"));
    box_close(&b);
}

static yf_sw
refuse(struct yf_call *c, yf_span parameters)
{
    (void)c;
    (void)parameters;
    return YF_SW_WRONG_DATA;
}

/* What cannot be made is no card: it does not start. */
static void
what_cannot_be_made(void **st)
{
    static struct yf_scp03_keys keys;
    yf_provider poor = yf_provider_soft;
    struct yf_applet refuses = tiny_domain;
    const struct yf_applet *const others[] = { &tiny_root, &refuses, NULL };
    struct box b;

    (void)st;
    box_open(&b, applets);
    T_ERR(YF_E_FORMAT, yf_card_make(&b.parts, (yf_span){ 0 }, &keys, &b.card));
    T_ERR(YF_E_FORMAT, yf_card_make(&b.parts, YF_STR("seventeen letters"), &keys, &b.card));
    poor.cipher[YF_SM4] = NULL;
    b.parts.provider = &poor;
    keys.cipher = YF_SM4;
    T_ERR(YF_E_UNSUPPORTED, yf_card_make(&b.parts, YF_STR("serial"), &keys, &b.card));
    T_ERR(YF_E_NOTFOUND, yf_card_start(&b.card, &b.parts));
    refuses.install = refuse;
    b.parts.applets = others;
    keys.cipher = YF_AES128;
    T_ERR(YF_E_FORMAT, yf_card_make(&b.parts, YF_STR("serial"), &keys, &b.card));
    T_ERR(YF_E_NOTFOUND, yf_card_start(&b.card, &b.parts));
    box_close(&b);
}

/* ---- mute ---- */

/* It says 6F00 to everything, and it still has its ATR. */
static void
expect_mute(struct box *b, yf_err why)
{
    uint8_t atr[YF_CARD_ATR];
    yf_out o = yf_out_of(atr, sizeof atr);

    T_ERR(why, box_restart(b));
    for (unsigned ins = 0; ins < 256; ins++) {
        T(box_say(b, BYTES(0x00, (uint8_t)ins, 0x00, 0x00, 0x00)) == YF_SW_UNKNOWN);
        T(b->data.n == 0);
    }
    T(box_say(b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_UNKNOWN);
    T(box_say(b, BYTES(0x00)) == YF_SW_UNKNOWN);
    yf_card_reset(&b->card);
    T(box_say(b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_UNKNOWN);
    yf_card_atr(&b->card, &o);
    T(o.err == YF_OK && o.n > 9);
}

static void
expect_sound(struct box *b)
{
    T_OK(box_restart(b));
    T(box_say(b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_OK);
}

static void
mute_when_the_self_test_fails(void **st)
{
    yf_provider wrong = yf_provider_soft;
    struct box b;

    (void)st;
    wrong.hash[YF_SHA256] = yf_provider_soft.hash[YF_SM3];
    box_open(&b, applets);
    b.parts.provider = &wrong;
    b.parts.tested = false;
    expect_mute(&b, YF_E_STATE);
    b.parts.provider = &yf_provider_soft;
    expect_sound(&b);
    box_close(&b);
}

/* From the so-manieth byte on it gives the same ones over and over. */
struct tired {
    struct rnd rnd;
    size_t left;
};

static yf_err
tire(void *state, uint8_t *out, size_t n)
{
    struct tired *t = state;

    rnd_fill(&t->rnd, out, n);
    for (size_t i = 0; i<n; i++, t->left -= t->left> 0)
        if (!t->left)
            out[i] = (uint8_t)i & 1;
    return YF_OK;
}

static void
mute_without_random_bytes(void **st)
{
    uint8_t stuck = 0x5A;
    struct tired tired = { { 3 }, 500 };
    struct box b;

    (void)st;
    box_open(&b, applets);
    b.parts.rng = rng_stuck(&stuck);
    expect_mute(&b, YF_E_STATE);
    b.parts.rng = rng_stuck(NULL);
    expect_mute(&b, YF_E_IO);
    b.parts.rng = (yf_rng){ tire, &tired };
    expect_mute(&b, YF_E_STATE);
    b.parts.rng = rng_seeded(&b.rnd);
    expect_sound(&b);
    box_close(&b);
}

static yf_err
broken_read(void *state, uint32_t at, uint8_t *to, size_t n)
{
    (void)state, (void)at, (void)to, (void)n;
    return YF_E_IO;
}

static void
mute_without_a_sound_store(void **st)
{
    size_t size = (size_t)YF_FLASH_PAGE * YF_FLASH_PAGES;
    struct yf_flash broken;
    struct box b;

    (void)st;
    box_open(&b, applets);
    broken = b.flash.flash;
    broken.read = broken_read;
    b.parts.flash = &broken;
    expect_mute(&b, YF_E_IO);
    b.parts.flash = &b.flash.flash;
    expect_sound(&b);
    for (size_t i = 0; i < size; i += 61)
        b.flash.mem[i] ^= 0x10;
    expect_mute(&b, YF_E_FORMAT);
    memset(b.flash.mem, 0xFF, size);
    expect_mute(&b, YF_E_FORMAT);
    box_close(&b);
}

/* ---- stopped ---- */

static void
nothing_stays_in_memory(void **st)
{
    struct box b;
    struct yf_card clean;

    (void)st;
    box_open(&b, applets);
    T(box_say(&b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_OK);
    yf_card_stop(&b.card);
    T(b.card.mute == YF_E_STATE);
    b.card.mute = YF_OK;
    memset(&clean, 0, sizeof clean);
    T_MEM(&b.card, &clean, sizeof clean);
    b.card.mute = YF_E_STATE;
    T(box_say(&b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_UNKNOWN);
    yf_flashram_close(&b.flash);
}

/* ---- stack ---- */

struct turn {
    struct box *b;
    yf_span cmd;
    yf_out rsp;
};

static void
transmit(void *arg)
{
    struct turn *t = arg;

    yf_card_transmit(&t->b->card, t->cmd, &t->rsp);
}

static void
start(void *arg)
{
    struct turn *t = arg;

    T_OK(yf_card_start(&t->b->card, &t->b->parts));
}

static size_t
takes(struct box *b, yf_span cmd)
{
    struct turn t = { b, cmd, yf_out_of(b->rsp, sizeof b->rsp) };

    return stack_used(transmit, &t);
}

/* Whatever the card does without real applications; theirs are measured with them. */
static void
stack_is_as_stated(void **st)
{
    struct yf_call call;
    yf_out none = yf_out_of(NULL, 0);
    struct turn turn = { 0 };
    struct box b;
    uint8_t n;
    size_t most = 0;

    (void)st;
    box_open(&b, applets);
    turn.b = &b;
    b.parts.tested = false;
    size_t at_start = stack_used(start, &turn);
    box_advance(&b, YF_STAGE_PERSO);
    call = box_call(&b, YF_APP_ISSUER, &none);
    T(yf_apps_install(&call, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) == YF_SW_OK);
    const yf_span cmds[] = {
        YF_STR("\x00\xA4\x04\x00\x0A\xF0Yufu.tiny"),
        YF_STR("\x00\x28\x07\x00\x05thing"),
        YF_STR("\x00\x28\x07\x00\x00"),
        YF_STR("\x10\x04\x00\x00\x02xx"),
        YF_STR("\x00\x04\x00\x00\x02xx\x00"),
        YF_STR("\x00\x22\x01\x00\x0A\xF0Yufu.tiny"),
        YF_STR("\x00\x12\x77\x01"),
        YF_STR("\x0C\x02\x00\x00\x0A\x8E\x08xxxxxxxx\x00"),
        YF_STR("\x00\xA4\x04\x00\x00"),
        YF_STR("\x80\x50\x00\x00\x08xxxxxxxx\x00"),
        YF_STR("\x84\x82\x01\x00\x10xxxxxxxxxxxxxxxx"),
    };
    for (size_t i = 0; i < sizeof cmds / sizeof *cmds; i++) {
        size_t used = takes(&b, cmds[i]);
        most = used > most ? used : most;
    }
    printf("# stack: a command %zu bytes, the start %zu\n", most, at_start);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_UNDEFINED__)
    T(most <= YF_CARD_STACK && at_start <= YF_CARD_STACK_START);
#endif
    box_close(&b);
}

T_MAIN(cmocka_unit_test(made_with_the_chip_maker), cmocka_unit_test(what_cannot_be_made),
       cmocka_unit_test(mute_when_the_self_test_fails), cmocka_unit_test(mute_without_random_bytes),
       cmocka_unit_test(mute_without_a_sound_store), cmocka_unit_test(nothing_stays_in_memory),
       cmocka_unit_test(stack_is_as_stated))
