/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS_MAX = 15 };

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Calls a second over a slice; the clock is read once in a batch that doubles. */
static double
rate(void (*call)(void), double slice)
{
    double start = now(), spent = 0;
    size_t done = 0;

    for (size_t batch = 1; spent < slice; spent = now() - start) {
        for (size_t i = 0; i < batch; i++)
            call();
        done += batch;
        batch = spent < slice / 8 ? batch * 2 : batch;
    }
    return (double)done / spent;
}

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, ascending);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct bench_result
bench_measure(const struct bench_case *c, const struct bench_plan *p)
{
    double ours[ROUNDS_MAX], theirs[ROUNDS_MAX], slice = p->slice_ms / 1000.0;
    unsigned rounds = p->rounds < ROUNDS_MAX ? p->rounds : ROUNDS_MAX;

    for (unsigned i = 0; i < rounds; i++) {
        ours[i] = rate(c->ours, slice);
        theirs[i] = c->theirs ? rate(c->theirs, slice) : 0;
    }
    return (struct bench_result){
        .name = c->name,
        .variant = c->variant,
        .unit = c->unit,
        .value = c->amount * median(ours, rounds),
        .peer = c->theirs ? c->peer : NULL,
        .peer_value = c->amount * median(theirs, rounds),
    };
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
