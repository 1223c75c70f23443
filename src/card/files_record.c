/* SPDX-License-Identifier: Apache-2.0 */
/*
 * READ, UPDATE and APPEND RECORD: 7816-4 7.3. Records are found by number, which leaves
 * the record pointer alone, or by position, which moves it; they have no identifiers.
 */
#include "files_parts.h"

/* Bits 3 to 1 of P2. */
enum { FIRST, LAST, NEXT, PREVIOUS, ONE, TO_LAST, FROM_LAST, RESERVED };

/* The records a command is about: from first to last, which may be the lower one. */
struct records {
    struct yf_fcp f;
    bool named;
    unsigned mode;
    uint8_t count, current;
    uint8_t first, last;
};

static yf_sw
open_file(struct yf_call *c, enum yf_file_op op, struct records *r)
{
    unsigned sfi = c->cmd.p2 >> 3;
    yf_sw sw = yf_files_ef(c, sfi, &r->f);

    if (sw != YF_SW_OK)
        return sw;
    if (!yf_file_has_records(&r->f))
        return YF_SW_FILE_STRUCTURE;
    if ((sw = yf_files_call_may(c, &r->f, op)) != YF_SW_OK)
        return sw;
    r->named = sfi != 0;
    r->current = r->named ? 0 : yf_call_at(c)->record; // an SFI resets the pointer
    return yf_files_sw(yf_records_count(yf_call_store(c), c->app, &r->f, &r->count));
}

/* Annex C of 7816-4:1995, which later editions keep in words: the record a position means. */
static unsigned
by_position(const struct records *r)
{
    switch (r->mode) {
    case FIRST:
        return 1;
    case NEXT:
        return r->current + 1u;
    case PREVIOUS:
        return r->current ? r->current - 1u : r->count;
    default:
        return r->count;
    }
}

static yf_sw
find_records(const struct yf_call *c, struct records *r)
{
    unsigned n = r->mode < ONE ? by_position(r) : c->cmd.p1 ? c->cmd.p1 : r->current;

    if (r->mode < ONE && c->cmd.p1)
        return YF_SW_NO_FUNCTION; // by record identifier
    if (n < 1 || n > r->count)
        return YF_SW_RECORD_NOT_FOUND;
    r->first = r->mode == FROM_LAST ? r->count : (uint8_t)n;
    r->last = r->mode == TO_LAST ? r->count : (uint8_t)n;
    return YF_SW_OK;
}

static yf_sw
done(struct yf_call *c, const struct records *r, yf_sw sw)
{
    yf_files_current(c, &r->f, r->named);
    if (r->mode < ONE)
        yf_call_at(c)->record = r->first;
    return sw;
}

/* ---- reading ---- */

/* Append as much of a record as there is room for; less room, or more than was there. */
static yf_err
answer(struct yf_call *c, const struct records *r, uint8_t n, uint32_t *room)
{
    uint8_t b[255];
    yf_out o = yf_out_of(b, sizeof b);
    yf_err e = yf_records_read(yf_call_store(c), c->app, &r->f, n, &o);
    uint32_t use = o.n < *room ? (uint32_t)o.n : *room;

    yf_out_put(c->out, (yf_span){ b, use });
    *room -= use;
    return e;
}

static yf_sw
answer_all(struct yf_call *c, const struct records *r, uint32_t room)
{
    uint32_t left = room;
    yf_err e = YF_OK;

    for (unsigned n = r->first; !e && left; n += r->first < r->last ? 1u : ~0u) {
        e = answer(c, r, (uint8_t)n, &left);
        if (n == r->last)
            break;
    }
    return e ? yf_files_sw(e) : yf_files_le(c, room, room - left);
}

yf_sw
yf_do_read_record(struct yf_call *c)
{
    struct records r = { .mode = c->cmd.p2 & 7 };
    uint32_t room = yf_files_room(c);
    yf_sw sw;

    if (c->cmd.p1 == 0xFF || r.mode == RESERVED)
        return YF_SW_WRONG_P1P2;
    if ((sw = open_file(c, YF_FILE_READ, &r)) != YF_SW_OK)
        return sw;
    if (c->cmd.data.n || room == 0)
        return YF_SW_WRONG_LENGTH;
    if ((sw = find_records(c, &r)) != YF_SW_OK)
        return sw;
    sw = answer_all(c, &r, room);
    return sw == YF_SW_OK || sw == YF_SW_END_OF_FILE ? done(c, &r, sw) : sw;
}

/* ---- writing ---- */

/* A record of the wrong length is a command of the wrong length. */
static yf_sw
write_sw(yf_err e)
{
    return e == YF_E_FORMAT ? YF_SW_WRONG_LENGTH : yf_files_sw(e);
}

/* At the end of a linear file; as number 1 of a cyclic one. It is current after it. */
static yf_sw
append(struct yf_call *c, struct records *r)
{
    yf_err e = yf_records_append(yf_call_store(c), c->app, &r->f, c->cmd.data);

    if (e)
        return write_sw(e);
    r->mode = LAST;
    r->first = r->f.kind == YF_FILE_CYCLIC ? 1 : r->count + 1u;
    return done(c, r, YF_SW_OK);
}

/* In a cyclic file, an update of the previous record is an append. */
static bool
updates_by_appending(struct yf_call *c, unsigned mode)
{
    struct yf_fcp f;

    return mode == PREVIOUS && yf_files_ef(c, c->cmd.p2 >> 3, &f) == YF_SW_OK &&
           f.kind == YF_FILE_CYCLIC;
}

static yf_sw
update(struct yf_call *c, struct records *r)
{
    yf_sw sw = find_records(c, r);

    if (sw != YF_SW_OK)
        return sw;
    yf_err e = yf_records_update(yf_call_store(c), c->app, &r->f, r->first, c->cmd.data);
    return e ? write_sw(e) : done(c, r, YF_SW_OK);
}

yf_sw
yf_do_update_record(struct yf_call *c)
{
    struct records r = { .mode = c->cmd.p2 & 7 };
    bool appends = updates_by_appending(c, r.mode);
    yf_sw sw;

    if (c->cmd.p1 == 0xFF || r.mode > ONE)
        return YF_SW_WRONG_P1P2;
    if ((sw = open_file(c, appends ? YF_FILE_APPEND : YF_FILE_UPDATE, &r)) != YF_SW_OK)
        return sw;
    if (c->cmd.data.n == 0)
        return YF_SW_WRONG_LENGTH;
    if (appends)
        return c->cmd.p1 ? YF_SW_NO_FUNCTION : append(c, &r);
    return update(c, &r);
}

yf_sw
yf_do_append_record(struct yf_call *c)
{
    struct records r = { 0 };
    yf_sw sw;

    if (c->cmd.p1 || c->cmd.p2 & 7)
        return YF_SW_WRONG_P1P2;
    if ((sw = open_file(c, YF_FILE_APPEND, &r)) != YF_SW_OK)
        return sw;
    return c->cmd.data.n ? append(c, &r) : YF_SW_WRONG_LENGTH;
}
