/* SPDX-License-Identifier: Apache-2.0 */
/* What the `yufu sm` commands share. */
#ifndef YUFU_CLI_SM_H
#define YUFU_CLI_SM_H

#include "cli.h"

#include <yufu/base/file.h>
#include <yufu/crypto/hash.h>
#include <yufu/crypto/key.h>

extern const struct cmd cmd_sm_keygen, cmd_sm_pub, cmd_sm_sign, cmd_sm_verify, cmd_sm_encrypt,
    cmd_sm_decrypt, cmd_sm_hash, cmd_sm_cipher;

/* Take a whole file ("-": standard input) into a hash; false with errno set. */
bool sm_hash_file(yf_hash *h, const char *path);

/* The options of a command that takes a key; sm_load_key reads them. */
#define SM_KEY_OPTS(what)                                                                          \
    { "key", "FILE", what ", PEM or DER" },                                                        \
        { "pass-file", "FILE", "the key's password: the first line of FILE" },                     \
    {                                                                                              \
        "pass-fd", "N", "the key's password: the first line from descriptor N"                     \
    }

/*
 * The SM2 key of --key, asking for its password where it has one: DONE, or the
 * status after a complaint. k is wiped by the caller (yf_key_wipe).
 */
int sm_load_key(const struct args *a, bool want_private, yf_key *k);

/* A whole input file, or a complaint and false. */
bool sm_read(const struct args *a, const char *path, uint8_t **data, size_t *n);

/* Write all of it to --out or standard output, or complain; returns the status. */
int sm_write(const struct args *a, unsigned mode, yf_span bytes);

/* Hex digits into at most cap bytes; false if it is not hex or too long. */
bool sm_hex(const char *text, uint8_t *out, size_t cap, size_t *n);

#endif
