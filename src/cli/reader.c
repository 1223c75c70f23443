/* SPDX-License-Identifier: Apache-2.0 */
/* yufu card readers, yufu lab reader: PC/SC as it is here, and one of one's own. */
#include "cli.h"

#include <yufu/reader/pcsc.h>
#include <yufu/sim/pcscd.h>

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void
print(void *arg, const char *name, bool card)
{
    (void)arg;
    printf("%-8s %s\n", card ? "card" : "empty", name);
}

static void
print_json(void *arg, const char *name, bool card)
{
    json_t *o = json_pack("{s:s, s:b}", "reader", name, "card", card);

    (void)arg;
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static int
run_readers(const struct args *a)
{
    char why[YF_PCSC_WHY];

    if (yf_pcsc_list(arg(a, "json") ? print_json : print, NULL, why))
        return complain(a, UNSURE, "cannot list readers", NULL, "%s", why);
    return DONE;
}

const struct cmd cmd_card_readers = {
    .name = "card readers",
    .rest = "",
    .summary = "the card readers of this machine, and which hold a card",
    .opts = { { "json", NULL, "one JSON object a line" } },
    .run = run_readers,
};

YF_NORETURN static void
become(const struct args *a)
{
    execvp(a->rest[0], a->rest);
    _exit(complain(a, UNSURE, "cannot run", a->rest[0], "%s", strerror(errno)));
}

/* Ask our children to end, all but the service; how many there are. */
static int
signal_all(pid_t service, int sig)
{
    FILE *list = fopen("/proc/thread-self/children", "re");
    char word[32];
    int n = 0;

    while (list && fscanf(list, "%31s", word) == 1) {
        pid_t pid = (pid_t)strtol(word, NULL, 10);
        if (pid != service && waitpid(pid, NULL, WNOHANG) == 0 && kill(pid, sig) == 0)
            n++;
    }
    if (list)
        (void)fclose(list);
    return n;
}

/* What the command left in the background comes to us: a card whose reader goes would wait for
 * another one for ever. A second to end in order. */
static void
end_others(pid_t service)
{
    enum { MOMENT = 20000, ORDERLY = 50, PATIENCE = 100 };

    for (int i = 0; i < PATIENCE && signal_all(service, i < ORDERLY ? SIGTERM : SIGKILL); i++)
        usleep(MOMENT);
}

/* Its own status; what a signal ends is 128 and the signal, as a shell has it. */
static int
run_there(const struct args *a)
{
    pid_t child = fork();
    int status;

    if (child < 0)
        return complain(a, UNSURE, "cannot run", a->rest[0], "%s", strerror(errno));
    if (child == 0)
        become(a);
    signal(SIGINT, SIG_IGN); // the command's to answer
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return UNSURE;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
run_lab(const struct args *a)
{
    char why[YF_PCSCD_WHY];
    int pid;

    if (yf_pcscd_enter(&pid, why))
        return complain(a, UNSURE, "no reader of its own", NULL, "%s", why);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    int status = run_there(a);
    end_others(pid);
    yf_pcscd_stop(pid);
    return status;
}

const struct cmd cmd_lab_reader = {
    .name = "lab reader",
    .rest = "-- COMMAND [ARGUMENT...]",
    .summary = "run a command where PC/SC and a virtual reader are its own",
    .text =
        "Starts a pcscd with the virtual reader of vsmartcard-vpcd in namespaces of their own,\n"
        "runs COMMAND there and ends with its status: 'yufu card insert' in it puts a card\n"
        "into a reader that no other program of this machine sees. There is no network there,\n"
        "and what COMMAND leaves in the background ends with it.\n",
    .min = 1,
    .max = REST,
    .run = run_lab,
};
