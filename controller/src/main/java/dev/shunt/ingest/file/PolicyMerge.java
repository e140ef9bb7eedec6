package dev.shunt.ingest.file;

import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the policies of several files together, each name once. Used for one load. */
final class PolicyMerge {
  /**
   * Most policies of all files: each is an endpoint, one endpoint is the default, and the last one
   * of the data path is the self-test's.
   */
  static final int POLICIES_MAX = DesiredEndpoint.ID_MAX;

  private final Map<PolicyName, Policy> claimed = new LinkedHashMap<>();

  List<Policy> policies() {
    return List.copyOf(claimed.values());
  }

  /** Takes all policies of a file or none. */
  void claim(List<Policy> policies) throws FieldFault {
    for (Policy policy : policies) {
      Policy other = claimed.get(policy.name());
      if (other != null) {
        throw FieldFault.of(
            policy.origin().line(),
            "metadata.name",
            policy.name().toString(),
            "a name used once; also at " + other.origin().file() + ":" + other.origin().line());
      }
    }
    if (claimed.size() + policies.size() > POLICIES_MAX) {
      Policy tooMuch = policies.get(POLICIES_MAX - claimed.size());
      throw FieldFault.of(
              tooMuch.origin().line(),
              "policies",
              Integer.toString(claimed.size() + policies.size()),
              "at most " + POLICIES_MAX + " in all files")
          .in(tooMuch.name().toString());
    }
    policies.forEach(policy -> claimed.put(policy.name(), policy));
  }

  /** Takes what a refused file had last, but for names that another file has meanwhile. */
  void fallBack(List<Policy> lastGood) {
    for (Policy policy : lastGood) {
      if (claimed.size() < POLICIES_MAX) {
        claimed.putIfAbsent(policy.name(), policy);
      }
    }
  }
}
