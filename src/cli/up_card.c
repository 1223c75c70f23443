/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card's first day: made, personalised over its issuer's channel, put into a reader and
 * read with PACE. It happens in a process of its own, because a PC/SC service of one's own
 * is a place one does not come back from; what happened comes out of it as JSON.
 */
#include "up.h"

#include "card.h"

#include <yufu/base/clock.h>
#include <yufu/crypto/host.h>
#include <yufu/issuer/specimen.h>
#include <yufu/proto/secinfo.h>
#include <yufu/reader/pcsc.h>
#include <yufu/reader/session.h>
#include <yufu/sim/flashram.h>
#include <yufu/sim/loop.h>
#include <yufu/sim/pcscd.h>
#include <yufu/sim/vpcd.h>
#include <yufu/wire/tlv.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* All that this process has; static, for most of it is large. */
static struct {
    yf_cardfile *file;
    struct yf_card_parts parts;
    struct yf_card chip;
    struct yf_specimen who;
    struct yf_scp03_keys transport, own;
    struct yf_perso perso;
    struct yf_vpcd vpcd;
    struct yf_session session;
    struct yf_transport way;
    uint8_t access[1024], dg1[256];
    json_t *says;
} it;

static double
ms_since(uint64_t start)
{
    return 1e-6 * (double)(yf_clock_ns() - start);
}

static void
say(const char *name, json_t *value)
{
    json_object_set_new(it.says, name, value);
}

static void
say_hex(const char *name, yf_span bytes)
{
    char hex[2 * 1024 + 1];

    say(name, json_string(bytes.n <= 1024 ? card_hex_put(bytes, hex) : "too long"));
}

/* ---- made, in memory ---- */

static yf_err
draw(struct yf_scp03_keys *k)
{
    k->cipher = YF_AES256;
    yf_err e = yf_rng_fill(&yf_rng_system, k->enc, sizeof k->enc);
    e = yf_err_first(e, yf_rng_fill(&yf_rng_system, k->mac, sizeof k->mac));
    return yf_err_first(e, yf_rng_fill(&yf_rng_system, k->dek, sizeof k->dek));
}

static yf_err
make(void)
{
    static const struct yf_cardfile_shape shape = { YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT };
    uint8_t serial[8];
    yf_err e = yf_cardfile_new(&shape, &it.file);

    if (e)
        return e;
    it.parts = card_parts(yf_cardfile_flash(it.file));
    e = yf_rng_fill(&yf_rng_system, serial, sizeof serial);
    e = yf_err_first(e, yf_err_first(draw(&it.transport), draw(&it.own)));
    if (e || (e = yf_card_make(&it.parts, YF_SPAN(serial), &it.transport, &it.chip)))
        return e;
    say_hex("serial", YF_SPAN(serial));
    e = yf_card_start(&it.chip, &it.parts);
    it.parts.tested = !e;
    it.way = yf_sim_loop(&it.chip);
    return e;
}

static yf_err
personalise(void)
{
    uint64_t start = yf_clock_ns();
    yf_err e = yf_specimen_draw(&it.who, YF_SPECIMEN_INTL, &yf_provider_host, &yf_rng_system);

    if (!e)
        e = yf_perso_start(&it.perso, &it.way, &yf_provider_host, &yf_rng_system);
    if (!e)
        e = yf_specimen_issue(&it.who, &it.perso, &it.transport, &it.own);
    say("personalised_ms", json_real(ms_since(start)));
    return e;
}

/* To a file, which keeps no name: it goes with this process, however that ends. */
static yf_err
into_a_file(void)
{
    char why[YF_CARDFILE_WHY], path[] = "/tmp/yufu-up-XXXXXX", name[64];

    if (!mkdtemp(path))
        return YF_E_IO;
    snprintf(name, sizeof name, "%s/card.yfc", path);
    yf_err e = yf_cardfile_save(it.file, name);
    yf_cardfile_close(it.file);
    it.file = NULL;
    if (!e)
        e = yf_cardfile_open(name, YF_CARDFILE_WRITE, &it.file, why);
    unlink(name);
    rmdir(path);
    if (e)
        return e;
    it.parts.flash = yf_cardfile_flash(it.file);
    return yf_card_start(&it.chip, &it.parts);
}

/* ---- in a reader ---- */

YF_NORETURN static void
be_inserted(void)
{
    int fd;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (yf_vpcd_init(&it.vpcd, &it.chip, &it.parts, (yf_span){ 0 }) ||
        yf_vpcd_dial(YF_VPCD_HOST, YF_VPCD_PORT, &fd) || yf_vpcd_serve(&it.vpcd, fd, -1))
        _exit(1);
    _exit(0);
}

/* The service looks for cards about every 0.4 s. */
static yf_pcsc *
insert(int *service, pid_t *card, char why[YF_PCSC_WHY])
{
    yf_pcsc *r = NULL;

    if (yf_pcscd_enter(service, why))
        return NULL;
    if ((*card = fork()) == 0)
        be_inserted();
    for (int i = 0; i < 100 && yf_pcsc_open("00 00", &r, why) == YF_E_NOTFOUND; i++)
        usleep(50000);
    if (!r) {
        kill(*card, SIGKILL);
        yf_pcscd_stop(*service);
    }
    return r;
}

/* ---- read ---- */

/* The first way in that EF.CardAccess offers and we have. */
static yf_err
offered(yf_span access, struct yf_pace_suite *suite)
{
    yf_cur c = yf_secinfos(access);
    struct yf_secinfo info;

    while (yf_secinfo_next(&c, &info))
        if (info.kind == YF_SECINFO_PACE &&
            yf_pace_suite(&yf_provider_host, info.protocol, info.id, suite) == YF_OK)
            return YF_OK;
    return YF_E_UNSUPPORTED;
}

static yf_err
open_with_can(void)
{
    yf_out o = yf_out_of(it.access, sizeof it.access);
    struct yf_pace_suite suite;
    yf_span can = { (const uint8_t *)it.who.can, strlen(it.who.can) };
    yf_err e = yf_session_read_file(&it.session, 0x011C, &o);

    if (e || (e = offered(yf_out_span(&o), &suite)))
        return e;
    say_hex("card_access", yf_out_span(&o));
    uint64_t start = yf_clock_ns();
    e = yf_session_pace(&it.session, &suite, YF_PACE_CAN, can);
    say("pace_ms", json_real(ms_since(start)));
    return e;
}

static yf_err
read_holder(void)
{
    yf_out o = yf_out_of(it.dg1, sizeof it.dg1);
    yf_span file, mrz;
    yf_err e = yf_session_select_aid(&it.session, YF_SESSION_LDS1);

    if (!e)
        e = yf_session_read_file(&it.session, 0x0101, &o);
    if (!e && !(e = yf_tlv_find(yf_out_span(&o), 0x61, &file)))
        e = yf_tlv_find(file, 0x5F1F, &mrz);
    if (!e)
        say("mrz", json_stringn((const char *)mrz.p, mrz.n));
    return e;
}

static yf_err
read_it(const struct yf_transport *way)
{
    yf_session_begin(&it.session, way, &yf_provider_host, &yf_rng_system);
    yf_err e = open_with_can();
    if (!e)
        e = read_holder();
    yf_session_end(&it.session);
    return e;
}

static yf_err
in_a_reader(void)
{
    char why[YF_PCSC_WHY] = "";
    pid_t card = 0;
    int service = 0;
    yf_pcsc *r = insert(&service, &card, why);

    if (!r) {
        uint8_t atr[YF_CARD_ATR];
        yf_out o = yf_out_of(atr, sizeof atr);
        yf_card_atr(&it.chip, &o);
        say("reader", json_null());
        say("why", json_string(why));
        say_hex("atr", yf_out_span(&o));
        return read_it(&it.way);
    }
    struct yf_transport way = yf_pcsc_transport(r);
    say("reader", json_string(yf_pcsc_name(r)));
    say_hex("atr", yf_pcsc_atr(r));
    yf_err e = read_it(&way);
    yf_pcsc_close(r);
    kill(card, SIGKILL);
    waitpid(card, NULL, 0);
    yf_pcscd_stop(service);
    return e;
}

/* ---- all of it ---- */

static void
first_day(void)
{
    static const struct {
        const char *what;
        yf_err (*step)(void);
    } steps[] = { { "make", make },
                  { "personalise", personalise },
                  { "file", into_a_file },
                  { "read", in_a_reader } };
    yf_err e = YF_OK;

    for (size_t i = 0; !e && i < sizeof steps / sizeof *steps; i++)
        if ((e = steps[i].step()))
            say("failed", json_sprintf("%s: %s", steps[i].what, yf_err_name(e)));
    say("ok", json_boolean(!e));
}

json_t *
up_card(void)
{
    int ends[2];
    json_t *said = NULL;

    if (pipe(ends) == 0) {
        pid_t child = fork();
        if (child == 0) {
            it.says = json_object();
            first_day();
            _exit(json_dumpfd(it.says, ends[1], JSON_COMPACT) != 0);
        }
        close(ends[1]);
        said = child > 0 ? json_loadfd(ends[0], JSON_DISABLE_EOF_CHECK, NULL) : NULL;
        close(ends[0]);
        if (child > 0)
            waitpid(child, NULL, 0);
    }
    return said ? said : json_pack("{s:b, s:s}", "ok", 0, "failed", "it broke off");
}

static const char *
text(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));

    return s ? s : "-";
}

static double
ms(const json_t *o, const char *name)
{
    return json_real_value(json_object_get(o, name));
}

void
up_card_print(const json_t *card)
{
    printf("\na card\n");
    printf("  made          serial %s, with random transport keys\n", text(card, "serial"));
    printf("  personalised  over SCP03 in %.0f ms: a travel document of nobody, unsigned\n",
           ms(card, "personalised_ms"));
    if (json_is_string(json_object_get(card, "reader")))
        printf("  inserted      into '%s' of a pcscd of its own\n", text(card, "reader"));
    else
        printf("  kept          in this process: %s\n", text(card, "why"));
    printf("  ATR           %s\n", text(card, "atr"));
    printf("  CardAccess    %s\n", text(card, "card_access"));
    printf("  PACE          with the card access number, in %.1f ms\n", ms(card, "pace_ms"));
    printf("  DG1           %.44s\n                %s\n", text(card, "mrz"),
           strlen(text(card, "mrz")) > 44 ? text(card, "mrz") + 44 : "");
    if (json_object_get(card, "failed"))
        printf("  FAILED        %s\n", text(card, "failed"));
}
