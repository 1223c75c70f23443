/* SPDX-License-Identifier: Apache-2.0 */
/* The loop and the virtual reader, with the smallest card there is; real readers are in the flows.
 */
#include "box.h"
#include "t.h"
#include "tiny.h"

#include <yufu/sim/loop.h>
#include <yufu/sim/vpcd.h>

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, NULL };
static struct box b;
static struct yf_vpcd v;

#define SERIAL 0x80, 0xCA, 0x00, 0x00, 0x00

static int
setup(void **st)
{
    (void)st;
    box_open(&b, applets);
    T_OK(yf_vpcd_init(&v, &b.card, &b.parts, (yf_span){ 0 }));
    return 0;
}

static int
teardown(void **st)
{
    (void)st;
    box_close(&b);
    return 0;
}

/* ---- the loop ---- */

static void
the_loop_is_a_transport(void **st)
{
    struct yf_transport t = yf_sim_loop(&b.card);
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    T_OK(t.transmit(t.state, BYTES(SERIAL), &o));
    T_SPAN(yf_out_span(&o), YF_STR("serial\x90\x00"));
    T_OK(t.transmit(t.state, BYTES(0xFF, 0, 0, 0), &o)); // behind what is there
    T_SPAN(yf_out_span(&o), YF_STR("serial\x90\x00\x6E\x00"));
    o = yf_out_of(mem, YF_APDU_MAX_SHORT_RSP - 1);
    T_ERR(YF_E_ROOM, t.transmit(t.state, BYTES(SERIAL), &o));
    T(o.n == 0);
}

/* ---- messages ---- */

/* All of these messages; what they answer. */
static yf_span
answers(yf_span messages)
{
    static uint8_t mem[4000];
    yf_cur c = yf_cur_of(messages);
    yf_out o = yf_out_of(mem, sizeof mem);

    while (yf_vpcd_step(&v, &c, &o))
        ;
    T(c.left == 0 && c.err == YF_OK);
    return yf_out_span(&o);
}

static void
controls_and_commands(void **st)
{
    uint8_t want[2 + YF_CARD_ATR];
    yf_out o = yf_out_of(want + 2, sizeof want - 2);
    (void)st;

    yf_card_atr(&b.card, &o);
    yf_put_be16(want, (uint16_t)o.n);
    T_SPAN(answers(BYTES(0, 1, 4)), ((yf_span){ want, o.n + 2 }));
    T(answers(BYTES(0, 1, 0, 0, 1, 1, 0, 1, 2, 0, 1, 3, 0, 1, 0xFF, 0, 0)).n == 0);
    T_SPAN(answers(BYTES(0, 5, SERIAL)), YF_STR("\0\x08serial\x90\x00"));
    T_SPAN(answers(BYTES(0, 5, SERIAL, 0, 1, 2, 0, 2, 0x80, 0xCA)),
           YF_STR("\0\x08serial\x90\x00\0\2\x67\x00"));
    T(v.commands == 3);
}

/* Off, it keeps its ATR, which its reader looks for, and says no more than that. */
static void
without_power(void **st)
{
    yf_span atr;
    (void)st;

    answers(BYTES(0, 1, 0));
    T_SPAN(answers(BYTES(0, 5, SERIAL)), YF_STR("\0\2\x6F\x00"));
    atr = answers(BYTES(0, 1, 4));
    T(atr.n > 11 && atr.p[2] == 0x3B);
    answers(BYTES(0, 1, 2)); // a reset powers it
    T_SPAN(answers(BYTES(0, 5, SERIAL)), YF_STR("\0\x08serial\x90\x00"));
    answers(BYTES(0, 1, 0, 0, 1, 0, 0, 1, 1));
    T_SPAN(answers(BYTES(0, 5, SERIAL)), YF_STR("\0\x08serial\x90\x00"));
}

static void
a_reset_forgets_what_was_chosen(void **st)
{
    (void)st;

    T(box_select(&b, tiny_domain.aid) == YF_SW_OK);
    T(b.card.app == YF_APP_ISSUER);
    answers(BYTES(0, 1, 2));
    T(b.card.app == YF_APP_ROOT);
}

static void
an_incomplete_message_waits(void **st)
{
    static const uint8_t m[] = { 0, 5, SERIAL };
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    for (size_t n = 0; n < sizeof m; n++) {
        yf_cur c = yf_cur_of((yf_span){ m, n });
        T(!yf_vpcd_step(&v, &c, &o));
        T(c.left == n && c.err == YF_OK && o.n == 0);
    }
    T(v.commands == 0);
}

static void
another_atr(void **st)
{
    uint8_t long_one[YF_CARD_ATR + 1] = { 0x3B };
    (void)st;

    T_OK(yf_vpcd_init(&v, &b.card, &b.parts, BYTES(0x3B, 0x00)));
    T_SPAN(answers(BYTES(0, 1, 4)), BYTES(0, 2, 0x3B, 0x00));
    T_SPAN(answers(BYTES(0, 1, 2, 0, 1, 0, 0, 1, 1, 0, 1, 4)), BYTES(0, 2, 0x3B, 0x00));
    T_ERR(YF_E_ROOM, yf_vpcd_init(&v, &b.card, &b.parts, YF_SPAN(long_one)));
}

static void
a_mute_card_goes_in_too(void **st)
{
    (void)st;

    b.parts.rng = rng_stuck(NULL);
    T_ERR(YF_E_IO, yf_vpcd_init(&v, &b.card, &b.parts, (yf_span){ 0 }));
    T_SPAN(answers(BYTES(0, 5, SERIAL)), YF_STR("\0\2\x6F\x00"));
    T(answers(BYTES(0, 1, 4)).n > 11);
}

/* ---- the connection ---- */

/* A reader that speaks as vpcd does, length and body apart, and sees each write of ours. */
static int
be_a_reader(int fd)
{
    static const uint8_t ask[] = { SERIAL };
    uint8_t got[100];

    for (int i = 0; i < 50; i++) {
        if (send(fd, "\0\1", 2, 0) != 2 || send(fd, i % 2 ? "\1" : "\2", 1, 0) != 1)
            return 1;
        if (send(fd, "\0\5", 2, 0) != 2 || send(fd, ask, sizeof ask, 0) != sizeof ask)
            return 2;
        if (recv(fd, got, sizeof got, 0) != 10 || memcmp(got, "\0\x08serial\x90\x00", 10) != 0)
            return 3;
    }
    return 0;
}

static void
length_and_body_in_one_write(void **st)
{
    int ends[2], status;
    (void)st;

    T(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(be_a_reader(ends[1]));
    }
    close(ends[1]);
    T_ERR(YF_E_IO, yf_vpcd_serve(&v, ends[0], -1)); // it hangs up
    close(ends[0]);
    T(waitpid(child, &status, 0) == child && WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    T(v.commands == 50);
}

/* What came before it is answered, what is asked for to stop stops. */
static void
stops_when_told(void **st)
{
    int ends[2], stop[2];
    (void)st;

    T(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && pipe(stop) == 0);
    T(write(stop[1], "x", 1) == 1);
    T_OK(yf_vpcd_serve(&v, ends[0], stop[0]));
    T(v.commands == 0);
    close(ends[0]);
    close(ends[1]);
    close(stop[0]);
    close(stop[1]);
}

/* The connection may cut messages anywhere. */
static void
any_pieces(void **st)
{
    static const uint8_t m[] = { 0, 1, 2, 0, 5, SERIAL, 0, 1, 4, 0, 5, SERIAL };
    int ends[2], status;
    (void)st;

    for (size_t piece = 1; piece <= sizeof m; piece++) {
        T(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            for (size_t at = 0; at < sizeof m; at += piece) {
                size_t n = sizeof m - at < piece ? sizeof m - at : piece;
                if (send(ends[1], m + at, n, 0) != (ssize_t)n)
                    _exit(1);
            }
            shutdown(ends[1], SHUT_WR);
            uint8_t got[64];
            for (int i = 0; i < 3; i++)
                if (recv(ends[1], got, sizeof got, 0) < 10)
                    _exit(2);
            _exit(0);
        }
        close(ends[1]);
        v.commands = 0;
        T_ERR(YF_E_IO, yf_vpcd_serve(&v, ends[0], -1));
        close(ends[0]);
        T(waitpid(child, &status, 0) == child && WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        T(v.commands == 2);
    }
}

static void
calls_who_listens(void **st)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    char port[8];
    int fd = -1, one = socket(AF_INET, SOCK_STREAM, 0);
    (void)st;

    T(bind(one, (struct sockaddr *)&at, sizeof at) == 0);
    T(getsockname(one, (struct sockaddr *)&at, &n) == 0);
    snprintf(port, sizeof port, "%u", ntohs(at.sin_port));
    T_ERR(YF_E_IO, yf_vpcd_dial("127.0.0.1", port, &fd)); // bound, and does not listen
    T(errno == ECONNREFUSED && fd == -1);
    T(listen(one, 1) == 0);
    T_OK(yf_vpcd_dial("127.0.0.1", port, &fd));
    T(fd >= 0);
    close(fd);
    close(one);
    T_ERR(YF_E_NOTFOUND, yf_vpcd_dial("127.0.0.1", "no such port", &fd));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

T_MAIN(CASE(the_loop_is_a_transport), CASE(controls_and_commands), CASE(without_power),
       CASE(a_reset_forgets_what_was_chosen), CASE(an_incomplete_message_waits), CASE(another_atr),
       CASE(a_mute_card_goes_in_too), CASE(length_and_body_in_one_write), CASE(stops_when_told),
       CASE(any_pieces), CASE(calls_who_listens))
