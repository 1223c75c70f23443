/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/reader/pcsc.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

struct yf_pcsc {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    char name[MAX_READERNAME];
    uint8_t atr[MAX_ATR_SIZE];
    size_t atr_n;
    char why[YF_PCSC_WHY];
};

static void
explain(char why[YF_PCSC_WHY], const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(why, YF_PCSC_WHY, format, ap);
    va_end(ap);
}

/* What PC/SC says, and what can be done about it. */
static yf_err
from_pcsc(LONG rv, char why[YF_PCSC_WHY])
{
    switch (rv) {
    case SCARD_S_SUCCESS:
        return YF_OK;
    case SCARD_E_NO_SERVICE:
        return explain(why, "pcscd is not running; start it: systemctl start pcscd"), YF_E_IO;
    case SCARD_E_NO_SMARTCARD:
    case SCARD_W_REMOVED_CARD:
        return explain(why, "no card in it"), YF_E_NOTFOUND;
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_READER_UNAVAILABLE:
        return explain(why, "the reader is gone"), YF_E_NOTFOUND;
    case SCARD_E_SHARING_VIOLATION:
        return explain(why, "another program has the card for itself"), YF_E_STATE;
    case SCARD_W_UNRESPONSIVE_CARD:
    case SCARD_W_UNPOWERED_CARD:
        return explain(why, "the card is mute: is it in the right way round?"), YF_E_IO;
    case SCARD_E_PROTO_MISMATCH:
        return explain(why, "the card speaks T=0 alone; T=1 and contactless cards are read"),
               YF_E_UNSUPPORTED;
    case SCARD_E_INSUFFICIENT_BUFFER:
        return explain(why, "the response is longer than expected"), YF_E_ROOM;
    case SCARD_E_NO_MEMORY:
        return explain(why, "not enough memory"), YF_E_ROOM;
    default:
        return explain(why, "%s", pcsc_stringify_error(rv)), YF_E_IO;
    }
}

/* ---- readers ---- */

/* Names one after the other, each with its NUL, an empty one at the end; freed by the caller. */
static yf_err
names(SCARDCONTEXT context, char **list, char why[YF_PCSC_WHY])
{
    DWORD n = 0;
    LONG rv = SCardListReaders(context, NULL, NULL, &n);
    bool none = rv == SCARD_E_NO_READERS_AVAILABLE;

    if (rv != SCARD_S_SUCCESS && !none)
        return from_pcsc(rv, why);
    char *all = calloc(1, none ? 1 : n + 2);
    if (!all)
        return from_pcsc(SCARD_E_NO_MEMORY, why);
    if (!none && (rv = SCardListReaders(context, NULL, all, &n)) != SCARD_S_SUCCESS) {
        free(all);
        return from_pcsc(rv, why);
    }
    *list = all;
    return YF_OK;
}

static const char *
following(const char *name)
{
    return name + strlen(name) + 1;
}

static bool
has_card(SCARDCONTEXT context, const char *name)
{
    SCARD_READERSTATE state = { .szReader = name };

    return SCardGetStatusChange(context, 0, &state, 1) == SCARD_S_SUCCESS &&
           state.dwEventState & SCARD_STATE_PRESENT;
}

yf_err
yf_pcsc_list(void (*each)(void *arg, const char *name, bool card), void *arg, char why[YF_PCSC_WHY])
{
    SCARDCONTEXT context;
    char *list = NULL;
    yf_err e = from_pcsc(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), why);

    if (e)
        return e;
    e = names(context, &list, why);
    for (const char *name = list; name && *name; name = following(name))
        each(arg, name, has_card(context, name));
    free(list);
    SCardReleaseContext(context);
    return e;
}

/* The reader of that name, else the one whose name contains it; and how many do. */
static unsigned
fitting(const char *list, const char *wanted, char name[MAX_READERNAME])
{
    unsigned fit = 0;

    for (const char *at = list; *at; at = following(at)) {
        bool same = strcmp(at, wanted) == 0;
        if (!same && !strstr(at, wanted))
            continue;
        snprintf(name, MAX_READERNAME, "%s", at);
        if (same)
            return 1;
        fit++;
    }
    return fit;
}

static yf_err
choose(yf_pcsc *r, const char *wanted, char why[YF_PCSC_WHY])
{
    char *list = NULL;
    yf_err e = names(r->context, &list, why);

    if (e)
        return e;
    bool any = *list != 0;
    unsigned fit = fitting(list, wanted, r->name);
    free(list);
    if (fit == 1)
        return YF_OK;
    if (fit > 1)
        return explain(why, "the name fits %u readers; give more of it", fit), YF_E_FORMAT;
    explain(why, any ? "no reader's name contains this; 'yufu card readers' lists them"
                     : "no reader is connected");
    return YF_E_NOTFOUND;
}

/* ---- one card ---- */

static LONG
look_at(yf_pcsc *r)
{
    DWORD n = sizeof r->atr;
    LONG rv = SCardStatus(r->card, NULL, NULL, NULL, NULL, r->atr, &n);

    r->atr_n = rv == SCARD_S_SUCCESS ? n : 0;
    return rv;
}

static LONG
reconnect(yf_pcsc *r, DWORD how)
{
    DWORD protocol;

    return SCardReconnect(r->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, how, &protocol);
}

static LONG
take(yf_pcsc *r)
{
    LONG rv = SCardBeginTransaction(r->card);

    if (rv != SCARD_W_RESET_CARD)
        return rv;
    rv = reconnect(r, SCARD_LEAVE_CARD);
    return rv == SCARD_S_SUCCESS ? SCardBeginTransaction(r->card) : rv;
}

/* Whatever another program left it in: our session begins at its reset. */
static LONG
reset(yf_pcsc *r)
{
    LONG rv = reconnect(r, SCARD_RESET_CARD);

    return rv == SCARD_S_SUCCESS ? look_at(r) : rv;
}

static LONG
power_up(yf_pcsc *r)
{
    DWORD protocol;
    LONG rv = SCardConnect(r->context, r->name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &r->card,
                           &protocol);

    if (rv != SCARD_S_SUCCESS)
        return rv;
    if ((rv = take(r)) != SCARD_S_SUCCESS || (rv = reset(r)) != SCARD_S_SUCCESS)
        SCardDisconnect(r->card, SCARD_RESET_CARD);
    return rv;
}

yf_err
yf_pcsc_open(const char *name, yf_pcsc **out, char why[YF_PCSC_WHY])
{
    yf_pcsc *r = calloc(1, sizeof *r);
    yf_err e;

    if (!r)
        return explain(why, "not enough memory"), YF_E_ROOM;
    e = from_pcsc(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &r->context), why);
    if (e) {
        free(r);
        return e;
    }
    if ((e = choose(r, name, why)) || (e = from_pcsc(power_up(r), why))) {
        SCardReleaseContext(r->context);
        free(r);
        return e;
    }
    *out = r;
    return YF_OK;
}

const char *
yf_pcsc_name(const yf_pcsc *r)
{
    return r->name;
}

yf_span
yf_pcsc_atr(const yf_pcsc *r)
{
    return (yf_span){ r->atr, r->atr_n };
}

const char *
yf_pcsc_why(const yf_pcsc *r)
{
    return r->why;
}

static yf_err
transmit(void *state, yf_span cmd, yf_out *rsp)
{
    yf_pcsc *r = state;
    DWORD n = rsp->cap - rsp->n;

    if (rsp->err)
        return rsp->err;
    LONG rv = SCardTransmit(r->card, SCARD_PCI_T1, cmd.p, cmd.n, NULL, rsp->p + rsp->n, &n);
    if (rv == SCARD_S_SUCCESS && n < 2) // a virtual reader's word for a card that is gone
        rv = SCARD_W_REMOVED_CARD;
    if (rv == SCARD_S_SUCCESS)
        rsp->n += n;
    yf_err e = from_pcsc(rv, r->why);
    return e == YF_OK || e == YF_E_ROOM ? e : YF_E_IO;
}

struct yf_transport
yf_pcsc_transport(yf_pcsc *r)
{
    return (struct yf_transport){ transmit, r };
}

yf_err
yf_pcsc_reset(yf_pcsc *r)
{
    return from_pcsc(reset(r), r->why);
}

void
yf_pcsc_close(yf_pcsc *r)
{
    if (!r)
        return;
    SCardEndTransaction(r->card, SCARD_LEAVE_CARD);
    SCardDisconnect(r->card, SCARD_RESET_CARD);
    SCardReleaseContext(r->context);
    free(r);
}
