/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libeac's terminal (lab/interop/eacpeer.c) against our cards: PACE with generic mapping in
 * full, in every suite both have, then secure messaging, and chip authentication version 1
 * by libeac's primitives, whose commands are the peer's and not libeac's.
 *
 * In every suite it meets the least that can answer: three files, and the protocols of proto/. Then
 * whole cards, over a pipe; and with the argument pcsc one in a virtual reader (eac.sh).
 */
#include "../rng.h"
#include "../t.h"
#include "../travelcard.h"

#include <yufu/crypto/ec.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/genauth.h>
#include <yufu/proto/pace.h>
#include <yufu/proto/secinfo.h>
#include <yufu/sim/vpcd.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the least of cards ---- */

enum { FILE_MAX = 1200 };

struct file {
    uint8_t sfi, mem[FILE_MAX];
    size_t n;
};

struct card {
    const yf_provider *provider;
    yf_rng rng;
    yf_span password;
    struct file files[3];
    const struct file *current;
    uint8_t chip[YF_FIELD_MAX]; // its key for chip authentication
    const yf_curve *curve;
    struct yf_pace pace;
    struct yf_sm sm;
    enum yf_cipher_id ca;
    unsigned exchanges, agreements; // under secure messaging; of keys
};

static yf_sw
set_pace(struct card *c, yf_span data)
{
    struct yf_pace_select s;
    struct yf_pace_suite suite;
    uint8_t k_pi[YF_CIPHER_KEY_MAX];

    if (yf_pace_select_parse(data, &s) || yf_pace_suite(c->provider, s.oid, s.parameters, &suite) ||
        yf_pace_key(c->provider, suite.cipher, (enum yf_pace_password)s.password, c->password,
                    k_pi) ||
        yf_pace_begin(&c->pace, c->provider, YF_PACE_CARD, &suite, k_pi))
        return 0x6A80;
    return 0x9000;
}

static yf_sw
answer_pace(struct card *c, const yf_apdu_cmd *cmd, yf_out *o)
{
    struct yf_sm_keys keys;

    if ((cmd->cla == 0x10) == yf_pace_last(&c->pace))
        return 0x6883;
    yf_err e = yf_pace_answer(&c->pace, &c->rng, cmd->data, o);
    if (e)
        return e == YF_E_AUTH ? 0x6300 : 0x6A80;
    if (cmd->cla == 0x00) {
        T_OK(yf_pace_keys(&c->pace, &keys));
        T_OK(yf_sm_open(&c->sm, c->provider, &keys));
        c->agreements++;
    }
    return 0x9000;
}

static yf_sw
read_binary(struct card *c, const yf_apdu_cmd *cmd, yf_out *o)
{
    size_t at = cmd->p2;

    if (cmd->p1 & 0x80) {
        c->current = NULL;
        for (size_t i = 0; i < 3; i++)
            if (c->files[i].sfi == (cmd->p1 & 0x1F))
                c->current = &c->files[i];
    } else
        at |= (size_t)cmd->p1 << 8;
    if (!c->current || at >= c->current->n)
        return 0x6A82;
    size_t n = c->current->n - at;
    yf_out_put(o, (yf_span){ c->current->mem + at, n < cmd->ne ? n : cmd->ne });
    return 0x9000;
}

static yf_sw
set_ca(struct card *c, yf_span data)
{
    struct yf_ca_select s;

    if (yf_ca_set_at_parse(data, &s) || yf_ca_cipher(c->provider, s.oid, &c->ca))
        return 0x6A80;
    return s.key_id == 5 ? 0x9000 : 0x6A88;
}

/* The new keys hold from the next command on. */
static yf_sw
answer_ca(struct card *c, yf_span data, yf_out *o, struct yf_sm_keys *keys, bool *fresh)
{
    yf_span point;

    if (yf_genauth_only(data, 0x80, &point) ||
        yf_ca_answer(c->provider, c->ca, c->curve, c->chip, point, keys))
        return 0x6A80;
    yf_genauth_put(o, 0, (yf_span){ NULL, 0 });
    *fresh = true;
    return 0x9000;
}

static yf_sw
run_secure(struct card *c, const yf_apdu_cmd *cmd, yf_out *o, struct yf_sm_keys *keys, bool *fresh)
{
    if (cmd->ins == 0xA4)
        return 0x9000;
    if (cmd->ins == 0xB0)
        return read_binary(c, cmd, o);
    if (cmd->ins == 0x22)
        return set_ca(c, cmd->data);
    return cmd->ins == 0x86 ? answer_ca(c, cmd->data, o, keys, fresh) : 0x6D00;
}

static void
transmit_secure(struct card *c, const yf_apdu_cmd *wrapped, yf_out *o)
{
    uint8_t in[FILE_MAX], out[FILE_MAX];
    yf_out plain = yf_out_of(out, sizeof out);
    struct yf_sm_keys keys;
    bool fresh = false;
    yf_apdu_cmd cmd;

    if (yf_sm_unwrap_cmd(&c->sm, wrapped, in, sizeof in, &cmd)) {
        yf_out_u16(o, 0x6988);
        return;
    }
    yf_sw sw = run_secure(c, &cmd, &plain, &keys, &fresh);
    yf_apdu_rsp rsp = { sw, yf_out_span(&plain) };
    T_OK(yf_sm_wrap_rsp(&c->sm, &rsp, o));
    yf_out_u16(o, sw);
    c->exchanges++;
    if (fresh) {
        T_OK(yf_sm_open(&c->sm, c->provider, &keys));
        c->agreements++;
    }
}

static void
transmit(struct card *c, yf_span line, yf_out *o)
{
    yf_sw sw = 0x6D00;
    yf_apdu_cmd cmd;

    T_OK(yf_apdu_cmd_parse(line, &cmd));
    if (c->sm.block) {
        T(cmd.cla == 0x0C);
        transmit_secure(c, &cmd, o);
        return;
    }
    if (cmd.ins == 0xB0)
        sw = read_binary(c, &cmd, o);
    else if (cmd.ins == 0x22)
        sw = set_pace(c, cmd.data);
    else if (cmd.ins == 0x86)
        sw = answer_pace(c, &cmd, o);
    yf_out_u16(o, sw);
}

/* ---- its files ---- */

static void
put_file(struct file *f, uint8_t sfi, const yf_out *o)
{
    f->sfi = sfi;
    f->n = o->n;
    T_OK(o->err);
}

static void
put_info(yf_out *o, enum yf_secinfo_kind kind, yf_span protocol, int32_t version, int32_t id)
{
    struct yf_secinfo info = { .kind = kind, .protocol = protocol, .version = version, .id = id };

    yf_secinfo_put(o, &info);
}

static void
make_card(struct card *c, const yf_provider *p, const struct yf_pace_suite *s, struct rnd *rnd)
{
    *c = (struct card){ .provider = p, .rng = rng_seeded(rnd), .curve = s->curve };
    yf_out access = yf_out_of(c->files[0].mem, FILE_MAX);
    yf_out com = yf_out_of(c->files[1].mem, FILE_MAX), dg14 = yf_out_of(c->files[2].mem, FILE_MAX);
    uint8_t pub[YF_POINT_MAX];
    yf_group g;

    size_t set = yf_der_open(&access, YF_DER_SET);
    put_info(&access, YF_SECINFO_PACE, s->oid, 2, s->parameters);
    yf_der_close_set(&access, set);
    put_file(&c->files[0], 0x1C, &access);

    yf_out_put(&com, BYTES(0x60, 4, 0x5C, 2, 0x61, 0x6E));
    put_file(&c->files[1], 0x1E, &com);

    T_OK(yf_group_open(&g, yf_provider_group(p, s->curve), s->curve));
    T_OK(yf_ec_keygen(&g, &c->rng, c->chip, pub));
    size_t mark = yf_tlv_open(&dg14, 0x6E);
    set = yf_der_open(&dg14, YF_DER_SET);
    put_info(&dg14, YF_SECINFO_CA, yf_ca_oid(s->cipher), 1, 5);
    yf_secinfo_put_key(&dg14, s->curve, (yf_span){ pub, yf_point_size(&g) }, 5);
    put_info(&dg14, YF_SECINFO_PACE, s->oid, 2, s->parameters);
    yf_der_close_set(&dg14, set);
    yf_tlv_close(&dg14, mark);
    put_file(&c->files[2], 0x0E, &dg14);
    yf_group_close(&g);
}

/* ---- the peer at the other end of two pipes ---- */

struct peer {
    pid_t pid;
    FILE *to, *from;
};

static struct peer
start(const char *const *args)
{
    int to[2], from[2];
    struct peer p;

    T(pipe(to) == 0 && pipe(from) == 0);
    T((p.pid = fork()) >= 0);
    if (p.pid == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        close(to[1]);
        close(from[0]);
        if (!getenv("EAC_LOUD"))
            T(freopen("/dev/null", "w", stderr));
        execv(getenv("EACPEER"), (char *const *)(uintptr_t)args);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    T((p.to = fdopen(to[1], "w")) && (p.from = fdopen(from[0], "r")));
    return p;
}

static int
finish(struct peer *p)
{
    int status;

    fclose(p->to);
    fclose(p->from);
    T(waitpid(p->pid, &status, 0) == p->pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A line of hex from the peer; false at its end. */
static bool
hear(struct peer *p, uint8_t *mem, size_t cap, yf_span *bytes)
{
    char text[2 * 2048 + 2];
    size_t n = 0;

    if (!fgets(text, sizeof text, p->from))
        return false;
    for (const char *hex = text; *hex != '\n'; hex += 2) {
        const char two[3] = { hex[0], hex[1] };
        char *end;
        T(n < cap);
        mem[n++] = (uint8_t)strtoul(two, &end, 16);
        T(end == two + 2);
    }
    *bytes = (yf_span){ mem, n };
    return true;
}

typedef void transmit_fn(void *card, yf_span command, yf_out *o);

static int
converse(transmit_fn *transmit_to, void *card, const char *kind, const char *ca,
         const char *password)
{
    const char *const args[] = { "eacpeer", "terminal", kind, ca, NULL };
    struct peer p = start(args);
    uint8_t in[2048], out[4096];
    yf_span line;

    fprintf(p.to, "%s\n", password);
    fflush(p.to);
    while (hear(&p, in, sizeof in, &line)) {
        yf_out o = yf_out_of(out, sizeof out);
        transmit_to(card, line, &o);
        T_OK(o.err);
        for (size_t i = 0; i < o.n; i++)
            fprintf(p.to, "%02X", out[i]);
        fputc('\n', p.to);
        fflush(p.to);
    }
    return finish(&p);
}

static void
transmit_least(void *card, yf_span command, yf_out *o)
{
    transmit(card, command, o);
}

static int
meet(struct card *c, const char *kind, const char *ca, const char *password)
{
    int status = converse(transmit_least, c, kind, ca, password);

    yf_sm_close(&c->sm);
    return status;
}

/* ---- the tests ---- */

static const enum yf_cipher_id ciphers[] = { YF_DES3_2KEY, YF_AES128, YF_AES192, YF_AES256 };

/* Each suite of libeac's that we have, up to 44. */
static size_t
suites(struct yf_pace_suite *s)
{
    const char *const args[] = { "eacpeer", "suites", NULL };
    struct peer p = start(args);
    char text[32], *rest;
    size_t n = 0;

    while (fgets(text, sizeof text, p.from)) {
        unsigned long arc = strtoul(text, &rest, 10), id = strtoul(rest, NULL, 10);
        T(arc >= 1 && arc <= 4 && n < 44);
        const yf_curve *curve = yf_pace_curve((int32_t)id);
        if (curve)
            T_OK(yf_pace_suite_of(&yf_provider_soft, YF_PACE_GM, ciphers[arc - 1], curve, &s[n++]));
    }
    T(finish(&p) == 0);
    return n;
}

static void
libeac_pace(void **st)
{
    struct yf_pace_suite s[44];
    size_t n = suites(s);
    struct rnd rnd = { 1 };

    (void)st;
    T(n == 4 * 9);
    for (size_t i = 0; i < n; i++) {
        struct card c;
        make_card(&c, &yf_provider_soft, &s[i], &rnd);
        c.password = YF_STR("123456");
        T(meet(&c, "can", NULL, "123456") == 0);
        T(c.agreements == 1 && c.exchanges == 2);
    }
}

/* The commands are the peer's own: libeac has version 2 alone. */
static void
libeac_ca_version_1_over_our_apdus(void **st)
{
    struct yf_pace_suite s[44];
    size_t n = suites(s);
    struct rnd rnd = { 2 };

    (void)st;
    for (size_t i = 0; i < n; i++) {
        struct card c;
        make_card(&c, &yf_provider_soft, &s[i], &rnd);
        c.password = YF_STR("123456");
        T(meet(&c, "can", "ca", "123456") == 0);
        T(c.agreements == 2 && c.exchanges >= 6);
    }
}

static void
libeac_passwords(void **st)
{
    /* 9303-11 D.2: libeac takes the MRZ of a card, and finds the MRZ information itself. */
    static const char mrz[] = "I<UTOL898902C<3<<<<<<<<<<<<<<<"
                              "6908061F9406236UTO<<<<<<<<<<<1"
                              "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    static const struct {
        const char *kind, *says, *secret;
    } passwords[] = { { "mrz", mrz, "L898902C<369080619406236" },
                      { "can", "500540", "500540" },
                      { "pin", "12345678", "12345678" },
                      { "puk", "0123456789", "0123456789" } };
    struct yf_pace_suite s;
    struct rnd rnd = { 3 };

    (void)st;
    T_OK(yf_pace_suite_of(&yf_provider_soft, YF_PACE_GM, YF_AES128, &yf_curve_bp256r1, &s));
    for (size_t i = 0; i < 4; i++) {
        struct card c;
        const char *secret = passwords[i].secret;
        make_card(&c, &yf_provider_soft, &s, &rnd);
        c.password = (yf_span){ (const uint8_t *)secret, strlen(secret) };
        T(meet(&c, passwords[i].kind, NULL, passwords[i].says) == 0);
        T(c.agreements == 1);
        c.password = YF_STR("another");
        T(meet(&c, passwords[i].kind, NULL, passwords[i].says) == 1);
        T(c.agreements == 1);
    }
}

/* A chip that has not the key in EF.DG14: neither end goes on. */
static void
libeac_notices_a_copy(void **st)
{
    struct yf_pace_suite s;
    struct rnd rnd = { 4 };
    struct card c;

    (void)st;
    T_OK(yf_pace_suite_of(&yf_provider_soft, YF_PACE_GM, YF_AES256, &yf_curve_p384, &s));
    make_card(&c, &yf_provider_soft, &s, &rnd);
    c.password = YF_STR("123456");
    c.chip[7] ^= 1;
    T(meet(&c, "can", "ca", "123456") == 1);
    T(c.agreements == 2); // the card found its own keys good
}

/* ---- whole cards ---- */

static struct travelcard whole;

static void
transmit_whole(void *card, yf_span command, yf_out *o)
{
    yf_card_transmit(card, command, o);
}

/* libeac takes the MRZ of an identity card and picks the MRZ information out of it. */
static const char *
mrz_of(yf_span info)
{
    static char mrz[91];
    const char *i = (const char *)info.p;

    T(info.n == 24);
    (void)snprintf(mrz, sizeof mrz, "I<UTO%.10s<<<<<<<<<<<<<<<%.7sF%.7sUTO<<<<<<<<<<<<%-30s", i,
                   i + 10, i + 17, "ERIKSSON");
    return mrz;
}

static const char *
can_of(yf_span can)
{
    static char text[16];

    T(can.n < sizeof text);
    memcpy(text, can.p, can.n);
    text[can.n] = 0;
    return text;
}

static void
libeac_and_whole_cards(void **st)
{
    static const struct travelcard_profile *const profiles[] = {
        &travelcard_p256, &travelcard_bp256, &travelcard_bp384, &travelcard_p521, &travelcard_des3
    };

    (void)st;
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        const char *ca = profiles[i]->chip_curve ? "ca" : NULL;
        travelcard_make(&whole, profiles[i]);
        T(converse(transmit_whole, &whole.card, "can", ca, can_of(whole.can)) == 0);
        yf_card_reset(&whole.card);
        T(converse(transmit_whole, &whole.card, "mrz", ca, mrz_of(whole.mrz_info)) == 0);
        yf_card_reset(&whole.card);
        T(converse(transmit_whole, &whole.card, "can", ca, "000000") == 1);
        travelcard_drop(&whole);
    }
}

/* ---- a card in a reader ---- */

static struct yf_vpcd vpcd;

static pid_t
insert(void)
{
    int fd;

    T_OK(yf_vpcd_init(&vpcd, &whole.card, &whole.parts, (yf_span){ NULL, 0 }));
    T_OK(yf_vpcd_dial(YF_VPCD_HOST, YF_VPCD_PORT, &fd));
    pid_t card = fork();
    T(card >= 0);
    if (card == 0)
        _exit(yf_vpcd_serve(&vpcd, fd, -1) != YF_OK);
    close(fd);
    return card;
}

static int
meet_in_reader(const char *password)
{
    const char *const args[] = { "eacpeer", "terminal",          "can", "ca",
                                 "reader",  "Virtual PCD 00 00", NULL };
    struct peer p = start(args);

    fprintf(p.to, "%s\n", password);
    fflush(p.to);
    return finish(&p);
}

static void
libeac_over_pcsc(void **st)
{
    int status = 1;

    (void)st;
    travelcard_make(&whole, &travelcard_p256);
    pid_t card = insert();
    for (int i = 0; status && i < 50; i++) { // until pcscd has seen the card
        usleep(100000);
        status = meet_in_reader(can_of(whole.can));
    }
    T(status == 0);
    T(meet_in_reader("000000") == 1);
    T(meet_in_reader(can_of(whole.can)) == 0);
    kill(card, SIGTERM);
    T(waitpid(card, NULL, 0) == card);
    travelcard_drop(&whole);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest over_pipes[] = {
        cmocka_unit_test(libeac_pace),
        cmocka_unit_test(libeac_ca_version_1_over_our_apdus),
        cmocka_unit_test(libeac_passwords),
        cmocka_unit_test(libeac_notices_a_copy),
        cmocka_unit_test(libeac_and_whole_cards),
    };
    const struct CMUnitTest over_pcsc[] = { cmocka_unit_test(libeac_over_pcsc) };

    if (!getenv("EACPEER"))
        T_SKIP_ALL("libeac is not installed");
    cmocka_set_message_output(CM_OUTPUT_TAP);
    if (argc > 1 && strcmp(argv[1], "pcsc") == 0)
        return cmocka_run_group_tests(over_pcsc, NULL, NULL);
    return cmocka_run_group_tests(over_pipes, NULL, NULL);
}
