/* SPDX-License-Identifier: Apache-2.0 */
/* yufu lab: the evidence kit. Here its first part, the known answers. */
#include "cli.h"
#include "kat.h"

#include <yufu/base/clock.h>
#include <yufu/crypto/host.h>
#include <yufu/crypto/selftest.h>

#include <jansson.h>

const yf_provider *const kat_providers[] = { &yf_provider_soft, &yf_provider_host, NULL };

static void
count(void *state, const char *name, yf_err e)
{
    struct kat *k = state;

    k->passed += !e;
    k->failed += e != YF_OK;
    if (k->each)
        k->each(k->provider, name, !e, k->arg);
}

bool
kat_run(const yf_provider *p, struct kat *k)
{
    const yf_selftest_report report = { count, k };
    uint64_t start = yf_clock_ns();

    k->provider = p->name;
    bool ok = yf_selftest(p, &report) == YF_OK;
    k->ms += 1e-6 * (double)(yf_clock_ns() - start);
    return ok;
}

static void
print(const char *provider, const char *name, bool ok, void *arg)
{
    (void)arg;
    printf("%-6s %-24s %s\n", provider, name, ok ? "ok" : "FAILED");
}

static void
print_json(const char *provider, const char *name, bool ok, void *arg)
{
    json_t *o = json_pack("{s:s, s:s, s:b}", "provider", provider, "test", name, "ok", ok);
    (void)arg;

    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static int
run(const struct args *a)
{
    struct kat k = { .each = arg(a, "json") ? print_json : print };
    bool ok = true;

    for (const yf_provider *const *p = kat_providers; *p; p++)
        ok &= kat_run(*p, &k);
    if (!arg(a, "json"))
        printf("\n%zu passed, %zu failed in %.0f ms\n", k.passed, k.failed, k.ms);
    return ok ? DONE
              : complain(a, NO, "self-test failed", NULL,
                         "do not use this build; report the lines marked FAILED");
}

const struct cmd cmd_lab_kat = {
    .name = "lab kat",
    .rest = "",
    .summary = "known-answer tests of every algorithm of every provider",
    .text = "What a card runs at its start. The published vectors behind them, and many more,\n"
            "are part of './dev test'.\n",
    .opts = { { "json", NULL, "one JSON object a line" } },
    .run = run,
};
