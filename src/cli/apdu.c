/* SPDX-License-Identifier: Apache-2.0 */
/* yufu apdu: commands as typed, responses as they come. */
#include "card.h"

#include <yufu/reader/pcsc.h>
#include <yufu/sim/loop.h>

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 4 };

/* The other end, whichever it is. */
struct other {
    struct yf_transport t;
    yf_pcsc *reader;
};

static uint8_t cmd[YF_APDU_MAX_CMD], rsp[YF_APDU_MAX_RSP];
static char hex[2 * (YF_APDU_MAX_CMD > YF_APDU_MAX_RSP ? YF_APDU_MAX_CMD : YF_APDU_MAX_RSP) + 1];

static bool
parse(const char *text, yf_span *out)
{
    size_t n;

    if (!card_hex(text, cmd, sizeof cmd, &n) || n < SHORTEST)
        return false;
    *out = (yf_span){ cmd, n };
    return true;
}

/* Why text is no command, by its first fault; of a long one the beginning is shown. */
static int
refuse(const struct args *a, const char *text)
{
    enum { SHOWN = 40 };
    char start[SHOWN + sizeof "..."];
    size_t hexed = strspn(text, "0123456789ABCDEFabcdef" CARD_HEX_SPACE), n;

    snprintf(start, sizeof start, "%.*s%s", SHOWN, text, strlen(text) > SHOWN ? "..." : "");
    if (card_hex(text, cmd, sizeof cmd, &n))
        return complain(a, USAGE, "no command", start,
                        "%zu bytes, and the least is %d: CLA INS P1 P2", n, SHORTEST);
    if (text[hexed])
        return complain(a, USAGE, "no command", start, "its character %zu is no hex digit",
                        hexed + 1);
    if (hexed > 2 * sizeof cmd)
        return complain(a, USAGE, "no command", start, "longer than %zu bytes", sizeof cmd);
    return complain(a, USAGE, "no command", start, "half a byte: two hex digits make one");
}

static void
status_text(yf_sw sw, char *text, size_t cap)
{
    yf_out o = yf_out_of((uint8_t *)text, cap - 1);

    yf_sw_put_text(&o, sw);
    text[o.n] = 0;
}

static void
print(yf_span c, const yf_apdu_rsp *r, yf_span raw)
{
    char text[160];

    status_text(r->sw, text, sizeof text);
    printf("> %s\n", card_hex_put(c, hex));
    printf("< %s\n  %s\n", card_hex_put(raw, hex), text);
}

static void
print_json(yf_span c, const yf_apdu_rsp *r)
{
    char text[160], sw[8];
    json_t *o = json_object();

    status_text(r->sw, text, sizeof text);
    snprintf(sw, sizeof sw, "%04X", r->sw);
    json_object_set_new(o, "command", json_string(card_hex_put(c, hex)));
    json_object_set_new(o, "data", json_string(card_hex_put(r->data, hex)));
    json_object_set_new(o, "sw", json_string(sw));
    json_object_set_new(o, "text", json_string(text));
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static int
exchange(const struct args *a, const struct other *to, yf_span c)
{
    yf_out o = yf_out_of(rsp, sizeof rsp);
    yf_apdu_rsp r;

    if (to->t.transmit(to->t.state, c, &o))
        return complain(a, UNSURE, "no response", NULL, "%s",
                        to->reader ? yf_pcsc_why(to->reader) : "the card broke off");
    if (yf_apdu_rsp_parse(yf_out_span(&o), &r))
        return complain(a, UNSURE, "no response", NULL, "what the card sent is none");
    if (arg(a, "json"))
        print_json(c, &r);
    else
        print(c, &r, yf_out_span(&o));
    (void)fflush(stdout);
    return DONE;
}

/* A command a line; empty lines and what follows a # are passed over. */
static int
from_input(const struct args *a, const struct other *to)
{
    char *line = NULL;
    size_t cap = 0;
    int status = DONE;
    yf_span c;

    while (status == DONE && getline(&line, &cap, stdin) > 0) {
        line[strcspn(line, "#\r\n")] = 0;
        if (line[strspn(line, CARD_HEX_SPACE)] == 0)
            continue;
        status = parse(line, &c) ? exchange(a, to, c) : refuse(a, line);
    }
    if (line)
        yf_wipe(line, cap);
    free(line);
    return status;
}

static int
all(const struct args *a, const struct other *to)
{
    int status = DONE;
    yf_span c = { 0 };

    for (int i = 0; status == DONE && i < a->n; i++) {
        if (strcmp(a->rest[i], "-") == 0)
            status = from_input(a, to);
        else
            status = parse(a->rest[i], &c) ? exchange(a, to, c) : refuse(a, a->rest[i]);
    }
    return status;
}

static int
to_card(const struct args *a, const char *path)
{
    static struct card c;
    int status = card_open(a, path, YF_CARDFILE_WRITE, &c);

    if (status)
        return status;
    status = all(a, &(struct other){ .t = yf_sim_loop(&c.chip) });
    card_close(&c);
    return status;
}

static int
to_reader(const struct args *a, const char *name)
{
    char why[YF_PCSC_WHY];
    yf_pcsc *r;

    if (yf_pcsc_open(name, &r, why))
        return complain(a, UNSURE, "no card in reader", name, "%s", why);
    int status = all(a, &(struct other){ .t = yf_pcsc_transport(r), .reader = r });
    yf_pcsc_close(r);
    return status;
}

static int
run(const struct args *a)
{
    const char *path = arg(a, "card"), *name = arg(a, "reader");
    yf_span c;

    if (!path == !name)
        return complain(a, USAGE, "which card", NULL, "give either --card FILE or --reader NAME");
    for (int i = 0; i < a->n; i++) // nothing is sent if anything is wrong
        if (strcmp(a->rest[i], "-") != 0 && !parse(a->rest[i], &c))
            return refuse(a, a->rest[i]);
    int status = path ? to_card(a, path) : to_reader(a, name);
    yf_wipe(cmd, sizeof cmd);
    yf_wipe(rsp, sizeof rsp);
    yf_wipe(hex, sizeof hex);
    return status;
}

const struct cmd cmd_apdu = {
    .name = "apdu",
    .rest = "HEX...",
    .summary = "send commands to a card and print its responses",
    .text = "Each HEX is one command, as it is sent; '-' takes them from standard input, one a\n"
            "line. They go to one session of a card: in a file, or in a reader by its name or a\n"
            "part of it. What the card answers, also a refusal, is no failure of this command.\n",
    .min = 1,
    .max = REST,
    .opts = { { "card", "FILE", "a card file" },
              { "reader", "NAME", "a reader of this machine; see 'yufu card readers'" },
              { "json", NULL, "one JSON object a line" } },
    .run = run,
};
