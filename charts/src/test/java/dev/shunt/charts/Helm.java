package dev.shunt.charts;

import dev.shunt.e2e.cluster.ClusterTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the real Helm on the chart, without a cluster. Any thread; blocks. */
final class Helm {
  /** The chart, from the folder of this module. */
  static final Path CHART = Path.of("shunt");

  /** The release and namespace of all renderings. */
  static final String RELEASE = "shunt";

  static final String NAMESPACE = "shunt-system";

  private static final int LIMIT_SECONDS = 60;

  private Helm() {}

  /**
   * What Helm said.
   *
   * @param exitCode 0: it worked
   * @param output its standard output
   * @param errors its standard error
   */
  record Run(int exitCode, String output, String errors) {}

  /**
   * The objects of the chart, hooks included.
   *
   * @param values such as {@code node.logLevel=debug}, as for {@code --set}
   */
  static Manifests render(String... values) {
    Run run = template(values);
    if (run.exitCode() != 0) {
      throw new AssertionError("helm template failed: " + run.errors());
    }
    return Manifests.parse(run.output());
  }

  /** {@code helm template} with values; may fail. */
  static Run template(String... values) {
    List<String> arguments =
        new ArrayList<>(List.of("template", RELEASE, CHART.toString(), "--namespace", NAMESPACE));
    for (String value : values) {
      arguments.add(value.contains("=[") || value.contains("={") ? "--set-json" : "--set");
      arguments.add(value);
    }
    return run(arguments);
  }

  /** Runs any command. */
  static Run run(List<String> arguments) {
    try {
      Path home = Files.createDirectories(Path.of("target", "helm").toAbsolutePath());
      Path errors = Files.createTempFile(home, "run", ".err");
      List<String> command = new ArrayList<>(List.of(ClusterTools.find().helm().toString()));
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().put("HOME", home.toString());
      builder.environment().remove("KUBECONFIG");
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("helm " + arguments + " still runs after " + LIMIT_SECONDS + " s");
      }
      String said = Files.readString(errors);
      Files.delete(errors);
      return new Run(process.exitValue(), output, said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
