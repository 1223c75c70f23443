/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/sim/vpcd.h>

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { POWER_OFF = 0, POWER_ON = 1, RESET = 2, SAY_ATR = 4 };

/* ---- messages ---- */

/* The card's own, as it is now: it may have got another one since. */
static void
learn_atr(struct yf_vpcd *v)
{
    if (v->atr_set)
        return;
    v->atr = yf_out_of(v->atr_bytes, sizeof v->atr_bytes);
    yf_card_atr(v->card, &v->atr);
}

static yf_err
power_up(struct yf_vpcd *v)
{
    yf_err e = yf_card_start(v->card, &v->parts);

    v->on = true;
    learn_atr(v);
    return e;
}

yf_err
yf_vpcd_init(struct yf_vpcd *v, struct yf_card *card, const struct yf_card_parts *parts,
             yf_span atr)
{
    if (atr.n > sizeof v->atr_bytes)
        return YF_E_ROOM;
    v->card = card;
    v->parts = *parts;
    v->commands = 0;
    v->atr_set = atr.n > 0;
    v->atr = yf_out_of(v->atr_bytes, sizeof v->atr_bytes);
    yf_out_put(&v->atr, atr);
    return power_up(v);
}

/* Without power there is nothing to reset: it comes on instead. */
static void
reset(struct yf_vpcd *v)
{
    if (!v->on) {
        (void)power_up(v);
        return;
    }
    yf_card_reset(v->card);
    learn_atr(v);
}

static void
control(struct yf_vpcd *v, uint8_t what, yf_out *answer)
{
    switch (what) {
    case POWER_OFF:
        yf_card_stop(v->card);
        v->on = false;
        break;
    case POWER_ON:
        (void)power_up(v); // a card that is mute says so in its answers
        break;
    case RESET:
        reset(v);
        break;
    case SAY_ATR:
        yf_out_u16(answer, (uint16_t)v->atr.n);
        yf_out_put(answer, yf_out_span(&v->atr));
        break;
    default: // nothing that waits for an answer
        break;
    }
}

static void
command(struct yf_vpcd *v, yf_span cmd, yf_out *answer)
{
    size_t at = answer->n;

    yf_card_transmit(v->card, cmd, answer);
    yf_out_insert(
        answer, at,
        (yf_span){ (uint8_t[]){ (uint8_t)((answer->n - at) >> 8), (uint8_t)(answer->n - at) }, 2 });
    v->commands++;
}

bool
yf_vpcd_step(struct yf_vpcd *v, yf_cur *c, yf_out *answer)
{
    yf_cur copy = *c;
    yf_span body = yf_cur_take(&copy, yf_cur_u16(&copy));

    if (copy.err)
        return false;
    *c = copy;
    if (body.n == 1)
        control(v, body.p[0], answer);
    else if (body.n > 1)
        command(v, body, answer);
    return true;
}

/* ---- the connection ---- */

yf_err
yf_vpcd_dial(const char *host, const char *port, int *out)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list, *a;
    const int on = 1;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &list) != 0)
        return YF_E_NOTFOUND;
    for (a = list; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            int saved = errno;
            close(fd);
            errno = saved;
            fd = -1;
        }
    }
    freeaddrinfo(list);
    if (fd < 0)
        return YF_E_IO;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *out = fd;
    return YF_OK;
}

/* Length and body in one write: a second one would wait for the first one's receipt. */
static bool
send_all(int fd, yf_span bytes)
{
    while (bytes.n) {
        ssize_t put = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (put < 0 && errno != EINTR)
            return false;
        bytes.p += put < 0 ? 0 : put;
        bytes.n -= put < 0 ? 0 : (size_t)put;
    }
    return true;
}

/*
 * The reader sends length and body in two writes, and the second waits until we
 * acknowledge the first: at once, or each command costs 40 ms. The kernel forgets
 * the wish with every read.
 */
static ssize_t
receive(int fd, uint8_t *to, size_t n)
{
    const int on = 1;
    ssize_t got;

    do {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        got = recv(fd, to, n, 0);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* True: there is something to read; false: it is time to stop. */
static bool
wait_for(int fd, int stop)
{
    struct pollfd p[] = { { fd, POLLIN, 0 }, { stop, POLLIN, 0 } };

    while (poll(p, 2, -1) < 0)
        if (errno != EINTR)
            return true; // the read will say what is wrong
    return p[1].revents == 0;
}

yf_err
yf_vpcd_serve(struct yf_vpcd *v, int fd, int stop)
{
    size_t have = 0;

    while (wait_for(fd, stop)) {
        ssize_t got = receive(fd, v->in + have, sizeof v->in - have);
        if (got <= 0)
            return YF_E_IO;
        yf_cur c = yf_cur_of((yf_span){ v->in, have + (size_t)got });
        for (;;) {
            yf_out answer = yf_out_of(v->out, sizeof v->out);
            if (!yf_vpcd_step(v, &c, &answer))
                break;
            if (answer.err || !send_all(fd, yf_out_span(&answer)))
                return YF_E_IO;
        }
        have = c.left;
        memmove(v->in, c.p, have);
    }
    return YF_OK;
}
