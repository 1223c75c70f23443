/* SPDX-License-Identifier: Apache-2.0 */
#include "pass.h"

#include <bsd/readpassphrase.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The first line, without its newline; false with errno set, or 0 if it is too long or empty. */
static bool
first_line(int fd, char *text)
{
    size_t n = 0;
    ssize_t got;

    while (n < PASS_MAX - 1 && (got = read(fd, text + n, 1)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (text[n] == '\n')
            break;
        n++;
    }
    text[n] = 0;
    errno = 0;
    return n > 0 && n < PASS_MAX - 1;
}

static yf_err
refuse(struct pass *p, int status, const char *what, const char *thing)
{
    p->status = complain(p->args, status, what, thing, "%s",
                         errno ? strerror(errno) : "it is empty or longer than 1022 bytes");
    return YF_E_DENIED;
}

static yf_err
from_file(struct pass *p, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return refuse(p, UNSURE, "cannot read the password", path);
    bool ok = first_line(fd, p->text);
    int saved = errno;
    close(fd);
    errno = saved;
    return ok ? YF_OK : refuse(p, UNSURE, "cannot read the password", path);
}

static yf_err
from_fd(struct pass *p)
{
    long fd = -1;

    if (!arg_number(p->args, "pass-fd", 0, 1 << 20, &fd)) {
        p->status = USAGE;
        return YF_E_DENIED;
    }
    if (!first_line((int)fd, p->text))
        return refuse(p, UNSURE, "cannot read the password", arg(p->args, "pass-fd"));
    return YF_OK;
}

static bool
ask(const char *question, char *text)
{
    errno = 0;
    return readpassphrase(question, text, PASS_MAX, RPP_REQUIRE_TTY) && *text;
}

static yf_err
from_terminal(struct pass *p)
{
    char again[PASS_MAX] = "";
    bool ok = ask("password: ", p->text), same = true;

    if (!ok && errno == ENOTTY) {
        p->status = complain(p->args, UNSURE, "a password is needed", NULL,
                             "there is no terminal to ask on; give --pass-file or --pass-fd");
        return YF_E_DENIED;
    }
    if (ok && p->twice)
        same = ask("once more: ", again) && strcmp(p->text, again) == 0;
    yf_wipe(again, sizeof again);
    if (ok && same)
        return YF_OK;
    p->status = complain(p->args, UNSURE, "no password", NULL,
                         ok ? "the two were not the same" : "nothing was typed");
    return YF_E_DENIED;
}

static yf_err
get(void *state, yf_span *pass)
{
    struct pass *p = state;
    const char *file = arg(p->args, "pass-file");
    yf_err e = file ? from_file(p, file) : arg(p->args, "pass-fd") ? from_fd(p) : from_terminal(p);

    if (!e)
        *pass = (yf_span){ (const uint8_t *)p->text, strlen(p->text) };
    return e;
}

yf_pass
pass_source(struct pass *p)
{
    return (yf_pass){ get, p };
}
