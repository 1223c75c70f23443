/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table - the expected answers of the sweep, read from text that people wrote from the
 * standards. Nothing here knows the card's code.
 *
 *   stages | applications | security | class | ins | p1p2 | form | answers | clause
 *
 *   stages        CKPIALT: chip maker, card maker, personaliser, issuer, active, locked,
 *                 terminated; a point for a stage that is not meant
 *   applications  root issuer travel tiny, or *
 *   security      what stands when the command comes (sweep.c), or *
 *   class, ins    bytes and ranges, 00 or 20-3F,FF; or *
 *   p1p2          four digits, x for any
 *   form          1 no data, no Le   2 no data, Le   3 eight bytes, no Le
 *                 4 3F00 and Le      5 eight bytes and Le; 12345 or *
 *   answers       status words, x for any digit; `refused` is 6D00 or 6E00
 *
 * The first row that fits a cell speaks. What no row names is refused.
 */
#ifndef YUFU_TESTS_SWEEP_TABLE_H
#define YUFU_TESTS_SWEEP_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum { TABLE_STAGES = 7, TABLE_APPS = 4, TABLE_FORMS = 5, TABLE_ANSWERS = 16 };

/* Names in the order of the bits. */
extern const char *const table_apps[];     // ended by NULL
extern const char *const table_security[]; // the same

struct cell {
    unsigned stage, app, security;
    uint8_t cla, ins;
    uint16_t p1p2;
    unsigned form; // 1 to 5
};

struct row {
    unsigned stages, apps, security, forms; // sets
    uint8_t cla[32], ins[32];               // sets
    uint16_t p1p2, p1p2_mask;
    struct {
        uint16_t sw, mask;
    } answer[TABLE_ANSWERS];
    unsigned answers;
    char clause[80];
    const char *file;
    unsigned line;
    unsigned long cells; // it spoke for
};

/* Append the rows of a file; a row that cannot be read ends the program with its line. */
void table_read(const char *dir, const char *file);

/* The row that speaks for the cell; never NULL: what no row names is the last one's. */
struct row *table_row(const struct cell *c);
bool table_allows(const struct row *r, uint16_t sw);
/* Is the instruction named by a row that names few? */
bool table_names(uint8_t ins);
/* Prints the rows that never spoke, and says how many there are. */
unsigned table_silent(void);

#endif
