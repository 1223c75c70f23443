/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE, DELETE, ACTIVATE, DEACTIVATE and TERMINATE: 7816-9. */
#include "files_parts.h"

/* The file a command is about; without a name, the current one. */
static yf_sw
target(struct yf_call *c, struct yf_fcp *f)
{
    const struct yf_files_at *at = yf_call_at(c);
    bool named;
    yf_sw sw = c->cmd.p2 ? YF_SW_WRONG_P1P2 : yf_files_named(c, f, &named);

    if (sw != YF_SW_OK || named)
        return sw;
    return yf_files_sw(yf_files_get(yf_call_store(c), c->app, at->ef ? at->ef : at->df, f));
}

/* ---- there or not ---- */

static yf_sw
create_sw(yf_err e)
{
    switch (e) {
    case YF_E_FORMAT:
        return YF_SW_WRONG_DATA;
    case YF_E_STATE:
        return YF_SW_FILE_EXISTS;
    default:
        return yf_files_sw(e);
    }
}

yf_sw
yf_do_create_file(struct yf_call *c)
{
    struct yf_store *s = yf_call_store(c);
    struct yf_fcp f, df;
    yf_err e;

    if (c->cmd.p1 || c->cmd.p2)
        return YF_SW_WRONG_P1P2;
    if (yf_fcp_parse(c->cmd.data, &f))
        return YF_SW_WRONG_DATA;
    f.parent = yf_call_at(c)->df;
    if ((e = yf_files_get(s, c->app, f.parent, &df)))
        return yf_files_sw(e);
    yf_sw sw =
        yf_files_call_may(c, &df, f.kind == YF_FILE_DF ? YF_FILE_CREATE_DF : YF_FILE_CREATE_EF);
    if (sw != YF_SW_OK)
        return sw;
    if ((e = yf_files_create(s, c->app, &f)))
        return create_sw(e);
    yf_files_current(c, &f, true);
    return YF_SW_OK;
}

/* The deleted file is current no longer. */
static void
forget(struct yf_call *c, const struct yf_fcp *f)
{
    struct yf_files_at *at = yf_call_at(c);

    if (at->df == f->number)
        *at = (struct yf_files_at){ .df = f->parent };
    if (at->ef == f->number)
        *at = (struct yf_files_at){ .df = at->df };
}

yf_sw
yf_do_delete_file(struct yf_call *c)
{
    struct yf_fcp f;
    yf_sw sw = target(c, &f);

    if (sw != YF_SW_OK || (sw = yf_files_call_may(c, &f, YF_FILE_DELETE)) != YF_SW_OK)
        return sw;
    if (f.number == 0)
        return YF_SW_CONDITIONS; // goes with its application only
    yf_err e = yf_files_delete(yf_call_store(c), c->app, f.number);
    if (e)
        return e == YF_E_STATE ? YF_SW_CONDITIONS : yf_files_sw(e);
    forget(c, &f);
    return YF_SW_OK;
}

/* ---- in use or not ---- */

static yf_sw
change_state(struct yf_call *c, const struct yf_fcp *f, enum yf_file_op op, enum yf_file_state to)
{
    yf_sw sw = yf_files_call_may(c, f, op);

    if (sw != YF_SW_OK || f->state == to)
        return sw;
    return yf_files_sw(yf_files_set_state(yf_call_store(c), c->app, f->number, to));
}

yf_sw
yf_do_activate_file(struct yf_call *c)
{
    struct yf_fcp f;
    yf_sw sw = target(c, &f);

    return sw != YF_SW_OK ? sw : change_state(c, &f, YF_FILE_ACTIVATE, YF_FILE_ACTIVATED);
}

yf_sw
yf_do_deactivate_file(struct yf_call *c)
{
    struct yf_fcp f;
    yf_sw sw = target(c, &f);

    return sw != YF_SW_OK ? sw : change_state(c, &f, YF_FILE_DEACTIVATE, YF_FILE_DEACTIVATED);
}

yf_sw
yf_do_terminate_file(struct yf_call *c)
{
    struct yf_fcp f;
    yf_sw sw = target(c, &f);

    if (sw != YF_SW_OK)
        return sw;
    if ((c->cmd.ins == 0xE6) != (f.kind == YF_FILE_DF))
        return YF_SW_FILE_STRUCTURE;
    return change_state(c, &f, YF_FILE_TERMINATE, YF_FILE_TERMINATED);
}
