/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yufu card show: what a card file holds, by looking into its memory and not by asking
 * the card, so that it works in every stage of a card's life. Of keys it shows that they
 * are there. The output for people is the one for programs, laid out.
 */
#include "card.h"

#include <yufu/card/issuer.h>
#include <yufu/card/pin.h>

#include <jansson.h>
#include <sys/stat.h>

static json_t *
hex(yf_span bytes)
{
    char text[2 * 64 + 1];

    return json_string(bytes.n <= 64 ? card_hex_put(bytes, text) : "");
}

static json_t *
hex_number(unsigned v, int digits)
{
    return json_sprintf("%0*X", digits, v);
}

/* ---- files ---- */

static json_t *
need_words(yf_need need)
{
    static const char *const words[] = { "always",    "messaging", "bac-or-pace", "pace",
                                         "chip-auth", "terminal",  "issuer",      "issuer-keys" };
    enum { WORDS = sizeof words / sizeof *words };
    json_t *list = json_array();

    for (unsigned i = 0; i < 16; i++) {
        if (!(need & 1u << i) || (i == 0 && need != YF_NEED_NOTHING))
            continue;
        json_array_append_new(list, i < WORDS ? json_string(words[i])
                                              : json_sprintf("pin-%u", i - WORDS + 1));
    }
    if (need == YF_NEED_NEVER)
        json_array_append_new(list, json_string("never"));
    return list;
}

static const char *
kind_name(uint8_t kind)
{
    static const char *const names[] = { "?", "df", "transparent", "linear", "variable", "cyclic" };

    return names[kind < YF_FILE_KINDS ? kind : 0];
}

static const char *
state_name(uint8_t state)
{
    switch (state) {
    case YF_FILE_CREATION:
        return "creation";
    case YF_FILE_INITIALISATION:
        return "initialisation";
    case YF_FILE_ACTIVATED:
        return "activated";
    case YF_FILE_DEACTIVATED:
        return "deactivated";
    default:
        return "terminated";
    }
}

static json_t *
one_file(const struct yf_fcp *f)
{
    json_t *o = json_object();

    json_object_set_new(o, "fid", hex_number(f->fid, 4));
    if (f->sfi)
        json_object_set_new(o, "sfi", json_integer(f->sfi));
    json_object_set_new(o, "kind", json_string(kind_name(f->kind)));
    if (f->kind == YF_FILE_TRANSPARENT)
        json_object_set_new(o, "size", json_integer(f->size));
    else if (f->kind != YF_FILE_DF) {
        json_object_set_new(o, "records", json_integer(f->records));
        json_object_set_new(o, "record", json_integer(f->record));
    }
    json_object_set_new(o, "state", json_string(state_name(f->state)));
    if (f->kind != YF_FILE_DF) {
        json_object_set_new(o, "read", need_words(f->need[YF_FILE_READ]));
        json_object_set_new(o, "update", need_words(f->need[YF_FILE_UPDATE]));
    }
    return o;
}

/* All but the application's own directory. */
static json_t *
files(const struct yf_store *s, uint8_t app)
{
    json_t *list = json_array();
    yf_obj o = YF_OBJ(app, YF_OBJ_FILE, 0), last = YF_OBJ(app, YF_OBJ_FILE, 0xFFFF);
    struct yf_fcp f;

    while (yf_store_next(s, o, &o) && o <= last)
        if (!yf_files_get(s, app, (uint8_t)o, &f))
            json_array_append_new(list, one_file(&f));
    return list;
}

/* ---- counters and keys ---- */

static json_t *
tries(const struct yf_store *s, yf_obj o)
{
    uint8_t left;

    return yf_tries_left(s, o, &left) ? json_null() : json_integer(left);
}

/* Of everything that has one; the issuer's key sets show theirs themselves. */
static json_t *
counters(const struct yf_store *s, uint8_t app)
{
    json_t *list = json_array();
    yf_obj o = YF_OBJ(app, YF_OBJ_PIN, 0) - 1, last = YF_OBJ(app, YF_OBJ_PIN, 0xFFFF);

    while (app != YF_APP_ISSUER && yf_store_next(s, o, &o) && o <= last)
        json_array_append_new(
            list, json_pack("{s:i, s:o}", "number", (int)(o & 0xFFFF), "tries", tries(s, o)));
    return list;
}

static const char *
set_cipher(const uint8_t kind[2])
{
    if (kind[0] == YF_KEY_TYPE_SM4)
        return "sm4";
    return kind[1] == 32 ? "aes-256" : kind[1] == 24 ? "aes-192" : "aes-128";
}

/* As applet/issuer keeps them; their first two bytes are type and length. */
static json_t *
key_set(const struct yf_store *s, uint8_t version)
{
    uint8_t kind[2] = { 0 }, sequence[3] = { 0 };
    yf_err e = yf_store_read(s, YF_OBJ(YF_APP_ISSUER, YF_OBJ_KEY, version), 0, kind, sizeof kind);
    json_t *o = json_object();

    e = yf_err_first(
        e, yf_store_read(s, YF_OBJ(YF_APP_ISSUER, YF_OBJ_DATA, YF_ISSUER_SEQUENCE << 8 | version),
                         0, sequence, sizeof sequence));
    json_object_set_new(o, "version", hex_number(version, 2));
    json_object_set_new(o, "cipher", e ? json_null() : json_string(set_cipher(kind)));
    json_object_set_new(o, "tries", tries(s, YF_OBJ(YF_APP_ISSUER, YF_OBJ_PIN, version)));
    json_object_set_new(o, "sessions",
                        json_integer(sequence[0] << 16 | sequence[1] << 8 | sequence[2]));
    return o;
}

static json_t *
key_sets(const struct yf_store *s)
{
    json_t *list = json_array();
    yf_obj o = YF_OBJ(YF_APP_ISSUER, YF_OBJ_KEY, 0), last = YF_OBJ(YF_APP_ISSUER, YF_OBJ_KEY, 0xFF);

    while (yf_store_next(s, o, &o) && o <= last)
        json_array_append_new(list, key_set(s, (uint8_t)o));
    return list;
}

/* ---- all of it ---- */

static const char *
app_state_name(uint8_t state)
{
    return state == YF_APP_SELECTABLE ? "selectable"
           : state == YF_APP_LOCKED   ? "locked"
           : state == YF_APP_REMOVED  ? "going"
                                      : "installed";
}

static json_t *
application(const struct card *c, const struct yf_app *app)
{
    const struct yf_store *s = &c->chip.store;
    const struct yf_applet *applet = yf_apps_applet(&c->chip, app);
    json_t *o = json_object();

    json_object_set_new(o, "number", json_integer(app->number));
    json_object_set_new(o, "name", json_string(applet ? applet->name : "unknown"));
    json_object_set_new(o, "aid", hex((yf_span){ app->aid, app->aid_n }));
    json_object_set_new(o, "state", json_string(app_state_name(app->state)));
    json_object_set_new(o, "files", files(s, app->number));
    json_object_set_new(o, "counters", counters(s, app->number));
    return o;
}

static json_t *
applications(const struct card *c)
{
    json_t *list = json_array();
    struct yf_app app;

    for (unsigned i = 0; i < YF_CARD_APPS; i++)
        if (!yf_apps_get(&c->chip.store, (uint8_t)i, &app))
            json_array_append_new(list, application(c, &app));
    return list;
}

static json_t *
serial(const struct yf_store *s)
{
    yf_obj o = YF_OBJ(0, YF_OBJ_CARD, YF_CARD_SERIAL);
    uint8_t bytes[YF_CARD_SERIAL_MAX];
    uint32_t n;

    if (yf_store_size(s, o, &n) || n > sizeof bytes || yf_store_read(s, o, 0, bytes, n))
        return json_null();
    return hex((yf_span){ bytes, n });
}

static json_t *
memory(const struct card *c)
{
    const struct yf_flash *f = c->parts.flash;
    uint32_t least = 0, most = 0;
    yf_err e = yf_store_wear(&c->chip.store, &least, &most);

    return json_pack("{s:i, s:i, s:i, s:I, s:o, s:o}", "page", (int)f->page, "pages", (int)f->pages,
                     "unit", (int)f->unit, "free", (json_int_t)yf_store_room(&c->chip.store),
                     "erasures_least", e ? json_null() : json_integer(least), "erasures_most",
                     e ? json_null() : json_integer(most));
}

static json_t *
look(const struct args *a, const struct card *c)
{
    struct stat st = { 0 };
    json_t *o = json_object();

    if (stat(a->rest[0], &st) != 0)
        st.st_mode = 0;
    json_object_set_new(o, "file", json_string(a->rest[0]));
    json_object_set_new(o, "version", json_integer(YF_CARDFILE_VERSION));
    json_object_set_new(o, "mode", json_sprintf("%04o", (unsigned)st.st_mode & 0777));
    json_object_set_new(o, "private", json_boolean((st.st_mode & 077) == 0));
    json_object_set_new(o, "serial", serial(&c->chip.store));
    json_object_set_new(o, "stage", hex_number(yf_stage_code(c->chip.stage), 2));
    json_object_set_new(o, "stage_name", json_string(yf_stage_name(c->chip.stage)));
    json_object_set_new(o, "memory", memory(c));
    json_object_set_new(o, "keys", key_sets(&c->chip.store));
    json_object_set_new(o, "applications", applications(c));
    return o;
}

/* ---- for people ---- */

static const char *
text(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));

    return s ? s : "?";
}

static long
number(const json_t *o, const char *name)
{
    return (long)json_integer_value(json_object_get(o, name));
}

static void
print_words(const char *what, const json_t *list)
{
    printf(" %s ", what);
    for (size_t i = 0; i < json_array_size(list); i++)
        printf("%s%s", i ? "+" : "", json_string_value(json_array_get(list, i)));
}

static void
print_file(const json_t *f)
{
    char size[32] = "";

    if (json_object_get(f, "size"))
        snprintf(size, sizeof size, "%ld bytes", number(f, "size"));
    else if (json_object_get(f, "records"))
        snprintf(size, sizeof size, "%ld x %ld", number(f, "records"), number(f, "record"));
    printf("     %s %-11s %12s  %-11s", text(f, "fid"), text(f, "kind"), size, text(f, "state"));
    if (json_object_get(f, "read"))
        print_words("read", json_object_get(f, "read"));
    if (json_object_get(f, "update"))
        print_words("update", json_object_get(f, "update"));
    putchar('\n');
}

static void
print_counter(const json_t *c)
{
    printf("     counter %ld: %ld tries left\n", number(c, "number"), number(c, "tries"));
}

static void
print_set(const json_t *set)
{
    printf("     version %s, %s, %ld tries left, %ld sessions\n", text(set, "version"),
           text(set, "cipher"), number(set, "tries"), number(set, "sessions"));
}

static void
each(const json_t *list, void (*put)(const json_t *one))
{
    for (size_t i = 0; i < json_array_size(list); i++)
        put(json_array_get(list, i));
}

static void
print_application(const json_t *app)
{
    printf("%3ld  %-8s %-32s %s\n", number(app, "number"), text(app, "name"), text(app, "aid"),
           text(app, "state"));
    each(json_object_get(app, "files"), print_file);
    each(json_object_get(app, "counters"), print_counter);
}

static void
print(const json_t *o)
{
    const json_t *m = json_object_get(o, "memory");

    printf("%s: a card file of version %ld, mode %s%s\n", text(o, "file"), number(o, "version"),
           text(o, "mode"),
           json_is_true(json_object_get(o, "private"))
               ? "; it holds secret keys"
               : "; it holds secret keys and others can read it: chmod 600");
    printf("serial %s, stage %s: %s\n", text(o, "serial"), text(o, "stage"), text(o, "stage_name"));
    printf("memory %ld pages of %ld bytes, %ld bytes free, each erased %ld to %ld times\n",
           number(m, "pages"), number(m, "page"), number(m, "free"), number(m, "erasures_least"),
           number(m, "erasures_most"));
    printf("\nkeys\n");
    each(json_object_get(o, "keys"), print_set);
    printf("\napplications\n");
    each(json_object_get(o, "applications"), print_application);
}

static int
run(const struct args *a)
{
    static struct card c;
    int status = card_open(a, a->rest[0], YF_CARDFILE_COPY, &c);

    if (status)
        return status;
    json_t *o = look(a, &c);
    card_close(&c);
    if (arg(a, "json")) {
        json_dumpf(o, stdout, JSON_COMPACT);
        putchar('\n');
    } else {
        print(o);
    }
    json_decref(o);
    return DONE;
}

const struct cmd cmd_card_show = {
    .name = "card show",
    .rest = "FILE",
    .summary = "what a card file holds: stage, keys by name, applications, files",
    .text = "Reads the memory of the card, in whatever stage it is, and changes nothing. Keys\n"
            "are named and not shown. A card that is in a reader is in use and cannot be read.\n",
    .min = 1,
    .max = 1,
    .opts = { { "json", NULL, "one JSON object" } },
    .run = run,
};
