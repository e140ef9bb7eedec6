package dev.shunt.agent;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.LoadedProgram;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Programs of telemetry that a node has in the kernel. Stateless. */
final class HeldModules {
  private HeldModules() {}

  /** Their ids. */
  static Set<Integer> of(long pid) {
    Set<Integer> held = new HashSet<>();
    Path descriptors = Path.of("/proc", Long.toString(pid), "fdinfo");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors)) {
      for (Path file : files) {
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("prog_id:"))
            .forEach(line -> held.add(Integer.parseInt(line.substring(8).strip())));
      }
    } catch (IOException closed) {
      return of(pid); // one of them, meanwhile
    }
    Set<Integer> named =
        new Libbpf()
            .programs().stream()
                .filter(
                    program ->
                        program.name().matches("(connect|states|rtt|fastopen|profile|http)_.*"))
                .filter(program -> !program.name().startsWith("connect_ipv"))
                .map(LoadedProgram::id)
                .collect(Collectors.toSet());
    held.retainAll(named);
    return held;
  }
}
