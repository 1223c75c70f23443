/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/apdu.h>

enum { INS_GET_RESPONSE = 0xC0, CHAINED = 0x10 };

/* ---- lengths, 7816-3 12.1.3 ----
 *
 *  case 1   CLA INS P1 P2
 *  case 2   CLA INS P1 P2                Le          Le 00 = 256, 00 00 = 65536
 *  case 3   CLA INS P1 P2  Lc  data                  short: 1 byte each
 *  case 4   CLA INS P1 P2  Lc  data      Le          extended: 00 before the first, 2 bytes each
 */

static uint32_t
length(yf_cur *c, bool extended)
{
    return extended ? yf_cur_u16(c) : yf_cur_u8(c);
}

static uint32_t
ne_of(uint32_t le, bool extended)
{
    return le ? le : extended ? 65536 : 256;
}

static void
parse_body(yf_cur *c, yf_apdu_cmd *r)
{
    bool extended = yf_cur_peek(c) == 0 && c->left > 1;

    if (extended)
        yf_cur_u8(c);
    uint32_t n = length(c, extended);
    r->form = extended ? YF_APDU_EXTENDED : YF_APDU_SHORT;
    if (c->left == 0) {
        r->ne = ne_of(n, extended);
        return;
    }
    if (n == 0)
        yf_cur_fail(c, YF_E_FORMAT);
    r->data = yf_cur_take(c, n);
    if (c->left)
        r->ne = ne_of(length(c, extended), extended);
}

yf_err
yf_apdu_cmd_parse(yf_span in, yf_apdu_cmd *out)
{
    yf_cur c = yf_cur_of(in);
    yf_apdu_cmd r = { .form = YF_APDU_SHORT };

    r.cla = yf_cur_u8(&c);
    r.ins = yf_cur_u8(&c);
    r.p1 = yf_cur_u8(&c);
    r.p2 = yf_cur_u8(&c);
    if (yf_cur_more(&c))
        parse_body(&c, &r);

    yf_err e = yf_cur_done(&c);
    if (!e)
        *out = r;
    return e;
}

static bool
fits(const yf_apdu_cmd *cmd, bool extended)
{
    return cmd->data.n <= (extended ? YF_APDU_MAX_NC : 255) &&
           cmd->ne <= (extended ? YF_APDU_MAX_NE : 256);
}

/* The low bits of ne are Le: 256 becomes 00, 65536 becomes 00 00. */
static void
put_length(yf_out *o, uint32_t n, bool extended)
{
    if (extended)
        yf_out_u16(o, (uint16_t)n);
    else
        yf_out_u8(o, (uint8_t)n);
}

void
yf_apdu_cmd_put(yf_out *o, const yf_apdu_cmd *cmd)
{
    bool extended =
        cmd->form == YF_APDU_EXTENDED || (cmd->form == YF_APDU_SHORTEST && !fits(cmd, false));

    if (!fits(cmd, extended))
        yf_out_fail(o, YF_E_ROOM);
    yf_out_put(o, (yf_span){ (const uint8_t[]){ cmd->cla, cmd->ins, cmd->p1, cmd->p2 }, 4 });
    if (extended && (cmd->data.n || cmd->ne))
        yf_out_u8(o, 0);
    if (cmd->data.n)
        put_length(o, (uint32_t)cmd->data.n, extended);
    yf_out_put(o, cmd->data);
    if (cmd->ne)
        put_length(o, cmd->ne, extended);
}

yf_err
yf_apdu_rsp_parse(yf_span in, yf_apdu_rsp *out)
{
    yf_cur c = yf_cur_of(in);
    yf_apdu_rsp r;

    if (in.n > YF_APDU_MAX_RSP)
        return YF_E_FORMAT;
    r.data = yf_cur_take(&c, in.n < 2 ? 0 : in.n - 2);
    r.sw = yf_cur_u16(&c);
    if (!c.err && yf_sw_class_of(r.sw) == YF_SW_CLASS_INVALID)
        yf_cur_fail(&c, YF_E_FORMAT);

    yf_err e = yf_cur_done(&c);
    if (!e)
        *out = r;
    return e;
}

void
yf_apdu_rsp_put(yf_out *o, const yf_apdu_rsp *rsp)
{
    if (rsp->data.n > YF_APDU_MAX_NE)
        yf_out_fail(o, YF_E_ROOM);
    if (yf_sw_class_of(rsp->sw) == YF_SW_CLASS_INVALID)
        yf_out_fail(o, YF_E_FORMAT);
    yf_out_put(o, rsp->data);
    yf_out_u16(o, rsp->sw);
}

/* ---- the class byte ----
 *
 *  b8 b7 b6 b5 b4 b3 b2 b1
 *   p  0  0  c  sm sm ch ch    first interindustry: channels 0 to 3
 *   p  1  s  c  ch ch ch ch    further interindustry: channels 4 to 19, s: ISO secure messaging
 *
 * p: proprietary, read the same way while c is 0 (GlobalPlatform 11.1.4).
 */

yf_err
yf_apdu_cla_parse(uint8_t cla, yf_apdu_cla *out)
{
    yf_apdu_cla r = { .proprietary = cla >> 7 };
    bool chained = cla & CHAINED;

    if (cla == 0xFF)
        return YF_E_FORMAT;
    if (cla >> 5 == 1)
        return YF_E_UNSUPPORTED;
    if (!r.proprietary || (cla >> 5 != 5 && !chained)) {
        r.chained = chained;
        r.sm = cla & 0x40 ? (cla & 0x20 ? YF_APDU_SM_ISO : YF_APDU_SM_NONE)
                          : (yf_apdu_sm)(cla >> 2 & 3);
        r.channel = cla & 0x40 ? 4 + (cla & 0xF) : cla & 3;
    }
    *out = r;
    return YF_OK;
}

/* A plain interindustry class on a channel up to 19. */
static unsigned
channel_bits(unsigned channel)
{
    return channel < 4 ? channel : 0x40 | (channel - 4);
}

yf_err
yf_apdu_cla_build(const yf_apdu_cla *c, uint8_t *cla)
{
    unsigned b = channel_bits(c->channel);
    bool further = c->channel >= 4;

    if (c->channel > 19 || c->sm > YF_APDU_SM_HEADER || (c->proprietary && c->chained))
        return YF_E_FORMAT;
    if (further && c->sm != YF_APDU_SM_NONE && c->sm != YF_APDU_SM_ISO)
        return YF_E_FORMAT;
    b |= c->proprietary ? 0x80 : 0;
    b |= c->chained ? CHAINED : 0;
    b |= further ? (c->sm ? 0x20 : 0) : (unsigned)c->sm << 2;
    *cla = (uint8_t)b;
    return YF_OK;
}

static bool
is_part(uint8_t cla)
{
    yf_apdu_cla c;
    return yf_apdu_cla_parse(cla, &c) == YF_OK && c.chained;
}

/* ---- command chaining ---- */

void
yf_apdu_chain_init(struct yf_apdu_chain *ch, uint8_t *mem, size_t cap)
{
    *ch = (struct yf_apdu_chain){ .joined = yf_out_of(mem, cap) };
}

void
yf_apdu_chain_drop(struct yf_apdu_chain *ch)
{
    yf_wipe(ch->joined.p, ch->joined.n);
    yf_apdu_chain_init(ch, ch->joined.p, ch->joined.cap);
}

static bool
same_chain(const struct yf_apdu_chain *ch, const yf_apdu_cmd *part)
{
    return (part->cla | CHAINED) == ch->cla && part->ins == ch->ins && part->p1 == ch->p1 &&
           part->p2 == ch->p2;
}

static void
chain_begin(struct yf_apdu_chain *ch, const yf_apdu_cmd *part)
{
    ch->open = true;
    ch->cla = part->cla;
    ch->ins = part->ins;
    ch->p1 = part->p1;
    ch->p2 = part->p2;
}

yf_err
yf_apdu_chain_add(struct yf_apdu_chain *ch, const yf_apdu_cmd *part, yf_apdu_cmd *whole, bool *done)
{
    bool last = !is_part(part->cla);

    if (!ch->open) {
        yf_apdu_chain_drop(ch);
        if (last) {
            *whole = *part;
            *done = true;
            return YF_OK;
        }
        chain_begin(ch, part);
    }
    if (!same_chain(ch, part))
        yf_out_fail(&ch->joined, YF_E_STATE);
    yf_out_put(&ch->joined, part->data);

    yf_err e = ch->joined.err;
    if (e) {
        yf_apdu_chain_drop(ch);
        return e;
    }
    ch->open = !last;
    if (last) {
        *whole = *part;
        whole->form = YF_APDU_SHORTEST;
        whole->data = yf_out_span(&ch->joined);
    }
    *done = last;
    return YF_OK;
}

yf_err
yf_apdu_split_init(struct yf_apdu_split *s, const yf_apdu_cmd *cmd, size_t step)
{
    yf_apdu_cla c;
    yf_err e = yf_apdu_cla_parse(cmd->cla, &c);

    if (step < 1 || step > 255)
        return YF_E_ROOM;
    if (!e && c.chained)
        return YF_E_STATE;
    if (cmd->data.n > step && (e || c.proprietary))
        return YF_E_UNSUPPORTED;
    *s = (struct yf_apdu_split){ *cmd, step, false };
    return YF_OK;
}

bool
yf_apdu_split_next(struct yf_apdu_split *s, yf_apdu_cmd *part)
{
    if (s->done)
        return false;
    yf_cur c = yf_cur_of(s->left.data);
    s->done = c.left <= s->step;

    *part = s->left;
    part->form = YF_APDU_SHORT;
    part->data = yf_cur_take(&c, s->done ? c.left : s->step);
    part->ne = s->done ? (s->left.ne < 256 ? s->left.ne : 256) : 0;
    if (!s->done)
        part->cla |= CHAINED;
    s->left.data = yf_cur_rest(&c);
    return true;
}

/* ---- 61xx and 6Cxx ---- */

void
yf_apdu_fetch_init(struct yf_apdu_fetch *f, const yf_apdu_cmd *cmd, uint8_t *mem, size_t cap)
{
    *f = (struct yf_apdu_fetch){ .cmd = *cmd, .body = yf_out_of(mem, cap) };
}

/* GET RESPONSE is a transport matter: the command's channel, nothing else of its class. */
static yf_apdu_cmd
get_response(uint8_t cla, unsigned n)
{
    yf_apdu_cla c = { 0 };

    if (yf_apdu_cla_parse(cla, &c))
        c.channel = 0;
    return (yf_apdu_cmd){ .cla = (uint8_t)channel_bits(c.channel),
                          .ins = INS_GET_RESPONSE,
                          .form = YF_APDU_SHORT,
                          .ne = n };
}

yf_err
yf_apdu_fetch_step(struct yf_apdu_fetch *f, const yf_apdu_rsp *got, bool *done)
{
    unsigned n = yf_sw_count(got->sw);

    *done = false;
    if (yf_sw_is_wrong_le(got->sw) && !f->retried && f->cmd.ne && got->data.n == 0) {
        f->retried = true;
        f->cmd.ne = n;
        return YF_OK;
    }
    yf_out_put(&f->body, got->data);
    if (f->body.err)
        return f->body.err;
    if (yf_sw_is_more(got->sw)) {
        if (f->fetching && got->data.n == 0)
            return YF_E_FORMAT;
        f->cmd = get_response(f->cmd.cla, n);
        f->fetching = true;
        f->retried = false;
        return YF_OK;
    }
    f->rsp = (yf_apdu_rsp){ got->sw, yf_out_span(&f->body) };
    *done = true;
    return YF_OK;
}
