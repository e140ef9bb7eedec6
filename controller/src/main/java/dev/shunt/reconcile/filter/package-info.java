/**
 * Packet filters brought into force: which interfaces a filter means, which rules meet there, what
 * the programs are given. Entry: {@link dev.shunt.reconcile.filter.PacketFilters}.
 */
@NullMarked
package dev.shunt.reconcile.filter;

import org.jspecify.annotations.NullMarked;
