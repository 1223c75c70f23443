/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rnd.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/host.h>
#include <yufu/proto/sm.h>
#include <yufu/wire/tlv.h>

static uint8_t to_card[70000], to_reader[70000], mem[70000], data[70000];

static const enum yf_cipher_id ciphers[] = { YF_DES3_2KEY, YF_AES128, YF_AES192, YF_AES256,
                                             YF_SM4 };

/* ---- worked examples ---- */

/* One less than what the first message counts as: the session of a record begins before it. */
static void
keys_of(const struct vec *v, const yf_provider *p, struct yf_sm_keys *k)
{
    yf_span enc = vec_get(v, "enc"), mac = vec_get(v, "mac"), ssc = vec_get(v, "ssc");
    const struct yf_cipher_alg *alg = yf_provider_cipher_named(p, vec_str(v, "cipher"));

    *k = (struct yf_sm_keys){ .cipher = alg ? alg->id : YF_CIPHERS };
    memcpy(k->enc, enc.p, enc.n);
    memcpy(k->mac, mac.p, mac.n);
    memcpy(k->ssc, ssc.p, ssc.n);
}

static void
example_command(const struct vec *v, struct yf_sm *reader, struct yf_sm *card)
{
    yf_apdu_cmd cmd, wrapped, got;

    T_OK(yf_apdu_cmd_parse(vec_get(v, "cmd"), &cmd));
    T_OK(yf_sm_wrap_cmd(reader, &cmd, to_card, sizeof to_card, &wrapped));
    T_SPAN(wrapped.data, vec_get(v, "data"));
    T(wrapped.cla == (cmd.cla | 0x0C) && wrapped.ins == cmd.ins && wrapped.ne == 256);

    T_OK(yf_sm_unwrap_cmd(card, &wrapped, to_card, sizeof to_card, &got));
    T(got.cla == cmd.cla && got.ins == cmd.ins && got.p1 == cmd.p1 && got.p2 == cmd.p2);
    T(got.ne == cmd.ne && got.form == YF_APDU_SHORT);
    T_SPAN(got.data, cmd.data);
}

static void
example_response(const struct vec *v, struct yf_sm *reader, struct yf_sm *card)
{
    yf_apdu_rsp rsp, wrapped, got;
    yf_out o = yf_out_of(to_reader, sizeof to_reader);

    T_OK(yf_apdu_rsp_parse(vec_get(v, "rsp"), &rsp));
    T_OK(yf_apdu_rsp_parse(vec_get(v, "wrapped"), &wrapped));
    T_OK(yf_sm_wrap_rsp(card, &rsp, &o));
    T_SPAN(yf_out_span(&o), wrapped.data);
    T_OK(yf_sm_unwrap_rsp(reader, &wrapped, mem, sizeof mem, &got));
    T(got.sw == rsp.sw);
    T_SPAN(got.data, rsp.data);
}

static void
example(const struct vec *v, void *arg)
{
    const yf_provider *p = arg;
    struct yf_sm reader, card;
    struct yf_sm_keys k;

    keys_of(v, p, &k);
    T_OK(yf_sm_open(&reader, p, &k));
    T_OK(yf_sm_open(&card, p, &k));
    example_command(v, &reader, &card);
    if (vec_has(v, "rsp"))
        example_response(v, &reader, &card);
    yf_sm_close(&reader);
    yf_sm_close(&card);
}

static void
worked_examples(void **st)
{
    (void)st;
    T(vec_each("sm_iso.txt", example, (void *)(uintptr_t)&yf_provider_soft) == 4);
    T(vec_each("sm_iso.txt", example, (void *)(uintptr_t)&yf_provider_host) == 4);
}

/* ---- a session ---- */

struct pair {
    struct yf_sm reader, card;
};

static struct yf_sm_keys
some_keys(enum yf_cipher_id id)
{
    struct yf_sm_keys k = { .cipher = id };
    struct rnd r = { 7 };

    rnd_fill(&r, k.enc, sizeof k.enc);
    rnd_fill(&r, k.mac, sizeof k.mac);
    memset(k.ssc, 0xFF, sizeof k.ssc); // the first message carries through all of it
    return k;
}

static struct pair
pair_of(enum yf_cipher_id id)
{
    struct yf_sm_keys k = some_keys(id);
    struct pair p;

    T_OK(yf_sm_open(&p.reader, &yf_provider_soft, &k));
    T_OK(yf_sm_open(&p.card, &yf_provider_soft, &k));
    return p;
}

static void
drop(struct pair *p)
{
    yf_sm_close(&p->reader);
    yf_sm_close(&p->card);
}

static bool
closed(const struct yf_sm *s)
{
    static const uint8_t none[sizeof *s];
    const uint8_t *bytes = (const uint8_t *)s;
    return memcmp(bytes, none, sizeof none) == 0;
}

/* A command through both ends, in place or not; what comes out is what went in. */
static void
send(struct pair *p, const yf_apdu_cmd *cmd, bool in_place)
{
    yf_apdu_cmd wrapped, got, plain = *cmd;

    if (in_place && cmd->data.n) {
        memcpy(to_card, cmd->data.p, cmd->data.n);
        plain.data.p = to_card;
    }
    T_OK(yf_sm_wrap_cmd(&p->reader, &plain, to_card, sizeof to_card, &wrapped));
    T(wrapped.data.n <= cmd->data.n + YF_SM_OVERHEAD && wrapped.data.p == to_card);
    T_OK(yf_sm_unwrap_cmd(&p->card, &wrapped, in_place ? to_card : mem, sizeof mem, &got));
    T(got.cla == cmd->cla && got.ins == cmd->ins && got.p1 == cmd->p1 && got.p2 == cmd->p2);
    T(got.ne == cmd->ne);
    T_SPAN(got.data, cmd->data);
}

static void
answer(struct pair *p, const yf_apdu_rsp *rsp, bool in_place)
{
    yf_out o = yf_out_of(to_reader, sizeof to_reader);
    yf_apdu_rsp wrapped = { .sw = rsp->sw }, got, plain = *rsp;

    yf_out_u8(&o, 0xEE); // it appends
    if (in_place && rsp->data.n) {
        memcpy(to_reader + 1, rsp->data.p, rsp->data.n);
        plain.data.p = to_reader + 1;
    }
    T_OK(yf_sm_wrap_rsp(&p->card, &plain, &o));
    T(to_reader[0] == 0xEE && o.n <= 1 + rsp->data.n + YF_SM_OVERHEAD);
    wrapped.data = (yf_span){ to_reader + 1, o.n - 1 };
    T_OK(yf_sm_unwrap_rsp(&p->reader, &wrapped, in_place ? to_reader + 1 : mem, sizeof mem, &got));
    T(got.sw == rsp->sw);
    T_SPAN(got.data, rsp->data);
}

/* All four cases, even and odd, at every length about a block and about a length field's edge. */
static void
every_shape(void **st)
{
    static const uint32_t ne[] = { 0, 1, 255, 256, 257, 65535, 65536 };
    static const size_t edge[] = { 100, 111, 112, 231, 239, 240, 250, 255, 256, 1000, 65400 };
    (void)st;

    for (size_t c = 0; c < 5; c++) {
        struct pair p = pair_of(ciphers[c]);
        for (size_t n = 0; n < 40 + sizeof edge / sizeof *edge; n++) {
            size_t size = n < 40 ? n : edge[n - 40];
            yf_apdu_cmd cmd = { (uint8_t)(n & 3), n & 4 ? 0xB1 : 0xB0,   1, 2,
                                .ne = ne[n % 7],  .data = { data, size } };
            yf_apdu_rsp rsp = { n % 3 ? YF_SW_OK : YF_SW_END_OF_FILE, { data, size } };
            send(&p, &cmd, n & 1);
            answer(&p, &rsp, n & 1);
        }
        drop(&p);
    }
}

static void
wrapped_form(void **st)
{
    static const struct {
        yf_apdu_form form;
        uint32_t ne, outer;
        size_t n;
        yf_span le; // DO 97
    } want[] = {
        { YF_APDU_SHORT, 0, 256, 1, { 0 } },
        { YF_APDU_SHORT, 256, 256, 0, YF_STR("\x97\x01\x00") },
        { YF_APDU_SHORTEST, 256, 256, 0, YF_STR("\x97\x01\x00") },
        { YF_APDU_SHORTEST, 223, 256, 0, YF_STR("\x97\x01\xDF") },
        { YF_APDU_SHORTEST, 257, 65536, 0, YF_STR("\x97\x02\x01\x01") },
        { YF_APDU_SHORTEST, 256, 65536, 255, YF_STR("\x97\x01\x00") },
        { YF_APDU_EXTENDED, 4, 65536, 0, YF_STR("\x97\x02\x00\x04") },
        { YF_APDU_EXTENDED, 65536, 65536, 0, YF_STR("\x97\x02\x00\x00") },
    };
    (void)st;

    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct pair p = pair_of(YF_AES128);
        yf_apdu_cmd cmd = { 0, 0xB0, 0, 0, want[i].form, want[i].ne, { data, want[i].n } }, w;
        T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
        T(w.ne == want[i].outer && w.cla == 0x0C);
        yf_span before_mac = { w.data.p + w.data.n - 10 - want[i].le.n, want[i].le.n };
        T_SPAN(before_mac, want[i].le);
        yf_apdu_cmd got;
        T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &got));
        T(want[i].le.n != 4 || got.form == YF_APDU_EXTENDED);
        drop(&p);
    }
}

/* ---- what is refused ---- */

/* The chip's answer to a changed message, and that nothing works after it. */
static void
refused_cmd(struct pair *p, const yf_apdu_cmd *w, yf_err want)
{
    yf_apdu_cmd got = { .ins = 0x77 };
    yf_apdu_rsp ok = { YF_SW_OK, { 0 } };
    yf_out o = yf_out_of(to_reader, sizeof to_reader);

    memset(mem, 0xA5, 64);
    T_ERR(want, yf_sm_unwrap_cmd(&p->card, w, mem, sizeof mem, &got));
    T(got.ins == 0x77 && closed(&p->card));
    T_ERR(YF_E_STATE, yf_sm_unwrap_cmd(&p->card, w, mem, sizeof mem, &got));
    T_ERR(YF_E_STATE, yf_sm_wrap_rsp(&p->card, &ok, &o));
    T(o.n == 0);
    drop(p);
}

/* Any bit of the header and the data; and any length. */
static void
changed_commands(void **st)
{
    (void)st;

    for (size_t c = 0; c < 5; c++) {
        for (size_t bit = 0;; bit++) {
            struct pair p = pair_of(ciphers[c]);
            yf_apdu_cmd cmd = { 0, 0xB0, 0, 0, .ne = 4, .data = YF_STR("data") }, w, got;
            T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
            uint8_t head[] = { w.cla, w.ins, w.p1, w.p2 };
            if (bit / 8 < 4)
                head[bit / 8] ^= (uint8_t)(1 << bit % 8);
            else if (bit / 8 < 4 + w.data.n)
                to_card[bit / 8 - 4] ^= (uint8_t)(1 << bit % 8);
            w.cla = head[0], w.ins = head[1], w.p1 = head[2], w.p2 = head[3];
            yf_err e = yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &got);
            T((e == YF_OK) == (bit / 8 == 4 + w.data.n));
            T(closed(&p.card) == (e != YF_OK));
            drop(&p);
            if (!e)
                break;
        }
    }
}

static void
cut_commands(void **st)
{
    yf_apdu_cmd cmd = { 0, 0xB0, 0, 0, .ne = 4, .data = YF_STR("data") }, w;
    (void)st;

    for (size_t n = 0, whole = 1; n < whole; n++) {
        struct pair p = pair_of(YF_AES256);
        T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
        whole = w.data.n;
        T(whole == 19 + 3 + 10);
        w.data.n = n;
        // a message that ends at an object's end lacks its MAC; one cut elsewhere is broken
        bool at_end = n == 0 || n == 19 || n == 22;
        refused_cmd(&p, &w, at_end ? YF_E_NOTFOUND : YF_E_FORMAT);
    }
    T(yf_sm_refusal(YF_E_NOTFOUND) == 0x6987 && yf_sm_refusal(YF_E_FORMAT) == 0x6988);
    T(yf_sm_refusal(YF_E_AUTH) == 0x6988 && yf_sm_refusal(YF_E_ROOM) == 0x6988);
}

/*
 * Messages whose MAC is right, for it is made here with the session's keys: what is refused is
 * the form. The counter is that of a first message, zero.
 */
static yf_span
signed_objects(enum yf_cipher_id id, yf_span head, yf_span objects, size_t mac_n)
{
    struct yf_sm_keys k = some_keys(id);
    const struct yf_cipher_alg *alg = yf_provider_soft.cipher[id];
    static uint8_t made[512];
    uint8_t mac[16], padded[512] = { 0 };
    size_t n = alg->block;
    yf_cmac m;
    yf_cipher c;

    T_OK(yf_cipher_init(&c, alg, (yf_span){ k.mac, alg->key }));
    if (head.n) {
        memcpy(padded + n, head.p, head.n);
        n += objects.n ? yf_pad_iso(padded + n, head.n, alg->block) : head.n;
    }
    if (objects.n)
        memcpy(padded + n, objects.p, objects.n);
    n = yf_pad_iso(padded, n + objects.n, alg->block);
    yf_cmac_init(&m, &c);
    yf_cmac_add(&m, (yf_span){ padded, n });
    yf_cmac_end(&m, mac);
    yf_cipher_drop(&c);

    yf_out o = yf_out_of(made, sizeof made);
    yf_out_put(&o, objects);
    yf_tlv_put(&o, 0x8E, (yf_span){ mac, mac_n });
    return yf_out_span(&o);
}

/* DO 87 or 85 with this under the cipher, not padded here, at the first message's counter. */
static yf_span
encrypted(enum yf_cipher_id id, uint8_t tag, yf_span padded)
{
    struct yf_sm_keys k = some_keys(id);
    const struct yf_cipher_alg *alg = yf_provider_soft.cipher[id];
    static uint8_t made[128];
    uint8_t iv[16] = { 0 }, text[64];
    yf_cipher c;

    T_OK(yf_cipher_init(&c, alg, (yf_span){ k.enc, alg->key }));
    alg->ecb_enc(&c, iv, iv, alg->block);
    alg->cbc_enc(&c, iv, text, padded.p, padded.n);
    yf_cipher_drop(&c);
    yf_out o = yf_out_of(made, sizeof made);
    yf_tlv_put_head(&o, tag, padded.n + (tag == 0x87));
    if (tag == 0x87)
        yf_out_u8(&o, 1);
    yf_out_put(&o, (yf_span){ text, padded.n });
    return yf_out_span(&o);
}

static yf_span
joined(yf_span a, yf_span b)
{
    static uint8_t both[512];

    memmove(both, a.p, a.n);
    memcpy(both + a.n, b.p, b.n);
    return (yf_span){ both, a.n + b.n };
}

#define BLOCK(text) YF_STR(text)
#define GOOD BLOCK("data\x80\0\0\0\0\0\0\0\0\0\0\0")

static void
try_cmd(uint8_t ins, yf_span objects, size_t mac_n, yf_err want)
{
    const uint8_t head[] = { 0x0C, ins, 0, 0 };
    struct pair p = pair_of(YF_AES128);
    yf_apdu_cmd w = { 0x0C, ins, 0, 0, .ne = 256, .data = { 0 } }, got;

    w.data = signed_objects(YF_AES128, YF_SPAN(head), objects, mac_n);
    if (want) {
        refused_cmd(&p, &w, want);
        return;
    }
    T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &got));
    drop(&p);
}

static void
forms_of_commands(void **st)
{
    const yf_span le = YF_STR("\x97\x01\x04");
    yf_span made = encrypted(YF_AES128, 0x87, GOOD);
    uint8_t kept[19];
    const yf_span good = YF_SPAN(kept);
    (void)st;

    T(made.n == sizeof kept);
    memcpy(kept, made.p, sizeof kept);

    // what is accepted, so that the rest is refused for its own reason
    try_cmd(0xB0, (yf_span){ 0 }, 8, YF_OK);
    try_cmd(0xB0, le, 8, YF_OK);
    try_cmd(0xB0, good, 8, YF_OK);
    try_cmd(0xB0, joined(good, le), 8, YF_OK);
    try_cmd(0xB0, YF_STR("\x97\x81\x01\x04"), 8, YF_OK); // a longer length than needed
    try_cmd(0xB1, encrypted(YF_AES128, 0x85, GOOD), 8, YF_OK);

    try_cmd(0xB0, good, 4, YF_E_FORMAT); // MACs of other lengths
    try_cmd(0xB0, good, 7, YF_E_FORMAT);
    try_cmd(0xB0, good, 9, YF_E_FORMAT);
    try_cmd(0xB0, good, 16, YF_E_FORMAT);
    try_cmd(0xB0, joined(le, good), 8, YF_E_FORMAT); // order
    try_cmd(0xB0, joined(good, good), 8, YF_E_FORMAT);
    try_cmd(0xB0, joined(le, le), 8, YF_E_FORMAT);
    try_cmd(0xB0, YF_STR("\x97\x00"), 8, YF_E_FORMAT);
    try_cmd(0xB0, YF_STR("\x97\x03\x00\x00\x04"), 8, YF_E_FORMAT);
    try_cmd(0xB0, YF_STR("\x99\x02\x90\x00"), 8, YF_E_FORMAT);
    try_cmd(0xB0, YF_STR("\x81\x01\x04"), 8, YF_E_FORMAT); // data in clear
    try_cmd(0xB0, joined(signed_objects(YF_AES128, le, le, 8), le), 8, YF_E_FORMAT);
    try_cmd(0xB0, YF_STR("\x87\x00"), 8, YF_E_FORMAT);
    try_cmd(0xB0, YF_STR("\x87\x01\x01"), 8, YF_E_FORMAT); // nothing under the cipher
    try_cmd(0xB0, YF_STR("\x87\x02\x01\x55"), 8, YF_E_FORMAT);
    kept[2] = 0x02; // another padding
    try_cmd(0xB0, good, 8, YF_E_FORMAT);
    try_cmd(0xB0, encrypted(YF_AES128, 0x85, GOOD), 8, YF_E_FORMAT);
    try_cmd(0xB1, encrypted(YF_AES128, 0x87, GOOD), 8, YF_E_FORMAT);
    // authentic, and not padded; or padding alone, which is no data
    try_cmd(0xB0, encrypted(YF_AES128, 0x87, BLOCK("0123456789abcdef")), 8, YF_E_FORMAT);
    try_cmd(0xB0, encrypted(YF_AES128, 0x87, BLOCK("\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")), 8,
            YF_E_FORMAT);
    T(mem[0] == 0); // nor is what was decrypted left behind
}

static void
classes(void **st)
{
    static const struct {
        uint8_t plain, wrapped;
    } good[] = { { 0x00, 0x0C }, { 0x03, 0x0F }, { 0x80, 0x8C }, { 0x10, 0x1C } };
    static const uint8_t bad_plain[] = { 0x0C, 0x04, 0x08, 0x40, 0xFF, 0x20 };
    static const uint8_t bad_wrapped[] = { 0x00, 0x04, 0x08, 0x40, 0x60, 0xFF };
    (void)st;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct pair p = pair_of(YF_SM4);
        yf_apdu_cmd cmd = { good[i].plain, 0xB0, 0, 0, .ne = 1 }, w;
        T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
        T(w.cla == good[i].wrapped);
        T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &cmd));
        T(cmd.cla == good[i].plain);
        drop(&p);
    }
    struct pair p = pair_of(YF_SM4);
    for (size_t i = 0; i < sizeof bad_plain; i++) {
        yf_apdu_cmd cmd = { bad_plain[i], 0xB0, 0, 0, .ne = 1 }, w;
        T_ERR(YF_E_FORMAT, yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
    }
    send(&p, &(yf_apdu_cmd){ 0, 0xB0, 0, 0, .ne = 1 }, false); // and nothing has changed
    drop(&p);
    for (size_t i = 0; i < sizeof bad_wrapped; i++) {
        p = pair_of(YF_SM4);
        refused_cmd(&p, &(yf_apdu_cmd){ bad_wrapped[i], 0xB0, 0, 0, .ne = 1 }, YF_E_FORMAT);
    }
}

/* The counter: a message again, a message from before, one end ahead of the other. */
static void
replays(void **st)
{
    yf_apdu_cmd cmd = { 0, 0xB0, 0, 0, .ne = 4 }, w, first;
    yf_apdu_rsp ok = { YF_SW_OK, { 0 } };
    uint8_t kept[64];
    (void)st;

    for (size_t c = 0; c < 5; c++) {
        struct pair p = pair_of(ciphers[c]);
        T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
        memcpy(kept, w.data.p, w.data.n);
        first = w;
        first.data.p = kept;
        T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &w));
        answer(&p, &ok, false);
        refused_cmd(&p, &first, YF_E_AUTH);

        p = pair_of(ciphers[c]);
        yf_apdu_cmd lost;
        T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &lost));
        p.reader.tag = 0; // a reader that gave one up
        T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
        refused_cmd(&p, &w, YF_E_AUTH);
    }
}

/* A response is not a command, nor the other way round; one of each, in turn. */
static void
one_exchange_at_a_time(void **st)
{
    yf_apdu_cmd cmd = { 0, 0xB0, 0, 0, .ne = 4 }, w, again;
    yf_apdu_rsp ok = { YF_SW_OK, { 0 } }, got;
    yf_out o = yf_out_of(to_reader, sizeof to_reader);
    (void)st;

    struct pair p = pair_of(YF_AES128);
    T_ERR(YF_E_STATE, yf_sm_wrap_rsp(&p.card, &ok, &o));
    T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
    T_ERR(YF_E_STATE, yf_sm_wrap_cmd(&p.reader, &cmd, mem, sizeof mem, &again));
    T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &cmd));
    T_OK(yf_sm_wrap_rsp(&p.card, &ok, &o));
    T_ERR(YF_E_STATE, yf_sm_wrap_rsp(&p.card, &ok, &o));
    ok.data = yf_out_span(&o);
    T_OK(yf_sm_unwrap_rsp(&p.reader, &ok, mem, sizeof mem, &got));
    T_ERR(YF_E_STATE, yf_sm_unwrap_rsp(&p.reader, &ok, mem, sizeof mem, &got));
    T(closed(&p.reader));
    drop(&p);

    p = pair_of(YF_AES128);
    T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
    T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &cmd));
    refused_cmd(&p, &w, YF_E_STATE);
}

/* ---- responses ---- */

static struct pair
asked(uint8_t ins)
{
    struct pair p = pair_of(YF_AES128);
    yf_apdu_cmd cmd = { 0, ins, 0, 0, .ne = 4 }, w;

    T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
    T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &cmd));
    return p;
}

static void
refused_rsp(struct pair *p, const yf_apdu_rsp *w, yf_err want, yf_sw sw)
{
    yf_apdu_rsp got = { .sw = 0x1234 };
    yf_apdu_cmd cmd = { 0, 0xB0, 0, 0, .ne = 4 }, next;

    T_ERR(want, yf_sm_unwrap_rsp(&p->reader, w, mem, sizeof mem, &got));
    T(got.sw == sw && closed(&p->reader));
    T_ERR(YF_E_STATE, yf_sm_wrap_cmd(&p->reader, &cmd, mem, sizeof mem, &next));
    T_ERR(YF_E_STATE, yf_sm_unwrap_rsp(&p->reader, w, mem, sizeof mem, &got));
    drop(p);
}

static void
changed_responses(void **st)
{
    yf_apdu_rsp rsp = { YF_SW_OK, YF_STR("data") }, w;
    (void)st;

    for (size_t bit = 0, bits = 1; bit < bits; bit++) {
        struct pair p = asked(0xB0);
        yf_out o = yf_out_of(to_reader, sizeof to_reader);
        T_OK(yf_sm_wrap_rsp(&p.card, &rsp, &o));
        bits = 8 * (o.n + 2);
        w = (yf_apdu_rsp){ YF_SW_OK, yf_out_span(&o) };
        if (bit / 8 < o.n)
            to_reader[bit / 8] ^= (uint8_t)(1 << bit % 8);
        else
            w.sw ^= (yf_sw)(1 << bit % 16);
        yf_apdu_rsp got;
        T(yf_sm_unwrap_rsp(&p.reader, &w, mem, sizeof mem, &got) != YF_OK && closed(&p.reader));
        drop(&p);
    }
}

/* As the reader has sent its first command, the response counts as one: keys, and a counter of 1.
 */
static void
forms_of_responses(void **st)
{
    static const struct {
        yf_span data;
        yf_err want;
    } bad[] = {
        { YF_STR("\x99\x02\x90\x00"), YF_E_AUTH }, // no MAC
        { YF_STR("\x8E\x08"
                 "01234567"),
          YF_E_AUTH },
        { YF_STR("\x99\x01\x90\x8E\x08"
                 "01234567"),
          YF_E_AUTH },
        { YF_STR("\x81\x04"
                 "data"),
          YF_E_FORMAT },
        { YF_STR("\x99\x02\x90"), YF_E_FORMAT },
    };
    (void)st;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pair p = asked(0xB0);
        refused_rsp(&p, &(yf_apdu_rsp){ YF_SW_OK, bad[i].data }, bad[i].want,
                    i == 0 ? YF_SW_OK : 0x1234);
    }
    // in clear: what the card says is handed on, and believed by no one
    struct pair p = asked(0xB0);
    refused_rsp(&p, &(yf_apdu_rsp){ 0x6988, { 0 } }, YF_E_AUTH, 0x6988);
    p = asked(0xB0);
    refused_rsp(&p, &(yf_apdu_rsp){ YF_SW_OK, { 0 } }, YF_E_AUTH, YF_SW_OK);
}

/* Authentic, and without a status word inside. */
static void
status_word_inside(void **st)
{
    struct pair p = asked(0xB0);
    yf_out o = yf_out_of(to_reader, sizeof to_reader);
    yf_apdu_rsp rsp = { YF_SW_OK, { 0 } };
    (void)st;

    memset(p.reader.ssc, 0xFF, 16); // the response will be counted as zero
    rsp.data = signed_objects(YF_AES128, (yf_span){ 0 }, encrypted(YF_AES128, 0x87, GOOD), 8);
    refused_rsp(&p, &rsp, YF_E_FORMAT, 0x1234);

    p = asked(0xB0);
    memset(p.reader.ssc, 0xFF, 16);
    rsp.data = signed_objects(YF_AES128, (yf_span){ 0 }, YF_STR("\x99\x01\x90"), 8);
    refused_rsp(&p, &rsp, YF_E_FORMAT, 0x1234);

    p = asked(0xB0);
    T_OK(yf_sm_wrap_rsp(&p.card, &rsp, &o));
    rsp.data = yf_out_span(&o);
    rsp.sw = 0x6282; // changed on its way
    refused_rsp(&p, &rsp, YF_E_AUTH, 0x1234);
}

/* Errors come back protected, like anything else. */
static void
errors_are_wrapped(void **st)
{
    struct pair p = asked(0xB0);
    (void)st;

    answer(&p, &(yf_apdu_rsp){ YF_SW_FILE_NOT_FOUND, { 0 } }, false);
    T(!closed(&p.reader) && !closed(&p.card));
    drop(&p);
}

/* ---- room ---- */

static void
every_room_is_kept_to(void **st)
{
    yf_apdu_cmd cmd = { 0, 0xB0, 0, 0, .ne = 4, .data = YF_STR("data") }, w, got;
    yf_apdu_rsp rsp = { YF_SW_OK, YF_STR("data") };
    struct pair p = pair_of(YF_AES128);
    (void)st;

    memset(to_card, 0xA5, 64);
    for (size_t cap = 0; cap < 32; cap++)
        T_ERR(YF_E_ROOM, yf_sm_wrap_cmd(&p.reader, &cmd, to_card, cap, &w));
    T(to_card[0] == 0xA5);
    T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, 32, &w));
    T(to_card[32] == 0xA5);
    T_OK(yf_sm_unwrap_cmd(&p.card, &w, mem, 16, &got));
    for (size_t cap = 0; cap < 33; cap++) {
        yf_out o = yf_out_of(to_reader, cap);
        T_ERR(YF_E_ROOM, yf_sm_wrap_rsp(&p.card, &rsp, &o));
        T(o.n == 0 && o.err == YF_OK);
    }
    answer(&p, &rsp, false);
    drop(&p);

    p = pair_of(YF_AES128);
    T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
    T_ERR(YF_E_ROOM, yf_sm_unwrap_cmd(&p.card, &w, mem, 15, &got));
    T(closed(&p.card));
    drop(&p);
}

/* The longest data of each form; one byte more has no command. */
static void
longest_commands(void **st)
{
    static const struct {
        yf_apdu_form form;
        size_t n;
    } most[] = { { YF_APDU_SHORT, 239 }, { YF_APDU_EXTENDED, 65519 }, { YF_APDU_SHORTEST, 65519 } };
    (void)st;

    for (size_t i = 0; i < 3; i++) {
        struct pair p = pair_of(YF_AES128);
        yf_apdu_cmd cmd = { 0, 0xD6, 0, 0, most[i].form, 0, { data, most[i].n + 1 } }, w;
        T_ERR(YF_E_ROOM, yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
        cmd.data.n--;
        T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_apdu_cmd_put(&o, &w);
        T_OK(o.err);
        drop(&p);
    }
    // 256 bytes when wrapped: 85 81 F0, 240 under the cipher, Le and the MAC
    struct pair p = pair_of(YF_AES128);
    yf_apdu_cmd cmd = { 0, 0xB1, 0, 0, YF_APDU_SHORT, 256, { data, 239 } }, w;
    T_ERR(YF_E_ROOM, yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
    cmd.ne = 0;
    T_OK(yf_sm_wrap_cmd(&p.reader, &cmd, to_card, sizeof to_card, &w));
    T(w.data.n == 253);
    drop(&p);
}

/* ---- opening ---- */

static void
opening(void **st)
{
    struct yf_sm_keys k = some_keys(YF_AES128);
    yf_provider none = yf_provider_soft;
    struct yf_sm s;
    (void)st;

    T_OK(yf_sm_open(&s, &yf_provider_soft, &k));
    yf_sm_close(&s);
    T(closed(&s));
    yf_sm_close(&s);
    none.cipher[YF_AES128] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_sm_open(&s, &none, &k));
    k.cipher = YF_DES3_3KEY;
    T_ERR(YF_E_UNSUPPORTED, yf_sm_open(&s, &yf_provider_soft, &k));
    k.cipher = YF_CIPHERS;
    T_ERR(YF_E_UNSUPPORTED, yf_sm_open(&s, &yf_provider_soft, &k));
    T(closed(&s));
}

T_MAIN(cmocka_unit_test(worked_examples), cmocka_unit_test(every_shape),
       cmocka_unit_test(wrapped_form), cmocka_unit_test(changed_commands),
       cmocka_unit_test(cut_commands), cmocka_unit_test(forms_of_commands),
       cmocka_unit_test(classes), cmocka_unit_test(replays),
       cmocka_unit_test(one_exchange_at_a_time), cmocka_unit_test(changed_responses),
       cmocka_unit_test(forms_of_responses), cmocka_unit_test(status_word_inside),
       cmocka_unit_test(errors_are_wrapped), cmocka_unit_test(every_room_is_kept_to),
       cmocka_unit_test(longest_commands), cmocka_unit_test(opening))
