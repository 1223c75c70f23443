/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PINs: what is kept, what is said, and a new one are secret; whether they are the same is
 * the verdict, and whether a new one is long enough is told.
 */
#include "secret.h"

#include <yufu/card/pin.h>

#include <string.h>

enum { PAGE = 4096, PAGES = 8, APP = 3 };

static uint8_t mem[PAGE * PAGES];

static yf_err
read_mem(void *state, uint32_t at, uint8_t *to, size_t n)
{
    (void)state;
    memcpy(to, mem + at, n);
    return YF_OK;
}

static yf_err
program_mem(void *state, uint32_t at, yf_span bytes)
{
    (void)state;
    memcpy(mem + at, bytes.p, bytes.n);
    return YF_OK;
}

static yf_err
erase_page(void *state, uint32_t page)
{
    (void)state;
    memset(mem + page * PAGE, 0xFF, PAGE);
    return YF_OK;
}

static yf_err
barrier(void *state)
{
    (void)state;
    return YF_OK;
}

static const struct yf_flash flash = { PAGE,        PAGES,      8,       read_mem,
                                       program_mem, erase_page, barrier, NULL };
static struct yf_store store;

static const struct yf_pin_rule rule = { .min = 4, .max = 8, .tries = 3, .pad = 0xFF };

/* PIN 1 is 1234, and from here on nobody knows where it lies. */
static void
begin(void)
{
    must_be(YF_OK, yf_store_format(&store, &flash));
    must_be(YF_OK, yf_pin_create(&store, APP, 1, &rule, YF_STR("1234")));
    for (size_t i = 0; i + 8 <= sizeof mem; i++)
        if (memcmp(mem + i, "1234\xFF\xFF\xFF\xFF", 8) == 0) {
            ct_secret(mem + i, 8);
            return;
        }
    abort();
}

static yf_err
verify(const char *pin)
{
    uint8_t said[8], left;

    memcpy(said, pin, strlen(pin));
    ct_secret(said, sizeof said);
    return yf_pin_verify(&store, APP, 1, (yf_span){ said, strlen(pin) }, &left);
}

static void
compares(void)
{
    begin();
    must_be(YF_OK, verify("1234"));
    must_be(YF_E_AUTH, verify("4321"));
    must_be(YF_E_AUTH, verify("1235"));
    must_be(YF_OK, verify("1234\xFF"));
    must_be(YF_E_AUTH, verify("12345678"));
}

static yf_err
set(const char *pin)
{
    uint8_t value[8];

    memcpy(value, pin, strlen(pin));
    ct_secret(value, sizeof value);
    return yf_pin_set(&store, APP, 1, (yf_span){ value, strlen(pin) });
}

static void
changes(void)
{
    begin();
    must_be(YF_OK, set("56789"));
    must_be(YF_E_FORMAT, set("567\xFF\xFF\xFF"));
    must_be(YF_E_AUTH, verify("1234"));
    must_be(YF_OK, verify("56789"));
}

CT_MAIN(CT(compares), CT(changes))
