package dev.shunt.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whose traffic a command follows, and for how long. Use as a picocli mixin. */
public final class TrafficOption {
  private static final Pattern POD = Pattern.compile("[a-z0-9-]+/[a-z0-9.-]+");

  private static final Pattern ROOT = Pattern.compile("/+");

  @Option(names = "--port", paramLabel = "PORT", description = "Local or remote port.")
  private int port;

  @Option(
      names = {"--netns", "--pod"},
      paramLabel = "NAME",
      description = "Network namespace of an end, or of a process; of a pod: NAMESPACE/POD.")
  private String namespace = "";

  @Option(
      names = "--cgroup",
      paramLabel = "PATH",
      description = "Cgroup of the same, or one above it; below the root of the hierarchy.")
  private String cgroup = "";

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "End after so long, up to 86400; 0 means never (default: 0).")
  private double seconds;

  /** Local or remote; 0: any. */
  int port(CommandSpec spec) {
    return new OptionValues(spec).port("--port", port);
  }

  /**
   * Name of a network namespace; empty: any. Those of pods are called {@code pod:NAMESPACE/POD}.
   */
  String namespace() {
    return POD.matcher(namespace).matches() ? "pod:" + namespace : namespace;
  }

  /** Path below the root of the hierarchy; empty: any. */
  String cgroup(CommandSpec spec) {
    if (ROOT.matcher(cgroup).matches()) {
      throw new OptionValues(spec)
          .usage(
              "--cgroup: %s (expected: below the root of the hierarchy; leave it out for all)"
                  .formatted(cgroup));
    }
    return cgroup;
  }

  /** How long; 0: without an end. */
  double seconds(CommandSpec spec) {
    if (!(seconds >= 0)) {
      throw new OptionValues(spec)
          .usage(String.format(Locale.ROOT, "--duration: %s (expected: 0..86400)", seconds));
    }
    return seconds;
  }
}
