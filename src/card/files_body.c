/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in files. A transparent file is its bytes. A record file is
 *
 *     number of records, slot of the newest    1 byte each
 *     slots                                    length (1), record (f->record)
 *
 * so that each change of a record is two small writes, whatever the kind.
 */
#include "change.h"
#include "files_parts.h"

enum { HEAD = 2 };

/* Where the records of a file stand. */
struct ring {
    uint8_t count, newest;
};

yf_obj
yf_file_body(uint8_t app, const struct yf_fcp *f)
{
    return YF_OBJ(app, YF_OBJ_BODY, f->number);
}

static uint32_t
slot_at(const struct yf_fcp *f, unsigned slot)
{
    return HEAD + (uint32_t)slot * (1u + f->record);
}

uint32_t
yf_file_body_size(const struct yf_fcp *f)
{
    return yf_file_has_records(f) ? slot_at(f, f->records) : f->size;
}

/* ---- transparent files ---- */

static bool
inside(const struct yf_fcp *f, uint32_t at, size_t n)
{
    return at <= f->size && n <= f->size - at;
}

yf_err
yf_files_read(const struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint32_t at,
              uint8_t *to, size_t n)
{
    if (f->kind != YF_FILE_TRANSPARENT || !inside(f, at, n))
        return YF_E_SHORT;
    return yf_store_read(s, yf_file_body(app, f), at, to, n);
}

yf_err
yf_files_write(struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint32_t at, yf_span bytes)
{
    if (f->kind != YF_FILE_TRANSPARENT || !inside(f, at, bytes.n))
        return YF_E_SHORT;
    return yf_store_write(s, yf_file_body(app, f), at, bytes);
}

/* ---- records ---- */

static yf_err
get_ring(const struct yf_store *s, uint8_t app, const struct yf_fcp *f, struct ring *r)
{
    uint8_t b[HEAD];
    yf_err e = yf_file_has_records(f) ? yf_store_read(s, yf_file_body(app, f), 0, b, sizeof b)
                                      : YF_E_UNSUPPORTED;

    if (e)
        return e;
    if (b[0] > f->records || b[1] >= f->records)
        return YF_E_FORMAT;
    *r = (struct ring){ b[0], b[1] };
    return YF_OK;
}

/* The slot of record number, which is there. */
static unsigned
slot_of(const struct yf_fcp *f, const struct ring *r, unsigned number)
{
    if (f->kind != YF_FILE_CYCLIC)
        return number - 1;
    return r->newest + (r->newest >= number - 1 ? 0u : f->records) - (number - 1);
}

yf_err
yf_records_count(const struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint8_t *count)
{
    struct ring r;
    yf_err e = get_ring(s, app, f, &r);

    if (!e)
        *count = r.count;
    return e;
}

/* Where record number is in the file. */
static yf_err
locate(const struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint8_t number, uint32_t *at)
{
    struct ring r;
    yf_err e = get_ring(s, app, f, &r);

    if (!e && (number == 0 || number > r.count))
        e = YF_E_NOTFOUND;
    if (!e)
        *at = slot_at(f, slot_of(f, &r, number));
    return e;
}

yf_err
yf_records_read(const struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint8_t number,
                yf_out *o)
{
    uint32_t at;
    uint8_t n;
    yf_err e = locate(s, app, f, number, &at);

    if (!e)
        e = yf_store_read(s, yf_file_body(app, f), at, &n, 1);
    if (e)
        return e;
    if (n > f->record)
        return YF_E_FORMAT;
    uint8_t *to = yf_out_claim(o, n);
    return to ? yf_store_read(s, yf_file_body(app, f), at + 1, to, n) : YF_E_ROOM;
}

static bool
length_fits(const struct yf_fcp *f, size_t n)
{
    return f->kind == YF_FILE_LINEAR_VARIABLE ? n >= 1 && n <= f->record : n == f->record;
}

/* Length and record at once: a piece of the store is then written once. */
static yf_err
write_slot(struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint32_t at, yf_span record)
{
    uint8_t b[1 + 255];
    yf_out o = yf_out_of(b, sizeof b);

    yf_out_u8(&o, (uint8_t)record.n);
    yf_out_put(&o, record);
    return yf_store_write(s, yf_file_body(app, f), at, yf_out_span(&o));
}

yf_err
yf_records_update(struct yf_store *s, uint8_t app, const struct yf_fcp *f, uint8_t number,
                  yf_span record)
{
    uint32_t at;
    yf_err e = locate(s, app, f, number, &at);

    if (e)
        return e;
    return length_fits(f, record.n) ? write_slot(s, app, f, at, record) : YF_E_FORMAT;
}

/* The slot the next record goes to; in a full cyclic file, that of the oldest. */
static yf_err
advance(const struct yf_fcp *f, struct ring *r)
{
    unsigned next = r->count ? r->newest + 1u : 0u;

    if (r->count < f->records)
        r->count++;
    else if (f->kind != YF_FILE_CYCLIC)
        return YF_E_ROOM;
    r->newest = (uint8_t)(next < f->records ? next : 0);
    return YF_OK;
}

yf_err
yf_records_append(struct yf_store *s, uint8_t app, const struct yf_fcp *f, yf_span record)
{
    struct ring r;
    bool own;
    yf_err e = get_ring(s, app, f, &r);

    if (!e && !length_fits(f, record.n))
        e = YF_E_FORMAT;
    if (!e)
        e = advance(f, &r);
    if (e || (e = yf_change_begin(s, &own)))
        return e;
    e = write_slot(s, app, f, slot_at(f, r.newest), record);
    if (!e)
        e = yf_store_write(s, yf_file_body(app, f), 0, YF_SPAN(((uint8_t[]){ r.count, r.newest })));
    return yf_change_end(s, own, e);
}
