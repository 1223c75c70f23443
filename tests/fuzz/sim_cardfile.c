/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file somebody says is a card: what is opened is what would have been written, byte
 * for byte, and its memory is the file's; what is not opened says why in one line.
 *
 * The first byte of an input says how the rest becomes a file: 1, it is the beginning of
 * a head, whose zeros and checksum are added; 2, erased memory follows it; else as it is.
 */
#include "fuzz.h"

#include <yufu/crypto/provider.h>
#include <yufu/sim/cardfile.h>
#include <yufu/wire/out.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SUMMED = YF_CARDFILE_HEAD - 32, MEMORY = 1 << 17 };

static uint8_t file[YF_CARDFILE_HEAD + MEMORY], again[YF_CARDFILE_HEAD + MEMORY];

/* The file an input stands for. */
static size_t
make(unsigned how, yf_span in)
{
    yf_span head = { file, SUMMED };
    size_t n = in.n < sizeof file ? in.n : sizeof file;

    memset(file, 0, sizeof file);
    memcpy(file, in.p, n);
    if (how & 1) {
        n = YF_CARDFILE_HEAD;
        memset(file + SUMMED, 0, sizeof file - SUMMED);
        MUST(yf_hash_all(yf_provider_soft.hash[YF_SHA256], &head, 1, file + SUMMED) == YF_OK);
    }
    if (how & 2 && n == YF_CARDFILE_HEAD) {
        uint64_t memory = (uint64_t)yf_be32(file + 12) * yf_be32(file + 16);
        memset(file + n, 0xFF, MEMORY);
        n += memory < MEMORY ? (size_t)memory : MEMORY;
    }
    return n;
}

static void
same(const yf_cardfile *f, size_t n)
{
    const struct yf_flash *flash = yf_cardfile_flash(f);
    const struct yf_cardfile_shape shape = { flash->page, flash->pages, flash->unit };
    size_t memory = (size_t)shape.page * shape.pages;

    MUST(n == YF_CARDFILE_HEAD + memory);
    yf_cardfile_head_put(&shape, again);
    MUST(flash->read(flash->state, 0, again + YF_CARDFILE_HEAD, memory) == YF_OK);
    MUST(memcmp(again, file, n) == 0);
}

static void
open_as(const char *path, enum yf_cardfile_mode mode, size_t n)
{
    char why[YF_CARDFILE_WHY] = "";
    yf_cardfile *f = NULL;

    if (yf_cardfile_open(path, mode, &f, why) == YF_OK)
        same(f, n);
    else
        MUST(f == NULL && *why && strchr(why, '\n') == NULL);
    yf_cardfile_close(f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yf_cardfile_shape shape;
    char path[64], why[YF_CARDFILE_WHY];

    if (size == 0)
        return 0;
    size_t n = make(data[0], (yf_span){ data + 1, size - 1 });
    yf_span head = { file, n < YF_CARDFILE_HEAD ? n : YF_CARDFILE_HEAD };

    if (yf_cardfile_head_parse(head, &shape, why) == YF_OK) {
        yf_cardfile_head_put(&shape, again);
        MUST(head.n == YF_CARDFILE_HEAD && memcmp(again, file, YF_CARDFILE_HEAD) == 0);
    }
    int fd = memfd_create("card", MFD_CLOEXEC);
    MUST(fd >= 0 && write(fd, file, n) == (ssize_t)n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    open_as(path, YF_CARDFILE_WRITE, n);
    open_as(path, YF_CARDFILE_COPY, n);
    close(fd);
    return 0;
}
