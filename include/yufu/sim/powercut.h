/* SPDX-License-Identifier: Apache-2.0 */
/*
 * powercut - every moment at which power can fail, tried.
 *
 * A scenario says how a memory is prepared, what is done to it then, and how one
 * looks at what is there. It is run once while everything that is programmed and erased
 * is recorded, and then once for every cut: the memory as a cut may leave it is built,
 * and looked at. What is seen must be what stood when the last change was
 * acknowledged, or what stands after the next one; a third state, a refusal, or a
 * later look that sees something else is a failure.
 *
 *     static yf_err
 *     spend(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
 *     {
 *         struct yf_store s;
 *         yf_err e = yf_store_open(&s, flash);
 *         for (int i = 0; i < 3 && !e; i++)
 *             if (!(e = yf_tries_take(&s, TRIES)))
 *                 yf_cuts_done(cuts);
 *         return e;
 *     }
 *     static const struct yf_cut_scenario tries = {
 *         .name = "tries", .setup = make, .step = spend, .look = yf_cuts_look_store };
 *     struct yf_cut_report r;
 *     yf_err e = yf_cuts_run(&tries, yf_cuts_depth(), &r);
 *     printf("# %s: %llu cuts%s%s\n", tries.name, r.cuts, e ? ": " : "", r.failure);
 *
 * What a cut may leave, and is tried:
 *   - the operation in progress done up to any byte, or with the unit in work half
 *     programmed; an erasure done up to any byte, or the page full of anything;
 *   - of the operations since the last barrier, every subset; where they are too
 *     many, all but the last ones, all but one, one or two alone; and a number
 *     of random mixtures of done, torn and not begun;
 *   - then, while the first look repairs, the same once more: in samples, whatever the depth.
 */
#ifndef YUFU_SIM_POWERCUT_H
#define YUFU_SIM_POWERCUT_H

#include <yufu/card/flash.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One run; a step is handed it to say what stands. */
struct yf_cuts;

struct yf_cut_scenario {
    const char *name;
    uint32_t page, pages, unit; // of the memory; 0: 1024, 12, 16
    void *ctx;                  // handed to the functions; no state of a card may be in it, for it
                                // outlives the cuts
    /* Before anything can go wrong. NULL: the memory is left erased. */
    yf_err (*setup)(void *ctx, const struct yf_flash *flash);
    /*
     * Power on, and what is to be cut. Always the same operations. Each change that is
     * acknowledged is told by yf_cuts_done.
     */
    yf_err (*step)(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts);
    /* Power on, and write down all that can be seen (at most YF_CUT_SEEN bytes). */
    yf_err (*look)(void *ctx, const struct yf_flash *flash, yf_out *seen);
    /* After a look, may be NULL: power on, and one more change works. */
    yf_err (*more)(void *ctx, const struct yf_flash *flash);
    bool refusable; // look may also refuse with YF_E_FORMAT, as half a format does
};

enum { YF_CUT_SEEN = 4096, YF_CUT_STATES = 256 }; // bytes of a state, changes of a step, at most

/* A change has been acknowledged: from now on nothing may show the state before it. */
YF_API void yf_cuts_done(struct yf_cuts *cuts);

enum yf_cut_depth {
    YF_CUT_QUICK, // seconds: every byte that is programmed; erasures and larger subsets in samples
    YF_CUT_DEEP,  // a minute: every byte of an erasure too, and subsets of up to eight operations
};

/* DEEP if the environment has YUFU_CUTS=deep. */
YF_API enum yf_cut_depth yf_cuts_depth(void);

struct yf_cut_report {
    unsigned long long cuts;   // tried
    unsigned long long images; // of them different
    unsigned long long second; // cuts during the repair after another
    char failure[256];         // empty, or what did not hold, where
};

/* YF_OK if all held; YF_E_STATE, with report->failure saying what did not; YF_E_ROOM. */
YF_API YF_MUST yf_err yf_cuts_run(const struct yf_cut_scenario *scenario, enum yf_cut_depth depth,
                                  struct yf_cut_report *report);

/* A look for scenarios of the store: opens it, and writes down every object, its size and a hash.
 */
YF_API YF_MUST yf_err yf_cuts_look_store(void *ctx, const struct yf_flash *flash, yf_out *seen);

/*
 * A counter that must never go up: make sets it up in an empty store, take is one try
 * less, left reads it. All are given a store that is open, and ctx. Tries are taken
 * until left is 0; after every cut there is what was left, or one less, and the next take
 * takes exactly one.
 */
struct yf_store;
struct yf_cut_counter {
    const char *name;
    void *ctx;
    yf_err (*make)(void *ctx, struct yf_store *s);
    yf_err (*take)(void *ctx, struct yf_store *s);
    yf_err (*left)(void *ctx, const struct yf_store *s, uint8_t *left);
};
YF_API YF_MUST yf_err yf_cuts_counter(const struct yf_cut_counter *c, enum yf_cut_depth depth,
                                      struct yf_cut_report *report);

#ifdef __cplusplus
}
#endif

#endif
