/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands on files share: naming a file, what is current, how much to answer. */
#include "files_parts.h"

yf_sw
yf_files_sw(yf_err e)
{
    switch (e) {
    case YF_E_NOTFOUND:
        return YF_SW_FILE_NOT_FOUND;
    case YF_E_FORMAT:
    case YF_E_SHORT:
        return YF_SW_MEMORY;
    default:
        return yf_call_sw(e);
    }
}

yf_sw
yf_files_call_may(struct yf_call *c, const struct yf_fcp *f, enum yf_file_op op)
{
    return yf_files_may(yf_call_store(c), c->app, f, op, c->shown);
}

void
yf_files_current(struct yf_call *c, const struct yf_fcp *f, bool named)
{
    struct yf_files_at *at = yf_call_at(c);
    bool same = f->kind != YF_FILE_DF && at->ef == f->number && !named;

    if (f->kind == YF_FILE_DF)
        *at = (struct yf_files_at){ .df = f->number };
    else
        *at = (struct yf_files_at){ f->parent, f->number, same ? at->record : 0 };
}

yf_sw
yf_files_ef(struct yf_call *c, unsigned sfi, struct yf_fcp *f)
{
    const struct yf_store *s = yf_call_store(c);
    const struct yf_files_at *at = yf_call_at(c);
    yf_err e;

    if (sfi > 30)
        return YF_SW_WRONG_P1P2;
    if (sfi)
        return yf_files_sw(yf_files_by_sfi(s, c->app, at->df, (uint8_t)sfi, f));
    e = at->ef ? yf_files_get(s, c->app, at->ef, f) : YF_E_NOTFOUND;
    return e == YF_E_NOTFOUND ? YF_SW_NO_CURRENT_EF : yf_files_sw(e);
}

/* ---- naming a file: 7816-4 7.1.1, table 39 ---- */

/* The MF of this file system, if its directory is one. */
static yf_err
master(struct yf_call *c, struct yf_fcp *f)
{
    struct yf_fcp r;
    yf_err e = yf_files_get(yf_call_store(c), c->app, 0, &r);

    if (!e && r.fid != 0x3F00)
        e = YF_E_NOTFOUND;
    if (!e)
        *f = r;
    return e;
}

/* By identifier among the children of the current DF, its parent, and that one's children. */
static yf_err
around(struct yf_call *c, uint16_t fid, struct yf_fcp *f)
{
    const struct yf_store *s = yf_call_store(c);
    struct yf_fcp r;
    yf_err e = yf_files_by_fid(s, c->app, yf_call_at(c)->df, fid, f);

    if (e != YF_E_NOTFOUND)
        return e;
    if ((e = yf_files_get(s, c->app, yf_call_at(c)->df, &r)))
        return e;
    if ((e = yf_files_get(s, c->app, r.parent, &r)))
        return e;
    if (r.fid != fid)
        return yf_files_by_fid(s, c->app, r.number, fid, f);
    *f = r;
    return YF_OK;
}

/* A child of the current DF, which must be a DF or must be none. */
static yf_err
child(struct yf_call *c, uint16_t fid, bool df, struct yf_fcp *f)
{
    struct yf_fcp r;
    yf_err e = yf_files_by_fid(yf_call_store(c), c->app, yf_call_at(c)->df, fid, &r);

    if (!e && (r.kind == YF_FILE_DF) != df)
        e = YF_E_NOTFOUND;
    if (!e)
        *f = r;
    return e;
}

static yf_err
parent(struct yf_call *c, struct yf_fcp *f)
{
    yf_err e = yf_files_get(yf_call_store(c), c->app, yf_call_at(c)->df, f);

    if (!e && f->number == 0)
        e = YF_E_NOTFOUND;
    return e ? e : yf_files_get(yf_call_store(c), c->app, f->parent, f);
}

/* Down from f, identifier by identifier. */
static yf_err
path(struct yf_call *c, yf_span fids, struct yf_fcp *f)
{
    yf_cur at = yf_cur_of(fids);
    yf_err e = YF_OK;

    while (!e && yf_cur_more(&at))
        e = f->kind == YF_FILE_DF
                ? yf_files_by_fid(yf_call_store(c), c->app, f->number, yf_cur_u16(&at), f)
                : YF_E_NOTFOUND;
    return e;
}

static yf_err
by_fid(struct yf_call *c, uint16_t fid, struct yf_fcp *f)
{
    switch (c->cmd.p1) {
    case 0x01:
    case 0x02:
        return child(c, fid, c->cmd.p1 == 0x01, f);
    default:
        return fid == 0x3F00 ? master(c, f) : around(c, fid, f);
    }
}

static yf_err
by_path(struct yf_call *c, struct yf_fcp *f)
{
    yf_err e = c->cmd.p1 == 0x08 ? master(c, f)
                                 : yf_files_get(yf_call_store(c), c->app, yf_call_at(c)->df, f);

    return e ? e : path(c, c->cmd.data, f);
}

yf_sw
yf_files_named(struct yf_call *c, struct yf_fcp *f, bool *named)
{
    yf_span name = c->cmd.data;

    *named = c->cmd.p1 || name.n;
    switch (c->cmd.p1) {
    case 0x00:
    case 0x01:
    case 0x02:
        if (!*named)
            return YF_SW_OK;
        return name.n == 2 ? yf_files_sw(by_fid(c, yf_be16(name.p), f)) : YF_SW_NC_P1P2;
    case 0x03:
        return name.n == 0 ? yf_files_sw(parent(c, f)) : YF_SW_NC_P1P2;
    case 0x08:
    case 0x09:
        return name.n && name.n % 2 == 0 ? yf_files_sw(by_path(c, f)) : YF_SW_NC_P1P2;
    default:
        return YF_SW_WRONG_P1P2;
    }
}

/* ---- how much to answer ---- */

/*
 * Le of zeros asks for whatever there is. 256 is always taken for it: a DO 97 of 00 may lie in
 * an extended command.
 */
static bool
asks_for_all(const yf_apdu_cmd *cmd)
{
    return cmd->ne == 256 || cmd->ne == YF_APDU_MAX_NE;
}

uint32_t
yf_files_room(const struct yf_call *c)
{
    return c->cmd.ne < YF_CARD_NE ? c->cmd.ne : YF_CARD_NE;
}

yf_sw
yf_files_le(const struct yf_call *c, uint32_t room, uint32_t there)
{
    return there < room && !asks_for_all(&c->cmd) ? YF_SW_END_OF_FILE : YF_SW_OK;
}
