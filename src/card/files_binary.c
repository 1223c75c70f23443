/* SPDX-License-Identifier: Apache-2.0 */
/*
 * READ, UPDATE and ERASE BINARY: 7816-4 7.2, 9303-10 3.6.3. Each names its file and
 * place, is refused unless the file is transparent and lets it, and only then looks at
 * what it was sent; the file is current if all went well.
 */
#include "change.h"
#include "files_parts.h"

/* A place in a file. */
struct place {
    struct yf_fcp f;
    bool named;
    uint32_t at;
};

static bool
odd(const struct yf_call *c)
{
    return c->cmd.ins & 1;
}

/* Even INS: P1-P2 are an offset of 15 bits, or an SFI and one of 8. */
static yf_sw
place_even(struct yf_call *c, struct place *p)
{
    uint8_t p1 = c->cmd.p1, p2 = c->cmd.p2;

    if (!(p1 & 0x80)) {
        p->at = (uint32_t)p1 << 8 | p2;
        return yf_files_ef(c, 0, &p->f);
    }
    if (p1 & 0x60)
        return YF_SW_WRONG_P1P2;
    p->named = p1 & 0x1F;
    p->at = p2;
    return yf_files_ef(c, p1 & 0x1F, &p->f);
}

/* Odd INS: P1-P2 are an SFI, if five bits can hold it, or a file identifier; 0 the current EF. */
static yf_sw
place_odd(struct yf_call *c, struct place *p)
{
    unsigned v = (unsigned)c->cmd.p1 << 8 | c->cmd.p2;

    p->named = v;
    if (v < 31)
        return yf_files_ef(c, v, &p->f);
    return yf_files_sw(
        yf_files_by_fid(yf_call_store(c), c->app, yf_call_at(c)->df, (uint16_t)v, &p->f));
}

static yf_sw
place(struct yf_call *c, enum yf_file_op op, struct place *p)
{
    yf_sw sw = odd(c) ? place_odd(c, p) : place_even(c, p);

    if (sw != YF_SW_OK)
        return sw;
    if (p->f.kind != YF_FILE_TRANSPARENT)
        return YF_SW_FILE_STRUCTURE;
    return yf_files_call_may(c, &p->f, op);
}

/* The offset an odd INS has in its data, DO 54. */
static void
take_offset(yf_cur *data, struct place *p)
{
    yf_span v = yf_tlv_need(data, 0x54, 1, 4);

    for (p->at = 0; v.n; v.n--)
        p->at = p->at << 8 | *v.p++;
}

static yf_sw
done(struct yf_call *c, const struct place *p, yf_sw sw)
{
    yf_files_current(c, &p->f, p->named);
    return sw;
}

/* ---- reading ---- */

/* Bytes a DO 53 can hold that has room bytes for itself. */
static uint32_t
inside(uint32_t room)
{
    uint32_t n = room;

    while (n && yf_tlv_head(0x53, n) + n > room)
        n--;
    return n;
}

/* n bytes from there on; for an odd INS, as a DO 53. */
static yf_err
answer(struct yf_call *c, const struct place *p, uint32_t n)
{
    size_t mark = odd(c) ? yf_tlv_open(c->out, 0x53) : 0;
    uint8_t *to = yf_out_claim(c->out, n);
    yf_err e = to ? yf_files_read(yf_call_store(c), c->app, &p->f, p->at, to, n) : YF_E_ROOM;

    if (!e && odd(c))
        yf_tlv_close(c->out, mark);
    return e;
}

/* What a READ BINARY may have as data: nothing, or DO 54. */
static yf_sw
read_data(struct yf_call *c, struct place *p)
{
    yf_cur data = yf_cur_of(c->cmd.data);

    if (!odd(c))
        return c->cmd.data.n ? YF_SW_WRONG_LENGTH : YF_SW_OK;
    take_offset(&data, p);
    return yf_cur_done(&data) ? YF_SW_WRONG_DATA : YF_SW_OK;
}

yf_sw
yf_do_read_binary(struct yf_call *c)
{
    struct place p = { 0 };
    uint32_t room = yf_files_room(c);
    yf_sw sw = place(c, YF_FILE_READ, &p);

    if (sw != YF_SW_OK || (sw = read_data(c, &p)) != YF_SW_OK)
        return sw;
    if (p.at >= p.f.size)
        return YF_SW_OUT_OF_RANGE;
    if (odd(c))
        room = inside(room);
    if (room == 0)
        return YF_SW_WRONG_LENGTH;

    uint32_t there = p.f.size - p.at;
    yf_err e = answer(c, &p, there < room ? there : room);
    return e ? yf_files_sw(e) : done(c, &p, yf_files_le(c, room, there));
}

/* ---- writing ---- */

/* The bytes to be written: all of the data, or DO 54 and DO 53. */
static yf_sw
update_data(struct yf_call *c, struct place *p, yf_span *bytes)
{
    yf_cur data = yf_cur_of(c->cmd.data);

    if (odd(c)) {
        take_offset(&data, p);
        *bytes = yf_tlv_need(&data, 0x53, 1, SIZE_MAX);
        return yf_cur_done(&data) ? YF_SW_WRONG_DATA : YF_SW_OK;
    }
    *bytes = c->cmd.data;
    return bytes->n ? YF_SW_OK : YF_SW_WRONG_LENGTH;
}

yf_sw
yf_do_update_binary(struct yf_call *c)
{
    struct place p = { 0 };
    yf_span bytes;
    yf_sw sw = place(c, YF_FILE_UPDATE, &p);

    if (sw != YF_SW_OK || (sw = update_data(c, &p, &bytes)) != YF_SW_OK)
        return sw;
    if (p.at >= p.f.size)
        return YF_SW_OUT_OF_RANGE;
    if (bytes.n > p.f.size - p.at)
        return YF_SW_NO_MEMORY;
    yf_err e = yf_files_write(yf_call_store(c), c->app, &p.f, p.at, bytes);
    return e ? yf_files_sw(e) : done(c, &p, YF_SW_OK);
}

/* Overwrite with 00, all or nothing. */
static yf_err
erase(struct yf_call *c, const struct place *p, uint32_t end)
{
    static const uint8_t zeros[YF_STORE_PIECE];
    struct yf_store *s = yf_call_store(c);
    bool own;
    yf_err e = yf_change_begin(s, &own);

    if (e)
        return e;
    for (uint32_t at = p->at, n; !e && at < end; at += n) {
        n = end - at < sizeof zeros ? end - at : sizeof zeros;
        e = yf_files_write(s, c->app, &p->f, at, (yf_span){ zeros, n });
    }
    return yf_change_end(s, own, e);
}

yf_sw
yf_do_erase_binary(struct yf_call *c)
{
    struct place p = { 0 };
    yf_sw sw = place(c, YF_FILE_UPDATE, &p);

    if (sw != YF_SW_OK)
        return sw;
    if (c->cmd.data.n != 0 && c->cmd.data.n != 2)
        return YF_SW_WRONG_LENGTH;
    if (p.at >= p.f.size)
        return YF_SW_OUT_OF_RANGE;

    // the data is the offset of the first byte that stays; without it, none does
    uint32_t end = c->cmd.data.n ? yf_be16(c->cmd.data.p) : p.f.size;
    if (end <= p.at || end > p.f.size)
        return YF_SW_WRONG_DATA;
    yf_err e = erase(c, &p, end);
    return e ? yf_files_sw(e) : done(c, &p, YF_SW_OK);
}
