/* SPDX-License-Identifier: Apache-2.0 */
#include "rng.h"
#include "t.h"

#include <yufu/crypto/host.h>
#include <yufu/proto/aa.h>
#include <yufu/proto/bac.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/genauth.h>
#include <yufu/reader/session.h>

/*
 * A small card of our own, built of the card's ends of the protocols, which can be told to
 * misbehave.
 */
enum fault {
    GOOD,
    FLIP,     // a bit of the response
    IN_CLEAR, // the response without messaging
    LOSE,     // no response
    NONSENSE, // one byte
    REFUSE,   // 6300 to whatever comes
    LESS,     // half of what READ BINARY asks for
    NOTHING,  // no bytes, and 9000
    TOO_MUCH, // one byte more than it was asked for
    AT_END,   // 6282 with the last bytes of a file
    BARE,     // READ BINARY with odd INS without DO 53
};

struct card {
    enum fault fault;
    size_t at; // the fault comes with this command, counted from one; 0: with each
    size_t seen;
    yf_rng rng;
    struct rnd seed;
    struct yf_sm sm;
    struct yf_sm_keys next; // from the next command on
    bool change;
    uint8_t rnd_ic[8];
    struct yf_pace pace;
    struct yf_pace_suite suite;
    yf_key ca;
    struct yf_aa_key aa;
    struct {
        uint16_t fid;
        uint8_t sfi;
        yf_span bytes;
    } files[4];
    yf_span current;
    bool extended; // a READ BINARY was
    uint8_t in[70000], out[70000];
};

static struct card card;
static struct yf_session us;
static uint8_t big[70000];
static uint8_t small[] = { 0x60, 0x03, 1, 2, 3, 0xEE, 0xEE };
static uint8_t tiny[] = { 0x31, 0x00, 0xEE, 0xEE, 0xEE };
static uint8_t whole[] = { 0x61, 0x01, 0x07 };
static const yf_span mrz = YF_STR("L898902C<369080619406236");

static yf_sw
card_select(const yf_apdu_cmd *c)
{
    if (c->p1 != 2)
        return YF_SW_OK;
    for (size_t i = 0; i < 4; i++) {
        if (c->data.n == 2 && yf_be16(c->data.p) == card.files[i].fid) {
            card.current = card.files[i].bytes;
            return YF_SW_OK;
        }
    }
    return YF_SW_FILE_NOT_FOUND;
}

static yf_sw
card_give(yf_out *o, size_t at, size_t n, uint32_t tag)
{
    if (at >= card.current.n)
        return YF_SW_OUT_OF_RANGE;
    size_t left = card.current.n - at;
    yf_sw sw = card.fault == AT_END && n >= left ? YF_SW_END_OF_FILE : YF_SW_OK;
    n = n < left ? n : left;
    n = card.fault == LESS ? (n + 1) / 2 : card.fault == NOTHING ? 0 : n;
    n += card.fault == TOO_MUCH;
    if (tag)
        yf_tlv_put(o, tag, (yf_span){ card.current.p + at, n });
    else
        yf_out_put(o, (yf_span){ card.current.p + at, n });
    return sw;
}

static yf_sw
card_read(const yf_apdu_cmd *c, yf_out *o)
{
    yf_cur d = yf_cur_of(c->data);
    size_t at = (size_t)c->p1 << 8 | c->p2;

    if (c->form == YF_APDU_EXTENDED)
        card.extended = true;
    if (c->ins == 0xB1) {
        yf_span offset = yf_tlv_need(&d, 0x54, 1, 3);
        for (at = 0; offset.n; offset.n--)
            at = at << 8 | *offset.p++;
        T(at >= 32768 && c->ne > 2 && yf_cur_done(&d) == YF_OK);
        size_t head = c->ne < 2 + 128 ? 2 : c->ne < 3 + 256 ? 3 : 4;
        return card_give(o, at, c->ne - head, card.fault == BARE ? 0 : 0x53);
    }
    T(c->data.n == 0);
    for (size_t i = 0; c->p1 & 0x80 && i < 4; i++)
        if (card.files[i].sfi == (c->p1 & 0x1F))
            card.current = card.files[i].bytes;
    return card_give(o, c->p1 & 0x80 ? c->p2 : at, c->ne, 0);
}

static yf_sw
card_bac(const yf_apdu_cmd *c, yf_out *o)
{
    struct yf_bac_keys k;
    uint8_t rsp[YF_BAC_MSG];

    T_OK(yf_bac_keys(&yf_provider_soft, mrz, &k));
    if (yf_bac_card(&yf_provider_soft, &k, card.rnd_ic, &card.rng, c->data, rsp, &card.next))
        return YF_SW_WARNING_CHANGED;
    yf_out_put(o, YF_SPAN(rsp));
    card.change = true;
    return YF_SW_OK;
}

static yf_sw
card_set(const yf_apdu_cmd *c)
{
    struct yf_pace_select p;
    struct yf_ca_select ca;
    uint8_t k_pi[YF_CIPHER_KEY_MAX];

    if (c->p1 == 0x41 && c->p2 == 0xA4)
        return yf_ca_set_at_parse(c->data, &ca) ? YF_SW_WRONG_DATA : YF_SW_OK;
    if (c->p1 == 0x41) {
        T_OK(yf_ca_set_kat_parse(c->data, &ca));
        T_OK(yf_ca_answer(&yf_provider_soft, YF_DES3_2KEY, card.ca.curve, card.ca.d, ca.point,
                          &card.next));
        card.change = true;
        return YF_SW_OK;
    }
    T_OK(yf_pace_select_parse(c->data, &p));
    T(c->p1 == 0xC1 && c->p2 == 0xA4 && p.password == YF_PACE_CAN);
    T_OK(yf_pace_key(&yf_provider_soft, card.suite.cipher, YF_PACE_CAN, YF_STR("123456"), k_pi));
    T_OK(yf_pace_begin(&card.pace, &yf_provider_soft, YF_PACE_CARD, &card.suite, k_pi));
    return YF_SW_OK;
}

static yf_sw
card_general(const yf_apdu_cmd *c, yf_out *o)
{
    yf_span point;

    if (card.sm.block) { // chip authentication
        T_OK(yf_genauth_only(c->data, 0x80, &point));
        if (yf_ca_answer(&yf_provider_soft, YF_AES128, card.ca.curve, card.ca.d, point, &card.next))
            return YF_SW_WRONG_DATA;
        if (card.fault != NOTHING)
            yf_genauth_put(o, 0, (yf_span){ 0 });
        card.change = true;
        return YF_SW_OK;
    }
    bool last = yf_pace_last(&card.pace);
    T((c->cla & 0x10) == (last ? 0 : 0x10));
    if (yf_pace_answer(&card.pace, &card.rng, c->data, o))
        return YF_SW_WARNING_CHANGED;
    if (last)
        T_OK(yf_pace_keys(&card.pace, &card.next));
    card.change = last;
    return YF_SW_OK;
}

static yf_sw
card_do(const yf_apdu_cmd *c, yf_out *o)
{
    switch (c->ins) {
    case 0xA4:
        return card_select(c);
    case 0xB0:
    case 0xB1:
        return card_read(c, o);
    case 0x84:
        yf_out_put(o, (yf_span){ card.rnd_ic, card.fault == NOTHING ? 7 : 8 });
        return YF_SW_OK;
    case 0x82:
        return card_bac(c, o);
    case 0x22:
        return card_set(c);
    case 0x86:
        return card_general(c, o);
    case 0x88:
        return yf_aa_sign(&yf_provider_soft, &card.aa, &card.rng, c->data, o) ? YF_SW_WRONG_DATA
                                                                              : YF_SW_OK;
    default:
        return YF_SW_WRONG_INS;
    }
}

static void
card_answer(const yf_apdu_cmd *cmd, yf_apdu_rsp *rsp, bool in_clear)
{
    yf_out o = yf_out_of(card.in + sizeof card.in / 2, sizeof card.in / 2);
    yf_out w = yf_out_of(card.out, sizeof card.out);
    yf_apdu_cmd plain = *cmd;

    yf_err e = YF_OK;
    if (card.sm.block)
        e = yf_sm_unwrap_cmd(&card.sm, cmd, card.in, sizeof card.in / 2, &plain);
    if (e) {
        *rsp = (yf_apdu_rsp){ .sw = yf_sm_refusal(e) };
        return;
    }
    rsp->sw = card.fault == REFUSE ? YF_SW_WARNING_CHANGED : card_do(&plain, &o);
    rsp->data = yf_out_span(&o);
    if (card.sm.block && !in_clear) {
        T_OK(yf_sm_wrap_rsp(&card.sm, rsp, &w));
        rsp->data = yf_out_span(&w);
    }
    if (card.change) {
        yf_sm_close(&card.sm);
        T_OK(yf_sm_open(&card.sm, &yf_provider_soft, &card.next));
        card.change = false;
    }
}

static yf_err
transmit(void *state, yf_span bytes, yf_out *o)
{
    enum fault fault = card.fault;
    yf_apdu_cmd cmd;
    yf_apdu_rsp rsp;
    size_t start = o->n;
    (void)state;

    T_OK(yf_apdu_cmd_parse(bytes, &cmd));
    if (++card.seen != card.at && card.at)
        card.fault = GOOD;
    if (card.fault == LOSE)
        return YF_E_IO;
    card_answer(&cmd, &rsp, card.fault == IN_CLEAR);
    if (card.fault == NONSENSE)
        yf_out_u8(o, 0x90);
    else
        yf_apdu_rsp_put(o, &rsp);
    if (card.fault == FLIP)
        o->p[start] ^= 1;
    card.fault = fault;
    return o->err;
}

static const struct yf_transport to_card = { transmit, NULL };
static struct rnd seed;
static yf_rng rng;

static void
begin(void)
{
    yf_sm_close(&card.sm);
    memset(&card, 0, sizeof card);
    rnd_fill(&(struct rnd){ 9 }, big, sizeof big);
    memcpy(big, "\x75\x83\x01\x10\x00", 5); // 65536 + 4096 + 5 bytes
    card.seed = (struct rnd){ 1 };
    card.rng = rng_seeded(&card.seed);
    card.files[0].fid = 0x0102, card.files[0].sfi = 2, card.files[0].bytes = YF_SPAN(big);
    card.files[1].fid = 0x011E, card.files[1].sfi = 30, card.files[1].bytes = YF_SPAN(small);
    card.files[2].fid = 0x011C, card.files[2].sfi = 28, card.files[2].bytes = YF_SPAN(tiny);
    card.files[3].fid = 0x011D, card.files[3].sfi = 29, card.files[3].bytes = YF_SPAN(whole);
    T_OK(yf_pace_suite_of(&yf_provider_soft, YF_PACE_GM, YF_AES128, &yf_curve_p256, &card.suite));
    T_OK(yf_key_generate(&yf_provider_soft, &yf_curve_p256, &card.rng, &card.ca));
    card.aa = (struct yf_aa_key){ YF_SHA256, &yf_curve_p256, { card.ca.d, 32 } };
    seed = (struct rnd){ 2 };
    rng = rng_seeded(&seed);
    yf_session_begin(&us, &to_card, &yf_provider_soft, &rng);
}

static void
begin_secure(void)
{
    begin();
    T_OK(yf_session_bac(&us, mrz));
}

static void
misbehave(enum fault f)
{
    card.fault = f;
    card.seen = 0;
}

static bool
is_over(void)
{
    yf_apdu_cmd cmd = { .ins = 0xA4 };
    size_t seen = card.seen;
    yf_apdu_rsp rsp;
    yf_err e = yf_session_send(&us, &cmd, &rsp);

    T(e == YF_E_STATE || e == YF_OK);
    T((e == YF_E_STATE) == (card.seen == seen)); // nothing was sent
    return e == YF_E_STATE && !us.sm.block;
}

/* ---- files ---- */

static uint8_t mem[70000];

static void
reads_files(void **st)
{
    static const size_t chunk[] = { 1, 220, 221, 819,
                                    YF_SESSION_CHUNK_MAX }; // 819: one begins at 32768
    (void)st;

    for (size_t secure = 0; secure < 2; secure++) {
        for (size_t i = 0; i < 5; i++) {
            yf_out o = yf_out_of(mem, sizeof mem);
            (secure ? begin_secure : begin)();
            T_OK(yf_session_chunk(&us, chunk[i]));
            T_OK(yf_session_select_mf(&us));
            T_OK(yf_session_select_aid(&us, YF_SESSION_LDS1));
            T_OK(yf_session_read_file(&us, 0x011E, &o));
            T_SPAN(yf_out_span(&o), BYTES(0x60, 3, 1, 2, 3)); // not what stands behind it
            T_OK(yf_session_read_sfi(&us, 28, &o));
            T(o.n == 7 && mem[5] == 0x31 && mem[6] == 0);
            T(!card.extended);
            if (chunk[i] < 100)
                continue;
            T_OK(yf_session_read_sfi(&us, 2, &o));
            T(o.n == 7 + 65536 + 4096 + 5);
            T_MEM(mem + 7, big, o.n - 7);
            T(card.extended == (chunk[i] > 220));
        }
    }
    yf_session_end(&us);
    T(!us.open && !us.sm.block && us.mem[0] == 0);
}

static void
reads_from_cards_that_give_less(void **st)
{
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    begin_secure();
    misbehave(LESS);
    T_OK(yf_session_chunk(&us, 2000));
    T_OK(yf_session_read_file(&us, 0x0102, &o));
    T(o.n == 65536 + 4096 + 5);
    T_MEM(mem, big, o.n);

    o.n = 0;
    begin_secure();
    misbehave(AT_END);
    T_OK(yf_session_read_file(&us, 0x011D, &o));
    T_SPAN(yf_out_span(&o), YF_SPAN(whole));
}

/* What is no file is refused, nothing of it is kept, and the session goes on. */
static void
refuses_files(void **st)
{
    static const struct {
        enum fault fault;
        uint16_t fid;
    } bad[] = { { NOTHING, 0x0102 }, { TOO_MUCH, 0x0102 }, { TOO_MUCH, 0x011E }, { BARE, 0x0102 } };
    (void)st;

    for (size_t i = 0; i < 4; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        begin_secure();
        yf_out_u8(&o, 0xEE);
        misbehave(bad[i].fault);
        T_ERR(YF_E_FORMAT, yf_session_read_file(&us, bad[i].fid, &o));
        T(o.n == 1 && o.err == YF_OK && !is_over());
    }
    begin_secure();
    yf_out o = yf_out_of(mem, sizeof mem), less = yf_out_of(mem, 69636);
    misbehave(GOOD);
    T_ERR(YF_E_ROOM, yf_session_read_file(&us, 0x0102, &less));
    T(less.n == 0 && card.seen == 3 && !is_over()); // its head was enough to know
    T_ERR(YF_E_NOTFOUND, yf_session_read_sfi(&us, 0, &o));
    T_ERR(YF_E_NOTFOUND, yf_session_read_sfi(&us, 31, &o));
    T_ERR(YF_E_DENIED, yf_session_read_file(&us, 0x0103, &o));
    T(us.sw == YF_SW_FILE_NOT_FOUND && !is_over());
    card.files[1].bytes.n = 4; // cut within its value
    T_ERR(YF_E_DENIED, yf_session_read_file(&us, 0x011E, &o));
    T(us.sw == YF_SW_OUT_OF_RANGE && o.n == 0);
    small[1] = 0x80; // no length
    T_ERR(YF_E_FORMAT, yf_session_read_file(&us, 0x011E, &o));
    small[1] = 3;
    T_ERR(YF_E_ROOM, yf_session_chunk(&us, 0));
    T_ERR(YF_E_ROOM, yf_session_chunk(&us, YF_SESSION_CHUNK_MAX + 1));
}

/* ---- what ends a session ---- */

static void
ends(void **st)
{
    static const struct {
        enum fault fault;
        yf_err want;
        yf_sw sw;
    } bad[] = {
        { FLIP, YF_E_FORMAT, 0 }, // its first byte is a tag
        { IN_CLEAR, YF_E_AUTH, YF_SW_OK },
        { LOSE, YF_E_IO, 0 },
        { NONSENSE, YF_E_SHORT, 0 },
    };
    (void)st;

    for (size_t i = 0; i < 4; i++) {
        begin_secure();
        misbehave(bad[i].fault);
        T_ERR(bad[i].want, yf_session_select_file(&us, 0x011E));
        T(us.sw == bad[i].sw);
        misbehave(GOOD);
        T(is_over());
        yf_out o = yf_out_of(mem, sizeof mem);
        T_ERR(YF_E_STATE, yf_session_read_sfi(&us, 2, &o));
        T_ERR(YF_E_STATE, yf_session_bac(&us, mrz)); // and no way to something less
        T(o.n == 0 && card.seen == 0);
    }
    begin_secure();
    T_ERR(YF_E_DENIED, yf_session_select_file(&us, 0x7777));
    T(!is_over());
}

/* A command that cannot be sent changes nothing. */
static void
refuses_commands(void **st)
{
    yf_apdu_cmd cmd = { .ins = 0xD6, .data = { big, YF_SESSION_CMD + 1 } };
    yf_apdu_rsp rsp;
    (void)st;

    begin_secure();
    T_ERR(YF_E_ROOM, yf_session_send(&us, &cmd, &rsp));
    cmd.data.n--;
    T_OK(yf_session_send(&us, &cmd, &rsp));
    T(rsp.sw == YF_SW_WRONG_INS);
    cmd.cla = 0x0C;
    T_ERR(YF_E_FORMAT, yf_session_send(&us, &cmd, &rsp));
    T(!is_over());
}

/* ---- protocols ---- */

static void
basic_access(void **st)
{
    (void)st;
    begin_secure();
    T(us.sm.block == 8 && card.sm.block == 8);
    T_OK(yf_session_select_file(&us, 0x011E));
    T_ERR(YF_E_STATE, yf_session_bac(&us, mrz));
    T(!is_over());

    begin();
    T_ERR(YF_E_AUTH, yf_session_bac(&us, YF_STR("L898902C<369080619406237")));
    T(us.sw == YF_SW_WARNING_CHANGED && is_over());

    for (size_t at = 1; at <= 2; at++) {
        begin();
        misbehave(FLIP);
        card.at = at;
        T_ERR(YF_E_AUTH, yf_session_bac(&us, mrz));
        T(is_over());
    }
    begin();
    misbehave(NOTHING); // a challenge too short
    T_ERR(YF_E_FORMAT, yf_session_bac(&us, mrz));
    T(is_over());
    begin();
    misbehave(REFUSE); // the challenge: this card has no BAC, and nothing has happened
    T_ERR(YF_E_DENIED, yf_session_bac(&us, mrz));
    T(!is_over());
}

static void
pace(void **st)
{
    (void)st;
    begin();
    T_OK(yf_session_pace(&us, &card.suite, YF_PACE_CAN, YF_STR("123456")));
    T(us.sm.block == 16);
    T_OK(yf_session_select_aid(&us, YF_SESSION_LDS1));
    T_ERR(YF_E_STATE, yf_session_pace(&us, &card.suite, YF_PACE_CAN, YF_STR("123456")));
    T_ERR(YF_E_STATE, yf_session_bac(&us, mrz));

    begin();
    T_ERR(YF_E_AUTH, yf_session_pace(&us, &card.suite, YF_PACE_CAN, YF_STR("123457")));
    T(us.sw == YF_SW_WARNING_CHANGED && is_over());

    for (size_t at = 2; at <= 5; at++) {
        begin();
        misbehave(REFUSE);
        card.at = at;
        T_ERR(YF_E_AUTH, yf_session_pace(&us, &card.suite, YF_PACE_CAN, YF_STR("123456")));
        T(is_over());
    }
    begin();
    misbehave(REFUSE); // to MSE
    card.at = 1;
    T_ERR(YF_E_DENIED, yf_session_pace(&us, &card.suite, YF_PACE_CAN, YF_STR("123456")));
    T(!is_over());
}

static void
chip_authentication(void **st)
{
    static const enum yf_cipher_id ciphers[] = { YF_DES3_2KEY, YF_AES128 };
    (void)st;

    for (size_t i = 0; i < 2; i++) {
        begin_secure();
        yf_span point = yf_key_point(&card.ca);
        uint8_t before[YF_BLOCK_MAX], pub[YF_POINT_MAX];
        memcpy(before, us.sm.ssc, sizeof before);
        T_OK(yf_session_ca(&us, ciphers[i], &yf_curve_p256, point, 1));
        T(us.sm.block == (i ? 16 : 8) && memcmp(before, us.sm.ssc, sizeof before) != 0);
        T_OK(yf_session_select_file(&us, 0x011E));

        // a chip with another key agrees on other keys, and cannot read the next command
        begin_secure();
        memcpy(pub, card.ca.pub, sizeof pub);
        T_OK(yf_key_generate(&yf_provider_soft, &yf_curve_p256, &card.rng, &card.ca));
        T_OK(yf_session_ca(&us, ciphers[i], &yf_curve_p256, (yf_span){ pub, point.n }, -1));
        T_ERR(YF_E_AUTH, yf_session_select_file(&us, 0x011E));
        T(us.sw == YF_SW_SM_INCORRECT && is_over());

        begin_secure();
        T_ERR(YF_E_FORMAT, yf_session_ca(&us, ciphers[i], &yf_curve_p256, YF_STR("\x04"), 1));
        misbehave(REFUSE);
        T_ERR(YF_E_DENIED, yf_session_ca(&us, ciphers[i], &yf_curve_p256, point, 1));
        misbehave(GOOD);
        T(!is_over()); // under the keys it had
    }
    begin_secure();
    misbehave(NOTHING); // not even an empty template
    T_ERR(YF_E_SHORT, yf_session_ca(&us, YF_AES128, &yf_curve_p256, yf_key_point(&card.ca), 1));
    T(is_over());
    begin();
    T_ERR(YF_E_STATE, yf_session_ca(&us, YF_AES128, &yf_curve_p256, yf_key_point(&card.ca), 1));
}

static void
active_authentication(void **st)
{
    uint8_t der[YF_KEY_DER_MAX];
    yf_out o = yf_out_of(der, sizeof der);
    (void)st;

    begin_secure();
    yf_key_write_public(&card.ca, &o);
    yf_cur c = yf_cur_of(yf_out_span(&o));
    yf_spki key = yf_spki_read(&c);
    T_OK(yf_session_aa(&us, &key, YF_SHA256));
    T_ERR(YF_E_AUTH, yf_session_aa(&us, &key, YF_SHA1));
    T(!is_over());
    card.ca.d[31] ^= 1; // a copy, without the key
    T_ERR(YF_E_AUTH, yf_session_aa(&us, &key, YF_SHA256));
    misbehave(REFUSE);
    T_ERR(YF_E_DENIED, yf_session_aa(&us, &key, YF_SHA256));
    T(us.sw == YF_SW_WARNING_CHANGED);
}

/* A source of random bytes that fails ends what needs them. */
static void
without_random_bytes(void **st)
{
    yf_rng broken = rng_stuck(NULL);
    (void)st;

    begin();
    us.rng = &broken;
    T_ERR(YF_E_IO, yf_session_bac(&us, mrz));
    T(is_over());
    begin();
    us.rng = &broken;
    T_ERR(YF_E_IO, yf_session_pace(&us, &card.suite, YF_PACE_CAN, YF_STR("123456")));
    T(is_over());
}

T_MAIN(cmocka_unit_test(reads_files), cmocka_unit_test(reads_from_cards_that_give_less),
       cmocka_unit_test(refuses_files), cmocka_unit_test(ends), cmocka_unit_test(refuses_commands),
       cmocka_unit_test(basic_access), cmocka_unit_test(pace),
       cmocka_unit_test(chip_authentication), cmocka_unit_test(active_authentication),
       cmocka_unit_test(without_random_bytes))
