/* SPDX-License-Identifier: Apache-2.0 */
/* yufu card new: the chip maker's step. */
#include "card.h"

#include <yufu/crypto/host.h>
#include <yufu/sim/flashram.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct blank {
    const char *path;
    char keys_path[PATH_MAX];
    uint8_t serial[YF_CARD_SERIAL_MAX];
    size_t serial_n;
    struct card_keys keys;
};

/* What was asked for, and what chance gives for the rest. */
static int
plan(const struct args *a, struct blank *b)
{
    const char *serial = arg(a, "serial"), *cipher = arg(a, "cipher"), *keys = arg(a, "keys");

    b->path = a->rest[0];
    if (snprintf(b->keys_path, sizeof b->keys_path, "%s%s", keys ? keys : b->path,
                 keys ? "" : ".keys") >= (int)sizeof b->keys_path)
        return complain(a, USAGE, "name too long", b->path, "choose a shorter one");
    b->serial_n = 8;
    if (!serial && yf_rng_fill(&yf_rng_system, b->serial, b->serial_n))
        return complain(a, UNSURE, "no random bytes", NULL, "the system has none to give");
    if (serial && (!card_hex(serial, b->serial, sizeof b->serial, &b->serial_n) || !b->serial_n))
        return complain(a, USAGE, "serial", serial, "not 1 to %d bytes in hex", YF_CARD_SERIAL_MAX);
    b->keys.version = 0xFF;
    b->keys.keys.cipher = cipher ? card_cipher(cipher) : YF_AES256;
    if (b->keys.keys.cipher == YF_CIPHERS)
        return complain(a, USAGE, "no such cipher", cipher, "aes-128, aes-192, aes-256 or sm4");
    return card_keys_draw(a, b->keys.keys.cipher, &b->keys.keys);
}

/* In memory. */
static yf_err
make(const struct blank *b, yf_cardfile **f)
{
    static const struct yf_cardfile_shape shape = { YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT };
    static struct yf_card scratch;
    yf_err e = yf_cardfile_new(&shape, f);

    if (e)
        return e;
    struct yf_card_parts parts = card_parts(yf_cardfile_flash(*f));
    e = yf_card_make(&parts, (yf_span){ b->serial, b->serial_n }, &b->keys.keys, &scratch);
    if (e)
        yf_cardfile_close(*f);
    return e;
}

/* Keys first: a card nobody has the keys of is worth nothing. */
static int
save_both(const struct args *a, const struct blank *b, const yf_cardfile *f)
{
    int status = card_keys_save(a, b->keys_path, &b->keys);
    yf_err e;

    if (status || !(e = yf_cardfile_save(f, b->path)))
        return status;
    int saved = errno;
    unlink(b->keys_path);
    if (e == YF_E_STATE)
        return complain(a, UNSURE, "is there already", b->path,
                        "a card is never overwritten; choose another name");
    return complain(a, UNSURE, "cannot write", b->path, "%s", strerror(saved));
}

/* Ctrl-C waits for the second file: keys without their card would be in the way of the next. */
static int
save(const struct args *a, const struct blank *b, const yf_cardfile *f)
{
    sigset_t stop, before;

    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, &before);
    int status = save_both(a, b, f);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return status;
}

static int
run(const struct args *a)
{
    char hex[2 * YF_CARD_SERIAL_MAX + 1];
    struct blank b = { 0 };
    yf_cardfile *f;
    int status = plan(a, &b);

    if (status == DONE && make(&b, &f))
        status = complain(a, UNSURE, "cannot make a card", b.path, "not enough memory");
    else if (status == DONE) {
        status = save(a, &b, f);
        yf_cardfile_close(f);
    }
    if (status == DONE)
        printf("%s: a blank card, serial %s\n%s: its transport keys (%s), secret\n", b.path,
               card_hex_put((yf_span){ b.serial, b.serial_n }, hex), b.keys_path,
               card_cipher_name(b.keys.keys.cipher));
    yf_wipe(&b, sizeof b);
    return status;
}

const struct cmd cmd_card_new = {
    .name = "card new",
    .rest = "FILE",
    .summary = "a blank card in a file, and its transport keys in another",
    .text = "What a chip maker delivers: a card with a serial number and random transport keys.\n"
            "Whoever has the file has the card, and whoever has its keys can make of it what\n"
            "he likes; both are readable by their owner only. Neither file may exist yet.\n",
    .min = 1,
    .max = 1,
    .opts = { { "keys", "FILE", "where the keys go (default FILE.keys)" },
              { "serial", "HEX", "its serial number (default 8 random bytes)" },
              { "cipher", "NAME", "of the keys: aes-128, aes-192, aes-256 (default), sm4" } },
    .run = run,
};
