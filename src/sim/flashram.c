/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/sim/flashram.h>

#include <stdlib.h>
#include <string.h>

static size_t
bytes_in(const struct yf_flashram *f)
{
    return (size_t)f->flash.page * f->flash.pages;
}

static bool
inside(const struct yf_flashram *f, uint32_t at, size_t n)
{
    return at <= bytes_in(f) && n <= bytes_in(f) - at;
}

static yf_err
ram_read(void *state, uint32_t at, uint8_t *to, size_t n)
{
    const struct yf_flashram *f = state;

    if (!inside(f, at, n))
        return YF_E_STATE;
    memcpy(to, f->mem + at, n);
    return YF_OK;
}

static yf_err
ram_program(void *state, uint32_t at, yf_span bytes)
{
    struct yf_flashram *f = state;
    uint32_t unit = f->flash.unit;

    if (!inside(f, at, bytes.n) || at % unit || bytes.n % unit)
        return YF_E_STATE;
    uint8_t *programmed = f->programmed + at / unit;
    if (bytes.n && memchr(programmed, 1, bytes.n / unit))
        return YF_E_STATE;
    memset(programmed, 1, bytes.n / unit);
    memcpy(f->mem + at, bytes.p, bytes.n);
    f->programs++;
    return YF_OK;
}

static yf_err
ram_erase(void *state, uint32_t page)
{
    struct yf_flashram *f = state;
    size_t units = f->flash.page / f->flash.unit;

    if (page >= f->flash.pages)
        return YF_E_STATE;
    memset(f->mem + (size_t)page * f->flash.page, 0xFF, f->flash.page);
    memset(f->programmed + page * units, 0, units);
    f->erased[page]++;
    return YF_OK;
}

static yf_err
ram_barrier(void *state)
{
    struct yf_flashram *f = state;

    f->barriers++;
    return YF_OK;
}

yf_err
yf_flashram_open(struct yf_flashram *f, uint32_t page, uint32_t pages, uint32_t unit)
{
    struct yf_flashram r = {
        .flash = { page, pages, unit, ram_read, ram_program, ram_erase, ram_barrier, f },
        .mem = malloc((size_t)page * pages),
        .programmed = calloc(pages, page / unit),
        .erased = calloc(pages, sizeof *r.erased),
    };

    if (!r.mem || !r.programmed || !r.erased) {
        yf_flashram_close(&r);
        return YF_E_ROOM;
    }
    memset(r.mem, 0xFF, bytes_in(&r));
    *f = r;
    return YF_OK;
}

void
yf_flashram_close(struct yf_flashram *f)
{
    free(f->mem);
    free(f->programmed);
    free(f->erased);
    f->mem = f->programmed = NULL;
    f->erased = NULL;
}

void
yf_flashram_load(struct yf_flashram *f, const uint8_t *bytes)
{
    uint32_t unit = f->flash.unit;

    memcpy(f->mem, bytes, bytes_in(f));
    for (size_t i = 0; i < bytes_in(f) / unit; i++) {
        f->programmed[i] = 0;
        for (uint32_t k = 0; k < unit; k++)
            f->programmed[i] |= f->mem[i * unit + k] != 0xFF;
    }
}
