package dev.shunt.ingest.file;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.pod.PodPolicy;
import java.util.ArrayList;
import java.util.List;

/** Reads policies of a cluster from the text of their custom resources. Stateless. */
public final class PolicyDocuments {
  private PolicyDocuments() {}

  /**
   * Reads all documents of a text, or none.
   *
   * @param text JSON or YAML, as the API server gives it; {@code status} and what a server adds to
   *     {@code metadata} are passed over
   * @param origin where it comes from, for messages
   * @throws RefusedPolicyException one is bad: its field, value and bound
   */
  public static List<PodPolicy> read(String text, String origin) throws RefusedPolicyException {
    try {
      List<PodPolicy> policies = new ArrayList<>();
      for (Field document : PolicyFileReader.documents(text)) {
        policies.add((PodPolicy) DocumentSchema.CLUSTER.read(document, origin));
      }
      return policies;
    } catch (FieldFault fault) {
      throw new RefusedPolicyException(fault.at(origin));
    }
  }

  /**
   * Reads all documents of a text for a host without Kubernetes, or none; otherwise as {@link
   * #read}.
   */
  public static List<NamedPolicy> readForHost(String text, String origin)
      throws RefusedPolicyException {
    try {
      List<NamedPolicy> policies = new ArrayList<>();
      for (Field document : PolicyFileReader.documents(text)) {
        policies.add(DocumentSchema.HOST.read(document, origin));
      }
      return policies;
    } catch (FieldFault fault) {
      throw new RefusedPolicyException(fault.at(origin));
    }
  }
}
