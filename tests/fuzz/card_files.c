/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File and PIN commands against a model: the input is commands, each after a byte that says what
 * has been shown and one for its length. What was written is read back, and changes by nothing
 * else; nothing is read or changed without its need; sizes stay; tries come back, and a PIN is
 * shown, only after it was right.
 */
#include "fuzz.h"

#include "../hand.h"

#include <yufu/wire/tlv.h>

enum { FILES = 24, BODY = 700, PIN_TRIES = 3 };

/* A file as the commands so far should have made it. */
struct file {
    bool there;
    struct yf_fcp f;
    uint8_t body[BODY];  // of a transparent one
    uint8_t len[256], n; // number 1 first
    uint8_t record[256][8];
};

static struct hand h;
static struct file files[FILES];

/* ---- the card at the beginning ---- */

static void
install(uint8_t kind, uint16_t fid, uint8_t sfi, uint32_t size, uint8_t parent,
        const yf_need need[3])
{
    struct yf_fcp f = {
        .kind = kind, .state = YF_FILE_ACTIVATED, .fid = fid, .sfi = sfi, .parent = parent
    };

    if (kind == YF_FILE_TRANSPARENT)
        f.size = size;
    if (kind > YF_FILE_TRANSPARENT) {
        f.record = 4;
        f.records = 3;
    }
    for (unsigned op = 0; op < YF_FILE_OPS; op++)
        f.need[op] = op < 3 ? need[op] : YF_NEED_ADMIN;
    MUST(yf_files_create(&h.card.store, HAND_APP, &f) == YF_OK && f.number < FILES);
    files[f.number] = (struct file){ .there = true, .f = f };
}

static void
make_card(void)
{
    static const yf_need open[3] = { 1, 1, 1 },
                         shut[3] = { YF_NEED_PIN1, YF_NEED_ADMIN, YF_NEED_SM | YF_NEED_PIN1 };
    static const struct yf_pin_rule pin = { .min = 4,
                                            .max = 8,
                                            .tries = PIN_TRIES,
                                            .pad = 0xFF,
                                            .unblocker = 2,
                                            .change = YF_NEED_NOTHING };

    MUST(hand_open(&h, 12));
    memset(files, 0, sizeof files);
    install(YF_FILE_DF, 0x3F00, 0, 0, 0, open);
    install(YF_FILE_TRANSPARENT, 0x0101, 1, 600, 0, open);
    install(YF_FILE_TRANSPARENT, 0x0102, 2, 5, 0, shut);
    install(YF_FILE_LINEAR_FIXED, 0x0103, 3, 0, 0, open);
    install(YF_FILE_LINEAR_VARIABLE, 0x0104, 4, 0, 0, shut);
    install(YF_FILE_CYCLIC, 0x0105, 5, 0, 0, open);
    install(YF_FILE_DF, 0x0200, 0, 0, 0, shut);
    install(YF_FILE_TRANSPARENT, 0x0201, 1, 300, 6, open);
    MUST(yf_pin_create(&h.card.store, HAND_APP, 1, &pin, YF_STR("1234")) == YF_OK);
    MUST(yf_pin_create(&h.card.store, HAND_APP, 2, &pin, YF_STR("8765")) == YF_OK);
}

/* ---- what a command is about, by the model alone ---- */

static struct file *
by_sfi(unsigned sfi, uint8_t df)
{
    for (unsigned i = 1; sfi && i < FILES; i++)
        if (files[i].there && files[i].f.parent == df && files[i].f.sfi == sfi)
            return &files[i];
    return NULL;
}

static struct file *
by_fid(unsigned fid, uint8_t df)
{
    for (unsigned i = 1; i < FILES; i++)
        if (files[i].there && files[i].f.parent == df && files[i].f.fid == fid)
            return &files[i];
    return NULL;
}

/* The EF of a command on contents, before it ran. */
static struct file *
subject(const yf_apdu_cmd *cmd, struct yf_files_at at)
{
    bool records = cmd->ins == 0xB2 || cmd->ins == 0xDC || cmd->ins == 0xE2;
    unsigned sfi = records ? cmd->p2 >> 3 : cmd->p1 & 0x80 ? cmd->p1 & 0x1F : 0;
    unsigned fid = (unsigned)cmd->p1 << 8 | cmd->p2;

    if (cmd->ins & 1) {
        if (fid >= 31)
            return by_fid(fid, at.df);
        sfi = fid;
    }
    return sfi ? by_sfi(sfi, at.df) : at.ef && files[at.ef].there ? &files[at.ef] : NULL;
}

static uint32_t
offset(const yf_apdu_cmd *cmd, yf_span *rest)
{
    yf_cur c = yf_cur_of(cmd->data);
    uint32_t at = 0;

    if (!(cmd->ins & 1)) {
        *rest = cmd->data;
        return cmd->p1 & 0x80 ? cmd->p2 : (uint32_t)cmd->p1 << 8 | cmd->p2;
    }
    for (yf_span v = yf_tlv_need(&c, 0x54, 1, 4); v.n; v.n--)
        at = at << 8 | *v.p++;
    *rest = c.left ? yf_tlv_need(&c, 0x53, 0, SIZE_MAX) : (yf_span){ 0 };
    MUST(yf_cur_done(&c) == YF_OK); // for it was accepted
    return at;
}

/* The needs that decide, as files.h says; and nothing is done in a file not in use. */
static bool
allowed(const struct file *t, enum yf_file_op op, yf_need shown)
{
    bool young = t->f.state == YF_FILE_CREATION || t->f.state == YF_FILE_INITIALISATION;
    const struct yf_fcp *df = &files[t->f.parent].f;
    yf_need need = young ? df->need[YF_FILE_CREATE_EF] : t->f.need[op];

    for (const struct yf_fcp *up = df;; up = &files[up->parent].f) {
        if (up->state == YF_FILE_DEACTIVATED || up->state == YF_FILE_TERMINATED)
            return false;
        if (up->number == 0)
            break;
    }
    return (young || t->f.state == YF_FILE_ACTIVATED) && need && (need & shown) == need;
}

/* ---- what accepted commands do to the model ---- */

static void
read_binary(const yf_apdu_cmd *cmd, const struct file *t, yf_sw sw)
{
    yf_span rest, got = h.rsp;
    uint32_t at = offset(cmd, &rest);
    yf_cur c = yf_cur_of(got);

    if (cmd->ins & 1) {
        got = yf_tlv_need(&c, 0x53, 1, SIZE_MAX);
        MUST(yf_cur_done(&c) == YF_OK);
    }
    MUST(got.n > 0 && at < t->f.size && got.n <= t->f.size - at);
    MUST(memcmp(got.p, t->body + at, got.n) == 0);
    MUST(sw != YF_SW_END_OF_FILE || at + got.n == t->f.size);
}

static void
write_binary(const yf_apdu_cmd *cmd, struct file *t)
{
    static const uint8_t zeros[BODY];
    yf_span bytes;
    uint32_t at = offset(cmd, &bytes);

    MUST(at < t->f.size);
    if (cmd->ins == 0x0E)
        bytes = (yf_span){ zeros, (cmd->data.n ? yf_be16(cmd->data.p) : t->f.size) - at };
    MUST(bytes.n <= t->f.size - at);
    memcpy(t->body + at, bytes.p, bytes.n);
}

static void
append(struct file *t, yf_span v)
{
    bool newest_first = t->f.kind == YF_FILE_CYCLIC, full = t->n == t->f.records;
    unsigned to = newest_first ? 0 : t->n;

    MUST(!full || newest_first);
    if (newest_first) {
        memmove(t->record + 1, t->record, sizeof t->record - sizeof t->record[0]);
        memmove(t->len + 1, t->len, sizeof t->len - 1);
    }
    memcpy(t->record[to], v.p, v.n);
    t->len[to] = (uint8_t)v.n;
    t->n = (uint8_t)(t->n + !full);
}

/* The record that is current after a command that moves the pointer, or the one it named. */
static unsigned
record_of(const yf_apdu_cmd *cmd, struct yf_files_at before)
{
    unsigned mode = cmd->p2 & 7;

    return mode < 4 ? h.card.at.record : cmd->p1 ? cmd->p1 : before.record;
}

static void
read_record(const yf_apdu_cmd *cmd, const struct file *t, unsigned n)
{
    MUST(n >= 1 && n <= t->n);
    unsigned mode = cmd->p2 & 7, last = mode == 5 ? t->n : n;
    size_t at = 0;

    if (mode == 6)
        n = t->n;
    for (;; n += mode == 6 ? ~0u : 1u) {
        size_t left = h.rsp.n - at, use = t->len[n - 1] < left ? t->len[n - 1] : left;
        MUST(memcmp(h.rsp.p + at, t->record[n - 1], use) == 0);
        at += use;
        if (n == last)
            break;
    }
    MUST(at == h.rsp.n);
}

static void
contents(const yf_apdu_cmd *cmd, struct file *t, struct yf_files_at before, yf_need shown, yf_sw sw)
{
    bool appends = cmd->ins == 0xE2;
    enum yf_file_op op =
        cmd->ins == 0xB0 || cmd->ins == 0xB1 || cmd->ins == 0xB2 ? YF_FILE_READ : YF_FILE_UPDATE;

    MUST(t != NULL);
    if (cmd->ins == 0xDC && (cmd->p2 & 7) == 3 && t->f.kind == YF_FILE_CYCLIC)
        appends = true;
    MUST(allowed(t, appends ? YF_FILE_APPEND : op, shown));
    if (t->f.kind == YF_FILE_TRANSPARENT && op == YF_FILE_READ)
        read_binary(cmd, t, sw);
    else if (t->f.kind == YF_FILE_TRANSPARENT)
        write_binary(cmd, t);
    else if (op == YF_FILE_READ)
        read_record(cmd, t, record_of(cmd, before));
    else if (appends)
        append(t, cmd->data);
    else {
        unsigned n = record_of(cmd, before);
        MUST(n >= 1 && n <= t->n && cmd->data.n <= t->f.record);
        memcpy(t->record[n - 1], cmd->data.p, cmd->data.n);
        t->len[n - 1] = (uint8_t)cmd->data.n;
    }
}

static void
created(const yf_apdu_cmd *cmd, struct yf_files_at before, yf_need shown)
{
    const struct yf_fcp *df = &files[before.df].f;
    uint8_t n = h.card.at.ef ? h.card.at.ef : h.card.at.df;
    struct file t = { .there = true };

    MUST(n < FILES && !files[n].there);
    MUST(yf_fcp_parse(cmd->data, &t.f) == YF_OK);
    t.f.number = n;
    t.f.parent = before.df;
    yf_need need = df->need[t.f.kind == YF_FILE_DF ? YF_FILE_CREATE_DF : YF_FILE_CREATE_EF];
    if (df->state == YF_FILE_ACTIVATED)
        MUST(need && (need & shown) == need);
    files[n] = t;
}

/* A file that is gone, or whose state changed, is one the issuer or its directory let go. */
static void
managed(yf_need shown)
{
    for (unsigned i = 0; i < FILES; i++) {
        struct yf_fcp f;
        yf_err e = yf_files_get(&h.card.store, HAND_APP, (uint8_t)i, &f);
        if (!files[i].there)
            continue;
        if (e == YF_OK && f.state == files[i].f.state)
            continue;
        MUST(e == YF_OK || e == YF_E_NOTFOUND);
        MUST(shown != YF_NEED_NOTHING || files[i].f.number > 7 ||
             (e && files[files[i].f.parent].f.need[YF_FILE_DELETE_CHILD] == YF_NEED_NOTHING));
        files[i].f.state = e ? 0 : f.state;
        files[i].there = e == YF_OK;
    }
}

/* ---- always ---- */

static void
same_file(const struct file *t)
{
    struct yf_store *s = &h.card.store;
    struct yf_fcp f;
    uint8_t b[BODY], n;

    MUST(yf_files_get(s, HAND_APP, t->f.number, &f) == YF_OK);
    MUST(f.kind == t->f.kind && f.state == t->f.state && f.parent == t->f.parent);
    MUST(f.fid == t->f.fid && f.sfi == t->f.sfi && f.size == t->f.size);
    MUST(memcmp(f.need, t->f.need, sizeof f.need) == 0);
    if (f.kind == YF_FILE_TRANSPARENT) {
        MUST(yf_files_read(s, HAND_APP, &f, 0, b, f.size) == YF_OK);
        MUST(memcmp(b, t->body, f.size) == 0);
    } else if (f.kind != YF_FILE_DF) {
        MUST(yf_records_count(s, HAND_APP, &f, &n) == YF_OK && n == t->n);
        for (unsigned i = 0; i < n; i++) {
            yf_out o = yf_out_of(b, sizeof b);
            MUST(yf_records_read(s, HAND_APP, &f, (uint8_t)(i + 1), &o) == YF_OK);
            MUST(o.n == t->len[i] && memcmp(b, t->record[i], o.n) == 0);
        }
    }
}

static unsigned
tries(unsigned pin)
{
    uint8_t b[2];

    MUST(yf_store_read(&h.card.store, YF_OBJ(HAND_APP, YF_OBJ_PIN, pin), 0, b, 2) == YF_OK);
    MUST(b[0] == PIN_TRIES && b[1] <= PIN_TRIES);
    return b[1];
}

/* Could this command have been right? Its answer says that it was. */
static bool
about_pins(const yf_apdu_cmd *cmd)
{
    return cmd->ins == 0x20 || cmd->ins == 0x21 || cmd->ins == 0x24 || cmd->ins == 0x2C;
}

/* Commands the model does not follow: files too large for it. */
static bool
too_large(const yf_apdu_cmd *cmd)
{
    struct yf_fcp f;

    if (cmd->ins != 0xE0 || yf_fcp_parse(cmd->data, &f))
        return false;
    return f.size > BODY || f.record > 8 || f.records > 100;
}

static void
one(const yf_apdu_cmd *cmd, yf_need said)
{
    struct yf_files_at before = h.card.at;
    const unsigned left[2] = { tries(1), tries(2) };
    yf_need pins = h.card.shown, shown = YF_NEED_NOTHING | said | pins;
    struct file *t = subject(cmd, before);

    h.shown = YF_NEED_NOTHING | said;
    yf_sw sw = hand_run(&h, cmd);
    MUST(yf_sw_class_of(sw) != YF_SW_CLASS_INVALID && sw != YF_SW_MEMORY && sw != YF_SW_UNKNOWN);
    MUST(h.rsp.n <= cmd->ne && h.rsp.n <= YF_CARD_NE);

    bool done = yf_sw_class_of(sw) == YF_SW_CLASS_NORMAL || sw == YF_SW_END_OF_FILE;
    if (!done && sw != YF_SW_FILE_DEACTIVATED && sw != YF_SW_FILE_TERMINATED)
        MUST(memcmp(&before, &h.card.at, sizeof before) == 0);
    if (done && cmd->ins == 0xE0)
        created(cmd, before, shown);
    else if (done && (cmd->ins == 0xE4 || cmd->ins == 0x44 || cmd->ins == 0x04 ||
                      cmd->ins == 0xE6 || cmd->ins == 0xE8))
        managed(shown);
    else if (done && cmd->ins != 0xA4 && !about_pins(cmd))
        contents(cmd, t, before, shown, sw);
    for (unsigned i = 0; i < FILES; i++)
        if (files[i].there)
            same_file(&files[i]);

    if (!(done && about_pins(cmd)))
        MUST(tries(1) <= left[0] && tries(2) <= left[1] && (h.card.shown & ~pins) == 0);
    else if (h.card.shown & ~pins)
        MUST((cmd->ins & ~1) == 0x20 && cmd->data.n >= 4);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const yf_need worth[] = { YF_NEED_ADMIN, YF_NEED_PIN1, YF_NEED_SM };
    yf_cur c = yf_cur_of((yf_span){ data, size });

    if (size > 4096)
        return 0;
    make_card();
    for (unsigned i = 0; i < 64 && yf_cur_more(&c); i++) {
        unsigned bits = yf_cur_u8(&c);
        yf_span apdu = yf_cur_take(&c, yf_cur_u8(&c));
        yf_need shown = 0;
        yf_apdu_cmd cmd;
        for (unsigned b = 0; b < 3; b++)
            shown |= bits >> b & 1 ? worth[b] : 0;
        if (bits & 0x80)
            hand_reset(&h);
        if (yf_apdu_cmd_parse(apdu, &cmd) == YF_OK && !too_large(&cmd))
            one(&cmd, shown);
    }
    hand_close(&h);
    return 0;
}
