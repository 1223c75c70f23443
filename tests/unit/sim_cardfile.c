/* SPDX-License-Identifier: Apache-2.0 */
#include "rnd.h"
#include "t.h"

#include <yufu/base/file.h>
#include <yufu/card/store.h>
#include <yufu/sim/cardfile.h>

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct yf_cardfile_shape small = { 1024, 8, 8 };
static char dir[] = "/tmp/yufu-card-XXXXXX";
static char path[64];
static char why[YF_CARDFILE_WHY];

static int
setup(void **st)
{
    (void)st;
    T(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/card.yfc", dir);
    return 0;
}

static int
teardown(void **st)
{
    (void)st;
    return rmdir(dir); // fails if anything was left behind
}

/* A new card file of erased memory. */
static void
blank(void)
{
    yf_cardfile *f;

    unlink(path);
    T_OK(yf_cardfile_new(&small, &f));
    T_OK(yf_cardfile_save(f, path));
    yf_cardfile_close(f);
}

static yf_cardfile *
opened(enum yf_cardfile_mode mode)
{
    yf_cardfile *f = NULL;
    yf_err e = yf_cardfile_open(path, mode, &f, why);

    if (e)
        fail_msg("%s: %s", yf_err_name(e), why);
    return f;
}

static void
refused(yf_err want, const char *text)
{
    yf_cardfile *f = NULL;

    for (int mode = YF_CARDFILE_WRITE; mode <= YF_CARDFILE_COPY; mode++) {
        why[0] = 0;
        T_ERR(want, yf_cardfile_open(path, (enum yf_cardfile_mode)mode, &f, why));
        if (!strstr(why, text))
            fail_msg("'%s' does not say '%s'", why, text);
        T(f == NULL);
    }
}

static yf_err
program(yf_cardfile *f, uint32_t at, yf_span bytes)
{
    const struct yf_flash *flash = yf_cardfile_flash(f);

    return flash->program(flash->state, at, bytes);
}

static void
expect(yf_cardfile *f, uint32_t at, yf_span want)
{
    const struct yf_flash *flash = yf_cardfile_flash(f);
    uint8_t got[16];

    T_OK(flash->read(flash->state, at, got, want.n));
    T_MEM(got, want.p, want.n);
}

/* ---- the head ---- */

static void
a_head_says_what_it_is(void **st)
{
    uint8_t head[YF_CARDFILE_HEAD];
    struct yf_cardfile_shape s;
    (void)st;

    yf_cardfile_head_put(&small, head);
    T_MEM(head,
          "\x89YFC\r\n\x1A\n\0\1\0\0\0\0\4\0\0\0\0\10\0\0\0\10"
          "a smart card of Yufu",
          44);
    T_OK(yf_cardfile_head_parse(YF_SPAN(head), &s, why));
    T(s.page == 1024 && s.pages == 8 && s.unit == 8);
    for (size_t i = 0; i < sizeof head; i++) {
        head[i] ^= 0x40;
        T(yf_cardfile_head_parse(YF_SPAN(head), &s, why) != YF_OK);
        head[i] ^= 0x40;
    }
    for (size_t n = 0; n < sizeof head; n += 5)
        T_ERR(YF_E_FORMAT, yf_cardfile_head_parse((yf_span){ head, n }, &s, why));
}

static void
another_version_is_refused_by_its_number(void **st)
{
    uint8_t head[YF_CARDFILE_HEAD];
    struct yf_cardfile_shape s;
    (void)st;

    yf_cardfile_head_put(&small, head);
    yf_put_be16(head + 8, 2);
    T_ERR(YF_E_UNSUPPORTED, yf_cardfile_head_parse(YF_SPAN(head), &s, why));
    assert_string_equal(why, "a card file of version 2; this program knows version 1");
    yf_put_be16(head + 8, 0);
    T_ERR(YF_E_UNSUPPORTED, yf_cardfile_head_parse(YF_SPAN(head), &s, why));
}

/* A head made by put, so that nothing but the shape is wrong with it. */
static void
impossible_shapes_are_refused(void **st)
{
    static const struct yf_cardfile_shape bad[] = {
        { 512, 64, 8 },   { 1025, 64, 8 },       { 131072, 64, 8 },
        { 0, 64, 8 },     { 4096, 7, 8 },        { 4096, YF_STORE_PAGES + 1, 8 },
        { 4096, 0, 8 },   { 4096, 64, 0 },       { 4096, 64, 3 },
        { 4096, 64, 32 }, { 4096, 1u << 31, 8 }, { 65536, 513, 8 }
    };
    uint8_t head[YF_CARDFILE_HEAD];
    struct yf_cardfile_shape s;
    yf_cardfile *f = NULL;
    (void)st;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        yf_cardfile_head_put(&bad[i], head);
        T_ERR(YF_E_FORMAT, yf_cardfile_head_parse(YF_SPAN(head), &s, why));
        T_ERR(YF_E_FORMAT, yf_cardfile_new(&bad[i], &f));
        T(f == NULL);
    }
}

/* ---- the flash ---- */

static void
a_new_card_is_erased_and_programmed_once(void **st)
{
    static const uint8_t ones[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    static const uint8_t blank_bytes[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };
    (void)st;

    blank();
    yf_cardfile *f = opened(YF_CARDFILE_WRITE);
    const struct yf_flash *flash = yf_cardfile_flash(f);
    T(flash->page == 1024 && flash->pages == 8 && flash->unit == 8);
    expect(f, 0, YF_SPAN(blank_bytes));
    expect(f, 8184, YF_SPAN(blank_bytes));
    T_OK(program(f, 16, YF_SPAN(ones)));
    expect(f, 16, YF_SPAN(ones));
    T_ERR(YF_E_STATE, program(f, 16, YF_SPAN(ones)));
    T_ERR(YF_E_STATE, program(f, 12, YF_SPAN(ones)));
    T_ERR(YF_E_STATE, program(f, 24, ((yf_span){ ones, 7 })));
    T_ERR(YF_E_STATE, program(f, 8192, YF_SPAN(ones)));
    T_ERR(YF_E_STATE, program(f, UINT32_MAX - 7, YF_SPAN(ones)));
    T_ERR(YF_E_STATE, flash->read(flash->state, 8185, (uint8_t[8]){ 0 }, 8));
    T_ERR(YF_E_STATE, flash->erase(flash->state, 8));
    T_OK(flash->erase(flash->state, 0));
    expect(f, 16, YF_SPAN(blank_bytes));
    T_OK(program(f, 16, YF_SPAN(ones)));
    T_OK(flash->barrier(flash->state));
    yf_cardfile_close(f);
    unlink(path);
}

/* Any sequence of calls: the file, opened again, holds what memory held. */
static void
the_file_holds_what_memory_holds(void **st)
{
    struct rnd r = { 7 };
    uint8_t model[8192], got[8192], bytes[64];
    (void)st;

    blank();
    memset(model, 0xFF, sizeof model);
    for (int round = 0; round < 20; round++) {
        yf_cardfile *f = opened(YF_CARDFILE_WRITE);
        const struct yf_flash *flash = yf_cardfile_flash(f);
        T_OK(flash->read(flash->state, 0, got, sizeof got));
        T_MEM(got, model, sizeof model);
        for (int i = 0; i < 20; i++) {
            uint32_t at = (uint32_t)rnd_below(&r, 1017) * 8, page = (uint32_t)rnd_below(&r, 8);
            yf_span b = { bytes, 8 * rnd_below(&r, 8) };
            rnd_fill(&r, bytes, sizeof bytes);
            yf_err e = program(f, at, b);
            if (!e && b.n)
                memcpy(model + at, b.p, b.n);
            if (e || i % 8 == 0) {
                T_OK(flash->erase(flash->state, page));
                memset(model + 1024 * page, 0xFF, 1024);
            }
        }
        yf_cardfile_close(f);
    }
    unlink(path);
}

/* The end of the process loses nothing that was programmed, barrier or not. */
static void
a_killed_process_loses_nothing(void **st)
{
    int status;
    (void)st;

    blank();
    pid_t child = fork();
    if (child == 0) {
        yf_cardfile *f = opened(YF_CARDFILE_WRITE);
        if (program(f, 1024, YF_STR("01234567")) == YF_OK)
            raise(SIGKILL);
        _exit(0);
    }
    T(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    yf_cardfile *f = opened(YF_CARDFILE_WRITE); // and its lock is gone
    expect(f, 1024, YF_STR("01234567"));
    yf_cardfile_close(f);
    unlink(path);
}

/* ---- the store in it ---- */

enum { COUNTER = YF_OBJ(2, YF_OBJ_PIN, 1), TWIN = YF_OBJ(2, YF_OBJ_DATA, 1) };

/* Counts in two objects at once, and says each number when it stands. */
YF_NORETURN static void
count_for_ever(int out)
{
    static struct yf_store s;
    yf_cardfile *f = opened(YF_CARDFILE_WRITE);
    uint8_t n[4];

    if (yf_store_open(&s, yf_cardfile_flash(f)))
        _exit(1);
    for (uint32_t i = 1;; i++) {
        yf_put_be32(n, i);
        if (yf_store_begin(&s) || yf_store_put(&s, COUNTER, YF_SPAN(n)) ||
            yf_store_put(&s, TWIN, YF_SPAN(n)) || yf_store_commit(&s) ||
            write(out, n, sizeof n) != sizeof n)
            _exit(2);
    }
}

/* Kill it after a number of these; the last number that it said. */
static uint32_t
killed_after(uint32_t numbers)
{
    uint8_t n[4] = { 0 };
    int ends[2], status;

    T(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0)
        count_for_ever(ends[1]);
    close(ends[1]);
    for (uint32_t i = 0; i < numbers; i++)
        T(read(ends[0], n, sizeof n) == sizeof n);
    kill(child, SIGKILL);
    while (read(ends[0], n, sizeof n) == sizeof n)
        ;
    close(ends[0]);
    T(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    return yf_be32(n);
}

static uint32_t
number_of(const struct yf_store *s, yf_obj o)
{
    uint8_t n[4];

    T_OK(yf_store_read(s, o, 0, n, sizeof n));
    return yf_be32(n);
}

/* What was said to stand stands, at most one more, and both objects or none. */
static void
a_store_survives_being_killed(void **st)
{
    static struct yf_store s;
    uint32_t least, most;
    (void)st;

    blank();
    yf_cardfile *f = opened(YF_CARDFILE_WRITE);
    T_OK(yf_store_format(&s, yf_cardfile_flash(f)));
    yf_cardfile_close(f);
    for (uint32_t round = 1; round <= 15; round++) {
        uint32_t said = killed_after(round * round % 37 + 1);
        f = opened(YF_CARDFILE_WRITE);
        T_OK(yf_store_open(&s, yf_cardfile_flash(f)));
        uint32_t stands = number_of(&s, COUNTER);
        T(number_of(&s, TWIN) == stands);
        T(stands == said || stands == said + 1);
        T_OK(yf_store_wear(&s, &least, &most));
        yf_cardfile_close(f);
    }
    T(least >= 1 && most > 1);
    unlink(path);
}

/* With no room for all of a write: what fits is written, and then it is over. */
static void
a_file_that_fails_is_given_up(void **st)
{
    static const uint8_t two[16] = { 2 };
    int status;
    (void)st;

    blank();
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit room = { YF_CARDFILE_HEAD + 2060, YF_CARDFILE_HEAD + 2060 };
        uint8_t got[8];
        int bad = 0;
        yf_cardfile *f = opened(YF_CARDFILE_WRITE);
        const struct yf_flash *flash = yf_cardfile_flash(f);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &room);
        bad += program(f, 2040, YF_SPAN(two)) != YF_OK;
        bad += flash->barrier(flash->state) != YF_OK;
        bad += program(f, 2056, YF_SPAN(two)) != YF_E_IO;
        bad += program(f, 0, YF_SPAN(two)) != YF_E_IO;
        bad += flash->erase(flash->state, 0) != YF_E_IO;
        bad += flash->read(flash->state, 0, got, sizeof got) != YF_E_IO;
        bad += flash->barrier(flash->state) != YF_E_IO;
        _exit(bad);
    }
    T(waitpid(child, &status, 0) == child);
    T(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    yf_cardfile *f = opened(YF_CARDFILE_COPY);
    expect(f, 2040, YF_SPAN(two));
    yf_cardfile_close(f);
    unlink(path);
}

/* ---- files ---- */

static void
one_writer_and_nobody_beside(void **st)
{
    (void)st;

    blank();
    yf_cardfile *f = opened(YF_CARDFILE_WRITE);
    refused(YF_E_STATE, "in use by another program");
    yf_cardfile_close(f);
    yf_cardfile *a = opened(YF_CARDFILE_COPY), *b = opened(YF_CARDFILE_COPY);
    f = opened(YF_CARDFILE_WRITE);
    yf_cardfile_close(f);
    yf_cardfile_close(b);
    yf_cardfile_close(a);
    unlink(path);
}

static void
a_copy_changes_nothing(void **st)
{
    (void)st;

    blank();
    chmod(path, 0400);
    yf_cardfile *f = opened(YF_CARDFILE_COPY);
    T_OK(program(f, 0, YF_STR("01234567")));
    expect(f, 0, YF_STR("01234567"));
    yf_cardfile_close(f);
    f = opened(YF_CARDFILE_COPY);
    T_OK(program(f, 0, YF_STR("abcdefgh"))); // still erased
    yf_cardfile_close(f);
    unlink(path);
}

static void
a_new_file_is_ours_alone_and_replaces_none(void **st)
{
    struct stat s;
    yf_cardfile *f;
    (void)st;

    mode_t old = umask(0);
    blank();
    umask(old);
    T(stat(path, &s) == 0);
    T((s.st_mode & 07777) == 0600);
    T(s.st_size == YF_CARDFILE_HEAD + 8192);
    T_OK(yf_cardfile_new(&small, &f));
    T_OK(program(f, 0, YF_STR("01234567")));
    T_ERR(YF_E_STATE, yf_cardfile_save(f, path));
    T(errno == EEXIST);
    T_ERR(YF_E_NOTFOUND, yf_cardfile_save(f, "/nowhere/at/all"));
    if (access("/dev/full", W_OK) == 0)
        T_ERR(YF_E_IO, yf_cardfile_save(f, "/dev/full"));
    unlink(path);
    T_OK(yf_cardfile_save(f, path));
    yf_cardfile_close(f);
    f = opened(YF_CARDFILE_WRITE);
    expect(f, 0, YF_STR("01234567"));
    yf_cardfile_close(f);
    unlink(path);
}

static void
says_what_is_wrong(void **st)
{
    uint8_t *data;
    size_t n;
    (void)st;

    refused(YF_E_NOTFOUND, "No such file");
    T_OK(yf_file_save(path, 0600, YF_STR("\x89YFC\r\n\x1A")));
    refused(YF_E_FORMAT, "not a card file");
    T_OK(yf_file_save(path, 0600, YF_STR("")));
    refused(YF_E_FORMAT, "not a card file");
    unlink(path);

    blank();
    T_OK(yf_file_read(path, 1 << 20, &data, &n));
    T_OK(yf_file_save(path, 0600, (yf_span){ data, n - 1 }));
    refused(YF_E_FORMAT, "cut short after 12287 of 12288 bytes");
    T_OK(yf_file_save(path, 0600, (yf_span){ data, 100 }));
    refused(YF_E_FORMAT, "cut short after 100 bytes, within its head");
    uint8_t *longer = calloc(1, n + 1);
    memcpy(longer, data, n);
    T_OK(yf_file_save(path, 0600, (yf_span){ longer, n + 1 }));
    refused(YF_E_FORMAT, "longer than its 12288 bytes");
    free(longer);
    data[4000] ^= 1;
    T_OK(yf_file_save(path, 0600, (yf_span){ data, n }));
    refused(YF_E_FORMAT, "the checksum of its head");
    yf_file_free(data, n);
    unlink(path);

    T(mkfifo(path, 0600) == 0);
    refused(YF_E_FORMAT, "not a card file");
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_says_what_it_is),
        cmocka_unit_test(another_version_is_refused_by_its_number),
        cmocka_unit_test(impossible_shapes_are_refused),
        cmocka_unit_test(a_new_card_is_erased_and_programmed_once),
        cmocka_unit_test(the_file_holds_what_memory_holds),
        cmocka_unit_test(a_killed_process_loses_nothing),
        cmocka_unit_test(a_store_survives_being_killed),
        cmocka_unit_test(a_file_that_fails_is_given_up),
        cmocka_unit_test(one_writer_and_nobody_beside),
        cmocka_unit_test(a_copy_changes_nothing),
        cmocka_unit_test(a_new_file_is_ours_alone_and_replaces_none),
        cmocka_unit_test(says_what_is_wrong),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, setup, teardown);
}
