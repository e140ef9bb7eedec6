package dev.shunt.datapath.programs;

import dev.shunt.datapath.layout.TraceFilterRow;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.MappedMemory;
import dev.shunt.datapath.maps.ChosenNamespacesMap;
import dev.shunt.datapath.maps.CollectorsMap;
import dev.shunt.datapath.maps.RoundTripsMap;
import dev.shunt.datapath.maps.TlsConnectionsMap;
import dev.shunt.datapath.maps.TraceCountsMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A telemetry module in the kernel: loaded and attached for as long as this is open, and for no
 * longer than the process lives, as nothing of it is pinned. Readers share it, each with a place
 * and a filter. Used by one thread at a time; whoever opened it closes it.
 */
public final class OpenTrace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenTrace.class);
  private static final int UNFILTERED = TraceRows.STATE.offset("unfiltered");
  private static final int FILTERED = TraceRows.STATE.offset("filtered");
  private static final int BY_PROCESS = TraceRows.STATE.offset("by_process");

  /**
   * Records of a second that a module may write at most.
   *
   * @param pod of one cgroup
   * @param node of all together
   */
  public record Rates(int pod, int node) {
    /** More than a terminal can show, and a bound on what a crowd of connections can cost. */
    public static final Rates DEFAULT = new Rates(1000, 5000);
  }

  private final BpfObject object;
  private final List<BpfLink> links;
  private final TraceProgram.Rung rung;
  private final Rates rates;
  private final CodeProbes probes;
  private final MappedMemory memory;
  private final ByteBuffer state;
  private final TraceCountsMap counts;

  /** Looked up once: who chooses is another thread than who reads. */
  private final ChosenNamespacesMap chosen;

  /** Attaches last, so that nothing can fail with links that are open. */
  OpenTrace(BpfObject object, TraceProgram program, TraceProgram.Rung rung, Rates rates) {
    this.object = object;
    this.rung = rung;
    this.rates = rates;
    probes = new CodeProbes(object, program.probes());
    chosen = new ChosenNamespacesMap(object.map("chosen"));
    memory = object.map(".bss").mmap();
    state = memory.buffer();
    counts = counts(object, memory);
    try {
      links = attach(object, rung);
    } catch (RuntimeException failed) {
      counts.close();
      memory.close();
      throw failed;
    }
  }

  private static TraceCountsMap counts(BpfObject object, MappedMemory state) {
    try {
      return new TraceCountsMap(object.map("cpus"));
    } catch (RuntimeException failed) {
      state.close();
      throw failed;
    }
  }

  /**
   * Loads and attaches a module: to the first of its hooks that this kernel really takes.
   *
   * @throws BpfException the kernel refused the last hook too; nothing is left behind
   */
  public static OpenTrace open(Libbpf libbpf, TraceProgram program, Rates rates) {
    BpfException refusal = null;
    for (TraceProgram.Rung rung : program.rungs()) {
      try {
        return open(libbpf, program, rates, rung);
      } catch (BpfException refused) {
        LOG.debug("trace {}: {} is refused: {}", program.module(), rung.hook(), refused.toString());
        if (refusal != null) {
          refused.addSuppressed(refusal);
        }
        refusal = refused;
      }
    }
    throw refusal == null ? new IllegalStateException(program + " has no hook") : refusal;
  }

  private static OpenTrace open(
      Libbpf libbpf, TraceProgram program, Rates rates, TraceProgram.Rung rung) {
    BpfObject object = libbpf.open("trace_" + program.module(), program.image());
    try {
      rung.parts().forEach(part -> object.selectProgram(part.program()));
      program.prepare(object);
      object.setGlobal("pod_rate", number(rates.pod()));
      object.setGlobal("node_rate", number(rates.node()));
      object.setMaxEntries("cpus", libbpf.possibleCpus());
      object.load();
      return new OpenTrace(object, program, rung, rates);
    } catch (RuntimeException failed) {
      object.close();
      throw failed;
    }
  }

  /** All of them, or none. */
  private static List<BpfLink> attach(BpfObject object, TraceProgram.Rung rung) {
    List<BpfLink> links = new ArrayList<>();
    try {
      for (TraceProgram.Part part : rung.parts()) {
        links.addAll(part.attach().apply(object.program(part.program())));
      }
      return links;
    } catch (RuntimeException failed) {
      links.forEach(BpfLink::close);
      throw failed;
    }
  }

  static ByteBuffer number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
  }

  /** The hook that it is attached to. */
  public String hook() {
    return rung.hook();
  }

  /** What it may write. */
  public Rates rates() {
    return rates;
  }

  /** The ring of its records. */
  public BpfMap ring() {
    return object.map("records");
  }

  /** Where the module is attached to code of programs. */
  public CodeProbes probes() {
    return probes;
  }

  /** The histograms of {@link TraceProgram#RTT}. */
  public RoundTripsMap roundTrips() {
    return new RoundTripsMap(object.map("round_trips"));
  }

  /** The connections of {@link TraceProgram#TLS}. */
  public TlsConnectionsMap tlsConnections() {
    return new TlsConnectionsMap(object.map("connections"));
  }

  /** What JVMs are about, of {@link TraceProgram#JVM}. */
  public CollectorsMap collectors() {
    return new CollectorsMap(object.map("collectors"));
  }

  /**
   * Gives a reader a place; from now on its bit is set in records that match.
   *
   * @return empty when {@value TraceRows#READERS_MAX} read already
   */
  public OptionalInt claim(TraceFilterRow filter) {
    for (int place = 0; place < TraceRows.READERS_MAX; place++) {
      if (((bits(UNFILTERED) | bits(FILTERED)) & bit(place)) == 0) {
        counts.clear("matched", place);
        counts.clear("unsampled", place);
        filter.write(state, filterOf(place));
        if (filter.pid() != 0) {
          set(BY_PROCESS, place);
        }
        set(filter.isAny() ? UNFILTERED : FILTERED, place);
        return OptionalInt.of(place);
      }
    }
    return OptionalInt.empty();
  }

  /** Takes a place back, with what was chosen for it. */
  public void release(int place) {
    clear(UNFILTERED, place);
    clear(FILTERED, place);
    clear(BY_PROCESS, place);
    if (state.getInt(filterOf(place) + TraceRows.FILTER.offset("chosen")) != 0) {
      choose(place, Map.of());
    }
  }

  /**
   * Says what a reader with {@link TraceFilterRow#CHOSEN} sees from now on.
   *
   * @param percents of the connections of a network namespace, 1..100, by cookie
   * @throws BpfException the map is full: what had no room is not seen
   */
  public void choose(int place, Map<Long, Integer> percents) {
    chosen.replace(place, percents);
  }

  private int bits(int use) {
    return state.getInt(use);
  }

  private void set(int use, int place) {
    state.putInt(use, bits(use) | bit(place));
  }

  private void clear(int use, int place) {
    state.putInt(use, bits(use) & ~bit(place));
  }

  private static int bit(int place) {
    return 1 << place;
  }

  private static int filterOf(int place) {
    return TraceRows.STATE.offset("readers") + place * TraceRows.FILTER.size();
  }

  /** Connections that the share of a place has left out. */
  public long unsampled(int place) {
    return counts.sum("unsampled", place);
  }

  /** What the filter of a place has let through. */
  public long matched(int place) {
    return counts.sum("matched", place);
  }

  /** Counts what the filter of a place has let through, where only the reader can tell. */
  public void addMatched(int place) {
    counts.add("matched", place);
  }

  /** What was seen and could not be told: no room in the ring, or the program ran there already. */
  public long lost() {
    return count("lost")
        + rung.parts().stream().mapToLong(part -> object.program(part.program()).misses()).sum();
  }

  /** A counter of {@code struct trace_cpu}: {@code shed} or {@code untracked}. */
  public long count(String field) {
    return counts.sum(field);
  }

  @Override
  public void close() {
    probes.close();
    links.forEach(BpfLink::close);
    counts.close();
    memory.close();
    object.close();
  }
}
