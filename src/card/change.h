/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change - one change of several writes: a transaction of its own, or part of the one that is
 * open, whose owner then decides what becomes of it.
 */
#ifndef YUFU_SRC_CARD_CHANGE_H
#define YUFU_SRC_CARD_CHANGE_H

#include <yufu/card/store.h>

static inline yf_err
yf_change_begin(struct yf_store *s, bool *own)
{
    yf_err e = yf_store_begin(s);

    *own = e == YF_OK;
    return e == YF_E_STATE ? YF_OK : e;
}

/* Commits or, after an error, undoes what is its own. */
static inline yf_err
yf_change_end(struct yf_store *s, bool own, yf_err e)
{
    if (!own)
        return e;
    if (!e)
        return yf_store_commit(s);
    yf_store_abort(s);
    return e;
}

#endif
