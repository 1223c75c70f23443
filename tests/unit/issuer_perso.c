/* SPDX-License-Identifier: Apache-2.0 */
#include "issuing.h"
#include "stack.h"

static struct desk d;
static uint8_t big[60000], back[60000];

/* What the vault has under this number. */
static void
holds(uint16_t dgi, yf_span want)
{
    yf_obj o = YF_OBJ(YF_APP_FIRST, YF_OBJ_DATA, dgi);
    uint32_t n;

    T_OK(yf_store_size(&d.card.store, o, &n));
    T(n == want.n && n <= sizeof back);
    T_OK(yf_store_read(&d.card.store, o, 0, back, n));
    T_MEM(back, want.p, n);
}

static yf_err
furnish(struct yf_perso *p, void *arg)
{
    (void)arg;
    return yf_perso_install(p, vault.aid, VAULT_AID, YF_STR("parameters"));
}

static yf_err
fill(struct yf_perso *p, void *arg)
{
    size_t *n = arg;
    yf_err e;

    if ((e = yf_perso_target(p, VAULT_AID)))
        return e;
    if ((e = yf_perso_store(p, 0x0101, YF_STR("first"))))
        return e;
    if ((e = yf_perso_store(p, 0x8102, (yf_span){ big, *n })))
        return e;
    if ((e = yf_perso_store(p, 0x8103, (yf_span){ 0 })))
        return e;
    if ((e = yf_perso_store(p, 0x8104, (yf_span){ big, 254 })))
        return e;
    if ((e = yf_perso_store(p, 0x8105, (yf_span){ big, 255 })))
        return e;
    return yf_perso_finish(p);
}

/* From blank to the holder's hands, with the work in between; for each cipher. */
static void
a_card_goes_down_the_line(void **st)
{
    static const enum yf_cipher_id ciphers[] = { YF_AES128, YF_AES192, YF_AES256, YF_SM4 };
    size_t n = sizeof big;
    yf_span stage;
    (void)st;

    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (uint8_t)(i * 7 + i / 256);
    for (size_t c = 0; c < 4; c++) {
        desk_open(&d, ciphers[c]);
        d.line.station[1].work = furnish;
        d.line.station[2].work = fill;
        d.line.station[2].arg = &n;
        desk_start(&d);
        T_OK(yf_line_run(&d.line, &d.p, YF_STAGE_ACTIVE));
        T_OK(yf_perso_get(&d.p, YF_ISSUER_STAGE, &stage));
        T(stage.n == 1 && stage.p[0] == 0x1F);
        holds(VAULT_PARAMETERS, YF_STR("parameters"));
        holds(0x0101, YF_STR("first"));
        holds(0x8102, YF_SPAN(big));
        holds(0x8103, (yf_span){ 0 });
        holds(0x8104, (yf_span){ big, 254 });
        holds(0x8105, (yf_span){ big, 255 });
        holds(VAULT_CLOSED, YF_STR("closed"));
        for (unsigned station = 0; station < YF_LINE_STATIONS; station++) {
            desk_power(&d);
            desk_start(&d);
            if (station < 4) { // nobody before has keys any more
                T_ERR(YF_E_DENIED, yf_line_open(&d.line, &d.p, station));
                T(d.p.sw == 0x6A88);
            } else {
                T_OK(yf_line_open(&d.line, &d.p, station));
            }
        }
        T_ERR(YF_E_DENIED, yf_line_run(&d.line, &d.p, YF_STAGE_PERSO));
        T_ERR(YF_E_DENIED, yf_line_run(&d.line, &d.p, YF_STAGE_LOCKED));
        desk_close(&d);
    }
}

/* The line goes on where it stopped, and stops where work fails. */
static yf_err
fails(struct yf_perso *p, void *arg)
{
    (void)p;
    (*(int *)arg)++;
    return YF_E_UNSUPPORTED;
}

static void
the_line_stops_where_work_fails(void **st)
{
    int calls = 0;
    yf_span stage;
    (void)st;

    desk_open(&d, YF_AES128);
    d.line.station[2].work = fails;
    d.line.station[2].arg = &calls;
    desk_start(&d);
    T_OK(yf_line_run(&d.line, &d.p, YF_STAGE_CHIP));
    T_OK(yf_line_run(&d.line, &d.p, YF_STAGE_CARD));
    T_ERR(YF_E_UNSUPPORTED, yf_line_run(&d.line, &d.p, YF_STAGE_ACTIVE));
    T_ERR(YF_E_UNSUPPORTED, yf_line_run(&d.line, &d.p, YF_STAGE_ACTIVE));
    T(calls == 2);
    T_OK(yf_perso_get(&d.p, YF_ISSUER_STAGE, &stage));
    T(stage.p[0] == 0x07);
    d.line.station[2].work = NULL;
    T_OK(yf_line_run(&d.line, &d.p, YF_STAGE_ISSUER));
    desk_close(&d);
}

/* Every level, both widths, short commands and long ones: the same data arrives. */
static void
data_arrives_at_every_level_and_length(void **st)
{
    static const uint8_t levels[] = { 0x03, 0x13, 0x33 };
    static const size_t most[] = { 64, 255, 300, YF_PERSO_NC };
    struct yf_scp03_answer a;
    struct yf_scp03_keys k;
    (void)st;

    for (size_t m = 0; m < 4; m++)
        for (size_t l = 0; l < sizeof levels; l++)
            for (size_t width = 8; width <= 16; width += 8) {
                size_t n = 3000 + 17 * m + l;
                desk_at(&d, YF_STAGE_PERSO);
                T_OK(yf_perso_begin(&d.p, 2, width, &a));
                T(a.i == (width == 16 ? 0x71 : 0x70) && a.kvn == 2 && a.sequence == 3);
                T_MEM(a.diversification.p, desk_serial + 2, 10);
                T_OK(yf_line_keys(&d.line, &yf_provider_soft, 2, a.diversification.p, &k));
                T_OK(yf_perso_open(&d.p, &k, levels[l]));
                d.p.most = most[m];
                T_OK(furnish(&d.p, NULL));
                T_OK(fill(&d.p, &n));
                holds(0x0101, YF_STR("first"));
                holds(0x8102, (yf_span){ big, n });
                holds(0x8105, (yf_span){ big, 255 });
                desk_close(&d);
            }
}

/* 60 KB in short commands is more blocks than one byte counts. */
static void
block_numbers_go_round(void **st)
{
    size_t n = sizeof big;
    (void)st;

    desk_at(&d, YF_STAGE_PERSO);
    d.p.most = 200;
    T_OK(furnish(&d.p, NULL));
    T_OK(fill(&d.p, &n));
    holds(0x8102, YF_SPAN(big));
    desk_close(&d);
}

static void
refusals_come_with_their_status_word(void **st)
{
    struct yf_scp03_keys k = { .cipher = YF_AES128 };
    struct yf_scp03_answer a;
    yf_span v;
    (void)st;

    desk_at(&d, YF_STAGE_PERSO);
    T_ERR(YF_E_DENIED, yf_perso_install(&d.p, YF_STR("no such module"), VAULT_AID, YF_STR("")));
    T(d.p.sw == 0x6A88);
    T_ERR(YF_E_DENIED, yf_perso_target(&d.p, VAULT_AID));
    T(d.p.sw == 0x6A88);
    T_ERR(YF_E_DENIED, yf_perso_delete(&d.p, VAULT_AID));
    T(d.p.sw == 0x6A88);
    T_ERR(YF_E_DENIED, yf_perso_delete_keys(&d.p, 9));
    T(d.p.sw == 0x6A88);
    T_ERR(YF_E_DENIED, yf_perso_stage(&d.p, YF_STAGE_ACTIVE));
    T(d.p.sw == 0x6985);
    T_ERR(YF_E_DENIED, yf_perso_set(&d.p, YF_STR("\x5A\x01\x00")));
    T(d.p.sw == 0x6A88);
    T_ERR(YF_E_DENIED, yf_perso_put_keys(&d.p, 9, 10, &k));
    T(d.p.sw == 0x6A88);
    T_ERR(YF_E_DENIED, yf_perso_get(&d.p, 0x005A, &v));
    T(d.p.sw == 0x6A88);
    T_OK(furnish(&d.p, NULL));
    T_OK(yf_perso_target(&d.p, VAULT_AID));
    T_OK(yf_perso_store(&d.p, 0xD00D, YF_STR("gathered, not yet sent")));
    T_ERR(YF_E_DENIED, yf_perso_finish(&d.p));
    T(d.p.sw == 0x6A80);
    T_OK(yf_perso_delete(&d.p, VAULT_AID));
    yf_perso_close(&d.p);

    T_ERR(YF_E_DENIED, yf_perso_begin(&d.p, 9, 8, &a));
    T(d.p.sw == 0x6A88);
    T_ERR(YF_E_FORMAT, yf_perso_begin(&d.p, 0, 12, &a));
    T_OK(yf_perso_begin(&d.p, 0, 8, &a));
    T_ERR(YF_E_AUTH, yf_perso_open(&d.p, &k, 0x33)); // the card shows that it has others
    T(d.p.sw == 0);
    desk_close(&d);
}

static void
nothing_is_stored_without_a_channel(void **st)
{
    struct yf_scp03_keys k = { .cipher = YF_AES128 };
    (void)st;

    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_ERR(YF_E_STATE, yf_perso_store(&d.p, 0x0101, YF_STR("x")));
    T_ERR(YF_E_STATE, yf_perso_finish(&d.p));
    T_ERR(YF_E_STATE, yf_perso_put_keys(&d.p, 0, 1, &k));
    T_ERR(YF_E_DENIED, yf_perso_stage(&d.p, YF_STAGE_CARD));
    T(d.p.sw == 0x6982);
    desk_close(&d);
}

static void
what_the_transport_says_is_handed_on(void **st)
{
    struct yf_scp03_answer a;
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    d.broken = true;
    T_ERR(YF_E_IO, furnish(&d.p, NULL));
    T(d.p.sw == 0);
    T_ERR(YF_E_IO, yf_perso_begin(&d.p, 0, 8, &a));
    T_ERR(YF_E_IO, yf_perso_start(&d.p, &d.transport, &yf_provider_soft, &d.rng));
    desk_close(&d);
}

/* A response somebody touched: the host does not go on. */
static yf_err
touching(void *state, yf_span cmd, yf_out *rsp)
{
    size_t before = rsp->n;
    yf_err e = desk_transmit(state, cmd, rsp);

    rsp->p[before] ^= 1;
    return e;
}

static void
a_touched_response_is_not_believed(void **st)
{
    yf_span v;
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    d.transport.transmit = touching;
    T_ERR(YF_E_AUTH, yf_perso_get(&d.p, YF_ISSUER_STAGE, &v));
    d.transport.transmit = desk_transmit;
    T_ERR(YF_E_DENIED, furnish(&d.p, NULL)); // in clear now, and the card does not take that
    T(d.p.sw == 0x6982);
    desk_close(&d);
}

/* ---- how much of a chip it takes ---- */

struct turn {
    yf_span cmd;
    yf_out *rsp;
};

static size_t most_stack;

static void
run_turn(void *arg)
{
    struct turn *t = arg;

    yf_card_transmit(&d.card, t->cmd, t->rsp);
}

static yf_err
measured(void *state, yf_span cmd, yf_out *rsp)
{
    struct turn t = { cmd, rsp };
    size_t n = stack_used(run_turn, &t);
    (void)state;

    most_stack = n > most_stack ? n : most_stack;
    return YF_OK;
}

/* Every command of the domain as it is used, the longest keys among them. */
static void
stack_is_as_stated(void **st)
{
    static const enum yf_cipher_id ciphers[] = { YF_AES256, YF_SM4 };
    size_t n = 5000;
    yf_span v;
    (void)st;

    for (size_t c = 0; c < 2; c++) {
        desk_open(&d, ciphers[c]);
        d.transport.transmit = measured;
        d.line.station[1].work = furnish;
        d.line.station[2].work = fill;
        d.line.station[2].arg = &n;
        desk_start(&d);
        T_OK(yf_line_run(&d.line, &d.p, YF_STAGE_ACTIVE));
        T_OK(yf_perso_get(&d.p, YF_ISSUER_CAPABILITY, &v));
        T_OK(yf_perso_get(&d.p, YF_ISSUER_KEYS, &v));
        T_OK(yf_line_open(&d.line, &d.p, 4));
        T_SW(0x9000, desk_say(&d, "80F24002024F0000", NULL));
        T_OK(yf_perso_delete(&d.p, VAULT_AID));
        T_OK(yf_perso_stage(&d.p, YF_STAGE_TERMINATED));
        desk_close(&d);
    }
    printf("# stack: a command of the domain %zu bytes\n", most_stack);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_UNDEFINED__)
    T(most_stack <= YF_CARD_STACK);
#endif
}

T_MAIN(cmocka_unit_test(a_card_goes_down_the_line),
       cmocka_unit_test(the_line_stops_where_work_fails),
       cmocka_unit_test(data_arrives_at_every_level_and_length),
       cmocka_unit_test(block_numbers_go_round),
       cmocka_unit_test(refusals_come_with_their_status_word),
       cmocka_unit_test(nothing_is_stored_without_a_channel),
       cmocka_unit_test(what_the_transport_says_is_handed_on),
       cmocka_unit_test(a_touched_response_is_not_believed), cmocka_unit_test(stack_is_as_stated))
