package dev.shunt.desired.connect;

import dev.shunt.desired.HostSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides about attempts rule by rule: slow and obvious. The programs of the data path are held
 * against it, and it answers {@code shunt filters test}. Stateless, thread-safe.
 */
public final class ConnectMatcher {
  private final ConnectRules rules;

  /** For the rules of a node. */
  public ConnectMatcher(ConnectRules rules) {
    this.rules = rules;
  }

  /** Which rule decides about an attempt, and why not one before it. */
  public ConnectExplanation explain(ConnectAttempt attempt) {
    Optional<PlacedRule> monitored = Optional.empty();
    Optional<PlacedRule> decided = Optional.empty();
    List<String> passedOver = new ArrayList<>();
    for (PlacedRule rule : rules.rules()) {
      Optional<String> mismatch = mismatch(rule, attempt);
      if (mismatch.isPresent()) {
        passedOver.add(rule.id() + ": " + mismatch.get());
        continue;
      }
      switch (rule.mode()) {
        case ENFORCE -> decided = Optional.of(rule);
        case MONITOR -> {
          passedOver.add(rule.id() + ": matches, but monitors only");
          monitored = monitored.or(() -> Optional.of(rule));
        }
      }
      if (decided.isPresent()) {
        break;
      }
    }
    return new ConnectExplanation(decided, monitored, passedOver);
  }

  /** The first condition that does not hold; empty when all do. */
  private Optional<String> mismatch(PlacedRule rule, ConnectAttempt attempt) {
    boolean failSafe =
        attempt.protocol() == ConnectProtocol.TCP && rules.failSafe().protectsPort(attempt.port());
    if (failSafe && !rule.holdsForFailSafe()) {
      return Optional.of("fail-safe port " + attempt.port());
    }
    Optional<String> caller = callerMismatch(rule, attempt.caller());
    return caller.isPresent() ? caller : targetMismatch(rule.rule().target(), attempt);
  }

  private static Optional<String> callerMismatch(PlacedRule rule, ConnectAttempt.Caller caller) {
    HostSelector selector = rule.policy().selector();
    if (!selector.networkNamespace().map(caller.networkNamespace()::equals).orElse(true)) {
      return Optional.of("network namespace " + caller.networkNamespace());
    }
    if (!rule.cgroups().isEmpty()
        && rule.cgroups().stream()
            .noneMatch(path -> (caller.cgroup() + "/").startsWith(path + "/"))) {
      return Optional.of("cgroup " + caller.cgroup());
    }
    boolean executable =
        rule.executables().isEmpty() || rule.executables().contains(caller.executable());
    return executable ? Optional.empty() : Optional.of("executable " + caller.executable());
  }

  private static Optional<String> targetMismatch(ConnectTarget target, ConnectAttempt attempt) {
    if (!target.protocol().covers(attempt.protocol())) {
      return Optional.of("protocol " + attempt.protocol());
    }
    if (!target.to().isEmpty()
        && target.to().stream().noneMatch(cidr -> cidr.contains(attempt.destination()))) {
      return Optional.of("destination " + attempt.destination());
    }
    boolean port =
        target.ports().isEmpty()
            || target.ports().stream()
                .anyMatch(
                    range -> attempt.port() >= range.first() && attempt.port() <= range.last());
    return port ? Optional.empty() : Optional.of("port " + attempt.port());
  }
}
