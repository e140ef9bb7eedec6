package dev.shunt.ingest.file;

import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectRules;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Puts the policies of several files together, each name once. Used for one load. */
final class PolicyMerge {
  /**
   * Most policies about acceleration of all files: each is an endpoint, one endpoint is the
   * default, and the last one of the data path is the self-test's.
   */
  static final int POLICIES_MAX = DesiredEndpoint.ID_MAX;

  private final Map<PolicyName, NamedPolicy> claimed = new LinkedHashMap<>();

  List<NamedPolicy> policies() {
    return List.copyOf(claimed.values());
  }

  /** Takes all policies of a file or none. */
  void claim(List<NamedPolicy> policies) throws FieldFault {
    for (NamedPolicy policy : policies) {
      NamedPolicy other = claimed.get(policy.name());
      if (other != null) {
        throw FieldFault.of(
            policy.origin().line(),
            "metadata.name",
            policy.name().toString(),
            "a name used once; also at " + other.origin().file() + ":" + other.origin().line());
      }
    }
    long endpoints = endpoints(claimed.values());
    long rules = rules(claimed.values());
    for (NamedPolicy policy : policies) {
      endpoints += endpoints(List.of(policy));
      rules += rules(List.of(policy));
      if (endpoints > POLICIES_MAX) {
        throw tooMuch(policy, "policies", endpoints(claimed.values()) + endpoints(policies));
      }
      if (rules > ConnectRules.RULES_MAX) {
        throw tooMuch(policy, "spec.rules", rules);
      }
    }
    policies.forEach(policy -> claimed.put(policy.name(), policy));
  }

  private static FieldFault tooMuch(NamedPolicy policy, String field, long count) {
    int most = field.equals("policies") ? POLICIES_MAX : ConnectRules.RULES_MAX;
    return FieldFault.of(
            policy.origin().line(),
            field,
            Long.toString(count),
            "at most " + most + " in all files")
        .in(policy.name().toString());
  }

  private static long endpoints(Collection<NamedPolicy> policies) {
    return policies.stream().filter(Policy.class::isInstance).count();
  }

  private static long rules(Collection<NamedPolicy> policies) {
    Stream<ConnectPolicy> connects =
        policies.stream().filter(ConnectPolicy.class::isInstance).map(ConnectPolicy.class::cast);
    return connects.mapToLong(policy -> policy.rules().size()).sum();
  }

  /** Takes what a refused file had last, but for names that another file has meanwhile. */
  void fallBack(List<NamedPolicy> lastGood) {
    for (NamedPolicy policy : lastGood) {
      List<NamedPolicy> one = List.of(policy);
      if (endpoints(claimed.values()) + endpoints(one) <= POLICIES_MAX
          && rules(claimed.values()) + rules(one) <= ConnectRules.RULES_MAX) {
        claimed.putIfAbsent(policy.name(), policy);
      }
    }
  }
}
