/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Against a real pcscd with its virtual reader, in a place of its own. The card in it is
 * a few lines of this test that answer every command with the command itself and
 * 9000, but INS 'CA' with the number of resets, and to INS 'FE' go away.
 */
#include "t.h"

#include <yufu/reader/pcsc.h>
#include <yufu/sim/pcscd.h>

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <winscard.h>

static const uint8_t atr[] = { 0x3B, 0xE0, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0xEB };
static char why[YF_PCSC_WHY];
static pid_t card;

/* ---- the card ---- */

static bool
receive(int fd, uint8_t *to, size_t n)
{
    return n == 0 || recv(fd, to, n, MSG_WAITALL) == (ssize_t)n;
}

static void
answer(int fd, const uint8_t *head, size_t n, yf_span tail)
{
    static uint8_t m[70000];

    yf_put_be16(m, (uint16_t)(n + tail.n));
    memcpy(m + 2, head, n);
    if (tail.n)
        memcpy(m + 2 + n, tail.p, tail.n);
    if (write(fd, m, 2 + n + tail.n) < 0)
        _exit(1);
}

static void
control(int fd, uint8_t what, uint8_t *resets)
{
    if (what == 4)
        answer(fd, atr, sizeof atr, YF_STR(""));
    *resets = (uint8_t)(*resets + (what == 1 || what == 2));
}

YF_NORETURN static void
be_a_card(int fd)
{
    static uint8_t m[70000];
    uint8_t resets = 0;

    while (receive(fd, m, 2)) {
        size_t n = yf_be16(m);
        if (!receive(fd, m, n))
            break;
        if (n == 1)
            control(fd, m[0], &resets);
        else if (m[1] == 0xCA)
            answer(fd, &resets, 1, YF_STR("\x90\x00"));
        else if (m[1] == 0xFE)
            break;
        else
            answer(fd, m, n, YF_STR("\x90\x00"));
    }
    _exit(0);
}

static void
insert(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(0x8C7B),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    T(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    if ((card = fork()) == 0)
        be_a_card(fd);
    close(fd);
}

struct seen {
    int readers, cards;
    char last[128];
};

static void
see(void *arg, const char *name, bool has)
{
    struct seen *s = arg;

    s->readers++;
    s->cards += has;
    snprintf(s->last, sizeof s->last, "%s", name);
}

/* Until the service has noticed: what it believed of the last card is not the next one's. */
static void
pull(void)
{
    struct seen s = { .cards = 1 };

    kill(card, SIGKILL);
    waitpid(card, NULL, 0);
    card = 0;
    while (s.cards) {
        s.cards = 0;
        T_OK(yf_pcsc_list(see, &s, why));
        usleep(20000);
    }
}

/* ---- the tests ---- */

/* The service looks about every 0.4 s whether a card is there. */
static yf_pcsc *
opened(const char *name)
{
    yf_pcsc *r = NULL;
    yf_err e = YF_E_NOTFOUND;

    for (int i = 0; i < 50 && e == YF_E_NOTFOUND; i++) {
        e = yf_pcsc_open(name, &r, why);
        if (e)
            usleep(100000);
    }
    if (e)
        fail_msg("%s: %s", yf_err_name(e), why);
    return r;
}

static yf_err
send_to(yf_pcsc *r, yf_span cmd, uint8_t *mem, size_t cap, yf_span *rsp)
{
    struct yf_transport t = yf_pcsc_transport(r);
    yf_out o = yf_out_of(mem, cap);
    yf_err e = t.transmit(t.state, cmd, &o);

    *rsp = yf_out_span(&o);
    return e;
}

static uint8_t
resets(yf_pcsc *r)
{
    uint8_t mem[300];
    yf_span rsp;

    T_OK(send_to(r, BYTES(0, 0xCA, 0, 0, 0), mem, sizeof mem, &rsp));
    T(rsp.n == 3 && rsp.p[1] == 0x90);
    return rsp.p[0];
}

static void
readers_are_listed_and_found_by_a_part(void **st)
{
    struct seen s = { 0 };
    yf_pcsc *r = NULL;
    (void)st;

    T_OK(yf_pcsc_list(see, &s, why));
    T(s.readers == 2 && s.cards == 0);
    assert_string_equal(s.last, "Virtual PCD 00 01");
    T_ERR(YF_E_FORMAT, yf_pcsc_open("Virtual", &r, why));
    assert_string_equal(why, "the name fits 2 readers; give more of it");
    T_ERR(YF_E_NOTFOUND, yf_pcsc_open("Real", &r, why));
    T(strstr(why, "no reader's name"));
    T_ERR(YF_E_NOTFOUND, yf_pcsc_open("00 01", &r, why));
    assert_string_equal(why, "no card in it");

    insert();
    r = opened("00 00");
    assert_string_equal(yf_pcsc_name(r), "Virtual PCD 00 00");
    T_SPAN(yf_pcsc_atr(r), YF_SPAN(atr));
    T_OK(yf_pcsc_list(see, &s, why));
    T(s.readers == 4 && s.cards == 1);
    yf_pcsc_close(r);
    r = opened("Virtual PCD 00 00");
    yf_pcsc_close(r);
    pull();
}

static void
commands_go_there_and_back(void **st)
{
    static uint8_t cmd[2000], mem[3000];
    yf_span rsp;
    (void)st;

    insert();
    yf_pcsc *r = opened("00 00");
    T_OK(send_to(r, BYTES(0, 0xA4, 4, 0, 2, 0x3F, 0, 0), mem, sizeof mem, &rsp));
    T_SPAN(rsp, BYTES(0, 0xA4, 4, 0, 2, 0x3F, 0, 0, 0x90, 0));
    for (size_t n = 5; n < sizeof cmd; n += 97) {
        memset(cmd, 0x5A, sizeof cmd);
        T_OK(send_to(r, (yf_span){ cmd, n }, mem, sizeof mem, &rsp));
        T(rsp.n == n + 2 && memcmp(rsp.p, cmd, n) == 0);
    }
    T_ERR(YF_E_ROOM, send_to(r, YF_SPAN(cmd), mem, sizeof cmd + 1, &rsp));
    T_OK(send_to(r, YF_SPAN(cmd), mem, sizeof cmd + 2, &rsp));
    yf_pcsc_close(r);
    pull();
}

/* A program beside us that has the card and leaves it as it is, as most do. */
static void
leave_it_used(void)
{
    SCARDCONTEXT c;
    SCARDHANDLE h;
    DWORD protocol;

    T(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &c) == SCARD_S_SUCCESS);
    T(SCardConnect(c, "Virtual PCD 00 00", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &h, &protocol) ==
      SCARD_S_SUCCESS);
    T(SCardDisconnect(h, SCARD_LEAVE_CARD) == SCARD_S_SUCCESS);
    SCardReleaseContext(c);
}

static void
a_reset_is_seen_and_opening_and_closing_are(void **st)
{
    (void)st;

    insert();
    yf_pcsc *r = opened("00 00");
    uint8_t before = resets(r);
    T(resets(r) == before);
    T_OK(yf_pcsc_reset(r));
    T_SPAN(yf_pcsc_atr(r), YF_SPAN(atr));
    T(resets(r) > before);
    before = resets(r);
    yf_pcsc_close(r);
    leave_it_used();
    r = opened("00 00");
    T(resets(r) >= before + 2);
    yf_pcsc_close(r);
    pull();
}

static void
a_card_that_is_gone_is_an_error(void **st)
{
    uint8_t mem[300];
    yf_span rsp;
    (void)st;

    insert();
    yf_pcsc *r = opened("00 00");
    T_ERR(YF_E_IO, send_to(r, BYTES(0, 0xFE, 0, 0), mem, sizeof mem, &rsp));
    T(*yf_pcsc_why(r));
    T_ERR(YF_E_IO, send_to(r, BYTES(0, 0xA4, 0, 0), mem, sizeof mem, &rsp));
    T(rsp.n == 0);
    yf_pcsc_close(r);
    pull();
}

/* The last: without its service every call says so. */
static void
without_a_service_it_says_so(void **st)
{
    yf_pcsc *r = NULL;
    struct seen s = { 0 };

    yf_pcscd_stop(*(int *)*st);
    T_ERR(YF_E_IO, yf_pcsc_open("Virtual", &r, why));
    assert_string_equal(why, "pcscd is not running; start it: systemctl start pcscd");
    T_ERR(YF_E_IO, yf_pcsc_list(see, &s, why));
    T(s.readers == 0 && r == NULL);
}

static int
end_card(void **st)
{
    (void)st;
    if (card)
        pull();
    return 0;
}

int
main(void)
{
    static int pid;
    static void *state = &pid;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(readers_are_listed_and_found_by_a_part, end_card),
        cmocka_unit_test_teardown(commands_go_there_and_back, end_card),
        cmocka_unit_test_teardown(a_reset_is_seen_and_opening_and_closing_are, end_card),
        cmocka_unit_test_teardown(a_card_that_is_gone_is_an_error, end_card),
        cmocka_unit_test_prestate(without_a_service_it_says_so, state),
    };
    yf_err e = yf_pcscd_enter(&pid, why);

    if (e == YF_E_NOTFOUND || e == YF_E_DENIED)
        T_SKIP_ALL(why);
    cmocka_set_message_output(CM_OUTPUT_TAP);
    if (e) {
        printf("Bail out! %s\n", why);
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
