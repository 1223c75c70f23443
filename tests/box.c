/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "t.h"

#define KEY                                                                                        \
    {                                                                                              \
        0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E,  \
            0x4F                                                                                   \
    }
const struct yf_scp03_keys box_keys = { YF_AES128, KEY, KEY, KEY };

void
box_open(struct box *b, const struct yf_applet *const *applets)
{
    memset(b, 0, sizeof *b);
    T_OK(yf_flashram_open(&b->flash, YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT));
    b->rnd = (struct rnd){ 1 };
    b->parts = (struct yf_card_parts){
        .provider = &yf_provider_soft,
        .rng = rng_seeded(&b->rnd),
        .flash = &b->flash.flash,
        .applets = applets,
        .tested = true,
    };
    T_OK(yf_card_make(&b->parts, YF_STR("serial"), &box_keys, &b->card));
    T_OK(yf_card_start(&b->card, &b->parts));
}

void
box_close(struct box *b)
{
    yf_card_stop(&b->card);
    yf_flashram_close(&b->flash);
}

yf_err
box_restart(struct box *b)
{
    yf_card_stop(&b->card);
    return yf_card_start(&b->card, &b->parts);
}

yf_sw
box_say(struct box *b, yf_span cmd)
{
    yf_out o = yf_out_of(b->rsp, sizeof b->rsp);
    yf_apdu_rsp r;

    yf_card_transmit(&b->card, cmd, &o);
    T_OK(yf_apdu_rsp_parse(yf_out_span(&o), &r));
    b->data = r.data;
    return r.sw;
}

yf_sw
box_do(struct box *b, const yf_apdu_cmd *cmd)
{
    uint8_t bytes[YF_CARD_IN + 9];
    yf_out o = yf_out_of(bytes, sizeof bytes);
    yf_span span;

    yf_apdu_cmd_put(&o, cmd);
    T_OK(yf_out_done(&o, &span));
    return box_say(b, span);
}

yf_sw
box_select(struct box *b, yf_span aid)
{
    return box_do(b, &(yf_apdu_cmd){ .ins = 0xA4, .p1 = 0x04, .ne = 256, .data = aid });
}

struct yf_call
box_call(struct box *b, uint8_t app, yf_out *o)
{
    return (struct yf_call){ .card = &b->card, .app = app, .shown = YF_NEED_NOTHING, .out = o };
}

void
box_advance(struct box *b, yf_stage to)
{
    yf_out none = yf_out_of(NULL, 0);
    struct yf_call call = box_call(b, YF_APP_ISSUER, &none);

    for (unsigned s = 0; s < YF_STAGES && b->card.stage != to; s++)
        if (s <= (unsigned)to && yf_stage_follows(b->card.stage, (yf_stage)s))
            T_OK(yf_call_advance(&call, (yf_stage)s));
}
