/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/wire/transport.h>

/* A card that plays a script: what it must be sent, what it answers. */
struct script {
    struct {
        yf_span want, answer;
        yf_err err;
    } line[4];
    size_t at;
};

static yf_err
play(void *state, yf_span cmd, yf_out *rsp)
{
    struct script *s = state;
    size_t i = s->at++;

    assert_in_range(i, 0, 3);
    T_SPAN(cmd, s->line[i].want);
    yf_out_put(rsp, s->line[i].answer);
    return s->line[i].err ? s->line[i].err : rsp->err;
}

static const yf_apdu_cmd read_binary = { 0x00, 0xB0, 0, 4, .ne = 256 };
static const yf_apdu_cmd verify = { 0x00, 0x20, 0, 1, .data = { (const uint8_t *)"secret", 6 } };

static yf_err
exchange(struct script *s, const yf_apdu_cmd *cmd, uint8_t *mem, size_t cap, yf_apdu_rsp *rsp)
{
    struct yf_transport t = { play, s };
    return yf_transport_exchange(&t, cmd, mem, cap, rsp);
}

static void
one_response_is_enough(void **st)
{
    struct script s = { { { YF_STR("\x00\xB0\x00\x04\x00"), YF_STR("data\x90\x00"), YF_OK } }, 0 };
    uint8_t mem[16];
    yf_apdu_rsp r;
    (void)st;

    T_OK(exchange(&s, &read_binary, mem, sizeof mem, &r));
    T(s.at == 1 && r.sw == YF_SW_OK && r.data.p == mem);
    T_SPAN(r.data, YF_STR("data"));
}

static void
retries_and_collects(void **st)
{
    struct script s = { {
                            { YF_STR("\x00\xB0\x00\x04\x00"), YF_STR("\x6C\x06"), YF_OK },
                            { YF_STR("\x00\xB0\x00\x04\x06"), YF_STR("abc\x61\x02"), YF_OK },
                            { YF_STR("\x00\xC0\x00\x00\x02"), YF_STR("de\x61\x01"), YF_OK },
                            { YF_STR("\x00\xC0\x00\x00\x01"), YF_STR("f\x62\x82"), YF_OK },
                        },
                        0 };
    uint8_t mem[16];
    yf_apdu_rsp r;
    (void)st;

    T_OK(exchange(&s, &read_binary, mem, sizeof mem, &r));
    T(s.at == 4 && r.sw == YF_SW_END_OF_FILE && r.data.p == mem);
    T_SPAN(r.data, YF_STR("abcdef"));
}

/* For every size of memory: either ROOM and nothing, or the whole answer; never past the end. */
static void
every_room_is_kept_to(void **st)
{
    yf_span want = YF_STR("\x00\xB0\x00\x04\x00");
    size_t enough = 0;
    (void)st;

    for (size_t cap = 0; cap <= 20; cap++) {
        struct script s = { { { want, YF_STR("12345678\x90\x00"), YF_OK } }, 0 };
        uint8_t mem[21];
        yf_apdu_rsp r = { .sw = 0x1111 };

        memset(mem, 0xAA, sizeof mem);
        yf_err e = exchange(&s, &read_binary, mem, cap, &r);
        T_ERR(cap < 15 ? YF_E_ROOM : YF_OK, e);
        T(r.sw == (e ? 0x1111 : YF_SW_OK));
        T(mem[cap] == 0xAA);
        enough += !e;
    }
    T(enough == 6);
}

/* Whatever the memory and however it ends, no byte of the command stays behind. */
static void
the_command_is_wiped(void **st)
{
    yf_span want = YF_STR("\x00\x20\x00\x01\x06secret");
    (void)st;

    for (int failing = 0; failing < 2; failing++)
        for (size_t cap = 13; cap <= 40; cap++) {
            struct script s = { { { want, YF_STR("\x63\xC2"), failing ? YF_E_IO : YF_OK } }, 0 };
            uint8_t mem[40] = { 0 };
            yf_apdu_rsp r = { 0 };

            T_ERR(failing ? YF_E_IO : YF_OK, exchange(&s, &verify, mem, cap, &r));
            T(r.sw == (failing ? 0 : 0x63C2));
            for (size_t i = 2; i < sizeof mem; i++)
                T(mem[i] == 0);
        }
}

static void
what_is_no_response_is_refused(void **st)
{
    static const struct {
        yf_span answer;
        yf_err transmit, want;
    } t[] = {
        { YF_STR(""), YF_OK, YF_E_SHORT },
        { YF_STR("\x90"), YF_OK, YF_E_SHORT },
        { YF_STR("\x12\x34"), YF_OK, YF_E_FORMAT },
        { YF_STR("\x90\x00"), YF_E_IO, YF_E_IO },
        { YF_STR("\x90\x00"), YF_E_DENIED, YF_E_DENIED },
    };
    (void)st;

    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct script s = { { { YF_STR("\x00\xB0\x00\x04\x00"), t[i].answer, t[i].transmit } }, 0 };
        uint8_t mem[16];
        yf_apdu_rsp r = { .sw = 0x1111 };

        T_ERR(t[i].want, exchange(&s, &read_binary, mem, sizeof mem, &r));
        T(r.sw == 0x1111);
    }
}

/* A card that never ends is stopped by the memory it may fill. */
static yf_err
endless(void *state, yf_span cmd, yf_out *rsp)
{
    ++*(size_t *)state;
    (void)cmd;
    yf_out_put(rsp, YF_STR("x\x61\x01"));
    return rsp->err;
}

static void
an_endless_card_is_stopped(void **st)
{
    size_t sent = 0;
    struct yf_transport t = { endless, &sent };
    uint8_t mem[100];
    yf_apdu_rsp r;
    (void)st;

    T_ERR(YF_E_ROOM, yf_transport_exchange(&t, &read_binary, mem, sizeof mem, &r));
    T(sent > 80 && sent <= 100);
}

T_MAIN(cmocka_unit_test(one_response_is_enough), cmocka_unit_test(retries_and_collects),
       cmocka_unit_test(every_room_is_kept_to), cmocka_unit_test(the_command_is_wiped),
       cmocka_unit_test(what_is_no_response_is_refused),
       cmocka_unit_test(an_endless_card_is_stopped))
