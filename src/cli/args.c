/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { HELP = 1000 };

/* What was given, in one line and with nothing that a terminal would obey. */
static void
quote(const char *thing)
{
    fputc('\'', stderr);
    for (; *thing; thing++)
        fputc((unsigned char)*thing < ' ' || *thing == 0x7F ? '?' : *thing, stderr);
    fputs("': ", stderr);
}

int
complain(const struct args *a, int status, const char *what, const char *thing, const char *why,
         ...)
{
    va_list ap;

    (void)fflush(stdout);
    fprintf(stderr, "yufu%s%s: %s: ", a->cmd ? " " : "", a->cmd ? a->cmd->name : "", what);
    if (thing)
        quote(thing);
    va_start(ap, why);
    vfprintf(stderr, why, ap);
    va_end(ap);
    fputc('\n', stderr);
    return status;
}

const char *
arg(const struct args *a, const char *name)
{
    for (int i = 0; i < OPTS && a->cmd->opts[i].name; i++)
        if (strcmp(a->cmd->opts[i].name, name) == 0)
            return a->value[i];
    abort();
}

bool
arg_number(const struct args *a, const char *name, long min, long max, long *value)
{
    const char *s = arg(a, name);
    char *end;

    if (!s)
        return true;
    errno = 0;
    long v = strtol(s, &end, 10);
    if (end == s || *end || errno || v < min || v > max) {
        complain(a, USAGE, name, s, "not a whole number from %ld to %ld", min, max);
        return false;
    }
    *value = v;
    return true;
}

/* Of getopt's optopt: a letter, the number of one of our options, or 0 for no option at all. */
static int
option_error(const struct args *a, int code, char **argv)
{
    const char letter[] = { '-', (char)optopt, 0 };
    const char *word = optopt >= ' ' && optopt != HELP ? letter : argv[optind - 1];

    if (code == ':')
        return complain(a, USAGE, "value missing", word, "try 'yufu %s --help'", a->cmd->name);
    if (optopt > 0 && word != letter)
        return complain(a, USAGE, "takes no value", word, "try 'yufu %s --help'", a->cmd->name);
    return complain(a, USAGE, "no such option", word,
                    "try 'yufu %s --help'; a file of that name stands after --", a->cmd->name);
}

/* Options may stand before, between and after operands; "--" ends them. */
static int
run(struct args *a, int argc, char **argv)
{
    struct option longs[OPTS + 2] = { 0 };
    int n = 0, code;

    for (; n < OPTS && a->cmd->opts[n].name; n++)
        longs[n] =
            (struct option){ a->cmd->opts[n].name, a->cmd->opts[n].arg ? 1 : 0, NULL, n + 1 };
    longs[n] = (struct option){ "help", 0, NULL, HELP };

    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
        if (code == HELP || code == 'h') {
            help_command(stdout, a->cmd);
            return DONE;
        }
        if (code == '?' || code == ':')
            return option_error(a, code, argv);
        a->value[code - 1] = optarg ? optarg : "";
    }
    a->rest = argv + optind;
    a->n = argc - optind;
    if (a->n < a->cmd->min)
        return complain(a, USAGE, "missing operand", NULL, "usage: yufu %s%s%s", a->cmd->name,
                        n ? " [OPTION...] " : " ", a->cmd->rest);
    if (a->n > a->cmd->max)
        return complain(a, USAGE, "one operand too many", a->rest[a->cmd->max],
                        "usage: yufu %s%s%s", a->cmd->name, *a->cmd->rest ? " " : "", a->cmd->rest);
    return a->cmd->run(a);
}

/* How many of the words name this command: 0, 1 or 2. */
static int
words(const struct cmd *c, int argc, char **argv)
{
    const char *space = strchr(c->name, ' ');
    size_t first = space ? (size_t)(space - c->name) : strlen(c->name);

    if (argc < 1 || strlen(argv[0]) != first || strncmp(argv[0], c->name, first) != 0)
        return 0;
    if (!space)
        return 1;
    return argc > 1 && strcmp(argv[1], space + 1) == 0 ? 2 : 0;
}

static bool
asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* No command has this name: of a group the list, or what is wrong with the second word. */
static int
unknown(int argc, char **argv)
{
    const struct cmd group = { .name = argv[0] };
    struct args a = { 0 };
    char prefix[64];

    snprintf(prefix, sizeof prefix, "%s ", argv[0]);
    if (!help_group(NULL, prefix))
        return complain(&a, USAGE, "no such command", argv[0], "try 'yufu help'");
    if (argc == 1)
        return help_group(stderr, prefix), USAGE;
    if (asks_for_help(argv[1]))
        return help_group(stdout, prefix), DONE;
    a.cmd = &group;
    return complain(&a, USAGE, "no such command", argv[1], "try 'yufu %s --help'", argv[0]);
}

int
cli_main(int argc, char **argv)
{
    if (argc < 2) {
        help_overview(stderr);
        return USAGE;
    }
    if (asks_for_help(argv[1])) {
        help_overview(stdout);
        return DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("yufu " YF_VERSION);
        return DONE;
    }
    for (int i = 0; commands[i]; i++) {
        struct args a = { .cmd = commands[i] };
        int n = words(a.cmd, argc - 1, argv + 1);
        if (n)
            return run(&a, argc - n, argv + n);
    }
    return unknown(argc - 1, argv + 1);
}
