/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli - what every subcommand of `yufu` is made of.
 *
 * A command is one constant of struct cmd: its options and words are data, read by
 * the parser, the help text, the man page and the shell completion alike, so these
 * cannot disagree. A command's run gets its arguments parsed and answers with an
 * exit status; it reports failures with complain, and nothing else writes to
 * standard error.
 */
#ifndef YUFU_CLI_CLI_H
#define YUFU_CLI_CLI_H

#include <yufu/base.h>

#include <stdio.h>

/* The exit statuses of the whole program. */
enum {
    DONE = 0,   // yes, or done
    NO = 1,     // a checked no: refused, does not verify, mismatch
    USAGE = 2,  // the call itself is wrong
    UNSURE = 3, // could not tell: i/o, damaged input
};

enum { OPTS = 12, REST = 256 };

struct opt {
    const char *name; // without the dashes
    const char *arg;  // name of its value; NULL for a flag
    const char *text;
};

struct args;

struct cmd {
    const char *name;    // "sm sign"
    const char *rest;    // operands as shown in the usage line
    const char *summary; // one line
    const char *text;    // paragraphs of help; may be NULL
    int min, max;        // how many operands
    struct opt opts[OPTS];
    int (*run)(const struct args *a);
};

struct args {
    const struct cmd *cmd;
    const char *value[OPTS]; // by place in cmd->opts; a flag that was given is ""
    char **rest;
    int n;
};

/* All commands, ended by NULL; in commands.c. */
extern const struct cmd *const commands[];

/* The value of an option, "" for a flag, NULL if it was not given. Asking for one the command does
 * not declare is a bug. */
const char *arg(const struct args *a, const char *name);
/* The same as a whole number; false and a complaint if it is none or not in min..max. */
bool arg_number(const struct args *a, const char *name, long min, long max, long *value);

/* Find the command and parse the rest; returns its status. */
int cli_main(int argc, char **argv);

/* help.c: one source for people, man and shells. */
void help_overview(FILE *out);
void help_command(FILE *out, const struct cmd *c);
bool help_group(FILE *out, const char *prefix); // false if no command begins so
void help_man(FILE *out);
void help_completion(FILE *out);

/*
 * "yufu <command>: what: 'thing': why" on standard error; thing may be NULL. why
 * says the mend where there is one. Returns status, so that a command can end
 * with it.
 */
__attribute__((format(printf, 5, 6))) int complain(const struct args *a, int status,
                                                   const char *what, const char *thing,
                                                   const char *why, ...);

#endif
