/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "t.h"
#include "tiny.h"

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, NULL };

#define SAY(b, ...) box_say((b), BYTES(__VA_ARGS__))

/* A card with two of tiny, 2 "tiny" selected and 3 "other"; and the terminal's messaging. */
struct table {
    struct box b;
    struct yf_sm sm;
    struct yf_scp03 gp;
    uint8_t mem[4096];
    yf_apdu_rsp rsp;
};

static void
install(struct box *b, yf_span aid)
{
    yf_out none = yf_out_of(NULL, 0);
    struct yf_call call = box_call(b, YF_APP_ISSUER, &none);
    uint8_t n = 0;

    T(yf_apps_install(&call, TINY_AID, aid, YF_STR("mine"), &n) == YF_SW_OK);
}

static void
open(struct table *t)
{
    memset(t, 0, sizeof *t);
    box_open(&t->b, applets);
    box_advance(&t->b, YF_STAGE_PERSO);
    install(&t->b, YF_STR("tiny1"));
    install(&t->b, YF_STR("other"));
    T(box_select(&t->b, YF_STR("tiny1")) == YF_SW_OK);
}

static void
close(struct table *t)
{
    yf_sm_close(&t->sm);
    yf_scp03_close(&t->gp);
    box_close(&t->b);
}

/* Messaging with keys all '77'; global as PACE's is, else as BAC's. */
static void
secure(struct table *t, bool global)
{
    struct yf_sm_keys k = { .cipher = YF_DES3_2KEY };

    memset(k.enc, 0x77, sizeof k.enc);
    memset(k.mac, 0x77, sizeof k.mac);
    T(SAY(&t->b, 0x00, 0x12, 0x77, global) == YF_SW_OK);
    T_OK(yf_sm_open(&t->sm, &yf_provider_soft, &k));
    T(t->b.card.channel.kind == YF_CHANNEL_ISO && t->b.card.channel.global == global);
}

static yf_apdu_cmd
wrap(struct table *t, const yf_apdu_cmd *cmd)
{
    yf_apdu_cmd wrapped;

    T_OK(yf_sm_wrap_cmd(&t->sm, cmd, t->mem, sizeof t->mem, &wrapped));
    return wrapped;
}

/* What comes back, which must be wrapped and right. */
static yf_sw
unwrap(struct table *t, yf_sw outside)
{
    yf_apdu_rsp wrapped = { outside, t->b.data };

    T_OK(yf_sm_unwrap_rsp(&t->sm, &wrapped, t->mem, sizeof t->mem, &t->rsp));
    return t->rsp.sw;
}

static yf_sw
say_secure(struct table *t, const yf_apdu_cmd *cmd)
{
    yf_apdu_cmd wrapped = wrap(t, cmd);

    return unwrap(t, box_do(&t->b, &wrapped));
}

/* No messaging, no keys, nothing shown. */
static bool
ended(const struct table *t)
{
    const uint8_t *p = (const uint8_t *)&t->b.card.channel;

    for (size_t i = 0; i < sizeof t->b.card.channel; i++)
        if (p[i])
            return false;
    return t->b.card.shown == 0;
}

static const yf_apdu_cmd echo = { .ins = 0x02, .ne = 256, .data = { (const uint8_t *)"echo", 4 } };

/* ---- ISO messaging ---- */

static void
under_it_commands_are_as_in_clear(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    secure(&t, false);
    T(say_secure(&t, &echo) == YF_SW_OK);
    T_SPAN(t.rsp.data, YF_STR("echo"));
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x0E }) == YF_SW_OK && t.rsp.data.n == 0);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x10 }) == YF_SW_OK);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x1E, .ne = 2 }) == YF_SW_OK);
    T(yf_be16(t.rsp.data.p) == (YF_NEED_NOTHING | YF_NEED_SM | YF_NEED_BASIC));
    close(&t);
}

/* What is refused behind the MAC is refused under messaging, which stays. */
static void
errors_are_wrapped(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    secure(&t, false);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0xFE }) == YF_SW_WRONG_INS);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x08 }) == YF_SW_SECURITY_STATUS);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x0A }) == YF_SW_SECURITY_STATUS);
    T(say_secure(
          &t,
          &(yf_apdu_cmd){ .ins = 0x14, .p1 = 0x6A, .p2 = 0x80, .ne = 256, .data = YF_STR("x") }) ==
      YF_SW_WRONG_DATA);
    T(t.rsp.data.n == 0);
    T(say_secure(
          &t,
          &(yf_apdu_cmd){ .ins = 0x14, .p1 = 0x62, .p2 = 0x82, .ne = 256, .data = YF_STR("x") }) ==
      YF_SW_END_OF_FILE);
    T(t.rsp.data.n == 1);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x20, .ne = 256 }) == YF_SW_UNKNOWN);
    T(say_secure(&t, &echo) == YF_SW_OK);
    close(&t);
}

/* The Le inside is the application's; there are no pieces under messaging. */
static void
le_inside(void **st)
{
    static struct table t;
    yf_apdu_cmd less = echo, none = echo;

    (void)st;
    open(&t);
    secure(&t, false);
    less.ne = 3;
    none.ne = 0;
    T(say_secure(&t, &less) == 0x6C04 && t.rsp.data.n == 0);
    T(say_secure(&t, &none) == YF_SW_OK && t.rsp.data.n == 0);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x16, .p1 = 200, .p2 = 2, .ne = 256 }) ==
      YF_SW_WRONG_LENGTH);
    close(&t);
}

/* 9303-11 9.8.3: a plain command ends it, and is then nothing but a plain command. */
static void
in_clear_ends_it(void **st)
{
    static const yf_apdu_cmd plain[] = {
        { .ins = 0x02 },
        { .ins = 0xFE },
        { .ins = 0xA4, .p1 = 0x04, .p2 = 0xFF },
        { .cla = 0x80, .ins = 0x02 },
        { .cla = 0x10, .ins = 0x04 },
        { .ins = 0xC0, .ne = 1 },
    };
    static struct table t;

    (void)st;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        for (int global = 0; global < 2; global++) {
            open(&t);
            T(SAY(&t.b, 0x00, 0x0C, 0x01, 0x00) == YF_SW_OK);
            secure(&t, global);
            T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x0A }) == YF_SW_OK);
            box_do(&t.b, &plain[i]);
            T(ended(&t));
            close(&t);
        }
}

static void
in_clear_is_answered(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    secure(&t, true);
    T(SAY(&t.b, 0x00, 0x02, 0x00, 0x00, 0x01, 0x42, 0x00) == YF_SW_OK);
    T_SPAN(t.b.data, BYTES(0x42));
    T(SAY(&t.b, 0x00, 0x0E, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(SAY(&t.b, 0x00, 0x10, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    yf_apdu_cmd wrapped = wrap(&t, &echo);
    T(box_do(&t.b, &wrapped) == YF_SW_NO_SM);
    close(&t);
}

/* One bit anywhere in it: 6987 or 6988 in clear, and the session is over (9303-11 9.8.5). */
static void
any_changed_bit_ends_it(void **st)
{
    static struct table t;
    uint8_t bytes[64];
    size_t n = 0;

    (void)st;
    for (size_t bit = 8; n == 0 || bit < 8 * n; bit++) {
        yf_out o = yf_out_of(bytes, sizeof bytes);
        yf_sw sw;

        open(&t);
        secure(&t, false);
        yf_apdu_cmd wrapped = wrap(&t, &echo);
        yf_apdu_cmd_put(&o, &wrapped);
        n = o.n - 1; // but Le, which nothing protects
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        sw = box_say(&t.b, yf_out_span(&o));
        bool no_command = bit / 8 == 4 && sw == YF_SW_WRONG_LENGTH; // Lc
        T(no_command || sw == YF_SW_SM_MISSING || sw == YF_SW_SM_INCORRECT);
        T(ended(&t));
        T(t.b.data.n == 0);
        close(&t);
    }
}

static void
no_objects_or_an_old_command(void **st)
{
    static struct table t;
    uint8_t bytes[64];
    yf_out o = yf_out_of(bytes, sizeof bytes);

    (void)st;
    open(&t);
    secure(&t, false);
    T(SAY(&t.b, 0x0C, 0x02, 0x00, 0x00) == YF_SW_SM_MISSING && ended(&t));
    close(&t);

    open(&t);
    secure(&t, false);
    yf_apdu_cmd wrapped = wrap(&t, &echo);
    yf_apdu_cmd_put(&o, &wrapped);
    T(unwrap(&t, box_say(&t.b, yf_out_span(&o))) == YF_SW_OK);
    T(box_say(&t.b, yf_out_span(&o)) == YF_SW_SM_INCORRECT && ended(&t));
    close(&t);
}

/* Messaging of another kind than the one in force, and where none is. */
static void
other_messaging(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    T(SAY(&t.b, 0x0C, 0x02, 0x00, 0x00) == YF_SW_NO_SM);
    T(SAY(&t.b, 0x08, 0x02, 0x00, 0x00) == YF_SW_NO_SM);
    T(SAY(&t.b, 0x04, 0x02, 0x00, 0x00) == YF_SW_NO_SM);
    secure(&t, true);
    T(SAY(&t.b, 0x08, 0x02, 0x00, 0x00) == YF_SW_NO_SM && ended(&t));
    secure(&t, true);
    T(SAY(&t.b, 0x04, 0x02, 0x00, 0x00) == YF_SW_NO_SM && ended(&t));
    close(&t);
}

/* Chains and pieces are outside messaging: what is wrapped is one command, one response. */
static void
chains_and_pieces_around_it(void **st)
{
    static struct table t;
    uint8_t data[600];
    yf_apdu_cmd part;
    struct yf_apdu_split split;
    yf_sw sw = YF_SW_OK;

    (void)st;
    memset(data, 0x5A, sizeof data);
    open(&t);
    secure(&t, false);
    yf_apdu_cmd wrapped =
        wrap(&t, &(yf_apdu_cmd){ .ins = 0x04, .ne = 65536, .data = YF_SPAN(data) });
    T_OK(yf_apdu_split_init(&split, &wrapped, 200));
    while (yf_apdu_split_next(&split, &part)) {
        T(sw == YF_SW_OK);
        sw = box_do(&t.b, &part);
    }
    uint8_t body[1024];
    yf_out o = yf_out_of(body, sizeof body);
    yf_out_put(&o, t.b.data);
    while (yf_sw_is_more(sw)) {
        sw = SAY(&t.b, 0x00, 0xC0, 0x00, 0x00, 0x00);
        yf_out_put(&o, t.b.data);
    }
    t.b.data = yf_out_span(&o);
    T(unwrap(&t, sw) == YF_SW_OK);
    T_SPAN(t.rsp.data, YF_SPAN(data));
    T(say_secure(&t, &echo) == YF_SW_OK);
    close(&t);
}

/* What is refused below messaging is answered in clear: no terminal goes on after that. */
static void
a_refused_chain_ends_it(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    secure(&t, true);
    T(SAY(&t.b, 0x1C, 0x02, 0x00, 0x00, 0x01, 0x00) == YF_SW_NO_CHAINING && ended(&t));
    secure(&t, true);
    T(SAY(&t.b, 0x1C, 0xFE, 0x00, 0x00, 0x01, 0x00) == YF_SW_WRONG_INS && ended(&t));
    secure(&t, true);
    T(SAY(&t.b, 0x1C, 0x04, 0x00, 0x00, 0x01, 0x00) == YF_SW_OK && !ended(&t));
    T(SAY(&t.b, 0x0C, 0x02, 0x00, 0x00, 0x01, 0x00) == YF_SW_LAST_OF_CHAIN && ended(&t));
    close(&t);
}

/* New keys hold from the next command on; the response still has the old ones. */
static void
new_keys_from_the_next_command_on(void **st)
{
    static struct table t;
    struct yf_sm_keys k = { .cipher = YF_DES3_2KEY };

    (void)st;
    open(&t);
    secure(&t, false);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x12, .p1 = 0x33, .p2 = 1 }) == YF_SW_OK);
    memset(k.enc, 0x33, sizeof k.enc);
    memset(k.mac, 0x33, sizeof k.mac);
    T_OK(yf_sm_open(&t.sm, &yf_provider_soft, &k));
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x1E, .ne = 2 }) == YF_SW_OK);
    T(yf_be16(t.rsp.data.p) == (YF_NEED_NOTHING | YF_NEED_SM | YF_NEED_BASIC | YF_NEED_PACE));
    T(t.b.card.next.cipher == YF_CIPHERS && t.b.card.next.enc[0] == 0);
    close(&t);
}

/* ---- and the choice of applications ---- */

static const yf_apdu_cmd select_other = {
    .ins = 0xA4, .p1 = 0x04, .ne = 256, .data = { (const uint8_t *)"other", 5 }
};

/* PACE's goes along, and what it shows; what the application showed does not. */
static void
global_messaging_goes_along(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    T(SAY(&t.b, 0x00, 0x0C, 0x01, 0x00) == YF_SW_OK);
    secure(&t, true);
    T(say_secure(&t, &select_other) == YF_SW_OK && t.rsp.data.p[0] == 3);
    T(yf_be16(t.rsp.data.p + 1) == (YF_NEED_NOTHING | YF_NEED_SM | YF_NEED_BASIC | YF_NEED_PACE));
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x10 }) == YF_SW_OK);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x0A }) == YF_SW_SECURITY_STATUS);
    close(&t);
}

/* BAC's ends behind the response, and shows nothing to the other application before. */
static void
an_applications_messaging_ends(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    secure(&t, false);
    T(say_secure(&t, &select_other) == YF_SW_OK && t.rsp.data.p[0] == 3);
    T(yf_be16(t.rsp.data.p + 1) == YF_NEED_NOTHING);
    T(ended(&t));
    close(&t);

    open(&t);
    box_advance(&t.b, YF_STAGE_ISSUER);
    secure(&t, false);
    yf_apdu_cmd mf = { .ins = 0xA4, .ne = 256 };
    T(say_secure(&t, &mf) == YF_SW_OK);
    T(ended(&t) && t.b.card.app == YF_APP_ROOT);
    close(&t);
}

static void
the_same_again_keeps_it(void **st)
{
    static struct table t;
    yf_apdu_cmd again = select_other;

    (void)st;
    open(&t);
    secure(&t, false);
    again.data = YF_STR("tiny1");
    T(say_secure(&t, &again) == YF_SW_OK && t.rsp.data.p[0] == 2);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x10 }) == YF_SW_OK);
    again.data = YF_STR("nobody");
    T(say_secure(&t, &again) == YF_SW_FILE_NOT_FOUND);
    T(say_secure(&t, &(yf_apdu_cmd){ .ins = 0x10 }) == YF_SW_OK);
    close(&t);
}

static void
a_reset_ends_it(void **st)
{
    static struct table t;

    (void)st;
    open(&t);
    secure(&t, true);
    yf_card_reset(&t.b.card);
    T(ended(&t));
    T(box_select(&t.b, YF_STR("tiny1")) == YF_SW_OK);
    yf_apdu_cmd wrapped = wrap(&t, &echo);
    T(box_do(&t.b, &wrapped) == YF_SW_NO_SM);
    close(&t);
}

/* ---- SCP03 ---- */

static yf_sw
initialize_update(struct table *t, struct yf_scp03_answer *a)
{
    static const uint8_t challenge[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    yf_apdu_cmd cmd = { .cla = 0x80, .ins = 0x50, .ne = 256, .data = YF_SPAN(challenge) };
    yf_sw sw = box_do(&t->b, &cmd);

    if (sw == YF_SW_OK) {
        T_OK(yf_scp03_read(t->b.data, a));
        T_OK(yf_scp03_host_begin(&t->gp, &yf_provider_soft, &box_keys, YF_SPAN(challenge), a));
    }
    return sw;
}

static yf_sw
external_authenticate(struct table *t, uint8_t level)
{
    uint8_t mem[2 * YF_BLOCK_MAX];
    yf_apdu_cmd cmd;

    T_OK(yf_scp03_host_open(&t->gp, level, mem, &cmd));
    return box_do(&t->b, &cmd);
}

enum { ALL = YF_SCP03_C_MAC | YF_SCP03_C_ENC | YF_SCP03_R_MAC | YF_SCP03_R_ENC };

static void
open_domain(struct table *t, uint8_t level)
{
    struct yf_scp03_answer a;

    open(t);
    T(box_select(&t->b, tiny_domain.aid) == YF_SW_OK);
    T(initialize_update(t, &a) == YF_SW_OK);
    T(t->b.card.channel.kind == YF_CHANNEL_BEGUN);
    T(external_authenticate(t, level) == YF_SW_OK);
    T(t->b.card.channel.kind == YF_CHANNEL_SCP03);
}

static const yf_apdu_cmd administer = {
    .cla = 0x80, .ins = 0x02, .ne = 256, .data = { (const uint8_t *)"admin", 5 }
};

static yf_sw
say_gp(struct table *t, const yf_apdu_cmd *cmd)
{
    yf_apdu_cmd wrapped;

    T_OK(yf_scp03_wrap_cmd(&t->gp, cmd, t->mem, sizeof t->mem, &wrapped));
    yf_apdu_rsp got = { box_do(&t->b, &wrapped), t->b.data };
    T_OK(yf_scp03_unwrap_rsp(&t->gp, &got, t->mem, sizeof t->mem, &t->rsp));
    return t->rsp.sw;
}

static void
the_issuers_channel(void **st)
{
    static const uint8_t levels[] = { 0x01, 0x03, 0x11, 0x13, 0x33 };
    static struct table t;

    (void)st;
    for (size_t i = 0; i < sizeof levels; i++) {
        open_domain(&t, levels[i]);
        T(say_gp(&t, &administer) == YF_SW_OK);
        T_SPAN(t.rsp.data, YF_STR("admin"));
        T(say_gp(&t, &(yf_apdu_cmd){ .cla = 0x80, .ins = 0xFE }) == YF_SW_WRONG_INS);
        T(say_gp(&t, &administer) == YF_SW_OK);
        close(&t);
    }
}

static void
without_it_nothing_is_administered(void **st)
{
    static struct table t;
    struct yf_scp03_answer a;

    (void)st;
    open(&t);
    T(box_select(&t.b, tiny_domain.aid) == YF_SW_OK);
    T(box_do(&t.b, &administer) == YF_SW_SECURITY_STATUS);
    T(SAY(&t.b, 0x84, 0x02, 0x00, 0x00) == YF_SW_NO_SM);
    T(SAY(&t.b, 0x84, 0x82, 0x01, 0x00) == YF_SW_CONDITIONS); // not begun
    T(initialize_update(&t, &a) == YF_SW_OK);
    T(box_do(&t.b, &administer) == YF_SW_SECURITY_STATUS);
    T(external_authenticate(&t, 0x01) == YF_SW_CONDITIONS); // not the very next
    close(&t);
}

static void
a_refused_chain_aborts_it(void **st)
{
    static struct table t;
    struct yf_scp03_answer a;

    (void)st;
    open(&t);
    T(box_select(&t.b, tiny_domain.aid) == YF_SW_OK);
    T(initialize_update(&t, &a) == YF_SW_OK);
    T(SAY(&t.b, 0x14, 0x82, 0x01, 0x00, 0x01, 0x00) == YF_SW_WRONG_INS && ended(&t));
    T(external_authenticate(&t, 0x01) == YF_SW_CONDITIONS); // not the very next
    close(&t);
    open_domain(&t, 0x01);
    T(SAY(&t.b, 0x14, 0x02, 0x00, 0x00, 0x01, 0x00) == YF_SW_WRONG_INS);
    T(t.b.card.channel.kind == YF_CHANNEL_ABORTED);
    close(&t);
}

static void
a_wrong_authentication_is_over(void **st)
{
    static struct table t;
    struct yf_scp03_answer a;
    uint8_t mem[2 * YF_BLOCK_MAX], data[2 * YF_BLOCK_MAX];
    yf_apdu_cmd cmd;

    (void)st;
    open(&t);
    T(box_select(&t.b, tiny_domain.aid) == YF_SW_OK);
    T(initialize_update(&t, &a) == YF_SW_OK);
    T_OK(yf_scp03_host_open(&t.gp, 0x01, mem, &cmd));
    memcpy(data, cmd.data.p, cmd.data.n);
    data[0] ^= 1;
    cmd.data.p = data;
    T(box_do(&t.b, &cmd) == YF_SW_WARNING_CHANGED);
    T(ended(&t));
    data[0] ^= 1;
    T(box_do(&t.b, &cmd) == YF_SW_CONDITIONS);
    close(&t);
}

/* GPC_SPE_014 5.6: a fault aborts, and what comes then is refused until something new begins. */
static void
a_fault_aborts_it(void **st)
{
    static struct table t;
    struct yf_scp03_answer a;
    yf_apdu_cmd wrapped;

    (void)st;
    open_domain(&t, 0x01);
    T_OK(yf_scp03_wrap_cmd(&t.gp, &administer, t.mem, sizeof t.mem, &wrapped));
    t.mem[wrapped.data.n - 1] ^= 1;
    T(box_do(&t.b, &wrapped) == YF_SW_SECURITY_STATUS);
    T(t.b.card.channel.kind == YF_CHANNEL_ABORTED && t.b.card.channel.shown == 0);
    t.mem[wrapped.data.n - 1] ^= 1;
    T(box_do(&t.b, &wrapped) == YF_SW_SECURITY_STATUS);
    T(SAY(&t.b, 0x80, 0x04, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(SAY(&t.b, 0x84, 0x82, 0x01, 0x00) == YF_SW_SECURITY_STATUS);
    T(initialize_update(&t, &a) == YF_SW_OK);
    T(external_authenticate(&t, ALL) == YF_SW_OK);
    T(say_gp(&t, &administer) == YF_SW_OK);
    close(&t);
}

static void
in_clear_aborts_it(void **st)
{
    static struct table t;

    (void)st;
    open_domain(&t, 0x01);
    T(SAY(&t.b, 0x80, 0x04, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(t.b.card.channel.kind == YF_CHANNEL_ABORTED);
    T(box_select(&t.b, tiny_domain.aid) == YF_SW_OK && ended(&t));
    T(SAY(&t.b, 0x80, 0x04, 0x00, 0x00) == YF_SW_OK);
    close(&t);

    open_domain(&t, 0x01);
    T(SAY(&t.b, 0x0C, 0xFE, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(t.b.card.channel.kind == YF_CHANNEL_ABORTED);
    close(&t);
}

/* Chosen under it or not, another application - and the domain itself - begins without. */
static void
a_choice_ends_it(void **st)
{
    static struct table t;
    yf_apdu_cmd self = { .ins = 0xA4, .p1 = 0x04, .ne = 256, .data = tiny_domain.aid };

    (void)st;
    open_domain(&t, ALL);
    T(say_gp(&t, &self) == YF_SW_OK && ended(&t));
    close(&t);
    open_domain(&t, ALL);
    T(say_gp(&t, &select_other) == YF_SW_OK && ended(&t));
    T(SAY(&t.b, 0x00, 0x1E, 0x00, 0x00, 0x02) == YF_SW_OK);
    T(yf_be16(t.b.data.p) == YF_NEED_NOTHING);
    close(&t);
    open_domain(&t, ALL);
    T(box_select(&t.b, YF_STR("other")) == YF_SW_OK && ended(&t));
    close(&t);
}

/* One kind of messaging at a time. */
static void
not_begun_under_other_messaging(void **st)
{
    static struct table t;
    static const uint8_t challenge[8] = { 0 };
    yf_apdu_cmd begin = { .cla = 0x80, .ins = 0x50, .ne = 256, .data = YF_SPAN(challenge) };
    yf_apdu_cmd domain = { .ins = 0xA4, .p1 = 0x04, .ne = 256, .data = tiny_domain.aid };

    (void)st;
    open(&t);
    secure(&t, true);
    T(say_secure(&t, &domain) == YF_SW_OK);
    T(say_secure(&t, &begin) == YF_SW_CONDITIONS);
    T(t.b.card.channel.kind == YF_CHANNEL_ISO);
    close(&t);
    open_domain(&t, 0x01);
    T(say_gp(&t, &begin) == YF_SW_CONDITIONS);
    T(say_gp(&t, &administer) == YF_SW_OK);
    close(&t);
}

T_MAIN(cmocka_unit_test(under_it_commands_are_as_in_clear), cmocka_unit_test(errors_are_wrapped),
       cmocka_unit_test(le_inside), cmocka_unit_test(in_clear_ends_it),
       cmocka_unit_test(in_clear_is_answered), cmocka_unit_test(any_changed_bit_ends_it),
       cmocka_unit_test(no_objects_or_an_old_command), cmocka_unit_test(other_messaging),
       cmocka_unit_test(chains_and_pieces_around_it),
       cmocka_unit_test(new_keys_from_the_next_command_on),
       cmocka_unit_test(global_messaging_goes_along),
       cmocka_unit_test(an_applications_messaging_ends), cmocka_unit_test(the_same_again_keeps_it),
       cmocka_unit_test(a_reset_ends_it), cmocka_unit_test(the_issuers_channel),
       cmocka_unit_test(without_it_nothing_is_administered),
       cmocka_unit_test(a_wrong_authentication_is_over), cmocka_unit_test(a_fault_aborts_it),
       cmocka_unit_test(in_clear_aborts_it), cmocka_unit_test(a_choice_ends_it),
       cmocka_unit_test(not_begun_under_other_messaging), cmocka_unit_test(a_refused_chain_ends_it),
       cmocka_unit_test(a_refused_chain_aborts_it))
