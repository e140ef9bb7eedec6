package dev.shunt.datapath.libbpf;

/**
 * A BPF program that some process of the host has loaded.
 *
 * @param id the kernel's number of the program
 * @param type libbpf's name of the program type, e.g. {@code sk_msg}; {@code type 99} when unknown
 * @param name the kernel's name, at most 15 characters, may be empty
 */
public record LoadedProgram(int id, String type, String name) {}
