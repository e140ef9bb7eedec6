package dev.shunt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code shunt version}: the version of this build and the platform it runs on. */
@Command(name = "version", description = "Print the version of Shunt, Java and the kernel.")
public final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String java = System.getProperty("java.version");
    String kernel = System.getProperty("os.version");
    switch (output.format()) {
      case TABLE -> out.printf("shunt %s (Java %s, kernel %s)%n", version(), java, kernel);
      case JSON, NDJSON ->
          out.printf(
              "{\"version\": \"%s\", \"java\": \"%s\", \"kernel\": \"%s\"}%n",
              version(), java, kernel);
      case YAML -> out.printf("version: %s%njava: %s%nkernel: %s%n", version(), java, kernel);
    }
    out.flush();
    return ExitCode.OK;
  }

  /** The version that the build wrote into the class path, such as {@code 0.1.0}. */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
      properties.load(Objects.requireNonNull(in, "version.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException("read resource version.properties failed", e);
    }
    return properties.getProperty("version", "unknown");
  }
}
