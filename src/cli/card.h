/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands on cards share: a card in a file, its keys in another, hex. */
#ifndef YUFU_CLI_CARD_H
#define YUFU_CLI_CARD_H

#include "cli.h"

#include <yufu/card/card.h>
#include <yufu/sim/cardfile.h>

/* What cards in files compute with: our own ciphers, as on a chip, and the host's RSA. */
const yf_provider *card_provider(void);

/* A card in a file, under power. */
struct card {
    yf_cardfile *file;
    struct yf_card_parts parts;
    struct yf_card chip;
};

/*
 * Open the file and power up: DONE, or the status after a complaint. A copy is the card
 * as it is now; what it then does is forgotten.
 */
int card_open(const struct args *a, const char *path, enum yf_cardfile_mode mode, struct card *c);
void card_close(struct card *c);

/* Parts for a card in this memory. */
struct yf_card_parts card_parts(const struct yf_flash *flash);

/* A key set in a file (docs/formats.md). Secret. */
struct card_keys {
    uint8_t version;
    struct yf_scp03_keys keys;
};

/* By chance: DONE, or the status after a complaint. */
int card_keys_draw(const struct args *a, enum yf_cipher_id cipher, struct yf_scp03_keys *k);
/* To a file that must not be there yet: DONE, or the status after a complaint. */
int card_keys_save(const struct args *a, const char *path, const struct card_keys *k);
int card_keys_load(const struct args *a, const char *path, struct card_keys *k);

/* The cipher of that name, as "aes-256" or "sm4"; YF_CIPHERS if there is none for keys of cards. */
enum yf_cipher_id card_cipher(const char *name);
const char *card_cipher_name(enum yf_cipher_id id);

/* Hex digits, with any of these or none between bytes. */
#define CARD_HEX_SPACE " :\t"
bool card_hex(const char *text, uint8_t *out, size_t cap, size_t *n);
/* In capitals, into n * 2 + 1 bytes; returns text. */
char *card_hex_put(yf_span bytes, char *text);

#endif
