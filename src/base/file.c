/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new file is anonymous (O_TMPFILE) until commit, so nothing is left behind even
 * by SIGKILL. linkat cannot replace a file, hence the short-lived second name
 * that rename moves over the old one. File systems without O_TMPFILE get the
 * second name from the start.
 */
#include <yufu/base/file.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct yf_file {
    int fd;
    bool direct;         // standard output or a device: no name to give
    bool named;          // temp exists
    char path[PATH_MAX]; // the name at commit
    char temp[PATH_MAX]; // path with a suffix
};

static yf_err
from_errno(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return YF_E_NOTFOUND;
    case EACCES:
    case EPERM:
        return YF_E_DENIED;
    case EEXIST:
        return YF_E_STATE;
    default:
        return YF_E_IO;
    }
}

void
yf_file_free(uint8_t *data, size_t n)
{
    if (data)
        yf_wipe(data, n);
    free(data);
}

/* Like realloc, but what is left behind is wiped. */
static uint8_t *
grow(uint8_t *old, size_t n, size_t cap)
{
    uint8_t *new = malloc(cap);

    if (new &&n)
        memcpy(new, old, n);
    yf_file_free(old, n);
    return new;
}

static yf_err
slurp(int fd, size_t max, uint8_t **data, size_t *n)
{
    size_t cap = 0, have = 0;
    uint8_t *buf = NULL;
    ssize_t got;

    do {
        if (have == cap && !(buf = grow(buf, have, cap = cap ? cap * 2 : 4096)))
            return YF_E_ROOM;
        got = read(fd, buf + have, cap - have);
        if (got > 0)
            have += (size_t)got;
    } while (got < 0 ? errno == EINTR : got > 0 && have <= max);
    if (got < 0 || have > max) {
        int saved = got < 0 ? errno : EFBIG;
        yf_file_free(buf, have);
        errno = saved;
        return got < 0 ? from_errno() : YF_E_ROOM;
    }
    *data = buf;
    *n = have;
    return YF_OK;
}

yf_err
yf_file_read(const char *path, size_t max, uint8_t **data, size_t *n)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return from_errno();
    yf_err e = slurp(fd, max, data, n);
    int saved = errno;
    if (!standard)
        close(fd);
    errno = saved;
    return e;
}

/* Standard output, or something that exists and is no plain file. */
static bool
open_direct(yf_file *f, const char *path)
{
    struct stat st;

    if (!path || strcmp(path, "-") == 0)
        f->fd = dup(STDOUT_FILENO);
    else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        f->fd = open(path, O_WRONLY | O_CLOEXEC); // a directory fails with EISDIR
    else
        return false;
    return f->direct = true;
}

/* The folder a path lies in, into dir. */
static void
folder(const char *path, char *dir)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + 1 : 0;

    memcpy(dir, path, n);
    dir[n] = 0;
    if (n == 0)
        memcpy(dir, ".", 2);
}

static void
open_new(yf_file *f, const char *path, unsigned mode)
{
    char dir[PATH_MAX];
    char target[PATH_MAX];

    if (realpath(path, target)) // what a link means is replaced, not the link
        path = target;
    int n = snprintf(f->temp, sizeof f->temp, "%s.%ld.new", path, (long)getpid());

    if (n < 0 || (size_t)n >= sizeof f->temp) {
        errno = ENAMETOOLONG;
        return;
    }
    memcpy(f->path, path, strlen(path) + 1);
    folder(path, dir);
    f->fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    if (f->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return;
    f->fd = open(f->temp, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
    f->named = f->fd >= 0;
}

yf_err
yf_file_create(const char *path, unsigned mode, yf_file **out)
{
    yf_file *f = calloc(1, sizeof *f);

    if (!f)
        return YF_E_ROOM;
    f->fd = -1;
    if (!open_direct(f, path))
        open_new(f, path, mode);
    if (f->fd < 0) {
        int saved = errno;
        free(f);
        errno = saved;
        return from_errno();
    }
    *out = f;
    return YF_OK;
}

yf_err
yf_file_write(yf_file *f, yf_span bytes)
{
    while (bytes.n) {
        ssize_t put = write(f->fd, bytes.p, bytes.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return from_errno();
        bytes.p += put;
        bytes.n -= (size_t)put;
    }
    return YF_OK;
}

/* Give what is still anonymous a name that nothing else has. */
static bool
link_to(const yf_file *f, const char *name)
{
    char self[64];

    if (f->named)
        return link(f->temp, name) == 0;
    snprintf(self, sizeof self, "/proc/self/fd/%d", f->fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Over whatever has the name now. */
static bool
replace(yf_file *f)
{
    f->named = f->named || link_to(f, f->temp);
    if (!f->named || rename(f->temp, f->path) != 0)
        return false;
    f->named = false;
    return true;
}

/* The name is in the folder, so the folder must reach the disk too. */
static bool
sync_folder(const char *path)
{
    char dir[PATH_MAX];

    folder(path, dir);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0 || errno == EINVAL;
    close(fd);
    return ok;
}

static yf_err
commit(yf_file *f, bool fresh)
{
    yf_err e = YF_OK;

    if (f->direct) {
        e = close(f->fd) == 0 ? YF_OK : from_errno();
        f->fd = -1;
    } else if (fsync(f->fd) != 0 || !(fresh ? link_to(f, f->path) : replace(f))) {
        e = from_errno();
    } else if (!sync_folder(f->path)) {
        e = YF_E_IO;
    }
    yf_file_abort(f);
    return e;
}

yf_err
yf_file_commit(yf_file *f)
{
    return commit(f, false);
}

yf_err
yf_file_commit_new(yf_file *f)
{
    return commit(f, true);
}

void
yf_file_abort(yf_file *f)
{
    if (!f)
        return;
    int saved = errno;
    if (f->named)
        unlink(f->temp);
    if (f->fd >= 0)
        close(f->fd);
    free(f);
    errno = saved;
}

yf_err
yf_file_save(const char *path, unsigned mode, yf_span bytes)
{
    yf_file *f;
    yf_err e = yf_file_create(path, mode, &f);

    if (e)
        return e;
    if ((e = yf_file_write(f, bytes))) {
        yf_file_abort(f);
        return e;
    }
    return yf_file_commit(f);
}
