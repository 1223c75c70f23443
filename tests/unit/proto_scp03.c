/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rng.h"
#include "t.h"
#include "vec.h"

#include <yufu/proto/scp03.h>

static const uint8_t domain[] = { 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00 };
static const uint8_t card_data[YF_SCP03_DIVERSIFICATION] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 };
static const uint8_t levels[] = { 0x01, 0x03, 0x11, 0x13, 0x33 };
static const enum yf_cipher_id ciphers[] = { YF_AES128, YF_AES192, YF_AES256, YF_SM4 };

enum { I_ALL = YF_SCP03_I_R_MAC | YF_SCP03_I_R_ENC };

/* ---- recorded sessions ---- */

struct recorded {
    const yf_provider *p;
    size_t n;
};

static struct yf_scp03_keys
keys_of(const struct vec *v, enum yf_cipher_id cipher)
{
    struct yf_scp03_keys k = { .cipher = cipher };

    memcpy(k.enc, vec_get(v, "enc").p, vec_get(v, "enc").n);
    memcpy(k.mac, vec_get(v, "mac").p, vec_get(v, "mac").n);
    return k;
}

static yf_span
numbered(const struct vec *v, const char *what, unsigned i)
{
    char name[32];

    snprintf(name, sizeof name, "%s%u", what, i);
    return vec_has(v, name) ? vec_get(v, name) : (yf_span){ 0 };
}

/* Is this command those bytes? */
static void
is_cmd(const yf_apdu_cmd *c, yf_span want)
{
    uint8_t mem[512];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_apdu_cmd_put(&o, c);
    T_SPAN(yf_out_span(&o), want);
}

static void
is_rsp(const yf_apdu_rsp *r, yf_span want)
{
    uint8_t mem[512];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_apdu_rsp_put(&o, r);
    T_SPAN(yf_out_span(&o), want);
}

static void
host_of(const struct vec *v, struct yf_scp03 *s)
{
    uint8_t mem[512];
    yf_apdu_cmd plain, cmd;
    yf_apdu_rsp r;
    yf_span bytes;

    T_OK(yf_scp03_host_open(s, vec_get(v, "auth").p[2], mem, &cmd));
    is_cmd(&cmd, vec_get(v, "auth"));
    for (unsigned i = 1; (bytes = numbered(v, "plain", i)).n; i++) {
        T_OK(yf_apdu_cmd_parse(bytes, &plain));
        T_OK(yf_scp03_wrap_cmd(s, &plain, mem, sizeof mem, &cmd));
        is_cmd(&cmd, numbered(v, "wrapped", i));
        if (!(bytes = numbered(v, "protected", i)).n)
            continue;
        T_OK(yf_apdu_rsp_parse(bytes, &r));
        T_OK(yf_scp03_unwrap_rsp(s, &r, mem, sizeof mem, &r));
        is_rsp(&r, numbered(v, "response", i));
    }
}

static void
card_of(const struct vec *v, struct yf_scp03 *s)
{
    uint8_t mem[512], back[512];
    yf_apdu_cmd plain, cmd;
    yf_apdu_rsp r;
    yf_span bytes;

    T_OK(yf_apdu_cmd_parse(vec_get(v, "auth"), &cmd));
    T_OK(yf_scp03_card_open(s, &cmd));
    for (unsigned i = 1; (bytes = numbered(v, "wrapped", i)).n; i++) {
        yf_out o = yf_out_of(back, sizeof back);
        T_OK(yf_apdu_cmd_parse(bytes, &cmd));
        T_OK(yf_scp03_unwrap_cmd(s, &cmd, mem, sizeof mem, &plain));
        is_cmd(&plain, numbered(v, "plain", i));
        if (!(bytes = numbered(v, "response", i)).n)
            continue;
        T_OK(yf_apdu_rsp_parse(bytes, &r));
        T_OK(yf_scp03_wrap_rsp(s, &r, &o));
        is_rsp(&(yf_apdu_rsp){ r.sw, yf_out_span(&o) }, numbered(v, "protected", i));
    }
}

static void
recorded_session(const struct vec *v, void *arg)
{
    struct recorded *run = arg;
    const struct yf_cipher_alg *alg = yf_provider_cipher_named(run->p, vec_str(v, "cipher"));
    struct yf_scp03 host = { 0 }, card = { 0 };
    uint8_t mem[YF_SCP03_ANSWER];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_scp03_answer a;

    if (!alg)
        return;
    struct yf_scp03_keys k = keys_of(v, alg->id);
    T_OK(yf_scp03_read(vec_get(v, "answer"), &a));
    T_OK(yf_scp03_host_begin(&host, run->p, &k, vec_get(v, "challenge"), &a));
    host_of(v, &host);

    struct rng_said said = { a.challenge };
    yf_rng rng = rng_said(&said);
    struct yf_scp03_offer offer = { &k, a.kvn, a.i, a.diversification.p, a.sequence, { 0 } };
    if (a.i & YF_SCP03_I_PSEUDO_RANDOM)
        offer.aid = vec_get(v, "aid");
    T_OK(yf_scp03_card_begin(&card, run->p, &rng, &offer, vec_get(v, "challenge"), &o));
    T_SPAN(yf_out_span(&o), vec_get(v, "answer"));
    card_of(v, &card);
    yf_scp03_close(&host);
    yf_scp03_close(&card);
    run->n++;
}

static void
recorded_sessions(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        struct recorded run = { *p, 0 };
        T(vec_each("scp03.txt", recorded_session, &run) == 22);
        T(run.n >= (*p == &yf_provider_soft ? 22 : 3));
    }
}

/* ---- both ends against each other ---- */

struct ends {
    struct yf_scp03 host, card;
    struct yf_scp03_keys keys;
    struct rnd rnd;
    uint8_t i;
};

static struct ends
ends_of(enum yf_cipher_id cipher, uint8_t i)
{
    struct ends e = { .keys.cipher = cipher, .i = i, .rnd = { 100u * (unsigned)cipher + i } };

    rnd_fill(&e.rnd, e.keys.enc, sizeof e.keys.enc);
    rnd_fill(&e.rnd, e.keys.mac, sizeof e.keys.mac);
    return e;
}

/* INITIALIZE UPDATE; the answer lies in mem. */
static void
greet(struct ends *e, yf_span challenge, uint8_t mem[YF_SCP03_ANSWER], struct yf_scp03_answer *a)
{
    struct yf_scp03_offer offer = { &e->keys, 0x30, e->i, card_data, 0xFFFFFE, YF_SPAN(domain) };
    yf_rng rng = rng_seeded(&e->rnd);
    yf_out o = yf_out_of(mem, YF_SCP03_ANSWER);

    T_OK(yf_scp03_card_begin(&e->card, &yf_provider_soft, &rng, &offer, challenge, &o));
    T_OK(yf_scp03_read(yf_out_span(&o), a));
}

/* Both begun. */
static void
begin(struct ends *e)
{
    uint8_t challenge[16], mem[YF_SCP03_ANSWER];
    struct yf_scp03_answer a;
    size_t width = e->i & YF_SCP03_I_S16 ? 16 : 8;

    rnd_fill(&e->rnd, challenge, sizeof challenge);
    greet(e, (yf_span){ challenge, width }, mem, &a);
    T(a.kvn == 0x30 && a.challenge.n == width && a.cryptogram.n == width);
    T(a.i == (e->i | (e->keys.cipher == YF_SM4 ? YF_SCP03_I_SM4 : 0)));
    T(a.sequence == (e->i & YF_SCP03_I_PSEUDO_RANDOM ? 0xFFFFFE : 0));
    T_SPAN(a.diversification, YF_SPAN(card_data));
    T_OK(yf_scp03_host_begin(&e->host, &yf_provider_soft, &e->keys, (yf_span){ challenge, width },
                             &a));
}

static void
open(struct ends *e, uint8_t level)
{
    uint8_t mem[32];
    yf_apdu_cmd cmd;

    begin(e);
    T_OK(yf_scp03_host_open(&e->host, level, mem, &cmd));
    T(cmd.cla == 0x84 && cmd.ins == 0x82 && cmd.p1 == level && cmd.p2 == 0 && cmd.ne == 0);
    T_OK(yf_scp03_card_open(&e->card, &cmd));
    T(e->card.level == level && e->host.level == level);
}

static void
closed(const struct yf_scp03 *s)
{
    static const struct yf_scp03 nothing;

    T_MEM(s, &nothing, sizeof nothing);
}

/* A command of n bytes goes over, and a response of n bytes comes back, in place on both sides. */
static void
there_and_back(struct ends *e, size_t n, yf_sw sw)
{
    uint8_t data[400], mem[400 + YF_SCP03_OVERHEAD], back[400 + YF_SCP03_OVERHEAD];
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0xE2, .p1 = (uint8_t)n, .ne = 256, .data = { mem, n } };
    yf_out o = yf_out_of(back, sizeof back);
    yf_apdu_cmd w, p;
    yf_apdu_rsp r;

    rnd_fill(&e->rnd, data, n);
    memcpy(mem, data, n);
    T_OK(yf_scp03_wrap_cmd(&e->host, &c, mem, sizeof mem, &w));
    T(w.cla == 0x84 && w.data.n <= n + YF_SCP03_OVERHEAD);
    T((w.form == YF_APDU_EXTENDED) == (w.data.n > 255));
    if ((e->host.level & YF_SCP03_C_ENC) && n >= 8)
        T(memcmp(w.data.p, data, n));
    T_OK(yf_scp03_unwrap_cmd(&e->card, &w, mem, sizeof mem, &p));
    T(p.cla == c.cla && p.ins == c.ins && p.p1 == c.p1 && p.ne == c.ne);
    T_SPAN(p.data, ((yf_span){ data, n }));

    memcpy(back, data, n);
    T_OK(yf_scp03_wrap_rsp(&e->card, &(yf_apdu_rsp){ sw, { back, n } }, &o));
    T_OK(yf_scp03_unwrap_rsp(&e->host, &(yf_apdu_rsp){ sw, { back, o.n } }, back, sizeof back, &r));
    bool error = sw != 0x9000 && sw >> 8 != 0x62 && sw >> 8 != 0x63;
    T(r.sw == sw);
    T_SPAN(r.data, ((yf_span){ data, error ? 0 : n }));
}

static void
all_ciphers_widths_levels_and_lengths(void **st)
{
    (void)st;
    for (size_t c = 0; c < 4; c++)
        for (unsigned kind = 0; kind < 4; kind++)
            for (size_t l = 0; l < sizeof levels; l++) {
                uint8_t s16 = kind & 1 ? YF_SCP03_I_S16 : 0;
                uint8_t pseudo = kind & 2 ? YF_SCP03_I_PSEUDO_RANDOM : 0;
                struct ends e = ends_of(ciphers[c], (uint8_t)(I_ALL | s16 | pseudo));
                open(&e, levels[l]);
                for (size_t n = 0; n <= 400; n = n < 35 ? n + 1 : 2 * n + 3)
                    there_and_back(&e, n, n % 3 ? 0x9000 : n % 2 ? 0x6310 : 0x6200);
                there_and_back(&e, 20, 0x6A88);
                there_and_back(&e, 20, 0x6310);
                yf_scp03_close(&e.card);
                closed(&e.card);
                yf_scp03_close(&e.host);
            }
}

/* 256 commands and more: the counter carries. */
static void
the_counter_carries(void **st)
{
    struct ends e = ends_of(YF_AES128, I_ALL);
    (void)st;

    open(&e, 0x33);
    for (int i = 0; i < 600; i++)
        there_and_back(&e, 5, 0x9000);
    T(e.card.counter[14] == 2 && e.card.counter[15] == 88);
    yf_scp03_close(&e.host);
    yf_scp03_close(&e.card);
}

/* ---- what is refused ---- */

/* Table 7-3, and what the card does. */
static void
levels_are_those_of_the_table(void **st)
{
    (void)st;
    for (unsigned level = 0; level < 256; level++) {
        bool known = memchr(levels, (int)level, sizeof levels) != NULL;
        T(yf_scp03_level((uint8_t)level, I_ALL) == known);
        T(yf_scp03_level((uint8_t)level, YF_SCP03_I_R_MAC) == (known && level != 0x33));
        T(yf_scp03_level((uint8_t)level, 0) == (level == 1 || level == 3));
    }
}

static void
a_level_the_card_has_not_is_refused(void **st)
{
    struct ends e = ends_of(YF_AES128, YF_SCP03_I_R_MAC);
    uint8_t mem[32];
    yf_apdu_cmd cmd;
    (void)st;

    begin(&e);
    T_ERR(YF_E_UNSUPPORTED, yf_scp03_host_open(&e.host, 0x33, mem, &cmd));
    T_OK(yf_scp03_host_open(&e.host, 0x13, mem, &cmd));
    cmd.p1 = 0x33;
    T_ERR(YF_E_UNSUPPORTED, yf_scp03_card_open(&e.card, &cmd));
    closed(&e.card);
    T_ERR(YF_E_STATE, yf_scp03_card_open(&e.card, &cmd));
    yf_scp03_close(&e.host);
}

/* Every bit of EXTERNAL AUTHENTICATE counts: class, level, cryptogram, MAC. */
static void
a_touched_authentication_is_refused(void **st)
{
    (void)st;
    for (uint8_t i = I_ALL; i <= (I_ALL | YF_SCP03_I_S16); i++)
        for (unsigned bit = 0; bit < 8u * (i & YF_SCP03_I_S16 ? 32 : 16); bit++) {
            struct ends e = ends_of(YF_SM4, i);
            uint8_t mem[32];
            yf_apdu_cmd cmd;
            begin(&e);
            T_OK(yf_scp03_host_open(&e.host, 0x03, mem, &cmd));
            mem[bit / 8] ^= (uint8_t)(1u << bit % 8);
            T_ERR(YF_E_AUTH, yf_scp03_card_open(&e.card, &cmd));
            closed(&e.card);
            yf_scp03_close(&e.host);
        }
    for (unsigned what = 0; what < 5; what++) {
        struct ends e = ends_of(YF_SM4, I_ALL);
        uint8_t mem[32];
        yf_apdu_cmd cmd;
        begin(&e);
        T_OK(yf_scp03_host_open(&e.host, 0x03, mem, &cmd));
        cmd.p1 = what == 0 ? 0x01 : cmd.p1;
        cmd.p2 = what == 1 ? 0x01 : cmd.p2;
        cmd.cla = what == 2 ? 0x80 : cmd.cla;
        cmd.data.n -= what == 3;
        cmd.data.n += what == 4;
        T_ERR(what < 3 ? YF_E_AUTH : YF_E_SHORT, yf_scp03_card_open(&e.card, &cmd));
        closed(&e.card);
        yf_scp03_close(&e.host);
    }
}

/* A right MAC over another cryptogram. */
static void
a_wrong_cryptogram_is_refused(void **st)
{
    struct ends e = ends_of(YF_AES128, I_ALL);
    uint8_t mem[32];
    yf_apdu_cmd cmd;
    (void)st;

    begin(&e);
    e.host.host[7] ^= 1;
    T_OK(yf_scp03_host_open(&e.host, 0x03, mem, &cmd));
    T_ERR(YF_E_AUTH, yf_scp03_card_open(&e.card, &cmd));
    closed(&e.card);
    yf_scp03_close(&e.host);
}

static void
a_card_without_the_keys_is_refused(void **st)
{
    struct ends e = ends_of(YF_AES256, I_ALL);
    uint8_t challenge[8] = { 1 }, mem[YF_SCP03_ANSWER];
    struct yf_scp03_answer a;
    (void)st;

    greet(&e, YF_SPAN(challenge), mem, &a);
    for (size_t at = 13; at < 29; at++) { // challenge and cryptogram
        mem[at] ^= 0x10;
        T_ERR(YF_E_AUTH,
              yf_scp03_host_begin(&e.host, &yf_provider_soft, &e.keys, YF_SPAN(challenge), &a));
        closed(&e.host);
        mem[at] ^= 0x10;
    }
    e.keys.mac[31] ^= 1;
    T_ERR(YF_E_AUTH,
          yf_scp03_host_begin(&e.host, &yf_provider_soft, &e.keys, YF_SPAN(challenge), &a));
    e.keys.mac[31] ^= 1;
    T_OK(yf_scp03_host_begin(&e.host, &yf_provider_soft, &e.keys, YF_SPAN(challenge), &a));
    yf_scp03_close(&e.host);
    yf_scp03_close(&e.card);
}

/* AES-128 and SM4 have keys of one size; `i` tells them apart. */
static void
a_card_with_another_cipher_is_refused(void **st)
{
    struct ends e = ends_of(YF_SM4, I_ALL);
    uint8_t challenge[8] = { 1 }, mem[YF_SCP03_ANSWER];
    struct yf_scp03_answer a;
    (void)st;

    greet(&e, YF_SPAN(challenge), mem, &a);
    e.keys.cipher = YF_AES128;
    T_ERR(YF_E_DENIED,
          yf_scp03_host_begin(&e.host, &yf_provider_soft, &e.keys, YF_SPAN(challenge), &a));
    yf_scp03_close(&e.card);
}

static void
begin_asks_for_what_it_needs(void **st)
{
    struct ends e = ends_of(YF_AES128, I_ALL);
    struct yf_scp03_offer offer = { &e.keys, 1, I_ALL, card_data, 1, YF_SPAN(domain) };
    uint8_t mem[YF_SCP03_ANSWER];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_rng broken = rng_stuck(NULL);
    (void)st;

    T_ERR(YF_E_IO,
          yf_scp03_card_begin(&e.card, &yf_provider_soft, &broken, &offer, YF_STR("8 bytes!"), &o));
    T_ERR(YF_E_FORMAT,
          yf_scp03_card_begin(&e.card, &yf_provider_soft, &broken, &offer, YF_STR("7 bytes"), &o));
    offer.i |= YF_SCP03_I_PSEUDO_RANDOM; // which needs no random bytes
    o.cap = 31;
    T_ERR(YF_E_ROOM,
          yf_scp03_card_begin(&e.card, &yf_provider_soft, &broken, &offer, YF_STR("8 bytes!"), &o));
    closed(&e.card);
    o = yf_out_of(mem, 32);
    T_OK(yf_scp03_card_begin(&e.card, &yf_provider_soft, &broken, &offer, YF_STR("8 bytes!"), &o));
    e.keys.cipher = YF_DES3_2KEY;
    T_ERR(YF_E_UNSUPPORTED,
          yf_scp03_card_begin(&e.card, &yf_provider_soft, &broken, &offer, YF_STR("8 bytes!"), &o));
    closed(&e.card);
}

static void
an_answer_has_its_length_and_protocol(void **st)
{
    uint8_t a[YF_SCP03_ANSWER + 1] = { [10] = 1, [11] = 3 };
    struct yf_scp03_answer r;
    (void)st;

    for (unsigned i = 0; i < 256; i++) {
        size_t n =
            13u + (i & YF_SCP03_I_S16 ? 32u : 16u) + (i & YF_SCP03_I_PSEUDO_RANDOM ? 3u : 0u);
        a[12] = (uint8_t)i;
        T_OK(yf_scp03_read((yf_span){ a, n }, &r));
        T(r.i == i);
        T_ERR(YF_E_SHORT, yf_scp03_read((yf_span){ a, n - 1 }, &r));
        T_ERR(YF_E_FORMAT, yf_scp03_read((yf_span){ a, n + 1 }, &r));
    }
    a[11] = 2;
    T_ERR(YF_E_UNSUPPORTED, yf_scp03_read((yf_span){ a, 28 }, &r));
}

/* ---- commands and responses that were touched ---- */

enum { TOUCHED = 40 };

static yf_apdu_cmd
wrapped(struct ends *e, uint8_t level, uint8_t mem[TOUCHED + YF_SCP03_OVERHEAD])
{
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0xE2, .data = { mem, TOUCHED } }, w;

    open(e, level);
    memset(mem, 0x5A, TOUCHED);
    T_OK(yf_scp03_wrap_cmd(&e->host, &c, mem, TOUCHED + YF_SCP03_OVERHEAD, &w));
    return w;
}

static void
refused(struct ends *e, const yf_apdu_cmd *w)
{
    uint8_t mem[2 * TOUCHED + YF_SCP03_OVERHEAD];
    yf_apdu_cmd p = { .ins = 0x77 };

    T_ERR(YF_E_AUTH, yf_scp03_unwrap_cmd(&e->card, w, mem, sizeof mem, &p));
    T(p.ins == 0x77);
    closed(&e->card);
    T_ERR(YF_E_STATE, yf_scp03_unwrap_cmd(&e->card, w, mem, sizeof mem, &p));
    T_ERR(YF_E_STATE, yf_scp03_wrap_rsp(&e->card, &(yf_apdu_rsp){ .sw = 0x9000 }, &(yf_out){ 0 }));
    yf_scp03_close(&e->host);
}

static void
a_touched_command_ends_the_session(void **st)
{
    uint8_t mem[TOUCHED + YF_SCP03_OVERHEAD];
    (void)st;

    for (size_t l = 0; l < sizeof levels; l++)
        for (uint8_t i = I_ALL; i <= (I_ALL | YF_SCP03_I_S16); i++) {
            size_t n = 0;
            for (size_t bit = 0; bit == 0 || bit < 8 * n; bit++) {
                struct ends e = ends_of(YF_AES128, i);
                yf_apdu_cmd w = wrapped(&e, levels[l], mem);
                n = w.data.n;
                mem[bit / 8] ^= (uint8_t)(1u << bit % 8);
                refused(&e, &w);
            }
        }
}

/* Header, length, MAC: nothing of it can be other. */
static void
a_command_that_is_not_the_one_sent_ends_the_session(void **st)
{
    uint8_t mem[TOUCHED + YF_SCP03_OVERHEAD];
    (void)st;

    for (unsigned what = 0; what < 10; what++) {
        struct ends e = ends_of(YF_AES256, I_ALL);
        yf_apdu_cmd w = wrapped(&e, 0x03, mem);
        switch (what) {
        case 0:
            w.cla = 0x80;
            break; // no secure messaging
        case 1:
            w.cla = 0x04;
            break; // another class
        case 2:
            w.ins ^= 1;
            break;
        case 3:
            w.p1 ^= 1;
            break;
        case 4:
            w.p2 ^= 0x80;
            break;
        case 5:
            w.form = YF_APDU_EXTENDED;
            break; // Lc in three bytes
        case 6:
            w.data.n -= 1;
            break; // a truncated MAC
        case 7:
            w.data.n -= 8;
            break; // none
        case 8:
            w.data.n = 7;
            break; // no room for one
        case 9:
            w.data.n = 0;
            break;
        }
        refused(&e, &w);
    }
}

/* The chain of MACs: no command twice, none left out, none from another session. */
static void
commands_come_once_and_in_order(void **st)
{
    uint8_t mem[TOUCHED + YF_SCP03_OVERHEAD], second[32], out[128];
    struct ends e = ends_of(YF_SM4, I_ALL);
    yf_apdu_cmd first = wrapped(&e, 0x01, mem), w, p;
    (void)st;

    T_OK(yf_scp03_unwrap_cmd(&e.card, &first, out, sizeof out, &p));
    refused(&e, &first); // again

    first = wrapped(&e, 0x01, mem);
    T_OK(yf_scp03_wrap_cmd(&e.host, &(yf_apdu_cmd){ .cla = 0x80, .ins = 0xCA }, second,
                           sizeof second, &w));
    refused(&e, &w); // the first is missing

    first = wrapped(&e, 0x01, mem);
    open(&e, 0x01);
    refused(&e, &first); // of the session before
}

/* A right MAC over a plaintext without padding: not to be told from a wrong one. */
static void
a_command_without_padding_ends_the_session(void **st)
{
    struct ends e = ends_of(YF_AES128, I_ALL);
    uint8_t mem[64] = { 0 };
    yf_apdu_cmd w;
    (void)st;

    open(&e, 0x03);
    e.host.level = YF_SCP03_C_MAC; // a host that does not encrypt
    T_OK(yf_scp03_wrap_cmd(&e.host, &(yf_apdu_cmd){ .cla = 0x80, .data = { mem, 16 } }, mem,
                           sizeof mem, &w));
    refused(&e, &w);
    open(&e, 0x03);
    e.host.level = YF_SCP03_C_MAC;
    T_OK(yf_scp03_wrap_cmd(&e.host, &(yf_apdu_cmd){ .cla = 0x80, .data = { mem, 15 } }, mem,
                           sizeof mem, &w));
    refused(&e, &w);
}

static yf_apdu_rsp
answered(struct ends *e, uint8_t level, uint8_t *mem, size_t cap, size_t n)
{
    yf_out o = yf_out_of(mem, cap);
    uint8_t cmd[32];
    yf_apdu_cmd w, p;

    open(e, level);
    T_OK(yf_scp03_wrap_cmd(&e->host, &(yf_apdu_cmd){ .cla = 0x80, .ins = 0xCA, .ne = 256 }, cmd,
                           sizeof cmd, &w));
    T_OK(yf_scp03_unwrap_cmd(&e->card, &w, cmd, sizeof cmd, &p));
    memset(mem, 0x33, n);
    T_OK(yf_scp03_wrap_rsp(&e->card, &(yf_apdu_rsp){ 0x9000, { mem, n } }, &o));
    yf_scp03_close(&e->card);
    return (yf_apdu_rsp){ 0x9000, { mem, o.n } };
}

static void
response_refused(struct ends *e, const yf_apdu_rsp *r)
{
    uint8_t mem[128];
    yf_apdu_rsp p = { .sw = 0x7777 };

    T_ERR(YF_E_AUTH, yf_scp03_unwrap_rsp(&e->host, r, mem, sizeof mem, &p));
    T(p.sw == 0x7777);
    closed(&e->host);
    T_ERR(YF_E_STATE, yf_scp03_unwrap_rsp(&e->host, r, mem, sizeof mem, &p));
}

static void
a_touched_response_ends_the_session(void **st)
{
    static const uint8_t with_mac[] = { 0x11, 0x13, 0x33 };
    uint8_t mem[64];
    (void)st;

    for (size_t l = 0; l < sizeof with_mac; l++) {
        struct ends e = ends_of(YF_AES192, I_ALL);
        yf_apdu_rsp r = answered(&e, with_mac[l], mem, sizeof mem, 20);
        size_t n = r.data.n;
        T(n == (with_mac[l] == 0x33 ? 32u : 20u) + 8);
        for (size_t bit = 0; bit < 8 * n; bit++) {
            r = answered(&e, with_mac[l], mem, sizeof mem, 20);
            mem[bit / 8] ^= (uint8_t)(1u << bit % 8);
            response_refused(&e, &r);
        }
        r = answered(&e, with_mac[l], mem, sizeof mem, 20);
        r.sw = 0x6200;
        response_refused(&e, &r);
        r = answered(&e, with_mac[l], mem, sizeof mem, 20);
        r.data.n = 7;
        response_refused(&e, &r);
        r = answered(&e, with_mac[l], mem, sizeof mem, 20);
        r.sw = 0x6A80; // an error never has data
        response_refused(&e, &r);
    }
}

/* 6.2.5: an error's status word comes alone, and the session goes on. */
static void
an_error_is_its_status_word(void **st)
{
    struct ends e = ends_of(YF_AES128, I_ALL);
    (void)st;

    open(&e, 0x33);
    there_and_back(&e, 10, 0x6985);
    there_and_back(&e, 10, 0x9484);
    there_and_back(&e, 10, 0x9000);
    yf_scp03_close(&e.host);
    yf_scp03_close(&e.card);
}

static void
nothing_goes_before_the_session_is_open(void **st)
{
    struct ends e = ends_of(YF_AES128, I_ALL);
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_cmd c = { .cla = 0x84, .data = { mem, 20 } };
    yf_apdu_rsp r = { 0x9000, { mem, 20 } };
    (void)st;

    for (int begun = 0; begun < 2; begun++) {
        if (begun)
            begin(&e);
        T_ERR(YF_E_STATE, yf_scp03_unwrap_cmd(&e.card, &c, mem, sizeof mem, &c));
        T_ERR(YF_E_STATE, yf_scp03_wrap_rsp(&e.card, &r, &o));
        T_ERR(YF_E_STATE, yf_scp03_wrap_cmd(&e.host, &c, mem, sizeof mem, &c));
        T_ERR(YF_E_STATE, yf_scp03_unwrap_rsp(&e.host, &r, mem, sizeof mem, &r));
        if (!begun) {
            T_ERR(YF_E_STATE, yf_scp03_card_open(&e.card, &c));
            T_ERR(YF_E_STATE, yf_scp03_host_open(&e.host, 1, mem, &c));
        }
    }
    T(o.n == 0);
    yf_scp03_close(&e.host);
    yf_scp03_close(&e.card);
}

static void
what_does_not_fit_is_said(void **st)
{
    struct ends e = ends_of(YF_AES128, I_ALL);
    uint8_t mem[64] = { 0 };
    yf_out o = yf_out_of(mem, 39);
    yf_apdu_cmd c = { .cla = 0x80, .data = { mem, 16 } }, w;
    yf_apdu_rsp r = { 0x9000, { mem, 16 } };
    (void)st;

    open(&e, 0x33);
    T_ERR(YF_E_ROOM, yf_scp03_wrap_cmd(&e.host, &c, mem, 39, &w));
    T_OK(yf_scp03_wrap_cmd(&e.host, &c, mem, 40, &w));
    T_ERR(YF_E_ROOM, yf_scp03_unwrap_cmd(&e.card, &w, mem, 31, &c));
    T_OK(yf_scp03_unwrap_cmd(&e.card, &w, mem, 32, &c));
    T_ERR(YF_E_ROOM, yf_scp03_wrap_rsp(&e.card, &r, &o));
    o = yf_out_of(mem, 40);
    T_OK(yf_scp03_wrap_rsp(&e.card, &r, &o));
    r.data.n = 40;
    T_ERR(YF_E_ROOM, yf_scp03_unwrap_rsp(&e.host, &r, mem, 39, &r));
    T_OK(yf_scp03_unwrap_rsp(&e.host, &r, mem, 40, &r));
    yf_scp03_close(&e.host);
    yf_scp03_close(&e.card);
}

T_MAIN(cmocka_unit_test(recorded_sessions), cmocka_unit_test(all_ciphers_widths_levels_and_lengths),
       cmocka_unit_test(the_counter_carries), cmocka_unit_test(levels_are_those_of_the_table),
       cmocka_unit_test(a_level_the_card_has_not_is_refused),
       cmocka_unit_test(a_touched_authentication_is_refused),
       cmocka_unit_test(a_card_without_the_keys_is_refused),
       cmocka_unit_test(a_card_with_another_cipher_is_refused),
       cmocka_unit_test(begin_asks_for_what_it_needs),
       cmocka_unit_test(an_answer_has_its_length_and_protocol),
       cmocka_unit_test(a_touched_command_ends_the_session),
       cmocka_unit_test(a_command_that_is_not_the_one_sent_ends_the_session),
       cmocka_unit_test(commands_come_once_and_in_order),
       cmocka_unit_test(a_command_without_padding_ends_the_session),
       cmocka_unit_test(a_touched_response_ends_the_session),
       cmocka_unit_test(an_error_is_its_status_word),
       cmocka_unit_test(nothing_goes_before_the_session_is_open),
       cmocka_unit_test(what_does_not_fit_is_said), cmocka_unit_test(a_wrong_cryptogram_is_refused))
