/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stack of every command of a travel document's life at the gate. What a terminal says is
 * written down first, and then said again to the same card on a stack that was painted. What is on
 * it then is searched for keys.
 */
#include "stack.h"
#include "t.h"
#include "terminal.h"
#include "travelcard.h"

enum { TURNS = 64, TURN = 2400 };

static struct {
    struct travelcard t;
    struct terminal reader;
    struct {
        uint8_t bytes[TURN];
        size_t n;
    } said[TURNS];
    size_t n;
    struct yf_card card;         // before
    struct rnd seeded, terminal; // of the card before, and of the terminal
    size_t most;
    uint8_t rsp[YF_CARD_OUT + 2];
} now;

static void
write_down(void *told, yf_span cmd, yf_span rsp)
{
    (void)told;
    (void)rsp;
    T(now.n < TURNS && cmd.n <= TURN);
    memcpy(now.said[now.n].bytes, cmd.p, cmd.n);
    now.said[now.n++].n = cmd.n;
}

static void
say_again(void *arg)
{
    const size_t *i = arg;
    yf_out o = yf_out_of(now.rsp, sizeof now.rsp);

    yf_card_transmit(&now.t.card, (yf_span){ now.said[*i].bytes, now.said[*i].n }, &o);
}

static bool
left(yf_span secret)
{
    for (size_t at = 0; at + 8 <= secret.n; at++)
        if (memmem(stack.mem, sizeof stack.mem, secret.p + at, 8))
            return true;
    return false;
}

/* Of what the card keeps and does not give, nothing is on the stack it has done with. */
static void
nothing_is_left(void)
{
#if !defined(__SANITIZE_ADDRESS__)
    const struct travelcard *t = &now.t;
    struct yf_scp03_keys k;

    T_OK(yf_line_keys(&t->line, &yf_provider_soft, YF_STAGE_ACTIVE, (const uint8_t *)"SPECIMEN 1",
                      &k));
    T(!left((yf_span){ k.enc, 16 }) && !left((yf_span){ k.mac, 16 }));
    T(!left((yf_span){ k.dek, 16 }) && !left(YF_SPAN(t->seed)) && !left(t->mrz_info));
    if (t->profile->chip_curve)
        T(!left((yf_span){ t->chip.d, t->profile->chip_curve->size }));
    if (t->profile->active_curve)
        T(!left((yf_span){ t->active.d, t->profile->active_curve->size }));
#endif
}

/* From here on it is written down. */
static void
begin(void)
{
    now.n = 0;
    now.card = now.t.card;
    now.seeded = now.t.seeded;
}

static void
end(const char *what)
{
    size_t most = 0;
    const struct yf_card after = now.t.card;

    now.t.card = now.card;
    now.t.seeded = now.seeded;
    for (size_t i = 0; i < now.n; i++) {
        size_t used = stack_used(say_again, &i);
        most = used > most ? used : most;
        nothing_is_left();
    }
    T_MEM(&after.channel, &now.t.card.channel, sizeof after.channel); // it was the same once more
    printf("# %s %s: %zu bytes of stack\n", now.t.profile->name, what, most);
    now.most = most > now.most ? most : now.most;
    T(now.n > 0);
}

static void
start(void *arg)
{
    T_OK(yf_card_start(arg, &now.t.parts));
}

static void
one(const struct travelcard_profile *p)
{
    static uint8_t mem[4096];
    size_t n = 0;

    travelcard_make(&now.t, p);
    terminal_open(&now.reader, &now.t.card, rng_seeded(&now.terminal));
    now.reader.tell = write_down;
    for (size_t i = 0; i < TRAVELCARD_PACE && p->pace[i].mapping; i++) {
        struct yf_pace_suite suite;
        T_OK(yf_pace_suite_of(now.t.parts.provider, p->pace[i].mapping, p->pace[i].cipher,
                              p->pace[i].curve, &suite));
        terminal_reset(&now.reader);
        begin();
        T(terminal_pace(&now.reader, &suite, YF_PACE_MRZ, now.t.mrz_info) == YF_SW_OK);
        end(p->pace[i].mapping == YF_PACE_GM ? "PACE-GM" : "PACE-IM");
    }
    begin();
    T(terminal_select_travel(&now.reader) == YF_SW_OK);
    if (!now.reader.secure)
        T(terminal_bac(&now.reader, now.t.seed) == YF_SW_OK);
    T(terminal_read(&now.reader, 0x0101, mem, sizeof mem, &n) == YF_SW_OK && n > 0);
    end("reading");
    if (p->chip_curve) {
        begin();
        T(terminal_chip(&now.reader, p->chip_cipher, false, p->chip_curve,
                        yf_key_point(&now.t.chip), p->chip_id) == YF_SW_OK);
        end("chip authentication");
    }
    if (p->active_curve) {
        yf_apdu_cmd sign = { .ins = 0x88, .ne = 256, .data = YF_STR("12345678") };
        begin();
        T(terminal_send(&now.reader, &sign) == YF_SW_OK);
        end("active authentication");
    }
    T(stack_used(start, &now.card) > 0);
    nothing_is_left();
    travelcard_drop(&now.t);
}

static void
no_command_takes_more_than_it_says(void **st)
{
    static const struct travelcard_profile *const profiles[] = {
        &travelcard_p256, &travelcard_bp384, &travelcard_p521, &travelcard_sm2, &travelcard_icao_d,
    };

    (void)st;
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
        one(profiles[i]);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_UNDEFINED__)
    T(now.most <= YF_CARD_STACK);
#endif
}

T_MAIN(cmocka_unit_test(no_command_takes_more_than_it_says))
