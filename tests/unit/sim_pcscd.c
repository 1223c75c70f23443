/* SPDX-License-Identifier: Apache-2.0 */
/* What reader_pcsc does with a service of its own is there; here, that it is its own. */
#include "t.h"

#include <yufu/reader/pcsc.h>
#include <yufu/sim/pcscd.h>

#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char why[YF_PCSCD_WHY];

/* A process that has entered; it says how it went, and the service's pid. */
struct place {
    pid_t process;
    int service;
    yf_err e;
    unsigned readers;
};

static void
count(void *arg, const char *name, bool card)
{
    (void)name, (void)card;
    ++*(unsigned *)arg;
}

YF_NORETURN static void
be_inside(int out)
{
    struct place p = { 0 };

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    p.e = yf_pcscd_enter(&p.service, why);
    if (!p.e && yf_pcsc_list(count, &p.readers, why))
        p.readers = 0;
    if (write(out, &p, sizeof p) != sizeof p)
        _exit(1);
    for (;;)
        pause();
}

static struct place
entered(void)
{
    struct place p = { .e = YF_E_IO };
    int ends[2];

    T(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0)
        be_inside(ends[1]);
    close(ends[1]);
    T(read(ends[0], &p, sizeof p) == sizeof p);
    close(ends[0]);
    p.process = child;
    return p;
}

static bool
reader_listens(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(0x8C7B),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;

    close(fd);
    return yes;
}

static bool
run_is_there(void)
{
    struct stat st;

    return stat("/run/pcscd", &st) == 0;
}

/* Its parent being dead, it has become our child. */
static bool
gone(int pid)
{
    for (int i = 0; i < 200; i++) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return true;
        usleep(10000);
    }
    return false;
}

/* The same port and the same socket, twice at once, and neither of them outside. */
static void
two_of_them_do_not_meet(void **st)
{
    bool listened = reader_listens(), there = run_is_there();
    struct place a = entered(), b = entered();
    (void)st;

    T_OK(a.e);
    T_OK(b.e);
    T(a.readers == 2 && b.readers == 2);
    T(a.service != b.service);
    T(reader_listens() == listened && run_is_there() == there);
    kill(a.process, SIGKILL);
    kill(b.process, SIGKILL);
    waitpid(a.process, NULL, 0);
    waitpid(b.process, NULL, 0);
    T(gone(a.service) && gone(b.service)); // with them, though nobody told it
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(two_of_them_do_not_meet) };
    struct place p = entered();

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    kill(p.process, SIGKILL);
    waitpid(p.process, NULL, 0);
    if (p.e == YF_E_NOTFOUND || p.e == YF_E_DENIED)
        T_SKIP_ALL("no pcscd with a virtual reader, or no namespaces");
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
