package dev.shunt.datapath.symbols;

import java.nio.file.Path;

/**
 * A process that has a file of code mapped.
 *
 * @param pid of the process
 * @param identity of the file, the same for every process that has it mapped
 * @param open the file, as long as the process lives
 * @param path as the process sees it
 */
public record CodeUse(int pid, String identity, Path open, String path) {}
