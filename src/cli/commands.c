/* SPDX-License-Identifier: Apache-2.0 */
/* Every command, in the order help shows them; commands of a group stand together. */
#include "cli.h"
#include "sm.h"

extern const struct cmd cmd_card_new, cmd_card_show, cmd_card_insert, cmd_card_personalise,
    cmd_card_readers, cmd_apdu, cmd_lab_reader;
extern const struct cmd cmd_up, cmd_lab_kat, cmd_bench_crypto, cmd_bench_card, cmd_bench_timing,
    cmd_help;

// clang-format off
const struct cmd *const commands[] = {
    &cmd_up,
    &cmd_card_new, &cmd_card_show, &cmd_card_personalise, &cmd_card_insert, &cmd_card_readers,
    &cmd_apdu,
    &cmd_sm_keygen, &cmd_sm_pub, &cmd_sm_sign, &cmd_sm_verify, &cmd_sm_encrypt, &cmd_sm_decrypt,
    &cmd_sm_hash, &cmd_sm_cipher,
    &cmd_lab_kat, &cmd_lab_reader,
    &cmd_bench_crypto, &cmd_bench_card, &cmd_bench_timing,
    &cmd_help,
    NULL,
};
// clang-format on
