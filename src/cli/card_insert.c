/* SPDX-License-Identifier: Apache-2.0 */
/* yufu card insert: a card file in the virtual reader, until interrupted. */
#include "card.h"

#include <yufu/sim/vpcd.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { PATIENCE = 250 }; // milliseconds between calls

struct slot {
    char host[256];
    const char *port;
};

/* A service's name, or its number: getaddrinfo would take any number and cut it to 16 bits. */
static bool
port(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (!digits || text[digits])
        return text[0];
    unsigned long n = strtoul(text, NULL, 10);
    return n >= 1 && n <= 65535;
}

/* HOST:PORT, a host of colons in brackets. */
static bool
where(const char *text, struct slot *s)
{
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;

    if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    if (!n || n >= sizeof s->host || !port(colon + 1))
        return false;
    memcpy(s->host, text, n);
    s->host[n] = 0;
    s->port = colon + 1;
    return true;
}

static int
interruption(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static bool
interrupted_within(int stop, int ms)
{
    struct pollfd p = { stop, POLLIN, 0 };

    return poll(&p, 1, ms) > 0;
}

/* Call until the reader answers: its service may come later, or start with its first user. */
static int
dial(const struct args *a, const struct slot *s, int stop, int *fd)
{
    const char *text = arg(a, "vpcd");
    bool said = false;

    do {
        yf_err e = yf_vpcd_dial(s->host, s->port, fd);
        if (e == YF_E_NOTFOUND)
            return complain(a, UNSURE, "no such host or port", text, "expected HOST:PORT");
        if (!e)
            return DONE;
        if (!said)
            complain(a, UNSURE, "no virtual reader answers", text ? text : "127.0.0.1:35963",
                     "%s; waiting for it: start pcscd, with vsmartcard-vpcd installed",
                     strerror(errno));
        said = true;
    } while (!interrupted_within(stop, PATIENCE));
    *fd = -1;
    return DONE;
}

static int
serve(const struct args *a, const struct slot *s, struct yf_vpcd *v)
{
    int stop = interruption(), fd, status;

    while ((status = dial(a, s, stop, &fd)) == DONE && fd >= 0) {
        printf("%s: in the reader at %s:%s; Ctrl-C takes it out\n", a->rest[0], s->host, s->port);
        (void)fflush(stdout);
        yf_err e = yf_vpcd_serve(v, fd, stop);
        close(fd);
        if (!e)
            break;
        complain(a, UNSURE, "the reader has hung up", s->host, "calling again");
        if (interrupted_within(stop, PATIENCE))
            break;
    }
    return status;
}

static int
run(const struct args *a)
{
    static struct yf_vpcd v;
    static struct card c;
    uint8_t atr[YF_CARD_ATR];
    size_t atr_n = 0;
    struct slot s = { .host = YF_VPCD_HOST, .port = YF_VPCD_PORT };

    if (arg(a, "ifd"))
        return complain(a, USAGE, "not built yet", "--ifd",
                        "there is no reader driver of our own; leave it out, and vpcd is used");
    if (arg(a, "vpcd") && !where(arg(a, "vpcd"), &s))
        return complain(a, USAGE, "vpcd", arg(a, "vpcd"), "expected HOST:PORT");
    if (arg(a, "atr") && (!card_hex(arg(a, "atr"), atr, sizeof atr, &atr_n) || atr_n < 2))
        return complain(a, USAGE, "atr", arg(a, "atr"), "not 2 to %d bytes in hex", YF_CARD_ATR);
    int status = card_open(a, a->rest[0], YF_CARDFILE_WRITE, &c);
    if (status)
        return status;
    if (yf_vpcd_init(&v, &c.chip, &c.parts, (yf_span){ atr, atr_n }))
        status = complain(a, UNSURE, "the card is mute", a->rest[0], "it was not a moment ago");
    else
        status = serve(a, &s, &v);
    if (status == DONE)
        printf("%s: taken out after %llu commands\n", a->rest[0], (unsigned long long)v.commands);
    card_close(&c);
    yf_wipe(&v, sizeof v);
    return status;
}

const struct cmd cmd_card_insert = {
    .name = "card insert",
    .rest = "FILE",
    .summary = "put a card into the virtual reader until interrupted",
    .text = "Any program that speaks PC/SC then meets the card: 'opensc-tool --atr', 'pcsc_scan',\n"
            "'yufu apdu --reader'. The reader is that of vsmartcard-vpcd in pcscd; if it is not\n"
            "there, this waits for it, and calls again when it goes away. While the card is in,\n"
            "nobody else can open FILE.\n",
    .min = 1,
    .max = 1,
    .opts = { { "vpcd", "HOST:PORT", "where the reader listens (default 127.0.0.1:35963)" },
              { "ifd", NULL, "a reader driver of our own: not built yet" },
              { "atr", "HEX", "the answer to reset, instead of the card's own" } },
    .run = run,
};
