/* SPDX-License-Identifier: Apache-2.0 */
/* The part of `yufu up` that is about a card. */
#ifndef YUFU_CLI_UP_H
#define YUFU_CLI_UP_H

#include <jansson.h>
#include <stdbool.h>

/*
 * Makes a card, personalises it, puts it into a reader of its own where one can be had,
 * else keeps it in this process, and reads it. What happened, as an object; "ok" in it says
 * whether all went well, "failed" what did not.
 */
json_t *up_card(void);
void up_card_print(const json_t *card);

#endif
