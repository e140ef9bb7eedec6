/**
 * The C structs of {@code bpf/include/layout.h} as Java sees them: one class per struct, each with
 * the field table that reads it and that a test compares with the BTF of the loaded object.
 */
@NullMarked
package dev.shunt.datapath.layout;

import org.jspecify.annotations.NullMarked;
