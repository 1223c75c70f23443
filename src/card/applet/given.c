/* SPDX-License-Identifier: Apache-2.0 */
#include "given.h"

/* There for each grouping that came in part. */
static yf_obj
partial(const struct yf_call *call, uint16_t dgi)
{
    return YF_OBJ(call->app, YF_OBJ_DATA, dgi);
}

static yf_obj
key_object(const struct yf_call *call, uint16_t dgi)
{
    return YF_OBJ(call->app, YF_OBJ_KEY, dgi);
}

yf_sw
given_install(struct yf_call *call, uint16_t fid)
{
    struct yf_fcp df = { .kind = YF_FILE_DF, .state = YF_FILE_ACTIVATED, .fid = fid };

    return yf_call_sw(yf_files_create(yf_call_store(call), call->app, &df));
}

/* ---- taking a grouping in ---- */

/* Only the first piece may begin anew, and only what began may go on. */
static yf_err
begin_or_go_on(struct yf_call *call, uint16_t dgi, uint32_t at)
{
    struct yf_store *s = yf_call_store(call);
    uint32_t size;

    if (at == 0)
        return yf_store_put(s, partial(call, dgi), (yf_span){ 0 });
    yf_err e = yf_store_size(s, partial(call, dgi), &size);
    return e == YF_E_NOTFOUND ? YF_E_FORMAT : e;
}

static yf_err
whole_now(struct yf_call *call, uint16_t dgi)
{
    return yf_store_remove(yf_call_store(call), partial(call, dgi));
}

static yf_err
make_file(struct yf_call *call, const struct given_file *g, uint32_t total, struct yf_fcp *f)
{
    struct yf_store *s = yf_call_store(call);
    yf_err e = yf_files_by_fid(s, call->app, 0, g->fid, f);

    if (!e)
        e = yf_files_delete(s, call->app, f->number);
    if (e && e != YF_E_NOTFOUND)
        return e;
    *f = (struct yf_fcp){
        .kind = YF_FILE_TRANSPARENT,
        .state = YF_FILE_ACTIVATED,
        .fid = g->fid,
        .sfi = g->sfi,
        .size = total,
        .need = { [YF_FILE_READ] = g->read },
    };
    return yf_files_create(s, call->app, f);
}

static yf_err
file_piece(struct yf_call *call, const struct given_file *g, uint32_t total, uint32_t at,
           yf_span piece)
{
    struct yf_fcp f;
    yf_err e = at == 0 ? make_file(call, g, total, &f)
                       : yf_files_by_fid(yf_call_store(call), call->app, 0, g->fid, &f);

    if (e)
        return e;
    if (f.size != total)
        return YF_E_FORMAT;
    return yf_files_write(yf_call_store(call), call->app, &f, at, piece);
}

static yf_err
key_piece(struct yf_call *call, uint16_t dgi, uint32_t total, uint32_t at, yf_span piece)
{
    struct yf_store *s = yf_call_store(call);
    yf_obj o = key_object(call, dgi);
    uint32_t size;
    yf_err e;

    if (at == 0) {
        if ((e = yf_store_remove(s, o)) && e != YF_E_NOTFOUND)
            return e;
        if ((e = yf_store_create(s, o, total)))
            return e;
    }
    if ((e = yf_store_size(s, o, &size)))
        return e;
    return size == total ? yf_store_write(s, o, at, piece) : YF_E_FORMAT;
}

static yf_sw
check_file(struct yf_call *call, const struct given_file *g)
{
    yf_span file = { 0 };
    yf_sw sw;

    if (!g->check)
        return YF_SW_OK;
    if ((sw = given_read_file(call, g->fid, &file)) != YF_SW_OK)
        return sw;
    sw = g->check(call, file);
    given_release(call, file);
    return sw;
}

static const struct given_file *
find_file(const struct given *g, uint16_t dgi)
{
    for (size_t i = 0; i < g->n_files; i++)
        if (g->files[i].fid == dgi)
            return &g->files[i];
    return NULL;
}

static const struct given_key *
find_key(const struct given *g, uint16_t dgi)
{
    for (size_t i = 0; i < g->n_keys; i++)
        if (g->keys[i].first <= dgi && dgi <= g->keys[i].last)
            return &g->keys[i];
    return NULL;
}

/* May it come at all, as it comes? */
static yf_sw
admit(struct yf_call *call, const struct given_file *f, const struct given_key *k, uint32_t total)
{
    if (yf_call_stage(call) > YF_STAGE_PERSO)
        return YF_SW_CONDITIONS;
    if (!f && !k)
        return YF_SW_REFERENCE_NOT_FOUND;
    if (k && !yf_need_met(YF_NEED_SECRET, call->shown))
        return YF_SW_SECURITY_STATUS;
    if (total > (f ? f->max : k->max))
        return YF_SW_NO_MEMORY;
    return total < (f ? 1 : k->min) ? YF_SW_WRONG_DATA : YF_SW_OK;
}

static yf_sw
take(struct yf_call *call, const struct given_file *f, uint16_t dgi, uint32_t total, uint32_t at,
     yf_span piece)
{
    yf_err e = begin_or_go_on(call, dgi, at);
    yf_sw sw;

    if (!e)
        e = f ? file_piece(call, f, total, at, piece) : key_piece(call, dgi, total, at, piece);
    if (e || at + piece.n < total)
        return yf_call_sw(e);
    if (f && (sw = check_file(call, f)) != YF_SW_OK)
        return sw;
    return yf_call_sw(whole_now(call, dgi));
}

/* A piece is one transaction, or part of the one that is open. */
yf_sw
given_store(struct yf_call *call, const struct given *g, uint16_t dgi, uint32_t total, uint32_t at,
            yf_span piece)
{
    struct yf_store *s = yf_call_store(call);
    const struct given_file *f = find_file(g, dgi);
    yf_sw sw = admit(call, f, find_key(g, dgi), total);
    yf_err e;

    if (sw != YF_SW_OK)
        return sw;
    if (at > total || piece.n > total - at)
        return YF_SW_WRONG_DATA;
    if ((e = yf_store_begin(s)) && e != YF_E_STATE)
        return yf_call_sw(e);
    sw = take(call, f, dgi, total, at, piece);
    if (!e && sw == YF_SW_OK)
        sw = yf_call_sw(yf_store_commit(s));
    if (!e && sw != YF_SW_OK)
        yf_store_abort(s);
    return sw;
}

/* ---- what was given ---- */

yf_sw
given_whole(struct yf_call *call)
{
    const struct yf_store *s = yf_call_store(call);
    yf_obj o;

    if (s->broken)
        return yf_call_sw(s->broken);
    return yf_store_next(s, partial(call, 0) - 1, &o) && o <= partial(call, 0xFFFF)
               ? YF_SW_CONDITIONS
               : YF_SW_OK;
}

bool
given_file(struct yf_call *call, uint16_t fid)
{
    struct yf_fcp f;

    return yf_files_by_fid(yf_call_store(call), call->app, 0, fid, &f) == YF_OK;
}

bool
given_key(struct yf_call *call, uint16_t dgi)
{
    uint32_t size;

    return yf_store_size(yf_call_store(call), key_object(call, dgi), &size) == YF_OK;
}

yf_sw
given_read_file(struct yf_call *call, uint16_t fid, yf_span *file)
{
    const struct yf_store *s = yf_call_store(call);
    struct yf_fcp f;
    yf_err e = yf_files_by_fid(s, call->app, 0, fid, &f);

    if (e)
        return e == YF_E_NOTFOUND ? YF_SW_FILE_NOT_FOUND : yf_call_sw(e);
    if (f.size > call->out->cap - call->out->n)
        return YF_SW_NO_MEMORY;
    uint8_t *mem = yf_out_claim(call->out, f.size);
    *file = (yf_span){ mem, f.size };
    if ((e = yf_files_read(s, call->app, &f, 0, mem, f.size)))
        given_release(call, *file);
    return yf_call_sw(e);
}

void
given_release(struct yf_call *call, yf_span file)
{
    call->out->n -= file.n;
}

unsigned
given_keys(struct yf_call *call, uint16_t first, uint16_t last)
{
    yf_obj at = key_object(call, first) - 1;
    unsigned n = 0;

    while (yf_store_next(yf_call_store(call), at, &at) && at <= key_object(call, last))
        n++;
    return n;
}

/* Bytes of a key, if it has at most cap. */
static yf_err
key_size(struct yf_call *call, uint16_t dgi, size_t cap, uint32_t *size)
{
    yf_err e = yf_store_size(yf_call_store(call), key_object(call, dgi), size);

    return !e && *size > cap ? YF_E_ROOM : e;
}

yf_sw
given_claim_key(struct yf_call *call, uint16_t dgi, yf_span *key)
{
    uint32_t size;
    yf_err e = key_size(call, dgi, call->out->cap - call->out->n, &size);

    if (e)
        return yf_call_sw(e);
    uint8_t *mem = yf_out_claim(call->out, size);
    *key = (yf_span){ mem, size };
    e = yf_store_read(yf_call_store(call), key_object(call, dgi), 0, mem, size);
    if (e)
        given_wipe(call, *key);
    return yf_call_sw(e);
}

void
given_wipe(struct yf_call *call, yf_span key)
{
    call->out->n -= key.n;
    yf_wipe(call->out->p + call->out->n, key.n);
}

yf_sw
given_read_key(struct yf_call *call, uint16_t dgi, uint8_t *key, size_t cap, size_t *n)
{
    uint32_t size;
    yf_err e = key_size(call, dgi, cap, &size);

    if (!e)
        e = yf_store_read(yf_call_store(call), key_object(call, dgi), 0, key, size);
    if (!e)
        *n = size;
    return yf_call_sw(e);
}
