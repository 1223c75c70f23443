/* SPDX-License-Identifier: Apache-2.0 */
/* What files are and where they lie; who may do what to them. */
#include "change.h"
#include "files_parts.h"

/*
 * YF_OBJ_FILE: kind, state, parent, sfi, record, records (1 byte each), fid (2), size (4),
 * needs (2 each).
 */
enum { FILE_BYTES = 12 + 2 * YF_FILE_OPS, NUMBERS = 256, DEPTH = 8 };

static yf_obj
file_obj(uint8_t app, unsigned number)
{
    return YF_OBJ(app, YF_OBJ_FILE, number);
}

/* ---- what a file is ---- */

bool
yf_file_state_known(uint8_t state)
{
    return state == YF_FILE_CREATION || state == YF_FILE_INITIALISATION ||
           state == YF_FILE_ACTIVATED || state == YF_FILE_DEACTIVATED ||
           state == YF_FILE_TERMINATED;
}

bool
yf_file_has_records(const struct yf_fcp *f)
{
    return f->kind >= YF_FILE_LINEAR_FIXED && f->kind < YF_FILE_KINDS;
}

/* Can there be such a file? */
static bool
sound(const struct yf_fcp *f)
{
    bool records = yf_file_has_records(f), transparent = f->kind == YF_FILE_TRANSPARENT;

    if (f->kind < YF_FILE_DF || f->kind >= YF_FILE_KINDS || !yf_file_state_known(f->state))
        return false;
    if (transparent ? f->size < 1 || f->size > YF_OBJ_MAX : f->size != 0)
        return false;
    if (records ? f->record < 1 || f->records < 1 || f->records > 254 : f->record || f->records)
        return false;
    return f->sfi <= (f->kind == YF_FILE_DF ? 0 : 30);
}

static void
put_file(yf_out *o, const struct yf_fcp *f)
{
    yf_out_u8(o, f->kind);
    yf_out_u8(o, f->state);
    yf_out_u8(o, f->parent);
    yf_out_u8(o, f->sfi);
    yf_out_u8(o, f->record);
    yf_out_u8(o, f->records);
    yf_out_u16(o, f->fid);
    yf_out_u32(o, f->size);
    for (unsigned op = 0; op < YF_FILE_OPS; op++)
        yf_out_u16(o, f->need[op]);
}

yf_err
yf_files_get(const struct yf_store *s, uint8_t app, uint8_t number, struct yf_fcp *f)
{
    uint8_t b[FILE_BYTES];
    struct yf_fcp r = { .number = number };
    yf_err e = yf_store_read(s, file_obj(app, number), 0, b, sizeof b);
    if (e)
        return e;
    yf_cur c = yf_cur_of(YF_SPAN(b));

    r.kind = yf_cur_u8(&c);
    r.state = yf_cur_u8(&c);
    r.parent = yf_cur_u8(&c);
    r.sfi = yf_cur_u8(&c);
    r.record = yf_cur_u8(&c);
    r.records = yf_cur_u8(&c);
    r.fid = yf_cur_u16(&c);
    r.size = yf_cur_u32(&c);
    for (unsigned op = 0; op < YF_FILE_OPS; op++)
        r.need[op] = yf_cur_u16(&c);
    if (!sound(&r))
        return YF_E_FORMAT;
    *f = r;
    return YF_OK;
}

static yf_err
write_file(struct yf_store *s, uint8_t app, const struct yf_fcp *f)
{
    uint8_t b[FILE_BYTES];
    yf_out o = yf_out_of(b, sizeof b);

    put_file(&o, f);
    return yf_store_put(s, file_obj(app, f->number), yf_out_span(&o));
}

yf_err
yf_files_set_state(struct yf_store *s, uint8_t app, uint8_t number, enum yf_file_state state)
{
    struct yf_fcp f;
    yf_err e = yf_files_get(s, app, number, &f);

    if (e)
        return e;
    f.state = (uint8_t)state;
    return sound(&f) ? write_file(s, app, &f) : YF_E_FORMAT;
}

/* ---- finding ---- */

/* The next file of an application after *number (-1: the first); YF_E_NOTFOUND at the end. */
static yf_err
next_file(const struct yf_store *s, uint8_t app, int *number, struct yf_fcp *f)
{
    yf_obj o;

    if (!yf_store_next(s, file_obj(app, 0) + (yf_obj)*number, &o) || o < file_obj(app, 0) ||
        o >= file_obj(app, NUMBERS))
        return YF_E_NOTFOUND;
    *number = (uint8_t)o;
    return yf_files_get(s, app, (uint8_t)o, f);
}

static bool
child_of(const struct yf_fcp *f, uint8_t df)
{
    return f->number != 0 && f->parent == df;
}

/* The file of a DF that has this fid or, where fid is 0, this SFI. */
static yf_err
find(const struct yf_store *s, uint8_t app, uint8_t df, uint16_t fid, uint8_t sfi,
     struct yf_fcp *out)
{
    struct yf_fcp f;
    int number = -1;
    yf_err e;

    while (!(e = next_file(s, app, &number, &f))) {
        if (!child_of(&f, df) || (fid ? f.fid != fid : f.sfi != sfi))
            continue;
        *out = f;
        return YF_OK;
    }
    return e;
}

yf_err
yf_files_by_fid(const struct yf_store *s, uint8_t app, uint8_t df, uint16_t fid, struct yf_fcp *f)
{
    return fid ? find(s, app, df, fid, 0, f) : YF_E_NOTFOUND;
}

yf_err
yf_files_by_sfi(const struct yf_store *s, uint8_t app, uint8_t df, uint8_t sfi, struct yf_fcp *f)
{
    return sfi ? find(s, app, df, 0, sfi, f) : YF_E_NOTFOUND;
}

/* ---- creating and deleting ---- */

/* 7816-4 5.3.1.1: values that name no file of a DF. */
static bool
fid_usable(uint16_t fid)
{
    return fid != 0 && fid != 0x3F00 && fid != 0x3FFF && fid != 0xFFFF;
}

/* The lowest number no file has. */
static yf_err
free_number(const struct yf_store *s, uint8_t app, uint8_t *number)
{
    struct yf_fcp f;
    int at = -1;
    yf_err e;

    for (int want = 0; want < NUMBERS; want++) {
        if ((e = next_file(s, app, &at, &f)) == YF_OK && at == want)
            continue;
        if (e && e != YF_E_NOTFOUND)
            return e;
        *number = (uint8_t)want;
        return YF_OK;
    }
    return YF_E_ROOM;
}

/* How many DFs are above and including this one? */
static yf_err
depth(const struct yf_store *s, uint8_t app, uint8_t df, unsigned *levels)
{
    struct yf_fcp f = { .parent = df };
    unsigned n = 0;

    do {
        yf_err e = n < DEPTH ? yf_files_get(s, app, f.parent, &f) : YF_E_ROOM;
        if (e)
            return e;
        if (f.kind != YF_FILE_DF)
            return YF_E_FORMAT;
        n++;
    } while (f.number != 0);
    *levels = n;
    return YF_OK;
}

/* May a file be where f says? 7816-4 5.3.1.1: no two files of a DF alike, nor like the DF. */
static yf_err
placeable(const struct yf_store *s, uint8_t app, const struct yf_fcp *f)
{
    struct yf_fcp other;
    unsigned levels;
    yf_err e;

    if ((e = depth(s, app, f->parent, &levels)))
        return e;
    if (f->kind == YF_FILE_DF && levels == DEPTH)
        return YF_E_ROOM;
    if ((e = yf_files_get(s, app, f->parent, &other)))
        return e;
    if (other.fid == f->fid)
        return YF_E_STATE;
    if ((e = yf_files_by_fid(s, app, f->parent, f->fid, &other)) != YF_E_NOTFOUND)
        return e ? e : YF_E_STATE;
    if ((e = yf_files_by_sfi(s, app, f->parent, f->sfi, &other)) != YF_E_NOTFOUND)
        return e ? e : YF_E_STATE;
    return YF_OK;
}

static yf_err
create(struct yf_store *s, uint8_t app, const struct yf_fcp *f)
{
    yf_err e = write_file(s, app, f);

    if (!e && f->kind != YF_FILE_DF)
        e = yf_store_create(s, yf_file_body(app, f), yf_file_body_size(f));
    return e;
}

yf_err
yf_files_create(struct yf_store *s, uint8_t app, struct yf_fcp *f)
{
    struct yf_fcp r = *f;
    bool own;
    yf_err e;

    if (!sound(&r))
        return YF_E_FORMAT;
    if ((e = free_number(s, app, &r.number)))
        return e;
    if (r.number == 0 ? r.kind != YF_FILE_DF || r.parent : !fid_usable(r.fid))
        return YF_E_FORMAT;
    if (r.number != 0 && (e = placeable(s, app, &r)))
        return e;
    if ((e = yf_change_begin(s, &own)))
        return e;
    if (!(e = yf_change_end(s, own, create(s, app, &r))))
        f->number = r.number;
    return e;
}

static yf_err
remove_file(struct yf_store *s, uint8_t app, const struct yf_fcp *f)
{
    yf_err e = yf_store_remove(s, file_obj(app, f->number));

    if (!e && f->kind != YF_FILE_DF)
        e = yf_store_remove(s, yf_file_body(app, f));
    return e;
}

static yf_err
empty(const struct yf_store *s, uint8_t app, uint8_t df)
{
    struct yf_fcp f;
    int number = -1;
    yf_err e;

    while (!(e = next_file(s, app, &number, &f)))
        if (child_of(&f, df))
            return YF_E_STATE;
    return e == YF_E_NOTFOUND ? YF_OK : e;
}

yf_err
yf_files_delete(struct yf_store *s, uint8_t app, uint8_t number)
{
    struct yf_fcp f;
    bool own;
    yf_err e;

    if ((e = yf_files_get(s, app, number, &f)))
        return e;
    if ((e = empty(s, app, number)))
        return e;
    if ((e = yf_change_begin(s, &own)))
        return e;
    return yf_change_end(s, own, remove_file(s, app, &f));
}

/* ---- who may ---- */

static bool
young(const struct yf_fcp *f)
{
    return f->state == YF_FILE_CREATION || f->state == YF_FILE_INITIALISATION;
}

/* 7816-9 5: what can still be done to a file that is not in use. */
static bool
state_allows(const struct yf_fcp *f, enum yf_file_op op)
{
    if (f->state == YF_FILE_TERMINATED)
        return op == YF_FILE_DELETE;
    if (f->state == YF_FILE_DEACTIVATED)
        return op == YF_FILE_ACTIVATE || op == YF_FILE_DEACTIVATE || op == YF_FILE_TERMINATE ||
               op == YF_FILE_DELETE;
    return op != YF_FILE_DEACTIVATE || !young(f);
}

/* Are all DFs above a file in use? */
static yf_sw
ancestors_allow(const struct yf_store *s, uint8_t app, const struct yf_fcp *f)
{
    struct yf_fcp at = *f;

    for (unsigned n = 0; at.number != 0; n++) {
        yf_err e = n <= DEPTH ? yf_files_get(s, app, at.parent, &at) : YF_E_FORMAT;
        if (e)
            return YF_SW_MEMORY;
        if (!young(&at) && at.state != YF_FILE_ACTIVATED)
            return YF_SW_CONDITIONS;
    }
    return YF_SW_OK;
}

/* Which needs of which file decide? The file's own, once it is more than created. */
static yf_err
deciding(const struct yf_store *s, uint8_t app, const struct yf_fcp *f, enum yf_file_op op,
         yf_need need[2])
{
    enum yf_file_op create_it = f->kind == YF_FILE_DF ? YF_FILE_CREATE_DF : YF_FILE_CREATE_EF;
    struct yf_fcp parent;
    yf_err e = yf_files_get(s, app, f->parent, &parent);

    if (e)
        return e;
    need[0] = young(f) ? parent.need[create_it] : f->need[op];
    need[1] = YF_NEED_NEVER;
    if (op == YF_FILE_DELETE && f->number != 0)
        need[1] = parent.need[YF_FILE_DELETE_CHILD];
    return YF_OK;
}

yf_sw
yf_files_may(const struct yf_store *s, uint8_t app, const struct yf_fcp *f, enum yf_file_op op,
             yf_need shown)
{
    yf_need need[2];
    yf_sw sw = ancestors_allow(s, app, f);

    if (sw != YF_SW_OK)
        return sw;
    if (!state_allows(f, op))
        return YF_SW_CONDITIONS;
    if (deciding(s, app, f, op, need))
        return YF_SW_MEMORY;
    return yf_need_met(need[0], shown) || yf_need_met(need[1], shown) ? YF_SW_OK
                                                                      : YF_SW_SECURITY_STATUS;
}
