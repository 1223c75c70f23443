/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a READ BINARY that asks nobody what has been shown. */
#include <yufu/card/root.h>
#include <yufu/card/travel.h>

#include <yufu/card/card.h>
#include <yufu/card/issuer.h>

static yf_sw
faulty_read(struct yf_call *c)
{
    struct yf_fcp file;
    uint8_t mem[64];

    if (yf_files_by_sfi(yf_call_store(c), c->app, 0, c->cmd.p1 & 0x1F, &file) ||
        yf_files_read(yf_call_store(c), c->app, &file, 0, mem, sizeof mem))
        return YF_SW_FILE_NOT_FOUND;
    yf_out_put(c->out, YF_SPAN(mem));
    return YF_SW_OK;
}

static const struct yf_applet *const *
faulty_applets(void)
{
    static struct yf_command commands[16];
    static struct yf_applet travel;
    static const struct yf_applet *const applets[] = { &yf_applet_root, &yf_applet_issuer, &travel,
                                                       NULL };

    travel = yf_applet_travel;
    for (size_t i = 0; i < travel.n_commands; i++) {
        commands[i] = travel.commands[i];
        if (commands[i].ins == 0xB0) {
            commands[i].need = YF_NEED_NOTHING;
            commands[i].run = faulty_read;
        }
    }
    travel.commands = commands;
    return applets;
}

#define APPLETS faulty_applets()
#include "card_card.c"
