/* SPDX-License-Identifier: Apache-2.0 */
/* File control parameters as others write and read them: 7816-4 5.3.3, 5.4.3.1. */
#include "files_parts.h"

enum { SIZE, DESCRIPTOR, FID, SFI, STATE, RULES, FIELDS };

/* Table 12, of it what can be said of our files. */
static const struct {
    uint8_t tag, min, max;
} fields[FIELDS] = {
    [SIZE] = { 0x80, 1, 4 }, [DESCRIPTOR] = { 0x82, 1, 6 }, [FID] = { 0x83, 2, 2 },
    [SFI] = { 0x88, 0, 1 },  [STATE] = { 0x8A, 1, 1 },      [RULES] = { 0x8C, 1, 8 },
};

struct said {
    bool there[FIELDS];
    yf_span val[FIELDS];
};

/* Table 14: file descriptor byte. */
static const uint8_t descriptors[YF_FILE_KINDS] = {
    [YF_FILE_DF] = 0x38,           [YF_FILE_TRANSPARENT] = 0x01,
    [YF_FILE_LINEAR_FIXED] = 0x02, [YF_FILE_LINEAR_VARIABLE] = 0x04,
    [YF_FILE_CYCLIC] = 0x06,
};

/* Table 87: data units of one byte; how WRITE commands would work is the card's own affair. */
enum { CODING = 0x21, CODING_WRITE = 0x60 };

/* ---- reading ---- */

static void
sort_one(yf_cur *c, const yf_tlv *t, struct said *s)
{
    unsigned i = 0;

    while (i < FIELDS && fields[i].tag != t->tag)
        i++;
    if (i == FIELDS) {
        yf_cur_fail(c, YF_E_UNSUPPORTED);
        return;
    }
    if (s->there[i] || t->val.n < fields[i].min || t->val.n > fields[i].max)
        yf_cur_fail(c, YF_E_FORMAT);
    s->there[i] = true;
    s->val[i] = t->val;
}

/* All of a template, in any order, each once. */
static yf_err
sort(yf_span in, struct said *s)
{
    yf_cur outer = yf_cur_of(in);
    yf_cur c = yf_tlv_enter(&outer, 0x62);
    yf_tlv t;

    while (yf_tlv_next(&c, &t))
        sort_one(&c, &t, s);
    return yf_err_first(yf_cur_done(&c), yf_cur_done(&outer));
}

static uint32_t
number(yf_span v)
{
    uint32_t n = 0;

    for (; v.n; v.n--)
        n = n << 8 | *v.p++;
    return n;
}

/* Longest record on two bytes, number of records on one or two. */
static void
read_records(yf_cur *c, struct yf_fcp *f)
{
    unsigned record = yf_cur_u16(c), records = c->left == 2 ? yf_cur_u16(c) : yf_cur_u8(c);

    if (record > 255 || records > 254)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    f->record = (uint8_t)record;
    f->records = (uint8_t)records;
}

static yf_err
read_descriptor(yf_span v, struct yf_fcp *f)
{
    yf_cur c = yf_cur_of(v);
    uint8_t byte = yf_cur_u8(&c);

    for (f->kind = YF_FILE_DF; f->kind < YF_FILE_KINDS; f->kind++)
        if (descriptors[f->kind] == byte)
            break;
    if (f->kind == YF_FILE_KINDS)
        return YF_E_UNSUPPORTED;
    if (c.left && (yf_cur_u8(&c) & ~CODING_WRITE) != (CODING & ~CODING_WRITE))
        return YF_E_UNSUPPORTED;
    if (yf_file_has_records(f))
        read_records(&c, f);
    return yf_cur_done(&c);
}

/* What 80 says: the bytes of a transparent file; of records, what they come to. */
static yf_err
read_size(const struct said *s, struct yf_fcp *f)
{
    uint32_t n = number(s->val[SIZE]);

    if (f->kind == YF_FILE_TRANSPARENT) {
        f->size = n;
        return n > YF_OBJ_MAX ? YF_E_UNSUPPORTED : n ? YF_OK : YF_E_FORMAT;
    }
    if (!s->there[SIZE])
        return YF_OK;
    return yf_file_has_records(f) && n == (uint32_t)f->record * f->records ? YF_OK : YF_E_FORMAT;
}

/* Without 88 the identifier's last five bits are the SFI; an empty 88 says that there is none. */
static yf_err
read_sfi(const struct said *s, struct yf_fcp *f)
{
    yf_span v = s->val[SFI];

    if (f->kind == YF_FILE_DF)
        return s->there[SFI] ? YF_E_FORMAT : YF_OK;
    if (s->there[SFI] && v.n == 0)
        return YF_OK;
    f->sfi = s->there[SFI] ? v.p[0] >> 3 : f->fid & 0x1F;
    if (!s->there[SFI] && f->sfi == 31)
        f->sfi = 0;
    if (s->there[SFI] && (v.p[0] & 7 || f->sfi == 0 || f->sfi == 31))
        return YF_E_FORMAT;
    return YF_OK;
}

/* Table 13. No word of it: activated, for then its rules hold from the first moment on. */
static yf_err
read_state(const struct said *s, struct yf_fcp *f)
{
    f->state = s->there[STATE] ? s->val[STATE].p[0] : YF_FILE_ACTIVATED;
    if ((f->state & 0xFC) == 0x04)
        f->state &= 0xFD; // activated and deactivated have two codes each
    return yf_file_state_known(f->state) && f->state != YF_FILE_TERMINATED ? YF_OK : YF_E_FORMAT;
}

/*
 * Table 20: a security condition byte as a set of needs. User authentication is by the PIN
 * with the number where a security environment could stand; external authentication is
 * the issuer's channel. One of several conditions is no set of needs.
 */
static yf_err
read_condition(uint8_t sc, yf_need *need)
{
    enum { ALL = 0x80, MESSAGING = 0x40, EXTERNAL = 0x20, USER = 0x10, WHICH = 0x0F };
    unsigned which = sc & WHICH, what = sc & (MESSAGING | EXTERNAL | USER);

    if (sc == 0x00 || sc == 0xFF) {
        *need = sc ? YF_NEED_NEVER : YF_NEED_NOTHING;
        return YF_OK;
    }
    if (what == 0 || (!(sc & ALL) && (what & (what - 1))))
        return YF_E_UNSUPPORTED;
    if (what & USER ? which < 1 || which > 8 : which != 0)
        return YF_E_UNSUPPORTED;
    *need = (yf_need)((what & MESSAGING ? YF_NEED_SM : 0) | (what & EXTERNAL ? YF_NEED_ADMIN : 0) |
                      (what & USER ? YF_NEED_PIN1 << (which - 1) : 0));
    return YF_OK;
}

/* Tables 16, 17: an access mode byte, and a condition for each bit of it; no bit, never. */
static yf_err
read_rules(const struct said *s, struct yf_fcp *f)
{
    yf_cur c = yf_cur_of(s->val[RULES]);
    uint8_t mode = s->there[RULES] ? yf_cur_u8(&c) : 0;
    yf_err e = mode & 0x80 ? YF_E_UNSUPPORTED : YF_OK;

    for (unsigned op = YF_FILE_OPS; !e && op-- > 0;)
        if (mode & 1u << op)
            e = read_condition(yf_cur_u8(&c), &f->need[op]);
    return yf_err_first(e, yf_cur_done(&c));
}

yf_err
yf_fcp_parse(yf_span in, struct yf_fcp *f)
{
    struct said s = { 0 };
    struct yf_fcp r = { 0 };
    yf_err e = sort(in, &s);

    if (e)
        return e;
    if (!s.there[DESCRIPTOR] || !s.there[FID])
        return YF_E_FORMAT;
    r.fid = yf_be16(s.val[FID].p);
    if ((e = read_descriptor(s.val[DESCRIPTOR], &r)))
        return e;
    if ((e = read_size(&s, &r)))
        return e;
    if ((e = read_sfi(&s, &r)))
        return e;
    if ((e = read_state(&s, &r)))
        return e;
    if ((e = read_rules(&s, &r)))
        return e;
    *f = r;
    return YF_OK;
}

/* ---- writing ---- */

static void
put_size(yf_out *o, const struct yf_fcp *f)
{
    uint32_t n = f->kind == YF_FILE_TRANSPARENT ? f->size : (uint32_t)f->record * f->records;
    size_t mark = yf_tlv_open(o, 0x80);

    if (n > 0xFFFF)
        yf_out_u8(o, (uint8_t)(n >> 16));
    yf_out_u16(o, (uint16_t)n);
    yf_tlv_close(o, mark);
}

static void
put_descriptor(yf_out *o, const struct yf_fcp *f)
{
    size_t mark = yf_tlv_open(o, 0x82);

    yf_out_u8(o, descriptors[f->kind]);
    if (yf_file_has_records(f)) {
        yf_out_u8(o, CODING);
        yf_out_u16(o, f->record);
        yf_out_u8(o, f->records);
    }
    yf_tlv_close(o, mark);
}

void
yf_fcp_put(yf_out *o, const struct yf_fcp *f)
{
    const uint8_t fid[] = { (uint8_t)(f->fid >> 8), (uint8_t)f->fid };
    const uint8_t sfi = (uint8_t)(f->sfi << 3);

    if (f->kind != YF_FILE_DF)
        put_size(o, f);
    put_descriptor(o, f);
    if (f->fid)
        yf_tlv_put(o, 0x83, YF_SPAN(fid));
    if (f->kind != YF_FILE_DF)
        yf_tlv_put(o, 0x88, (yf_span){ &sfi, f->sfi ? 1 : 0 });
    yf_tlv_put(o, 0x8A, (yf_span){ &f->state, 1 });
}
