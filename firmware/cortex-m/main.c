/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"
#include "kat.h"

#include <string.h>

int main(void);

static uint32_t cases;

static void
say(const char *line)
{
    cases += memcmp(line, "ok", 2) == 0 || memcmp(line, "not ok", 6) == 0;
    board_say(line);
}

int
main(void)
{
    board_say("# emulated: a Cortex-M4 of qemu's mps2-an386, no chip and no measure of time\n");
    int wrong = kat_run(say);
    board_say("1..");
    board_say_number(cases);
    board_say("\n# deepest stack: ");
    board_say_number(board_stack_used());
    board_say(" bytes\n");
    return wrong;
}
