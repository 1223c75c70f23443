/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5 }; // odd, for the median

/* Of this process's CPU, in ns: time in which another program ran is nobody's slowness. */
static uint64_t
cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Calls a second over a slice; the clock is read once in a batch that doubles. */
static double
rate(void (*call)(void), uint64_t slice)
{
    uint64_t start = cpu_ns(), spent = 0;
    size_t done = 0, batch = 1;

    while (spent < slice) {
        for (size_t i = 0; i < batch; i++)
            call();
        done += batch;
        spent = cpu_ns() - start;
        batch = spent < slice / 8 ? batch * 2 : batch;
    }
    return 1e9 * (double)done / (double)spent;
}

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
median(double v[ROUNDS])
{
    qsort(v, ROUNDS, sizeof *v, ascending);
    return v[ROUNDS / 2];
}

struct bench_result
bench_measure(const struct bench_case *c, const struct bench_plan *p)
{
    double ours[ROUNDS], theirs[ROUNDS] = { 0 };
    const uint64_t slice = (uint64_t)p->slice_ms * 1000000;

    for (size_t i = 0; i < ROUNDS; i++) {
        ours[i] = rate(c->ours, slice);
        if (c->their_rate)
            theirs[i] = c->their_rate(p->slice_ms);
        else if (c->theirs)
            theirs[i] = rate(c->theirs, slice);
    }
    return (struct bench_result){
        .name = c->name,
        .variant = c->variant,
        .unit = c->unit,
        .value = c->amount * median(ours),
        .peer = c->theirs || c->their_rate ? c->peer : NULL,
        .peer_value = c->amount * median(theirs),
    };
}

size_t
bench_chosen(const struct bench_case *c, size_t n, const struct bench_plan *p)
{
    size_t chosen = 0;

    for (size_t i = 0; i < n; i++)
        chosen += !p->only || strncmp(c[i].name, p->only, strlen(p->only)) == 0;
    return chosen;
}

static const char *
cpu_model(void)
{
    static char model[128];
    char line[256];
    FILE *in = fopen("/proc/cpuinfo", "re");

    snprintf(model, sizeof model, "unknown");
    while (in && fgets(line, sizeof line, in))
        if (sscanf(line, "model name : %127[^\n]", model) == 1)
            break;
    if (in)
        fclose(in);
    return model;
}

struct bench_machine
bench_machine(void)
{
    return (struct bench_machine){
        .cpu = cpu_model(),
#ifdef __clang__
        .compiler = "clang " __clang_version__,
#else
        .compiler = "gcc " __VERSION__,
#endif
        .version = YF_VERSION,
        .peer = OpenSSL_version(OPENSSL_VERSION),
    };
}
