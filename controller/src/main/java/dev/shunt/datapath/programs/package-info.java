/**
 * Life cycle of the BPF programs: load, attach, pin, re-adopt, drain.
 *
 * <ol>
 *   <li>Maps are pinned when first loaded; a later process loads its programs against the same
 *       maps.
 *   <li>Every attachment is a link pinned under its own name; a later process replaces the program
 *       behind the link, so no packet or message ever passes without one.
 *   <li>Whatever a failed start attached, that start removes again.
 *   <li>Drain moves all traffic back to TCP, waits for empty queues, then detaches and unpins.
 * </ol>
 */
@NullMarked
package dev.shunt.datapath.programs;

import org.jspecify.annotations.NullMarked;
