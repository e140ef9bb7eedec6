package dev.shunt.agent;

import dev.shunt.datapath.programs.SockmapDatapath.Start;
import dev.shunt.ingest.file.Surroundings;
import dev.shunt.observe.EndpointStatus;
import dev.shunt.observe.Mode;
import dev.shunt.observe.NamespaceStatus;
import dev.shunt.observe.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one line that says the node works. Stateless. */
final class ReadyLine {
  private static final int NAMES_MAX = 8;

  private ReadyLine() {}

  /**
   * Writes it.
   *
   * @param surroundings in a cluster no mode is that of the node: policies decide for each pod
   */
  static String text(NodeStatus status, Surroundings surroundings, Start start, Duration took) {
    return String.format(
        "shunt node ready: mode %s, namespaces %s (%d interfaces), self-test %s, %s pins, %d ms",
        surroundings == Surroundings.CLUSTER && status.mode().override() == Mode.POLICY
            ? "of policies (" + modes(status.endpoints()) + ")"
            : name(status.mode().mode()),
        namespaces(status.attachments().namespaces()),
        status.attachments().namespaces().stream()
            .mapToLong(namespace -> namespace.interfaces().size())
            .sum(),
        status.selfTest().passed() ? "passed" : "FAILED",
        start == Start.READOPTED ? "re-adopted" : "new",
        took.toMillis());
  }

  /** Such as {@code pods: 3 accelerate, 97 observe}. */
  private static String modes(List<EndpointStatus> endpoints) {
    List<Mode> modes =
        endpoints.stream()
            .filter(endpoint -> !endpoint.workload().isEmpty())
            .map(EndpointStatus::mode)
            .toList();
    String counts =
        Stream.of(Mode.ACCELERATE, Mode.OBSERVE, Mode.OFF)
            .filter(modes::contains)
            .map(mode -> modes.stream().filter(mode::equals).count() + " " + name(mode))
            .collect(Collectors.joining(", "));
    return "pods: " + (counts.isEmpty() ? "none" : counts);
  }

  private static String name(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static String namespaces(List<NamespaceStatus> all) {
    if (all.isEmpty()) {
      return "none";
    }
    String named =
        all.stream().limit(NAMES_MAX).map(NamespaceStatus::name).collect(Collectors.joining(","));
    return all.size() > NAMES_MAX ? named + " and " + (all.size() - NAMES_MAX) + " more" : named;
  }
}
