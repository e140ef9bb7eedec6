package dev.shunt.e2e.verify.programs;

import dev.shunt.e2e.verify.behaviour.BehaviourCase;
import dev.shunt.e2e.verify.behaviour.CaseStage;
import dev.shunt.e2e.verify.behaviour.Expectation;
import dev.shunt.e2e.verify.behaviour.Observations;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A scenario of a real program as a case of the suite. Immutable; main thread. */
final class ProgramCase implements BehaviourCase {
  /** What docs/datapath.md says of the first splice() of a workload, by the cases that show it. */
  private static final Map<String, String> DEVIATIONS =
      Map.of(
          "haproxy_http_splice",
          "the first splice() of a workload with redirected bytes queued ends the connection after"
              + " two seconds");

  private final Scenario scenario;
  private final ProgramFiles files;

  ProgramCase(Scenario scenario, ProgramFiles files) {
    this.scenario = scenario;
    this.files = files;
  }

  @Override
  public String name() {
    return scenario.name();
  }

  @Override
  public String summary() {
    return scenario.summary();
  }

  @Override
  public List<String> variants() {
    return scenario.routes().stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public Expectation expectation(String variant) {
    return scenario.fate().expectation();
  }

  @Override
  public Set<String> reasons(String variant) {
    return scenario.fate().reasons();
  }

  @Override
  public Optional<String> deviation(List<String> differences) {
    return Optional.ofNullable(DEVIATIONS.get(name()));
  }

  @Override
  public Observations observe(String variant, CaseStage stage) {
    Scenario.Route route = Scenario.Route.valueOf(variant.toUpperCase(Locale.ROOT));
    try (ProgramRun run = new ProgramRun(stage, route, files)) {
      scenario.body().accept(run);
      return run.observations();
    }
  }
}
