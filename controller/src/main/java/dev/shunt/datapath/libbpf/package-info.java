/**
 * Binding to the distribution's libbpf and to the few system calls the data path needs.
 *
 * <p>The only package that knows JNR-FFI. Names inside follow C; what other packages use is {@link
 * dev.shunt.datapath.libbpf.Libbpf} (objects, maps, programs, links by path or id), {@link
 * dev.shunt.datapath.libbpf.Linux} (system calls), {@link dev.shunt.datapath.libbpf.Netns} and
 * {@link dev.shunt.datapath.libbpf.Btf}.
 *
 * <p>Promises: an error of libbpf ({@code -errno}, or NULL with errno) becomes a {@link
 * dev.shunt.datapath.libbpf.BpfException} here and nowhere else; a lookup that finds nothing is an
 * empty result; every buffer handed to C is reachable until the call has returned; whatever is
 * {@link java.lang.AutoCloseable} may be closed twice.
 */
@NullMarked
package dev.shunt.datapath.libbpf;

import org.jspecify.annotations.NullMarked;
