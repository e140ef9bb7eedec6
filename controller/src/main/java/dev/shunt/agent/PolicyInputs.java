package dev.shunt.agent;

import dev.shunt.desired.Compilation;
import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.desired.DesiredSelector;
import dev.shunt.desired.DesiredTrait;
import dev.shunt.desired.EndpointIds;
import dev.shunt.desired.HostSelector;
import dev.shunt.desired.Mode;
import dev.shunt.desired.ModeOverride;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyCompiler;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.pod.PodCompiler;
import dev.shunt.desired.telemetry.TelemetryPlan;
import dev.shunt.ingest.file.EndpointIdStore;
import dev.shunt.ingest.file.ModeStore;
import dev.shunt.ingest.file.PolicyFile;
import dev.shunt.ingest.file.PolicySet;
import dev.shunt.ingest.file.StoredEndpointIds;
import dev.shunt.ingest.file.StoredMode;
import dev.shunt.observe.EndpointStatus;
import dev.shunt.observe.PolicyFileStatus;
import dev.shunt.observe.StandDown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What decides the desired state: policies as last read, the override, the ids kept on disk; and
 * what was last compiled from them. Thread-safe.
 */
final class PolicyInputs {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyInputs.class);

  private final ModeStore modeStore;
  private final EndpointIdStore idStore;
  private final Optional<PodInputs> pods;
  private PolicySet policies = new PolicySet(List.of(), List.of());
  private ModeOverride override;
  private EndpointIds ids;
  private Compilation compiled;
  private List<StandDown> standDowns = List.of();
  private final Set<Integer> reassigned = new HashSet<>();
  private Optional<String> compared = Optional.empty();

  /**
   * Reads what is kept.
   *
   * @param pods of a node of a cluster; empty on a host without Kubernetes
   */
  PolicyInputs(Path stateDirectory, Optional<PodInputs> pods) {
    this.pods = pods;
    modeStore = new ModeStore(stateDirectory);
    idStore = new EndpointIdStore(stateDirectory);
    StoredMode storedMode = modeStore.read();
    storedMode.error().ifPresent(LOG::warn);
    override = storedMode.override();
    StoredEndpointIds storedIds = idStore.read();
    storedIds.error().ifPresent(LOG::warn);
    ids = storedIds.ids();
    compiled = compileNow(Set.of());
  }

  private Compilation compileNow(Set<String> watched) {
    return pods.map(cluster -> PodCompiler.compile(cluster.decided(), ids, watched, override))
        .orElseGet(() -> PolicyCompiler.compile(policies.policies(), ids, watched, override));
  }

  /** The pods of a node of a cluster. */
  Optional<PodInputs> pods() {
    return pods;
  }

  synchronized void policies(PolicySet read) {
    policies = read;
    pods.ifPresent(cluster -> cluster.policies(read.podPolicies()));
    read.files().forEach(file -> file.error().ifPresent(LOG::warn));
  }

  /** Policies of a file that are in force, of all kinds. */
  synchronized List<NamedPolicy> policiesOf(String file) {
    return policies.all().stream().filter(policy -> policy.origin().file().equals(file)).toList();
  }

  /** Policies about connections, as last read. */
  synchronized List<ConnectPolicy> connectPolicies() {
    return pods.map(PodInputs::connectPolicies).orElseGet(policies::connectPolicies);
  }

  /** Policies about packets, as last read. */
  synchronized List<FilterPolicy> trafficFilters() {
    return pods.map(PodInputs::trafficFilters).orElseGet(policies::trafficFilters);
  }

  /**
   * Which telemetry is on where.
   *
   * @param watched names of the network namespaces that policies without a name mean
   */
  synchronized TelemetryPlan telemetry(Set<String> watched) {
    return pods.map(cluster -> cluster.decided().telemetry())
        .orElseGet(() -> TelemetryPlan.ofHost(policies.telemetryPolicies(), watched));
  }

  synchronized ModeOverride override() {
    return override;
  }

  /** Keeps and applies an override; what could not be kept is not applied. */
  synchronized void override(ModeOverride wanted) {
    try {
      modeStore.write(wanted);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "keep mode " + wanted.text() + " failed: " + failed.getMessage() + "; nothing changed",
          failed);
    }
    override = wanted;
  }

  /** Endpoints to observe although a policy accelerates them; a mode set by hand outranks it. */
  synchronized void standDowns(List<StandDown> standing) {
    standDowns = List.copyOf(standing);
  }

  /** Those in force now. */
  synchronized List<StandDown> standDowns() {
    return override == ModeOverride.POLICY ? standDowns : List.of();
  }

  /** The endpoint to observe for moments, to see how fast it is on TCP. */
  synchronized void compared(Optional<String> endpoint) {
    compared = endpoint;
  }

  /** Endpoints that may be compared with themselves on TCP. */
  synchronized List<EndpointStatus> comparable() {
    if (override != ModeOverride.POLICY) {
      return List.of();
    }
    return endpoints().stream().filter(endpoint -> endpoint.standDown().isEmpty()).toList();
  }

  private Set<String> observed() {
    Set<String> names = standDowns().stream().map(StandDown::endpoint).collect(Collectors.toSet());
    if (override == ModeOverride.POLICY) {
      compared.ifPresent(names::add);
    }
    return names;
  }

  /** Names of namespaces that policies select, and of those of pods. */
  synchronized Set<String> namespacesOfPolicies() {
    Set<String> names = new HashSet<>();
    for (Policy policy : policies.policies()) {
      HostSelector selector = policy.selector();
      selector.networkNamespace().ifPresent(names::add);
    }
    pods.ifPresent(cluster -> names.addAll(cluster.namespaceFiles().keySet()));
    return names;
  }

  /** Compiles for the namespaces that are watched, and keeps ids that are new. */
  synchronized Compilation compile(Set<String> watched) {
    compiled = compileNow(watched).observing(observed());
    if (!compiled.ids().equals(ids)) {
      reassigned.addAll(compiled.ids().reassignedSince(ids));
      ids = compiled.ids();
      try {
        idStore.write(ids);
      } catch (IOException failed) {
        LOG.warn(
            "keep endpoint ids failed: {}; counters may change their endpoint on a restart",
            failed.getMessage());
      }
    }
    return compiled;
  }

  /** Ids that have passed to another endpoint since the last call. */
  synchronized Set<Integer> takeReassigned() {
    Set<Integer> taken = Set.copyOf(reassigned);
    reassigned.clear();
    return taken;
  }

  synchronized List<EndpointStatus> endpoints() {
    return compiled.state().endpoints().stream().map(this::status).toList();
  }

  private EndpointStatus status(DesiredEndpoint endpoint) {
    Optional<StandDown> standDown =
        standDowns().stream().filter(down -> down.endpoint().equals(endpoint.name())).findFirst();
    return new EndpointStatus(
        endpoint.id(),
        endpoint.name(),
        mode(endpoint.mode()),
        endpoint.policy(),
        pods.map(cluster -> cluster.workload(endpoint.name())).orElse(""),
        standDown);
  }

  static dev.shunt.observe.Mode mode(Mode mode) {
    return dev.shunt.observe.Mode.valueOf(mode.name());
  }

  synchronized String endpointName(int id) {
    return compiled.state().endpoints().stream()
        .filter(endpoint -> endpoint.id() == id)
        .map(DesiredEndpoint::name)
        .findFirst()
        .or(() -> nameKept(id))
        .orElse("endpoint-" + id);
  }

  /** Of an endpoint that is no more, and has left counters. */
  private Optional<String> nameKept(int id) {
    return ids.asMap().entrySet().stream()
        .filter(entry -> entry.getValue() == id)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The policy that selects a workload by its cgroup or executable; empty when none does. */
  synchronized String policyOf(String cgroup, String executable) {
    for (DesiredSelector candidate : compiled.state().selectors()) {
      HostSelector selector = candidate.selector();
      if (selector.networkNamespace().isEmpty()
          && selector.executable().map(executable::equals).orElse(true)
          && selector
              .cgroupPath()
              .map(path -> (cgroup + "/").startsWith(path + "/"))
              .orElse(true)) {
        return compiled.state().endpoint(candidate.endpointId()).policy();
      }
    }
    return "";
  }

  /** Executables that policy exempts or forces. */
  synchronized List<String> executables() {
    return compiled.state().traits().stream().map(DesiredTrait::executable).toList();
  }

  synchronized int adoptTurns() {
    return compiled.state().adoptTurns();
  }

  synchronized Mode mode() {
    return compiled.state().mode();
  }

  /** Policy files; on a node of a cluster also where the pods are known from. */
  synchronized List<PolicyFileStatus> files() {
    List<PolicyFileStatus> files = new ArrayList<>();
    for (PolicyFile file : policies.files()) {
      files.add(new PolicyFileStatus(file.path().toString(), file.error().orElse("")));
    }
    pods.ifPresent(
        cluster ->
            files.add(new PolicyFileStatus("pods of node " + cluster.node(), cluster.trouble())));
    return files;
  }
}
