/* SPDX-License-Identifier: Apache-2.0 */
/* eacpeer - libeac's both ends of PACE, running in a process of its own, asked through pipes. */
#ifndef YUFU_LAB_EACPEER_H
#define YUFU_LAB_EACPEER_H

#include <stdbool.h>

/* Start the program that the environment's YUFU_EACPEER names; false if it names none
 * that can be run. */
bool eacpeer_open(void);
/* Ends it; harmless where none runs. */
void eacpeer_close(void);

/* PACE with generic mapping over these parameters for so long: runs a second of its CPU. Ends the
 * program if the peer fails. */
double eacpeer_rate(int parameters, unsigned ms);

#endif
