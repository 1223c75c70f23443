/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/sim/cardfile.h>

#include <yufu/base/file.h>
#include <yufu/card/limits.h>
#include <yufu/crypto/provider.h>
#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct yf_cardfile {
    struct yf_flash flash;
    int fd;      // -1: in memory alone
    bool broken; // the file failed: what it holds is not known
    size_t n;    // bytes of memory
    uint8_t *mem;
};

static void
explain(char why[YF_CARDFILE_WHY], const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(why, YF_CARDFILE_WHY, format, ap);
    va_end(ap);
}

/* ---- the head ---- */

/*
 * magic (8)  version (2)  '0000'  page (4)  pages (4)  unit (4)  text (64)
 * zeros  SHA-256 of all before it (32)
 *
 * The magic shows what a transfer as text would break: a byte above 7F, CR LF, an end of
 * file and a LF.
 */
static const uint8_t magic[8] = { 0x89, 'Y', 'F', 'C', 0x0D, 0x0A, 0x1A, 0x0A };
static const char text[64] = "a smart card of Yufu: holds secret keys, show it to nobody\n";

enum { SUM = 32, SUMMED = YF_CARDFILE_HEAD - SUM };

static void
sum(const uint8_t *head, uint8_t md[SUM])
{
    yf_span all = { head, SUMMED };

    if (yf_hash_all(yf_provider_hash(&yf_provider_soft, YF_SHA256), &all, 1, md))
        yf_halt();
}

void
yf_cardfile_head_put(const struct yf_cardfile_shape *shape, uint8_t head[YF_CARDFILE_HEAD])
{
    yf_out o = yf_out_of(head, SUMMED);

    yf_out_put(&o, YF_SPAN(magic));
    yf_out_u16(&o, YF_CARDFILE_VERSION);
    yf_out_u16(&o, 0);
    yf_out_u32(&o, shape->page);
    yf_out_u32(&o, shape->pages);
    yf_out_u32(&o, shape->unit);
    yf_out_put(&o, YF_SPAN(text));
    yf_out_fill(&o, 0, SUMMED - o.n);
    sum(head, head + SUMMED);
}

static bool
power_of_two(uint32_t v)
{
    return v && (v & (v - 1)) == 0;
}

enum { MOST = 32 << 20 };

/* The bounds of flash.h. */
static bool
possible(const struct yf_cardfile_shape *s)
{
    return power_of_two(s->page) && s->page >= 1024 && s->page <= 65536 && s->pages >= 8 &&
           s->pages <= YF_STORE_PAGES && s->page * s->pages <= MOST && power_of_two(s->unit) &&
           s->unit <= 16;
}

yf_err
yf_cardfile_head_parse(yf_span in, struct yf_cardfile_shape *shape, char why[YF_CARDFILE_WHY])
{
    uint8_t same[YF_CARDFILE_HEAD];
    struct yf_cardfile_shape s;
    yf_cur c = yf_cur_of(in);
    yf_span begin = yf_cur_take(&c, sizeof magic);
    unsigned version = yf_cur_u16(&c);

    if (c.err || !yf_span_eq(begin, YF_SPAN(magic)))
        return explain(why, "not a card file"), YF_E_FORMAT;
    if (version != YF_CARDFILE_VERSION)
        return explain(why, "a card file of version %u; this program knows version %d", version,
                       YF_CARDFILE_VERSION),
               YF_E_UNSUPPORTED;
    if (in.n < YF_CARDFILE_HEAD)
        return explain(why, "damaged: cut short after %zu bytes, within its head", in.n),
               YF_E_FORMAT;
    (void)yf_cur_u16(&c);
    s.page = yf_cur_u32(&c);
    s.pages = yf_cur_u32(&c);
    s.unit = yf_cur_u32(&c);
    if (in.n != YF_CARDFILE_HEAD || !possible(&s))
        return explain(why, "damaged: its head is no card's"), YF_E_FORMAT;
    yf_cardfile_head_put(&s, same);
    if (!yf_span_eq(in, YF_SPAN(same)))
        return explain(why, "damaged: the checksum of its head is wrong"), YF_E_FORMAT;
    *shape = s;
    return YF_OK;
}

/* ---- the memory, as a flash ---- */

static bool
inside(const yf_cardfile *f, uint32_t at, size_t n)
{
    return at <= f->n && n <= f->n - at;
}

/* All of it, or an error: what a signal cut is gone on with. */
static yf_err
through(yf_cardfile *f, uint32_t at, size_t n)
{
    const uint8_t *p = f->mem + at;
    off_t to = (off_t)YF_CARDFILE_HEAD + at;

    while (f->fd >= 0 && n) {
        ssize_t put = pwrite(f->fd, p, n, to);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            f->broken = true;
            return YF_E_IO;
        }
        p += put;
        n -= (size_t)put;
        to += put;
    }
    return YF_OK;
}

static yf_err
flash_read(void *state, uint32_t at, uint8_t *to, size_t n)
{
    const yf_cardfile *f = state;

    if (!inside(f, at, n))
        return YF_E_STATE;
    if (f->broken)
        return YF_E_IO;
    if (n)
        memcpy(to, f->mem + at, n);
    return YF_OK;
}

static bool
erased(const uint8_t *p, size_t n)
{
    uint8_t all = 0xFF;

    for (size_t i = 0; i < n; i++)
        all &= p[i];
    return all == 0xFF;
}

static yf_err
flash_program(void *state, uint32_t at, yf_span bytes)
{
    yf_cardfile *f = state;
    uint32_t rest = f->flash.unit - 1;

    if (!inside(f, at, bytes.n) || (at & rest) || (bytes.n & rest) || !erased(f->mem + at, bytes.n))
        return YF_E_STATE;
    if (f->broken)
        return YF_E_IO;
    if (bytes.n)
        memcpy(f->mem + at, bytes.p, bytes.n);
    return through(f, at, bytes.n);
}

static yf_err
flash_erase(void *state, uint32_t page)
{
    yf_cardfile *f = state;

    if (page >= f->flash.pages)
        return YF_E_STATE;
    if (f->broken)
        return YF_E_IO;
    memset(f->mem + (size_t)page * f->flash.page, 0xFF, f->flash.page);
    return through(f, page * f->flash.page, f->flash.page);
}

/* A sync that failed may have dropped what it could not write: there is no second try. */
static yf_err
flash_barrier(void *state)
{
    yf_cardfile *f = state;

    if (!f->broken && f->fd >= 0 && fdatasync(f->fd) != 0)
        f->broken = true;
    return f->broken ? YF_E_IO : YF_OK;
}

/* ---- files ---- */

yf_err
yf_cardfile_new(const struct yf_cardfile_shape *shape, yf_cardfile **out)
{
    yf_cardfile *f;

    if (!possible(shape))
        return YF_E_FORMAT;
    if (!(f = calloc(1, sizeof *f)))
        return YF_E_ROOM;
    f->fd = -1;
    f->flash = (struct yf_flash){ shape->page,   shape->pages, shape->unit,   flash_read,
                                  flash_program, flash_erase,  flash_barrier, f };
    f->n = (size_t)shape->page * shape->pages;
    if (!(f->mem = malloc(f->n))) {
        free(f);
        return YF_E_ROOM;
    }
    memset(f->mem, 0xFF, f->n);
    *out = f;
    return YF_OK;
}

/* n bytes from at on; fewer at the end of the file. -1 and errno. */
static ssize_t
read_at(int fd, uint8_t *to, size_t n, off_t at)
{
    size_t have = 0;
    ssize_t got;

    do {
        got = pread(fd, to + have, n - have, at + (off_t)have);
        if (got > 0)
            have += (size_t)got;
    } while (got > 0 ? have < n : got < 0 && errno == EINTR);
    return got < 0 ? -1 : (ssize_t)have;
}

static yf_err
no_file(char why[YF_CARDFILE_WHY])
{
    yf_err e = errno == ENOENT || errno == ENOTDIR                   ? YF_E_NOTFOUND
               : errno == EACCES || errno == EPERM || errno == EROFS ? YF_E_DENIED
                                                                     : YF_E_IO;

    return explain(why, "%s", strerror(errno)), e;
}

/* Nobody writes to it but us, or, for a copy, nobody at all while it is made. */
static yf_err
lock(int fd, enum yf_cardfile_mode mode, char why[YF_CARDFILE_WHY])
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return no_file(why);
    if (!S_ISREG(st.st_mode))
        return explain(why, "not a card file"), YF_E_FORMAT;
    if (flock(fd, (mode == YF_CARDFILE_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return YF_OK;
    if (errno == EWOULDBLOCK)
        return explain(why, "in use by another program; end that one first"), YF_E_STATE;
    return no_file(why);
}

static yf_err
fill(yf_cardfile *f, int fd, char why[YF_CARDFILE_WHY])
{
    ssize_t got = read_at(fd, f->mem, f->n, YF_CARDFILE_HEAD);
    uint8_t more;

    if (got < 0)
        return no_file(why);
    if ((size_t)got < f->n)
        return explain(why, "damaged: cut short after %zd of %zu bytes", got + YF_CARDFILE_HEAD,
                       f->n + YF_CARDFILE_HEAD),
               YF_E_FORMAT;
    if (read_at(fd, &more, 1, (off_t)(f->n + YF_CARDFILE_HEAD)) != 0)
        return explain(why, "damaged: longer than its %zu bytes", f->n + YF_CARDFILE_HEAD),
               YF_E_FORMAT;
    return YF_OK;
}

static yf_err
load(int fd, yf_cardfile **out, char why[YF_CARDFILE_WHY])
{
    uint8_t head[YF_CARDFILE_HEAD];
    struct yf_cardfile_shape shape = { 0 };
    ssize_t got = read_at(fd, head, sizeof head, 0);
    yf_cardfile *f;
    yf_err e;

    if (got < 0)
        return no_file(why);
    if ((e = yf_cardfile_head_parse((yf_span){ head, (size_t)got }, &shape, why)))
        return e;
    if ((e = yf_cardfile_new(&shape, &f)))
        return explain(why, "not enough memory"), e;
    if ((e = fill(f, fd, why))) {
        yf_cardfile_close(f);
        return e;
    }
    *out = f;
    return YF_OK;
}

yf_err
yf_cardfile_open(const char *path, enum yf_cardfile_mode mode, yf_cardfile **out,
                 char why[YF_CARDFILE_WHY])
{
    /* NONBLOCK: a pipe of that name is refused, not waited for. */
    int fd = open(path, (mode == YF_CARDFILE_WRITE ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
    yf_cardfile *f = NULL;
    yf_err e;

    if (fd < 0)
        return no_file(why);
    if ((e = lock(fd, mode, why)) || (e = load(fd, &f, why))) {
        close(fd);
        return e;
    }
    if (mode == YF_CARDFILE_WRITE)
        f->fd = fd;
    else
        close(fd);
    *out = f;
    return YF_OK;
}

yf_err
yf_cardfile_save(const yf_cardfile *f, const char *path)
{
    const struct yf_cardfile_shape shape = { f->flash.page, f->flash.pages, f->flash.unit };
    uint8_t head[YF_CARDFILE_HEAD];
    yf_file *to;
    yf_err e = yf_file_create(path, 0600, &to);

    if (e)
        return e;
    yf_cardfile_head_put(&shape, head);
    if ((e = yf_file_write(to, YF_SPAN(head))) ||
        (e = yf_file_write(to, (yf_span){ f->mem, f->n }))) {
        yf_file_abort(to);
        return e;
    }
    return yf_file_commit_new(to);
}

const struct yf_flash *
yf_cardfile_flash(const yf_cardfile *f)
{
    return &f->flash;
}

void
yf_cardfile_close(yf_cardfile *f)
{
    if (!f)
        return;
    if (f->fd >= 0)
        close(f->fd);
    yf_wipe(f->mem, f->n);
    free(f->mem);
    free(f);
}
