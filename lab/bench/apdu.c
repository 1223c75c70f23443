/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card's commands a second: called as a function, and as any program meets it, through
 * pcscd and vpcd in a place of their own; and cards a second, from blank to their holders. The
 * command is the shortest that has data in its answer: what is measured is the way.
 */
#include "bench.h"

#include <yufu/base/clock.h>
#include <yufu/crypto/host.h>
#include <yufu/issuer/specimen.h>
#include <yufu/reader/pcsc.h>
#include <yufu/sim/flashram.h>
#include <yufu/sim/loop.h>
#include <yufu/sim/pcscd.h>
#include <yufu/sim/vpcd.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint8_t get_stage[] = { 0x80, 0xCA, 0x9F, 0x70, 0x00 };
static const struct yf_scp03_keys transport = { .cipher = YF_AES128 };

static struct yf_card card;
static struct yf_card_parts parts;
static struct yf_flashram flash;
static struct yf_specimen who;
static struct yf_perso perso;
static struct yf_transport way;

static void
must(yf_err e)
{
    if (e)
        abort();
}

static void
open_blank(void)
{
    must(yf_flashram_open(&flash, YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT));
    parts = (struct yf_card_parts){ .provider = &yf_provider_soft,
                                    .rng = yf_rng_system,
                                    .flash = &flash.flash,
                                    .applets = yf_card_applets,
                                    .tested = true };
    must(yf_card_make(&parts, YF_STR("BENCH"), &transport, &card));
    must(yf_card_start(&card, &parts));
    way = yf_sim_loop(&card);
}

static void
scrap(void)
{
    yf_card_stop(&card);
    yf_flashram_close(&flash);
}

static void
exchange(void)
{
    uint8_t mem[YF_APDU_MAX_SHORT_RSP];
    yf_out o = yf_out_of(mem, sizeof mem);

    must(way.transmit(way.state, YF_SPAN(get_stage), &o));
    if (o.n != 6 || mem[4] != 0x90)
        abort();
}

static void
issue(void)
{
    open_blank();
    must(yf_specimen_draw(&who, YF_SPECIMEN_INTL, &yf_provider_soft, &yf_rng_system));
    must(yf_perso_start(&perso, &way, &yf_provider_soft, &yf_rng_system));
    must(yf_specimen_issue(&who, &perso, &transport, &transport));
    scrap();
}

/* ---- in a reader ---- */

YF_NORETURN static void
be_inserted(void)
{
    static struct yf_vpcd v;
    int fd;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    must(yf_vpcd_init(&v, &card, &parts, (yf_span){ 0 }));
    must(yf_vpcd_dial(YF_VPCD_HOST, YF_VPCD_PORT, &fd));
    _exit(yf_vpcd_serve(&v, fd, -1) != YF_E_IO);
}

/* By the clock: three processes share the work, and mostly wait for each other. */
static double
by_the_clock(unsigned ms)
{
    uint64_t start = yf_clock_ns(), spent;
    size_t n = 0;

    do {
        exchange();
        n++;
        spent = yf_clock_ns() - start;
    } while (spent < (uint64_t)ms * 1000000);
    return 1e9 * (double)n / (double)spent;
}

/* What a child tells: calls a second, or 0 and why not. */
struct told {
    double value;
    char why[YF_PCSCD_WHY];
};
_Static_assert((int)YF_PCSC_WHY <= (int)YF_PCSCD_WHY, "either reason fits");

/* The service looks for cards about every 0.4 s. */
static yf_pcsc *
reader(char why[YF_PCSC_WHY])
{
    yf_pcsc *r = NULL;

    for (int i = 0; i < 100 && yf_pcsc_open("00 00", &r, why) == YF_E_NOTFOUND; i++)
        usleep(50000);
    return r;
}

/* One does not come back from where that service is: a child goes. */
static void
through_pcscd(unsigned ms, struct told *t)
{
    int service;

    if (yf_pcscd_enter(&service, t->why))
        return;
    open_blank();
    pid_t inserted = fork();
    if (inserted == 0)
        be_inserted();
    yf_pcsc *r = reader(t->why);
    if (r) {
        way = yf_pcsc_transport(r);
        t->value = by_the_clock(ms);
        yf_pcsc_close(r);
    }
    kill(inserted, SIGKILL);
    waitpid(inserted, NULL, 0);
    yf_pcscd_stop(service);
}

static struct told
in_a_child(unsigned ms)
{
    struct told t = { 0 };
    int ends[2];

    if (pipe(ends) != 0)
        abort();
    pid_t child = fork();
    if (child == 0) {
        through_pcscd(ms, &t);
        _exit(write(ends[1], &t, sizeof t) != sizeof t);
    }
    close(ends[1]);
    if (read(ends[0], &t, sizeof t) != sizeof t)
        snprintf(t.why, sizeof t.why, "the measurement broke off");
    close(ends[0]);
    waitpid(child, NULL, 0);
    return t;
}

/* ---- all of it ---- */

static const struct bench_case loop = { "apdu.loop", "soft", "apdu/s", 1, exchange, 0, 0, 0 },
                               vpcd = { "apdu.vpcd", "soft", "apdu/s", 1, exchange, 0, 0, 0 },
                               cards = { "issue.p256", "soft", "card/s", 1, issue, 0, 0, 0 };

size_t
bench_apdu_count(const struct bench_plan *p)
{
    return bench_chosen(&loop, 1, p) + bench_chosen(&vpcd, 1, p) + bench_chosen(&cards, 1, p);
}

static void
tell(const struct bench_case *c, const struct bench_plan *p, bench_report *report, void *arg)
{
    struct bench_result r = bench_measure(c, p);

    report(&r, arg);
}

void
bench_apdu(const struct bench_plan *p, bench_report *report, void *arg)
{
    if (bench_chosen(&loop, 1, p)) {
        open_blank();
        tell(&loop, p, report, arg);
        scrap();
    }
    if (bench_chosen(&cards, 1, p))
        tell(&cards, p, report, arg);
    if (bench_chosen(&vpcd, 1, p)) {
        struct told t = in_a_child(10 * p->slice_ms);
        struct bench_result r = { vpcd.name, vpcd.variant, vpcd.unit, t.value, NULL, 0, NULL };
        if (t.value == 0)
            r.why = t.why;
        report(&r, arg);
    }
}
