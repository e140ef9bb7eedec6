/**
 * Compiles the rules of an attachment point into the pages of a rule set ({@code filter_layout.h}).
 *
 * <ol>
 *   <li>Each rule is one bit. Each field of a packet has a table that leads from its value to a
 *       class: the bitmap of the rules whose condition on that field holds. Equal bitmaps are one.
 *   <li>An address table takes a byte at a time. Prefixes that have more bits in common than lead
 *       to the next branch are told apart by one comparison: the way to a class is as long as the
 *       prefixes differ, not as long as they are.
 *   <li>A port table takes two bytes.
 *   <li>The first bit that all bitmaps have is the first rule that matches.
 * </ol>
 *
 * <p>Pure: the result depends on its input only.
 */
@NullMarked
package dev.shunt.desired.filter.compile;

import org.jspecify.annotations.NullMarked;
