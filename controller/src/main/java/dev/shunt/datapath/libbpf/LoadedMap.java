package dev.shunt.datapath.libbpf;

/**
 * A BPF map that exists on the host.
 *
 * @param id the kernel's number of the map
 * @param type libbpf's name of the map type, e.g. {@code sockhash}; {@code type 99} when unknown
 * @param name the kernel's name, at most 15 characters, may be empty
 */
public record LoadedMap(int id, String type, String name) {}
