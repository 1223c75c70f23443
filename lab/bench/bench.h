/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench - how fast, beside a peer, in one run.
 *
 * A machine's speed drifts, so ours and the peer's take turns in short slices and
 * the medians are reported; the ratio is what may be quoted. Time is the process's CPU.
 */
#ifndef YUFU_LAB_BENCH_H
#define YUFU_LAB_BENCH_H

#include <yufu/base.h>

struct bench_result {
    const char *name;    // "sm2.verify"
    const char *variant; // "soft"
    const char *unit;    // "op/s" or "MB/s"
    double value;
    const char *peer; // "openssl"; NULL where none ran
    double peer_value;
    const char *why; // NULL, or why it could not be measured; value is 0 then
};

struct bench_plan {
    unsigned slice_ms; // of each of five turns a side
    const char *only;  // names that begin so; NULL for all
};

typedef void bench_report(const struct bench_result *r, void *arg);

/* One thing to measure: both sides do the same work at each call. */
struct bench_case {
    const char *name, *variant, *unit;
    double amount; // of the unit in one call: 1, or MB
    void (*ours)(void);
    const char *peer;
    void (*theirs)(void);                    // NULL: no peer has it
    double (*their_rate)(unsigned slice_ms); // instead: a peer that measures itself, calls a second
};

struct bench_result bench_measure(const struct bench_case *c, const struct bench_plan *p);

/* How many of n cases the plan is about. */
size_t bench_chosen(const struct bench_case *c, size_t n, const struct bench_plan *p);

/* Ciphers beside OpenSSL. YF_E_IO if the peer cannot be set up. */
YF_MUST yf_err bench_crypto(const struct bench_plan *p, bench_report *report, void *arg);
size_t bench_crypto_count(const struct bench_plan *p);

/* What card and reader do together, beside libeac where it is; and then bench_apdu. */
YF_MUST yf_err bench_card(const struct bench_plan *p, bench_report *report, void *arg);
size_t bench_card_count(const struct bench_plan *p);

/* A card's commands a second, in this process and through pcscd and vpcd by the clock; and cards
 * issued a second. */
void bench_apdu(const struct bench_plan *p, bench_report *report, void *arg);
size_t bench_apdu_count(const struct bench_plan *p);

/* What the figures were taken on; the strings live as long as the program. */
struct bench_machine {
    const char *cpu, *compiler, *version, *peer;
};
struct bench_machine bench_machine(void);

#endif
