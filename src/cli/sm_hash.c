/* SPDX-License-Identifier: Apache-2.0 */
/* yufu sm hash: SM3 of files, printed and checked as sha256sum does. */
#include "progress.h"
#include "sm.h"

#include <yufu/crypto/host.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MB = 1000 * 1000 };

/* Of a plain file in MB, 0 for what has no size or is read in a moment. */
static size_t
long_work(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 256 * MB
               ? (size_t)(st.st_size / MB)
               : 0;
}

static bool
add_fd(yf_hash *h, int fd)
{
    static uint8_t buf[1 << 16];
    size_t total = long_work(fd), done = 0;
    ssize_t n;

    while ((n = read(fd, buf, sizeof buf)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        yf_hash_add(h, (yf_span){ buf, (size_t)n });
        done += (size_t)n;
        if (total && done % (sizeof buf * 256) == 0)
            progress("hashing, MB", done / MB, total);
    }
    if (total)
        progress_clear();
    return n == 0;
}

bool
sm_hash_file(yf_hash *h, const char *path)
{
    if (strcmp(path, "-") == 0)
        return add_fd(h, STDIN_FILENO);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = add_fd(h, fd);
    int saved = errno;
    close(fd);
    errno = saved;
    return ok;
}

static bool
digest(const char *path, char hex[65])
{
    yf_hash h;
    uint8_t md[32];

    if (yf_hash_init(&h, yf_provider_host.hash[YF_SM3]))
        return false;
    if (!sm_hash_file(&h, path)) {
        yf_hash_drop(&h);
        return false;
    }
    yf_hash_end(&h, md);
    for (size_t i = 0; i < sizeof md; i++)
        snprintf(hex + 2 * i, 3, "%02x", md[i]);
    return true;
}

/* A name with a newline or a backslash is written escaped, after a leading backslash. */
static void
print_line(const char *hex, const char *name)
{
    bool odd = strpbrk(name, "\n\\") != NULL;

    printf("%s%s  ", odd ? "\\" : "", hex);
    for (; *name; name++) {
        if (*name == '\n')
            fputs("\\n", stdout);
        else if (*name == '\\')
            fputs("\\\\", stdout);
        else
            putchar(*name);
    }
    putchar('\n');
}

static void
unescape(char *s)
{
    char *to = s;

    for (; *s; s++, to++) {
        if (s[0] == '\\' && s[1] == 'n')
            *to = '\n', s++;
        else if (s[0] == '\\' && s[1] == '\\')
            *to = '\\', s++;
        else
            *to = *s;
    }
    *to = 0;
}

/* "<64 hex>  name" or "<64 hex> *name"; NULL for anything else. */
static char *
name_of(char *line)
{
    bool escaped = *line == '\\';
    char *hex = line + escaped;

    if (strspn(hex, "0123456789abcdefABCDEF") != 64 || hex[64] != ' ' ||
        (hex[65] != ' ' && hex[65] != '*') || !hex[66])
        return NULL;
    hex[64] = 0;
    if (escaped) {
        unescape(hex + 66);
        memmove(line, hex, 65);
    }
    return hex + 66;
}

/* One line of a list: DONE, NO or UNSURE. */
static int
check_line(const struct args *a, char *line, const char *list)
{
    char hex[65], *name = name_of(line);

    if (!name)
        return complain(a, UNSURE, "not a line of digests", list,
                        "expected '<64 hex digits>  NAME'");
    if (!digest(name, hex)) {
        printf("%s: FAILED open or read\n", name);
        return complain(a, UNSURE, "cannot read", name, "%s", strerror(errno));
    }
    bool same = strcasecmp(hex, line) == 0;
    printf("%s: %s\n", name, same ? "OK" : "FAILED");
    return same ? DONE : NO;
}

static int
check_list(const struct args *a, const char *list)
{
    FILE *in = strcmp(list, "-") == 0 ? stdin : fopen(list, "re");
    char *line = NULL;
    size_t cap = 0;
    int worst = DONE, lines = 0;

    if (!in)
        return complain(a, UNSURE, "cannot read", list, "%s", strerror(errno));
    errno = 0;
    for (; getline(&line, &cap, in) > 0; lines++) {
        line[strcspn(line, "\n")] = 0;
        int status = check_line(a, line, list);
        worst = status > worst ? status : worst;
    }
    if (ferror(in))
        worst = complain(a, UNSURE, "cannot read", list, "%s", strerror(errno));
    else if (!lines)
        worst = complain(a, UNSURE, "nothing to check", list, "the list is empty");
    free(line);
    if (in != stdin)
        fclose(in);
    return worst;
}

static int
run(const struct args *a)
{
    char hex[65];
    int status = DONE;
    char dash[] = "-", *standard[] = { dash };
    char **names = a->n ? a->rest : standard;

    for (int i = 0; i < (a->n ? a->n : 1); i++) {
        if (arg(a, "check")) {
            int s = check_list(a, names[i]);
            status = s > status ? s : status;
        } else if (digest(names[i], hex)) {
            print_line(hex, names[i]);
        } else {
            status = complain(a, UNSURE, "cannot read", names[i], "%s", strerror(errno));
        }
    }
    return status;
}

const struct cmd cmd_sm_hash = {
    .name = "sm hash",
    .rest = "[FILE...]",
    .summary = "SM3 digests of files, as sha256sum prints them",
    .text = "Without FILE, or where FILE is -, standard input is read.\n",
    .max = REST,
    .opts = { { "check", NULL, "read such lists and compare each file with its digest" } },
    .run = run,
};
