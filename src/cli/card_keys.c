/* SPDX-License-Identifier: Apache-2.0 */
/* A card's key set as text: `name = value` lines, each name once, in this order. */
#include "card.h"

#include <yufu/base/file.h>
#include <yufu/crypto/host.h>
#include <yufu/wire/out.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 1024 };

static const char first_line[] = "# keys of a Yufu card, version 1: secret";

static const struct {
    const char *name;
    enum yf_cipher_id id;
    size_t key;
} ciphers[] = {
    { "aes-128", YF_AES128, 16 },
    { "aes-192", YF_AES192, 24 },
    { "aes-256", YF_AES256, 32 },
    { "sm4", YF_SM4, 16 },
};

enum { N_CIPHERS = sizeof ciphers / sizeof *ciphers };

enum yf_cipher_id
card_cipher(const char *name)
{
    for (size_t i = 0; i < N_CIPHERS; i++)
        if (strcmp(ciphers[i].name, name) == 0)
            return ciphers[i].id;
    return YF_CIPHERS;
}

const char *
card_cipher_name(enum yf_cipher_id id)
{
    for (size_t i = 0; i < N_CIPHERS; i++)
        if (ciphers[i].id == id)
            return ciphers[i].name;
    return "unknown";
}

static size_t
key_size(enum yf_cipher_id id)
{
    for (size_t i = 0; i < N_CIPHERS; i++)
        if (ciphers[i].id == id)
            return ciphers[i].key;
    return 0;
}

int
card_keys_draw(const struct args *a, enum yf_cipher_id cipher, struct yf_scp03_keys *k)
{
    yf_err e;

    k->cipher = cipher;
    e = yf_rng_fill(&yf_rng_system, k->enc, sizeof k->enc);
    e = yf_err_first(e, yf_rng_fill(&yf_rng_system, k->mac, sizeof k->mac));
    e = yf_err_first(e, yf_rng_fill(&yf_rng_system, k->dek, sizeof k->dek));
    return e ? complain(a, UNSURE, "no random bytes", NULL, "the system has none to give") : DONE;
}

static int
put(const struct card_keys *k, char text[TEXT])
{
    size_t n = key_size(k->keys.cipher);
    char enc[2 * YF_CIPHER_KEY_MAX + 1], mac[sizeof enc], dek[sizeof enc];
    int len =
        snprintf(text, TEXT, "%s\nversion = %02X\ncipher = %s\nenc = %s\nmac = %s\ndek = %s\n",
                 first_line, k->version, card_cipher_name(k->keys.cipher),
                 card_hex_put((yf_span){ k->keys.enc, n }, enc),
                 card_hex_put((yf_span){ k->keys.mac, n }, mac),
                 card_hex_put((yf_span){ k->keys.dek, n }, dek));

    yf_wipe(enc, sizeof enc);
    yf_wipe(mac, sizeof mac);
    yf_wipe(dek, sizeof dek);
    return len;
}

int
card_keys_save(const struct args *a, const char *path, const struct card_keys *k)
{
    char text[TEXT];
    yf_span all = { (const uint8_t *)text, (size_t)put(k, text) };
    yf_file *f;
    yf_err e = yf_file_create(path, 0600, &f);

    if (!e && (e = yf_file_write(f, all)))
        yf_file_abort(f);
    else if (!e)
        e = yf_file_commit_new(f);
    yf_wipe(text, sizeof text);
    if (e == YF_E_STATE)
        return complain(a, UNSURE, "is there already", path,
                        "keys are never overwritten; choose "
                        "another name with --keys");
    return e ? complain(a, UNSURE, "cannot write", path, "%s", strerror(errno)) : DONE;
}

/* The value of the next line, which must be this name's. NULL: it is not. */
static char *
take(char **text, const char *name)
{
    size_t n = strlen(name);
    char *value = *text, *end = strchr(value, '\n');

    if (!end || strncmp(value, name, n) != 0 || strncmp(value + n, " = ", 3) != 0)
        return NULL;
    *end = 0;
    *text = end + 1;
    return value + n + 3;
}

static bool
take_key(char **text, const char *name, size_t size, uint8_t *key)
{
    const char *value = take(text, name);
    size_t n;

    return value && card_hex(value, key, size, &n) && n == size;
}

static bool
parse(char *text, struct card_keys *k)
{
    const char *value;
    size_t n = strlen(first_line);

    if (strncmp(text, first_line, n) != 0 || text[n] != '\n')
        return false;
    text += n + 1;
    if (!(value = take(&text, "version")) || !card_hex(value, &k->version, 1, &n) || n != 1)
        return false;
    if (!(value = take(&text, "cipher")) || (k->keys.cipher = card_cipher(value)) == YF_CIPHERS)
        return false;
    size_t size = key_size(k->keys.cipher);
    return take_key(&text, "enc", size, k->keys.enc) && take_key(&text, "mac", size, k->keys.mac) &&
           take_key(&text, "dek", size, k->keys.dek) && *text == 0;
}

int
card_keys_load(const struct args *a, const char *path, struct card_keys *k)
{
    char text[TEXT] = "";
    uint8_t *data;
    size_t n;
    yf_err e = yf_file_read(path, TEXT - 1, &data, &n);

    if (e && e != YF_E_ROOM)
        return complain(a, UNSURE, "cannot read", path, "%s", strerror(errno));
    if (!e) {
        memcpy(text, data, n);
        yf_file_free(data, n);
    }
    memset(k, 0, sizeof *k);
    bool ok = !e && strlen(text) == n && parse(text, k);
    yf_wipe(text, sizeof text);
    return ok ? DONE
              : complain(a, UNSURE, "no keys of a card", path,
                         "expected a file as 'yufu card new' writes it");
}
