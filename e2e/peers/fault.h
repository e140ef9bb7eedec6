/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that sleep in a page fault, as those of a program whose memory was swapped out. */
#ifndef SHUNT_PEERS_FAULT_H
#define SHUNT_PEERS_FAULT_H

#include <stddef.h>
#include <stdint.h>

/* A page whose first access sleeps until page_supply(); -1 when the kernel has no userfaultfd. */
int page_withhold(uint8_t **page, size_t size);
void page_supply(int fault, uint8_t *page, size_t size);

#endif
