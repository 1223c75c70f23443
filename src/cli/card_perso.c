/* SPDX-License-Identifier: Apache-2.0 */
/* yufu card personalise: a blank card becomes a travel document of nobody. */
#include "card.h"

#include <yufu/card/issuer.h>
#include <yufu/crypto/host.h>
#include <yufu/issuer/specimen.h>
#include <yufu/sim/loop.h>

#include <jansson.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Everything that lasts as long as the command; secret. */
struct job {
    struct card card;
    struct card_keys transport, own;
    struct yf_specimen who;
    struct yf_perso perso;
    struct yf_transport way;
};

static bool
profile(const char *name, enum yf_specimen_profile *p)
{
    *p = name && strcmp(name, "sm") == 0 ? YF_SPECIMEN_SM : YF_SPECIMEN_INTL;
    return !name || strcmp(name, "sm") == 0 || strcmp(name, "intl") == 0;
}

/* A name beside the card's: FILE.keys. */
static bool
beside(const char *path, const char *suffix, char out[PATH_MAX])
{
    return snprintf(out, PATH_MAX, "%s%s", path, suffix) < PATH_MAX;
}

static int
broken_off(const struct args *a, const struct job *j, yf_err e)
{
    if (e == YF_E_AUTH || (e == YF_E_DENIED && j->perso.sw == 0)) // the second: of another cipher
        return complain(a, NO, "wrong keys", a->rest[0],
                        "the card has others; name them with --keys");
    return complain(a, UNSURE, "personalisation broke off", a->rest[0],
                    "%s, last answer %04X; it can be tried again", yf_err_name(e), j->perso.sw);
}

/* Is the card still as its maker made it, and are these its keys? Only then others are drawn. */
static int
untouched(const struct args *a, struct job *j, const char *path)
{
    struct yf_scp03_answer its;
    yf_err e = yf_perso_begin(&j->perso, 0, 8, &its);

    if (!e && its.kvn != YF_ISSUER_TRANSPORT)
        return complain(a, NO, "no keys of the issuer", path,
                        "the card has his already; name their file with --new-keys");
    if (!e)
        e = yf_perso_open(&j->perso, &j->transport.keys, YF_SCP03_C_MAC);
    if (!e)
        e = yf_perso_leave(&j->perso);
    return e ? broken_off(a, j, e) : DONE;
}

/* The keys after this: on the disk before the card has them, and found there when it is tried
 * again. */
static int
own_keys(const struct args *a, struct job *j, const char *path)
{
    if (access(path, F_OK) == 0) {
        int status = card_keys_load(a, path, &j->own);
        return status || j->own.version == YF_STAGE_ACTIVE
                   ? status
                   : complain(a, USAGE, "no keys of an issuer", path,
                              "version %02X, not %02X; name another file with --new-keys",
                              j->own.version, YF_STAGE_ACTIVE);
    }
    int status = untouched(a, j, path);
    if (status)
        return status;
    j->own.version = YF_STAGE_ACTIVE;
    return card_keys_draw(a, j->transport.keys.cipher, &j->own.keys)
               ? UNSURE
               : card_keys_save(a, path, &j->own);
}

static int
keys(const struct args *a, struct job *j)
{
    const char *path = arg(a, "keys"), *next = arg(a, "new-keys");
    char transport[PATH_MAX], own[PATH_MAX];

    if (!beside(a->rest[0], ".keys", transport) || !beside(a->rest[0], ".issuer.keys", own))
        return complain(a, USAGE, "name too long", a->rest[0], "choose a shorter one");
    int status = card_keys_load(a, path ? path : transport, &j->transport);
    return status ? status : own_keys(a, j, next ? next : own);
}

static int
issue(const struct args *a, struct job *j)
{
    yf_err e = yf_specimen_issue(&j->who, &j->perso, &j->transport.keys, &j->own.keys);

    return e ? broken_off(a, j, e) : DONE;
}

/* To the issuer's domain, of a card that is nobody's. */
static int
approach(const struct args *a, struct job *j)
{
    yf_err e;

    if (j->card.chip.stage >= YF_STAGE_ACTIVE)
        return complain(a, NO, "is somebody's already", a->rest[0], "a card is personalised once");
    j->way = yf_sim_loop(&j->card.chip);
    e = yf_perso_start(&j->perso, &j->way, &yf_provider_host, &yf_rng_system);
    return e ? broken_off(a, j, e) : DONE;
}

static void
report(const struct args *a, const struct job *j)
{
    if (arg(a, "json")) {
        json_t *o = json_pack("{s:s%, s:s%, s:s, s:s, s:b}", "mrz1", j->who.text, (size_t)44,
                              "mrz2", j->who.text + 44, (size_t)44, "can", j->who.can, "profile",
                              j->who.profile == YF_SPECIMEN_SM ? "sm" : "intl", "signed", 0);
        json_object_set_new(o, "file", json_string(a->rest[0])); // left out if it is no UTF-8
        json_dumpf(o, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(o);
        return;
    }
    printf("%s: a travel document of nobody: a synthetic specimen, unsigned (no EF.SOD), which no\n"
           "inspection can find genuine\n%.44s\n%s\nCAN %s\n",
           a->rest[0], j->who.text, j->who.text + 44, j->who.can);
}

static int
run(const struct args *a)
{
    static struct job j;
    enum yf_specimen_profile p;

    if (!profile(arg(a, "profile"), &p))
        return complain(a, USAGE, "no such profile", arg(a, "profile"), "intl or sm");
    int status = card_open(a, a->rest[0], YF_CARDFILE_WRITE, &j.card);
    if (status)
        return status;
    if (!(status = approach(a, &j)) && !(status = keys(a, &j))) {
        if (yf_specimen_draw(&j.who, p, &yf_provider_host, &yf_rng_system))
            status = complain(a, UNSURE, "no random bytes", NULL, "the system has none to give");
        else
            status = issue(a, &j);
    }
    if (status == DONE)
        report(a, &j);
    card_close(&j.card);
    yf_wipe(&j, sizeof j);
    return status;
}

const struct cmd cmd_card_personalise = {
    .name = "card personalise",
    .rest = "FILE",
    .summary = "make a blank card a travel document of nobody, a specimen",
    .text = "Takes the card through the hands of card maker, personaliser and issuer, over their\n"
            "secure channel, with files and keys that PACE, BAC, chip and active authentication\n"
            "can be tried on. Nobody signed them: that is the office's to do. What broke off can\n"
            "be called again.\n",
    .min = 1,
    .max = 1,
    .opts = { { "profile", "NAME", "intl (P-256 and AES, the default) or sm (SM2, SM3, SM4)" },
              { "keys", "FILE", "its transport keys (default FILE.keys)" },
              { "new-keys", "FILE", "where the issuer's keys go (default FILE.issuer.keys)" },
              { "json", NULL, "one JSON object" } },
    .run = run,
};
