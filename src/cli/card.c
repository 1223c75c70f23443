/* SPDX-License-Identifier: Apache-2.0 */
#include "card.h"

#include <yufu/crypto/host.h>

#include <ctype.h>
#include <string.h>

const yf_provider *
card_provider(void)
{
    static yf_provider p;

    p = yf_provider_soft;
    p.name = "card";
    p.rsa = yf_provider_host.rsa;
    return &p;
}

struct yf_card_parts
card_parts(const struct yf_flash *flash)
{
    return (struct yf_card_parts){
        .provider = card_provider(),
        .rng = yf_rng_system,
        .flash = flash,
        .applets = yf_card_applets,
    };
}

/* Why a card is mute. */
static const char *
mute_text(yf_err e)
{
    switch (e) {
    case YF_E_FORMAT:
    case YF_E_NOTFOUND:
        return "its memory is damaged, or was never a card's";
    case YF_E_UNSUPPORTED:
        return "its memory is of a version this program does not know";
    case YF_E_IO:
        return "its file cannot be written, or there are no random bytes";
    default:
        return "a self-test failed; see 'yufu lab kat'";
    }
}

int
card_open(const struct args *a, const char *path, enum yf_cardfile_mode mode, struct card *c)
{
    char why[YF_CARDFILE_WHY];

    if (yf_cardfile_open(path, mode, &c->file, why))
        return complain(a, UNSURE, "cannot open card", path, "%s", why);
    c->parts = card_parts(yf_cardfile_flash(c->file));
    yf_err e = yf_card_start(&c->chip, &c->parts);
    if (!e)
        return DONE;
    card_close(c);
    return complain(a, UNSURE, "the card is mute", path, "%s", mute_text(e));
}

void
card_close(struct card *c)
{
    yf_card_stop(&c->chip);
    yf_cardfile_close(c->file);
    c->file = NULL;
}

/* ---- hex ---- */

static int
digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

bool
card_hex(const char *text, uint8_t *out, size_t cap, size_t *n)
{
    size_t done = 0;

    for (; *text; text++) {
        if (strchr(CARD_HEX_SPACE, *text))
            continue;
        int hi = digit(text[0]), lo = hi < 0 ? -1 : digit(text[1]);
        if (lo < 0 || done == cap)
            return false;
        out[done++] = (uint8_t)(hi << 4 | lo);
        text++;
    }
    *n = done;
    return true;
}

char *
card_hex_put(yf_span bytes, char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *p = text;

    for (size_t i = 0; i < bytes.n; i++) {
        *p++ = digits[bytes.p[i] >> 4];
        *p++ = digits[bytes.p[i] & 15];
    }
    *p = 0;
    return text;
}
