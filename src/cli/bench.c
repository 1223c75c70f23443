/* SPDX-License-Identifier: Apache-2.0 */
/* yufu bench: figures, each beside a peer that ran in the same minute. */
#include "bench.h"
#include "cli.h"
#include "progress.h"

#include <lab/timing/timing.h>

#include <stdlib.h>

struct output {
    json_t *results; // NULL: print lines
    size_t done, total;
};

static json_t *
machine(void)
{
    struct bench_machine m = bench_machine();

    return json_pack("{s:s, s:s, s:s, s:s}", "cpu", m.cpu, "compiler", m.compiler, "version",
                     m.version, "peer", m.peer);
}

static void
print_machine(void)
{
    struct bench_machine m = bench_machine();

    printf(
        "yufu %s, %s\n%s; peer: %s\none thread, medians; ratio above 1: faster than the peer\n\n",
        m.version, m.compiler, m.cpu, m.peer);
}

static int
print_json(json_t *results)
{
    json_t *all = json_pack("{s:o, s:o}", "machine", machine(), "results", results);

    json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(all);
    return DONE;
}

json_t *
bench_result_json(const struct bench_result *r)
{
    json_t *o = json_pack("{s:s, s:s, s:o, s:s}", "name", r->name, "variant", r->variant, "value",
                          r->why ? json_null() : json_real(r->value), "unit", r->unit);

    if (r->why)
        json_object_set_new(o, "not_measured", json_string(r->why));
    if (r->peer) {
        json_object_set_new(o, "peer", json_string(r->peer));
        json_object_set_new(o, "peer_value", json_real(r->peer_value));
        json_object_set_new(o, "ratio", json_real(r->value / r->peer_value));
    }
    return o;
}

void
bench_result_print(const struct bench_result *r)
{
    if (r->why)
        printf("  %-23s not measured: %s", r->name, r->why);
    else
        printf("  %-23s %9.0f %s", r->name, r->value, r->unit);
    if (r->peer)
        printf("   %s %9.0f   ratio %5.2f", r->peer, r->peer_value, r->value / r->peer_value);
    putchar('\n');
    (void)fflush(stdout);
}

static void
show(const struct bench_result *r, void *arg)
{
    struct output *o = arg;

    progress_clear();
    if (o->results)
        json_array_append_new(o->results, bench_result_json(r));
    else
        bench_result_print(r);
    progress("measuring", ++o->done, o->total);
}

static int
run_cases(const struct args *a, size_t (*count)(const struct bench_plan *),
          yf_err (*bench)(const struct bench_plan *, bench_report *, void *), const char *try)
{
    long slice = 50;
    struct bench_plan plan = { .only = a->n ? a->rest[0] : NULL };
    struct output o = { .results = arg(a, "json") ? json_array() : NULL };

    if (!arg_number(a, "slice", 1, 10000, &slice))
        return USAGE;
    plan.slice_ms = (unsigned)slice;
    o.total = count(&plan);
    if (o.total == 0)
        return complain(a, USAGE, "no such case", plan.only, "try %s or none", try);
    if (!o.results)
        print_machine();
    progress("measuring", 0, o.total);
    yf_err e = bench(&plan, show, &o);
    progress_clear();
    if (e)
        return complain(a, UNSURE, "cannot measure", "openssl",
                        "it lacks an algorithm of this bench");
    return o.results ? print_json(o.results) : DONE;
}

static int
run_crypto(const struct args *a)
{
    return run_cases(a, bench_crypto_count, bench_crypto, "'sm2', 'sm4', 'p256'");
}

static int
run_card(const struct args *a)
{
    return run_cases(a, bench_card_count, bench_card,
                     "'pace-gm', 'pace-im', 'ca', 'apdu', 'issue'");
}

#define SLICE                                                                                      \
    {                                                                                              \
        "slice", "MS", "length of a slice, five a side (default 50)"                               \
    }

const struct cmd cmd_bench_crypto = {
    .name = "bench crypto",
    .rest = "[NAME]",
    .summary = "speed of the ciphers beside OpenSSL, in one run",
    .text = "NAME is the beginning of the names to measure: sm2, sm4.ctr, p256.\n",
    .max = 1,
    .opts = { { "json", NULL, "one JSON object" }, SLICE },
    .run = run_crypto,
};

const struct cmd cmd_bench_card = {
    .name = "bench card",
    .rest = "[NAME]",
    .summary = "speed of card and reader together, and of a card through pcscd",
    .text = "NAME is the beginning of the names to measure: pace-gm, pace-im, ca, apdu, issue.\n"
            "YUFU_EACPEER names the program that runs libeac's PACE beside ours; `./dev bench`\n"
            "sets it where libeac is installed. What cannot be measured here is named, with the "
            "reason.\n",
    .max = 1,
    .opts = { { "json", NULL, "one JSON object" }, SLICE },
    .run = run_card,
};

static void
show_timing(const struct timing_result *r, void *arg)
{
    struct output *o = arg;
    const char *verdict = r->leak ? (r->control ? "leaks, as it must" : "LEAK")
                                  : (r->control ? "NOT FOUND" : "none seen");

    progress_clear();
    if (o->results)
        json_array_append_new(o->results,
                              json_pack("{s:s, s:I, s:f, s:b, s:b}", "name", r->name,
                                        "measurements", (json_int_t)r->measurements, "t", r->t,
                                        "leak", r->leak, "control", r->control));
    else
        printf("%-28s %10zu runs   |t| %7.2f   %s\n", r->name, r->measurements, r->t, verdict);
    (void)fflush(stdout);
    o->done += r->leak && !r->control;
}

static int
run_timing(const struct args *a)
{
    long seconds = 5;
    struct output o = { .results = arg(a, "json") ? json_array() : NULL };

    if (!arg_number(a, "seconds", 1, 3600, &seconds))
        return USAGE;
    if (!o.results)
        printf("time against secret, %ld s each; |t| above %.1f is a leak\n\n", seconds,
               TIMING_THRESHOLD);
    yf_err e = timing_run((double)seconds, show_timing, &o);
    if (o.results)
        print_json(o.results);
    if (e)
        return complain(a, UNSURE, "the instrument is blind here", NULL,
                        "the control with a known leak was not found; run on a quieter machine");
    if (o.done)
        return complain(a, NO, "time depends on a secret", NULL,
                        "%zu of %zu functions; run again with more --seconds", o.done,
                        timing_count() - 1);
    return DONE;
}

const struct cmd cmd_bench_timing = {
    .name = "bench timing",
    .rest = "",
    .summary = "whether the time of a function depends on its secret",
    .text = "A statistical look (Welch's t-test) at each function that promises constant time,\n"
            "with a control that is known to leak. 'None seen' is no proof; the proof by\n"
            "poisoned memory is part of the tests.\n",
    .opts = { { "seconds", "N", "time for each function (default 5)" },
              { "json", NULL, "one JSON object" } },
    .run = run_timing,
};
