/* SPDX-License-Identifier: Apache-2.0 */
/* What the load cases share: traffic that counts an error instead of ending the process. */
#ifndef SHUNT_PEERS_LOAD_H
#define SHUNT_PEERS_LOAD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "talk.h"

#define SECOND_US 1000000ULL

/* Set by SIGTERM and SIGINT once stop_on_signal() was called. */
extern volatile sig_atomic_t stopped;

void stop_on_signal(void);

/* Like convey(), but counts an error of the connection instead of ending the process. */
bool carry(struct talk *talk, enum side side, size_t length);

/* Ends the connection in order: each end has to see what is left and then the end of the stream. */
bool load_close(struct talk *talk);

#endif
