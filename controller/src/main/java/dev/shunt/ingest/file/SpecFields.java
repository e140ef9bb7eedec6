package dev.shunt.ingest.file;

import dev.shunt.desired.PolicyKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The fields that a {@code spec} may have: those that select, and those of its kind. Immutable.
 *
 * @param surroundings that it selects in
 * @param kind of the policy
 * @param known names
 */
record SpecFields(Surroundings surroundings, PolicyKind kind, List<String> known) {
  private static final String HOST_SELECTOR = "hostSelector";
  private static final String POD_SELECTOR = "podSelector";

  static SpecFields of(Surroundings surroundings, PolicyKind kind) {
    return new SpecFields(
        surroundings,
        kind,
        surroundings == Surroundings.HOST ? List.of(HOST_SELECTOR) : PodScopeSchema.fields(kind));
  }

  SpecFields with(List<String> more) {
    return new SpecFields(
        surroundings, kind, Stream.concat(known.stream(), more.stream()).toList());
  }

  /** The one that every kind has. */
  String selectorField() {
    return surroundings == Surroundings.HOST ? HOST_SELECTOR : POD_SELECTOR;
  }

  /** Whether a namespace of a cluster owns the policy. */
  boolean isOfOneNamespace() {
    return surroundings == Surroundings.CLUSTER && !kind.isCluster();
  }

  /** Checks the names; a selector of the other surroundings gets a message of its own. */
  Map<String, Field> read(Field spec) throws FieldFault {
    boolean host = surroundings == Surroundings.HOST;
    Optional<Field> foreign = spec.find(host ? POD_SELECTOR : HOST_SELECTOR);
    if (foreign.isPresent()) {
      Field field = foreign.get();
      throw new FieldFault(
          field.line(),
          field.path()
              + (host
                  ? ": needs Kubernetes; use hostSelector"
                  : ": selects on a host without Kubernetes; use podSelector"));
    }
    return spec.mapping(known);
  }
}
