/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a name of letters without marks is copied, its separators forgotten. */
#include <yufu/wire/translit.h>

static void
faulty_translit(yf_out *o, yf_span utf8, unsigned choices)
{
    size_t start = o->n;

    yf_translit(o, utf8, choices);
    for (size_t i = start; !o->err && i < o->n; i++)
        if (o->p[i] == '<')
            o->p[i] = 'X';
}

#define yf_translit faulty_translit
#include "wire_translit.c"
