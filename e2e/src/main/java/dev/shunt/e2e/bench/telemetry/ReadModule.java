package dev.shunt.e2e.bench.telemetry;

import dev.shunt.agent.trace.TraceHub;
import dev.shunt.agent.trace.TraceNames;
import dev.shunt.datapath.host.BpfOwners;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A module that is read through the hub that a node has. One thread; {@link #close} ends it. */
final class ReadModule implements AutoCloseable {
  private final TraceHub hub;
  private final CountingSink sink = new CountingSink();
  private final Set<Integer> programs = new HashSet<>();

  private ReadModule(Libbpf libbpf) {
    hub = new TraceHub(libbpf, names(), consumer -> Set.of(), OpenTrace.Rates.DEFAULT);
  }

  /**
   * Attaches it, and reads all that it sees.
   *
   * @param duration of the reading
   * @throws dev.shunt.observe.trace.TraceSource.TraceRefusedException the kernel refused
   */
  static ReadModule open(Libbpf libbpf, TraceModule module, Duration duration) {
    ReadModule opened = new ReadModule(libbpf);
    boolean attached = false;
    try {
      opened.start(module, duration);
      attached = true;
      return opened;
    } finally {
      if (!attached) {
        opened.close();
      }
    }
  }

  /** Programs that this process did not hold before are the module's: nothing else loads any. */
  private void start(TraceModule module, Duration duration) {
    Set<Integer> others = BpfOwners.ownPrograms();
    hub.trace(
        new TraceQuery(
            module, new TraceQuery.Filter(0, 0, "", ""), duration, Duration.ofSeconds(1)),
        sink);
    programs.addAll(BpfOwners.ownPrograms());
    programs.removeAll(others);
  }

  /** What it told. */
  CountingSink sink() {
    return sink;
  }

  /** The kernel's numbers of its programs. */
  Set<Integer> programs() {
    return Set.copyOf(programs);
  }

  @Override
  public void close() {
    hub.close();
  }

  /** Nothing is named: that cost is of the reader's filter, not of the module. */
  private static TraceNames names() {
    return new TraceNames(
        Long::toUnsignedString,
        name -> OptionalLong.empty(),
        namespace -> "",
        new TraceNames.Cgroups(Long::toUnsignedString, path -> Optional.empty()));
  }
}
