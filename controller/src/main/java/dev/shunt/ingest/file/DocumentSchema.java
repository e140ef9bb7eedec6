package dev.shunt.ingest.file;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.pod.PodPolicy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one document: type and metadata here, the rest by its kind. Strict. Immutable. */
final class DocumentSchema {
  private static final String API_VERSION = "shunt.dev/v1alpha1";
  private static final String DEFAULT_NAMESPACE = "default";
  private static final List<String> DOCUMENT = List.of("apiVersion", "kind", "metadata", "spec");
  private static final List<String> METADATA =
      List.of("name", "namespace", "labels", "annotations", "creationTimestamp");

  /** What an API server adds; nothing that a policy is told by. */
  private static final List<String> SERVED_METADATA =
      List.of(
          "uid",
          "resourceVersion",
          "generation",
          "generateName",
          "managedFields",
          "ownerReferences",
          "finalizers",
          "selfLink",
          "deletionTimestamp",
          "deletionGracePeriodSeconds");

  /** For a host without Kubernetes. */
  static final DocumentSchema HOST = new DocumentSchema(Surroundings.HOST);

  /** For a cluster: every policy is a {@link PodPolicy}. */
  static final DocumentSchema CLUSTER = new DocumentSchema(Surroundings.CLUSTER);

  private final Surroundings surroundings;
  private final List<String> documentFields;
  private final List<String> metadataFields;

  private DocumentSchema(Surroundings surroundings) {
    this.surroundings = surroundings;
    boolean served = surroundings == Surroundings.CLUSTER;
    documentFields = served ? joined(DOCUMENT, List.of("status")) : DOCUMENT;
    metadataFields = served ? joined(METADATA, SERVED_METADATA) : METADATA;
  }

  static DocumentSchema in(Surroundings surroundings) {
    return surroundings == Surroundings.HOST ? HOST : CLUSTER;
  }

  private static List<String> joined(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  NamedPolicy read(Field document, String file) throws FieldFault {
    Map<String, Field> fields = document.mapping(documentFields);
    int line = document.line();
    Field apiVersion = required(fields, "apiVersion", API_VERSION, line);
    if (!apiVersion.scalar(API_VERSION).equals(API_VERSION)) {
      throw apiVersion.fault(apiVersion.scalar(API_VERSION), API_VERSION);
    }
    PolicyKind kind = kind(required(fields, "kind", kinds(), line));
    Field metadata = required(fields, "metadata", "a mapping with a name", line);
    Map<String, Field> facts = metadata.mapping(metadataFields);
    PolicyName name = name(kind, facts, metadata.line());
    try {
      PolicyOrigin origin = new PolicyOrigin(createdAt(facts), file, line);
      for (String free : List.of("labels", "annotations")) {
        if (facts.containsKey(free)) {
          facts.get(free).labels();
        }
      }
      Field spec = required(fields, "spec", "a mapping", line);
      SpecFields asked = SpecFields.of(surroundings, kind);
      NamedPolicy policy =
          switch (kind) {
            case ACCELERATION, CLUSTER_ACCELERATION -> SpecSchema.read(spec, asked, name, origin);
            case TRAFFIC_FILTER, CLUSTER_TRAFFIC_FILTER ->
                FilterSchema.read(spec, asked, name, origin);
            case CONNECT_POLICY, CLUSTER_CONNECT_POLICY ->
                ConnectSchema.read(spec, asked, name, origin);
            case TELEMETRY, CLUSTER_TELEMETRY -> TelemetrySchema.read(spec, asked, name, origin);
          };
      return surroundings == Surroundings.HOST
          ? policy
          : new PodPolicy(policy, PodScopeSchema.read(spec.given()));
    } catch (FieldFault fault) {
      throw fault.in(name.toString());
    }
  }

  private static PolicyKind kind(Field field) throws FieldFault {
    String value = field.scalar(kinds());
    for (PolicyKind kind : PolicyKind.values()) {
      if (kind.text().equals(value)) {
        return kind;
      }
    }
    throw field.fault(value, kinds());
  }

  private static String kinds() {
    return Arrays.stream(PolicyKind.values())
        .map(PolicyKind::text)
        .collect(Collectors.joining(", "));
  }

  private static PolicyName name(PolicyKind kind, Map<String, Field> facts, int line)
      throws FieldFault {
    String name =
        required(facts, "metadata.name", Syntax.NAME, line).text(Syntax::isName, Syntax.NAME);
    Field namespace = facts.get("namespace");
    if (kind.isCluster()) {
      if (namespace != null) {
        throw namespace.fault(namespace.scalar("none"), "none in a " + kind.text());
      }
      return new PolicyName(kind, "", name);
    }
    return new PolicyName(
        kind,
        namespace == null
            ? DEFAULT_NAMESPACE
            : namespace.text(Syntax::isNamespace, Syntax.NAMESPACE),
        name);
  }

  private static Instant createdAt(Map<String, Field> facts) throws FieldFault {
    Field field = facts.get("creationTimestamp");
    if (field == null) {
      return Instant.MAX;
    }
    String expected = "a time such as 2026-01-31T12:00:00Z";
    String value = field.scalar(expected);
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException e) {
      throw field.fault(value, expected);
    }
  }

  private static Field required(Map<String, Field> fields, String path, String expected, int line)
      throws FieldFault {
    Field field = fields.get(path.substring(path.lastIndexOf('.') + 1));
    if (field == null) {
      throw FieldFault.of(line, path, "missing", expected);
    }
    return field;
  }
}
