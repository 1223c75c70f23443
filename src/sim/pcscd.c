/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/sim/pcscd.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char reader[] = "/etc/reader.conf.d/vpcd"; // as its package installs it
static const char run[] = "/run/pcscd";
static const char usb[] = "/dev/bus/usb";

static yf_err
because(char why[YF_PCSCD_WHY], yf_err e, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(why, YF_PCSCD_WHY, format, ap);
    va_end(ap);
    return e;
}

/* ---- the place ---- */

/* Beneath what a call needs: the whole text or nothing. */
static bool
write_to(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return ok;
}

/* In a user namespace of our own we stay who we are. */
static bool
stay(unsigned uid, unsigned gid)
{
    char map[64];

    snprintf(map, sizeof map, "%u %u 1", uid, uid);
    if (!write_to("/proc/self/uid_map", map) || !write_to("/proc/self/setgroups", "deny"))
        return false;
    snprintf(map, sizeof map, "%u %u 1", gid, gid);
    return write_to("/proc/self/gid_map", map);
}

static bool
separate(void)
{
    unsigned uid = getuid(), gid = getgid();

    if (unshare(CLONE_NEWNS | CLONE_NEWNET) == 0)
        return true;
    return errno == EPERM && unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) == 0 &&
           stay(uid, gid);
}

static bool
folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
cover(const char *path)
{
    return mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") == 0;
}

/* An empty folder for the service's socket, and no way to readers on USB. */
static bool
furnish(void)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return false;
    if (folder(usb) && !cover(usb))
        return false;
    if (folder(run))
        return cover(run);
    return cover("/run") && mkdir(run, 0755) == 0;
}

static bool
loopback_up(void)
{
    struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

static yf_err
enter(char why[YF_PCSCD_WHY])
{
    if (!separate())
        return because(why, YF_E_DENIED,
                       "this machine gives no namespaces (%s); a container needs --privileged, or "
                       "run as root",
                       strerror(errno));
    if (!furnish())
        return because(why, YF_E_DENIED, "cannot mount in a namespace of its own: %s",
                       strerror(errno));
    if (!loopback_up())
        return because(why, YF_E_DENIED, "cannot set up the loopback of a namespace: %s",
                       strerror(errno));
    return YF_OK;
}

/* ---- the service ---- */

/* Where a user who is not root does not look for programs. */
static const char *
program(void)
{
    static const char *const places[] = { "/usr/sbin/pcscd", "/usr/local/sbin/pcscd",
                                          "/sbin/pcscd" };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

YF_NORETURN static void
become(const char *pcscd, pid_t parent)
{
    int null = open("/dev/null", O_RDWR);

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setsid(); // what a terminal interrupts is not this
    if (getppid() == parent && null >= 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 &&
        dup2(null, 2) == 2)
        execl(pcscd, "pcscd", "--foreground", "--config", reader, (char *)NULL);
    _exit(127);
}

static bool
answers(void)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/run/pcscd/pcscd.comm" };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

static yf_err
wait_for(int pid, char why[YF_PCSCD_WHY])
{
    const struct timespec moment = { .tv_nsec = 5000000 };
    int status;

    for (int i = 0; i < 2000; i++) {
        if (answers())
            return YF_OK;
        if (waitpid(pid, &status, WNOHANG) == pid)
            return because(why, YF_E_IO, "pcscd ended at its start with status %d",
                           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        nanosleep(&moment, NULL);
    }
    yf_pcscd_stop(pid);
    return because(why, YF_E_IO, "pcscd does not answer within ten seconds");
}

yf_err
yf_pcscd_enter(int *pid, char why[YF_PCSCD_WHY])
{
    const char *pcscd = program();
    pid_t self = getpid();
    yf_err e;

    if (!pcscd)
        return because(why, YF_E_NOTFOUND, "pcscd is not installed: apt-get install pcscd");
    if (access(reader, R_OK) != 0)
        return because(why, YF_E_NOTFOUND,
                       "no virtual reader is installed: apt-get install vsmartcard-vpcd");
    if ((e = enter(why)))
        return e;
    unsetenv("PCSCLITE_CSOCK_NAME"); // it would lead out again
    pid_t child = fork();
    if (child == 0)
        become(pcscd, self);
    if (child < 0)
        return because(why, YF_E_IO, "%s", strerror(errno));
    if ((e = wait_for(child, why)))
        return e;
    *pid = child;
    return YF_OK;
}

void
yf_pcscd_stop(int pid)
{
    kill(pid, SIGTERM);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}
