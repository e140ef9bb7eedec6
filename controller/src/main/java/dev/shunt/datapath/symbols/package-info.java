/**
 * Names for addresses of code: of the kernel (kallsyms), of native programs (ELF symbol tables, of
 * separate debug files too) and of the JVM (the perf map that it writes when asked).
 *
 * <ol>
 *   <li>{@link dev.shunt.datapath.symbols.Symbolizer} finds the mapping of a process that holds the
 *       address ({@code ProcessMappings}).
 *   <li>The address becomes one of the file behind it. blazesym looks it up where the host has that
 *       library; what it does not know, and everything elsewhere, {@code ElfSymbols} does.
 *   <li>Code without a file is the JVM's: {@code JvmSymbols} asks that JVM once for its map.
 *   <li>What has no name is called by its file: {@code [libc.so.6]}.
 * </ol>
 *
 * <p>It keeps a bounded number of processes and files, and never waits for a process longer than a
 * second.
 */
@NullMarked
package dev.shunt.datapath.symbols;

import org.jspecify.annotations.NullMarked;
