package dev.shunt.observe.telemetry;

import dev.shunt.observe.trace.TraceEvent.Place;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pod of Kubernetes. Immutable.
 *
 * @param namespace of the cluster
 * @param pod its name
 */
public record PodName(String namespace, String pod) {
  /** As network namespaces of pods are called; others have a word or a path. */
  private static final Pattern NAME = Pattern.compile("pod:([a-z0-9-]+)/([a-z0-9.-]+)");

  /** The pod that a socket or a process is in; empty: none that is known. */
  public static Optional<PodName> of(Place place) {
    Matcher name = NAME.matcher(place.namespace());
    return name.matches()
        ? Optional.of(new PodName(name.group(1), name.group(2)))
        : Optional.empty();
  }
}
