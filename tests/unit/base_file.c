/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/base/file.h>

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/yufu-file-XXXXXX";
static char path[64];

static int
setup(void **st)
{
    (void)st;
    T(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/f", dir);
    return 0;
}

static int
teardown(void **st)
{
    (void)st;
    unlink(path);
    return rmdir(dir); // fails if anything was left behind
}

static size_t
entries(void)
{
    DIR *d = opendir(dir);
    size_t n = 0;

    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static void
expect(yf_span want)
{
    uint8_t *data;
    size_t n;

    T_OK(yf_file_read(path, 1 << 20, &data, &n));
    T_SPAN(((yf_span){ data, n }), want);
    yf_file_free(data, n);
}

static void
saves_and_reads_back(void **st)
{
    static uint8_t big[100000];
    (void)st;

    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (uint8_t)(i * 7);
    T_OK(yf_file_save(path, 0600, YF_SPAN(big)));
    expect(YF_SPAN(big));
    struct stat s;
    T(stat(path, &s) == 0 && (s.st_mode & 0777) == 0600);
    T_OK(yf_file_save(path, 0600, YF_STR("")));
    expect(YF_STR(""));
    unlink(path);
}

static void
an_aborted_file_was_never_there(void **st)
{
    yf_file *f;
    (void)st;

    T_OK(yf_file_save(path, 0600, YF_STR("old")));
    T_OK(yf_file_create(path, 0600, &f));
    T_OK(yf_file_write(f, YF_STR("new")));
    T(entries() == 1); // not even a temporary name
    expect(YF_STR("old"));
    yf_file_abort(f);
    expect(YF_STR("old"));
    T_OK(yf_file_create(path, 0600, &f));
    T_OK(yf_file_write(f, YF_STR("new")));
    T_OK(yf_file_commit(f));
    expect(YF_STR("new"));
    T(entries() == 1);
    unlink(path);
}

static void
a_new_name_must_be_free(void **st)
{
    yf_file *f;
    (void)st;

    T_OK(yf_file_create(path, 0600, &f));
    T_OK(yf_file_write(f, YF_STR("first")));
    T_OK(yf_file_commit_new(f));
    expect(YF_STR("first"));
    T_OK(yf_file_create(path, 0600, &f));
    T_OK(yf_file_write(f, YF_STR("second")));
    T_ERR(YF_E_STATE, yf_file_commit_new(f));
    T(errno == EEXIST);
    expect(YF_STR("first"));
    T(entries() == 1);
    unlink(path);
}

static void
says_what_is_wrong(void **st)
{
    uint8_t *data;
    size_t n;
    (void)st;

    T_ERR(YF_E_NOTFOUND, yf_file_read(path, 10, &data, &n));
    T_ERR(YF_E_IO, yf_file_read(dir, 10, &data, &n));
    T(errno == EISDIR);
    T_OK(yf_file_save(path, 0600, YF_STR("12345678901")));
    T_ERR(YF_E_ROOM, yf_file_read(path, 10, &data, &n));
    T_OK(yf_file_read(path, 11, &data, &n));
    yf_file_free(data, n);
    T_ERR(YF_E_IO, yf_file_save(dir, 0600, YF_STR("x")));
    T(errno == EISDIR);
    T_ERR(YF_E_NOTFOUND, yf_file_save("/nowhere/at/all", 0600, YF_STR("x")));
    unlink(path);
}

static void
a_full_disk_is_an_error(void **st)
{
    (void)st;
    if (access("/dev/full", W_OK) == 0)
        T_ERR(YF_E_IO, yf_file_save("/dev/full", 0600, YF_STR("x")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saves_and_reads_back),
        cmocka_unit_test(an_aborted_file_was_never_there),
        cmocka_unit_test(a_new_name_must_be_free),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, setup, teardown);
}
