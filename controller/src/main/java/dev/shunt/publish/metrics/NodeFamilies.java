package dev.shunt.publish.metrics;

import dev.shunt.observe.HookStatus;
import dev.shunt.observe.Incidents;
import dev.shunt.observe.MapFill;
import dev.shunt.observe.Mode;
import dev.shunt.observe.NamespaceStatus;
import dev.shunt.observe.NeighbourStatus;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.PolicyFileStatus;
import dev.shunt.observe.SelfTestReport;
import dev.shunt.observe.StatsSnapshot;
import dev.shunt.observe.Trait;
import dev.shunt.observe.WorkloadTrait;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;

/** The metrics of the node as a whole. Stateless. */
final class NodeFamilies {
  private static final double NANOS_PER_SECOND = 1e9;

  private NodeFamilies() {}

  static void addStats(MetricSnapshots.Builder metrics, StatsSnapshot stats) {
    Family entries = Family.gauge("shunt_map_entries", "Rows in use of a BPF map.");
    Family capacity = Family.gauge("shunt_map_capacity_entries", "Rows a BPF map can hold.");
    for (MapFill map : stats.maps()) {
      entries.add(map.entries(), "map", map.name());
      capacity.add(map.capacity(), "map", map.name());
    }
    add(
        metrics,
        Family.gauge("shunt_connections_paired_now", "Connections that are paired now.")
            .add(stats.node().pairedNow()),
        Family.gauge("shunt_connections_adopted_now", "Sockets in the SOCKHASH now.")
            .add(stats.node().adoptedNow()),
        Family.counter("shunt_events_lost", "Events dropped because the ring was full.")
            .add(stats.node().eventsLost()),
        Family.counter("shunt_traits_learned", "Traits of workloads that were learned.")
            .add(stats.node().traitsLearned()),
        Family.counter("shunt_reconnects_refused", "connect() calls refused on a former member.")
            .add(stats.node().reconnectsRefused()),
        entries,
        capacity);
    addIncidents(metrics, stats.node().incidents());
  }

  private static void addIncidents(MetricSnapshots.Builder metrics, Incidents incidents) {
    add(
        metrics,
        Family.counter("shunt_pairs_expired", "Nonces that nobody answered.")
            .add(incidents.pairsExpired()),
        Family.counter("shunt_storage_failed", "Sockets without memory for their state.")
            .add(incidents.storageFailed()),
        Family.counter("shunt_options_excluded", "Pairs that left because of setsockopt().")
            .add(incidents.optionsExcluded()),
        Family.counter("shunt_stuck_resets", "Connections reset because their reader splices.")
            .add(incidents.stuckResets()),
        Family.counter("shunt_traits_lost", "Calls whose trait could not be kept: map full.")
            .add(incidents.traitsLost()));
  }

  /** By trait only: workloads come and go without bound. */
  static void addTraits(MetricSnapshots.Builder metrics, List<WorkloadTrait> traits) {
    Family workloads = Family.gauge("shunt_workload_traits", "Workloads that have a trait.");
    for (Trait trait : Trait.values()) {
      long count = traits.stream().filter(one -> one.trait() == trait).count();
      workloads.add(count, "trait", trait.text());
    }
    add(metrics, workloads);
  }

  static void addStatus(MetricSnapshots.Builder metrics, NodeStatus status) {
    add(
        metrics,
        Family.gauge("shunt_node_ready", "1 when the node does its work.")
            .add(bit(status.readiness().ready())),
        mode(status),
        Family.gauge("shunt_node_started_timestamp_seconds", "When the node started.")
            .add(status.identity().started().toEpochMilli() / 1e3),
        Family.gauge("shunt_build", "1; the versions are in the labels.")
            .add(1, "version", status.identity().version(), "kernel", status.identity().kernel()),
        Family.gauge("shunt_selftest_passed", "1 when acceleration is allowed on this kernel.")
            .add(bit(status.selfTest().passed())),
        selfTest(status),
        Family.counter("shunt_stand_downs", "Endpoints taken back to TCP, and tried again later.")
            .add(status.standDowns()),
        Family.gauge("shunt_endpoints_stood_down", "Endpoints that stand down now.")
            .add(status.endpoints().stream().filter(e -> e.standDown().isPresent()).count()),
        namespaces(status),
        policies(status),
        neighbours(status));
    addPrograms(metrics, status.attachments().hooks());
  }

  private static Family mode(NodeStatus status) {
    Family mode = Family.gauge("shunt_mode", "1 for the mode in force, 0 for the others.");
    for (Mode one : List.of(Mode.OFF, Mode.OBSERVE, Mode.ACCELERATE)) {
      mode.add(bit(status.mode().mode() == one), "mode", one.name().toLowerCase(Locale.ROOT));
    }
    return mode;
  }

  private static Family selfTest(NodeStatus status) {
    Family checks = Family.gauge("shunt_selftest_check_passed", "1 when the check passed.");
    for (SelfTestReport.Check check : status.selfTest().checks()) {
      checks.add(bit(check.outcome() == SelfTestReport.Outcome.PASSED), "check", check.name());
    }
    return checks;
  }

  private static Family namespaces(NodeStatus status) {
    List<NamespaceStatus> namespaces = status.attachments().namespaces();
    long hooked = namespaces.stream().filter(NamespaceStatus::hooked).count();
    return Family.gauge("shunt_namespaces", "Watched network namespaces.")
        .add(hooked, "state", "hooked")
        .add(namespaces.size() - hooked, "state", "not_hooked");
  }

  private static Family policies(NodeStatus status) {
    long accepted = status.policies().stream().filter(PolicyFileStatus::accepted).count();
    return Family.gauge("shunt_policy_files", "Policy files by outcome.")
        .add(accepted, "state", "accepted")
        .add(status.policies().size() - accepted, "state", "refused");
  }

  /** Hooks are a fixed set; names of others' programs are not. */
  private static Family neighbours(NodeStatus status) {
    Family neighbours = Family.gauge("shunt_neighbours", "Others' programs on the same hooks.");
    for (String hook : NeighbourStatus.HOOKS) {
      long count =
          status.attachments().neighbours().stream().filter(n -> n.hook().equals(hook)).count();
      neighbours.add(count, "hook", hook);
    }
    return neighbours;
  }

  /** A program may sit at many hooks: one row for each program keeps the labels bounded. */
  private static void addPrograms(MetricSnapshots.Builder metrics, List<HookStatus> hooks) {
    Family runs = Family.counter("shunt_program_runs", "Runs of a BPF program, if counted.");
    Family time = Family.counter("shunt_program_run_time_seconds", "Time in it, if counted.");
    Family attached = Family.gauge("shunt_program_attached", "1 when it is at all its hooks.");
    for (String program : hooks.stream().map(HookStatus::program).distinct().sorted().toList()) {
      List<HookStatus> its = hooks.stream().filter(h -> h.program().equals(program)).toList();
      // The kernel counts per program, so that each of its hooks shows the same figures.
      runs.add(its.stream().mapToLong(HookStatus::runCount).max().orElse(0), "program", program);
      long nanos = its.stream().mapToLong(HookStatus::runTimeNanos).max().orElse(0);
      time.add(nanos / NANOS_PER_SECOND, "program", program);
      attached.add(bit(its.stream().allMatch(HookStatus::attached)), "program", program);
    }
    add(metrics, runs, time, attached);
  }

  private static void add(MetricSnapshots.Builder metrics, Family... families) {
    for (Family family : families) {
      metrics.metricSnapshot(family.snapshot());
    }
  }

  private static long bit(boolean set) {
    return set ? 1 : 0;
  }
}
