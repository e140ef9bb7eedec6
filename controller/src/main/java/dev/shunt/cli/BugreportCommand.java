package dev.shunt.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shunt bugreport}: one archive with what a maintainer asks for first. */
@Command(
    name = "bugreport",
    description = {
      "Write one archive: versions, preflight, status, statistics, maps, connections.",
      "It holds addresses and names of workloads, but no payload and no secrets. Mode 0600."
    })
public final class BugreportCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Archive to write (default: shunt-bugreport-TIME.tar.gz here).")
  private @Nullable Path file;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "A log file to add, the last MiB of it; may be repeated. Read it first.")
  private List<Path> logs = List.of();

  @Override
  public Integer call() {
    Path archive =
        file == null ? Path.of("shunt-bugreport-" + STAMP.format(Instant.now()) + ".tar.gz") : file;
    return new Bugreport(node.target(spec), logs).write(archive, output.output(spec));
  }
}
