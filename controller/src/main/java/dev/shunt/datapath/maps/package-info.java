/** One class per BPF map: typed rows instead of bytes. Thread-safe as {@code BpfMap} is. */
@NullMarked
package dev.shunt.datapath.maps;

import org.jspecify.annotations.NullMarked;
