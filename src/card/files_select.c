/* SPDX-License-Identifier: Apache-2.0 */
/* SELECT: 7816-4 7.1.1. */
#include "files_parts.h"

/* Table 40, bits 4 and 3 of P2; the other bits ask for more than the first occurrence. */
enum { FCI = 0x00, FCP = 0x04, FMD = 0x08, NOTHING = 0x0C };

static void
put_control(yf_out *o, uint8_t p2, const struct yf_fcp *f)
{
    static const uint8_t tags[] = { [FCI >> 2] = 0x6F, [FCP >> 2] = 0x62, [FMD >> 2] = 0x64 };
    size_t mark = yf_tlv_open(o, tags[p2 >> 2]);

    if (p2 != FMD) // management data: there is none
        yf_fcp_put(o, f);
    yf_tlv_close(o, mark);
}

static yf_sw
selected_sw(const struct yf_fcp *f)
{
    switch (f->state) {
    case YF_FILE_DEACTIVATED:
        return YF_SW_FILE_DEACTIVATED;
    case YF_FILE_TERMINATED:
        return YF_SW_FILE_TERMINATED;
    default:
        return YF_SW_OK;
    }
}

/* Without data and P1 the MF is meant. */
static yf_sw
chosen(struct yf_call *c, struct yf_fcp *f)
{
    bool named;
    yf_sw sw = yf_files_named(c, f, &named);

    if (sw != YF_SW_OK || named)
        return sw;
    c->cmd.data = YF_STR("\x3F\x00");
    return yf_files_named(c, f, &named);
}

yf_sw
yf_do_select(struct yf_call *c)
{
    size_t before = c->out->n;
    struct yf_fcp f;

    if (c->cmd.p2 & ~NOTHING)
        return YF_SW_WRONG_P1P2;
    yf_sw sw = chosen(c, &f);
    if (sw != YF_SW_OK)
        return sw;
    if (c->cmd.p2 != NOTHING && c->cmd.ne)
        put_control(c->out, c->cmd.p2, &f);
    if (c->out->n - before > c->cmd.ne)
        return yf_sw_wrong_le(c->out->n - before);
    yf_files_current(c, &f, true);
    return selected_sw(&f);
}
