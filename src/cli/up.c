/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yufu up: the main job. What stands so far are ciphers and cards, so this checks the
 * ciphers against known answers, shows what they do, makes a card and reads it, and says so.
 */
#include "up.h"
#include "bench.h"
#include "cli.h"
#include "kat.h"
#include "progress.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/sm2.h>

/* Long enough for a first impression; `yufu bench crypto` measures properly. */
static const struct bench_plan quick = { .slice_ms = 15, .only = "sm" };

struct tour {
    json_t *results; // NULL: print
    size_t done, total;
};

static bool
self_tests(json_t *list)
{
    bool ok = true;

    if (!list)
        printf("self-tests\n");
    for (const yf_provider *const *p = kat_providers; *p; p++) {
        struct kat k = { 0 };
        ok &= kat_run(*p, &k);
        if (list)
            json_array_append_new(list,
                                  json_pack("{s:s, s:i, s:i}", "provider", (*p)->name, "passed",
                                            (int)k.passed, "failed", (int)k.failed));
        else
            printf("  %-6s %3zu known answers right, %zu wrong, in %.0f ms\n", (*p)->name, k.passed,
                   k.failed, k.ms);
    }
    return ok;
}

/* Sign, verify, and see a changed message and a changed signature refused. */
static yf_err
signature(const yf_sm2 *s, const uint8_t *d, yf_span pub)
{
    yf_span msg = YF_STR("pay to the bearer"), other = YF_STR("pay to the barber");
    uint8_t sig[YF_SM2_SIG];
    yf_err e = yf_sm2_sign(s, d, YF_SM2_DEFAULT_ID, msg, &yf_rng_system, sig);

    if (!e)
        e = yf_sm2_verify(s, pub, YF_SM2_DEFAULT_ID, msg, YF_SPAN(sig));
    if (!e && yf_sm2_verify(s, pub, YF_SM2_DEFAULT_ID, other, YF_SPAN(sig)) != YF_E_AUTH)
        e = YF_E_STATE;
    sig[5] ^= 1;
    if (!e && yf_sm2_verify(s, pub, YF_SM2_DEFAULT_ID, msg, YF_SPAN(sig)) != YF_E_AUTH)
        e = YF_E_STATE;
    return e;
}

static yf_err
encryption(const yf_sm2 *s, const uint8_t *d, yf_span pub)
{
    static const uint8_t msg[] = "for your eyes";
    uint8_t box[sizeof msg + YF_SM2_OVERHEAD], back[sizeof msg];
    yf_err e = yf_sm2_encrypt(s, pub, YF_SPAN(msg), &yf_rng_system, box);

    if (!e)
        e = yf_sm2_decrypt(s, d, YF_SPAN(box), back);
    if (!e && !yf_span_eq(YF_SPAN(msg), YF_SPAN(back)))
        e = YF_E_STATE;
    box[sizeof box - 1] ^= 1;
    if (!e && yf_sm2_decrypt(s, d, YF_SPAN(box), back) != YF_E_AUTH)
        e = YF_E_STATE;
    return e;
}

static bool
show(json_t *ciphers, const char *name, const char *text, yf_err e)
{
    if (ciphers)
        json_object_set_new(ciphers, name, json_boolean(!e));
    else
        printf("  %-11s %s: %s\n", name, text, e ? yf_err_name(e) : "ok");
    return !e;
}

static bool
tour(json_t *ciphers)
{
    uint8_t d[YF_SM2_SIZE], pub[YF_SM2_POINT];
    yf_sm2 s = { 0 };
    yf_err e = yf_sm2_open(&s, &yf_provider_host);

    if (!ciphers)
        printf("\nwhat the ciphers do\n");
    if (!e)
        e = yf_ec_keygen(&s.group, &yf_rng_system, d, pub);
    bool ok = show(ciphers, "key pair", "drawn from the system's random bytes", e);
    if (ok) {
        ok &= show(ciphers, "signature",
                   "verified; a changed message and a changed signature refused",
                   signature(&s, d, YF_SPAN(pub)));
        ok &= show(ciphers, "encryption", "decrypted; a changed ciphertext refused",
                   encryption(&s, d, YF_SPAN(pub)));
    }
    yf_wipe(d, sizeof d);
    yf_sm2_close(&s);
    return ok;
}

static void
figure(const struct bench_result *r, void *arg)
{
    struct tour *t = arg;

    progress_clear();
    if (t->results)
        json_array_append_new(t->results, bench_result_json(r));
    else
        bench_result_print(r);
    progress("measuring", ++t->done, t->total);
}

static bool
figures(json_t *results)
{
    struct tour t = { .results = results, .total = bench_crypto_count(&quick) };
    struct bench_machine m = bench_machine();

    if (!results)
        printf("\nhow fast: one thread, beside %s, on %s\n", m.peer, m.cpu);
    (void)fflush(stdout);
    progress("measuring", 0, t.total);
    yf_err e = bench_crypto(&quick, figure, &t);
    progress_clear();
    return !e;
}

static bool
card(json_t *all)
{
    json_t *c = up_card();
    bool ok = json_is_true(json_object_get(c, "ok"));

    if (all)
        json_object_set(all, "card", c);
    else
        up_card_print(c);
    json_decref(c);
    return ok;
}

static int
run(const struct args *a)
{
    json_t *all = arg(a, "json") ? json_pack("{s:s, s:[], s:{}, s:[]}", "version", YF_VERSION,
                                             "selftests", "ciphers", "results")
                                 : NULL;
    bool ok = true;

    if (!all)
        printf("Yufu %s: ciphers and cards stand; office, gate and record follow.\n\n", YF_VERSION);
    if (!all && (arg(a, "travellers") || arg(a, "exit")))
        printf("(there are no lanes yet: --travellers and --exit change nothing)\n\n");
    ok &= self_tests(json_object_get(all, "selftests"));
    ok &= tour(json_object_get(all, "ciphers"));
    ok &= card(all);
    ok &= figures(json_object_get(all, "results"));
    if (all) {
        json_object_set_new(all, "ok", json_boolean(ok));
        json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
        putchar('\n');
        json_decref(all);
    } else if (ok) {
        printf("\nnext: 'yufu help', or the tour in README.md\n");
    }
    return ok ? DONE
              : complain(a, NO, "a check failed", NULL,
                         "do not use this build; see 'yufu lab kat'");
}

const struct cmd cmd_up = {
    .name = "up",
    .rest = "",
    .summary = "the main job; so far a tour of the ciphers and of a card",
    .text =
        "Checks every algorithm against known answers, signs and encrypts with SM2, makes a\n"
        "card, personalises it, puts it into a virtual reader of a pcscd of its own (or keeps\n"
        "it in this process, and says why) and reads it with PACE, and measures the SM ciphers\n"
        "beside OpenSSL for two seconds. The card goes when it is done.\n",
    .opts = { { "travellers", "N", "for the lanes to come; changes nothing yet" },
              { "exit", NULL, "for the lanes to come; changes nothing yet" },
              { "json", NULL, "one JSON object" } },
    .run = run,
};
