/* SPDX-License-Identifier: Apache-2.0 */
/* A counter of tries: an object of two bytes, how many at most and how many are left. */
#include <yufu/card/pin.h>

struct tries {
    uint8_t max, left;
};

static yf_err
get(const struct yf_store *s, yf_obj o, struct tries *t)
{
    uint8_t b[2];
    yf_err e = yf_store_read(s, o, 0, b, sizeof b);

    if (e)
        return e;
    if (b[0] < 1 || b[0] > YF_TRIES_MAX || b[1] > b[0])
        return YF_E_FORMAT;
    *t = (struct tries){ b[0], b[1] };
    return YF_OK;
}

static yf_err
put(struct yf_store *s, yf_obj o, struct tries t)
{
    const uint8_t b[] = { t.max, t.left };

    return yf_store_put(s, o, YF_SPAN(b));
}

yf_err
yf_tries_create(struct yf_store *s, yf_obj o, uint8_t max)
{
    uint32_t size;

    if (max < 1 || max > YF_TRIES_MAX)
        return YF_E_FORMAT;
    yf_err e = yf_store_size(s, o, &size);
    if (e != YF_E_NOTFOUND)
        return e ? e : YF_E_STATE;
    return put(s, o, (struct tries){ max, max });
}

yf_err
yf_tries_left(const struct yf_store *s, yf_obj o, uint8_t *left)
{
    struct tries t;
    yf_err e = get(s, o, &t);

    if (!e)
        *left = t.left;
    return e;
}

/* The commit is what counts: a try that could be undone would be a free one. */
yf_err
yf_tries_take(struct yf_store *s, yf_obj o)
{
    struct tries t;
    yf_err e = get(s, o, &t);

    if (e)
        return e;
    if (t.left == 0)
        return YF_E_DENIED;
    if ((e = yf_store_begin(s)))
        return e;
    t.left--;
    if (!(e = put(s, o, t)))
        return yf_store_commit(s);
    yf_store_abort(s);
    return e;
}

yf_err
yf_tries_restore(struct yf_store *s, yf_obj o)
{
    struct tries t;
    yf_err e = get(s, o, &t);

    if (e || t.left == t.max)
        return e;
    t.left = t.max;
    return put(s, o, t);
}
