package dev.shunt.datapath.libbpf;

import java.nio.file.Path;

/**
 * Code of programs that probes are put into.
 *
 * @param file an ELF file, under a path that this process and the kernel can open
 * @param pid whose use of it; -1: everybody's
 */
public record UserCode(Path file, int pid) {
  /** Of every process that has the file mapped now or later. */
  public static final int EVERYBODY = -1;
}
