/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timing - does the time of a function depend on its secret? A statistical look.
 *
 * Each subject is run on two kinds of secret, one fixed and one drawn anew, in a
 * random order that is settled before the clock starts. Welch's t says whether the
 * two populations of times differ; slow outliers (interrupts) are cut at several
 * percentiles and the largest |t| counts. Above 4.5 on this many measurements is
 * a leak, below it is only "none seen": this supports the proof by poisoned memory
 * (tests/ct), it does not replace it.
 *
 * One subject is a control with a known leak. If it is not found, the instrument is
 * blind on this machine and the other answers are worth nothing.
 */
#ifndef YUFU_LAB_TIMING_H
#define YUFU_LAB_TIMING_H

#include <yufu/base.h>

struct timing_result {
    const char *name;
    size_t measurements;
    double t;     // largest |t|
    bool leak;    // t is above the threshold
    bool control; // this one is meant to leak
};

typedef void timing_report(const struct timing_result *r, void *arg);

#define TIMING_THRESHOLD 4.5

/* seconds is spent on each subject. YF_E_STATE if the control was not found leaking. */
YF_MUST yf_err timing_run(double seconds, timing_report *report, void *arg);
size_t timing_count(void);

#endif
