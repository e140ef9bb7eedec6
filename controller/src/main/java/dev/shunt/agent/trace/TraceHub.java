package dev.shunt.agent.trace;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceQuery.Pauses;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.observe.trace.TraceSource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Opens traces, module by module. Thread-safe; closed by the node, before the data path. */
public final class TraceHub implements TraceSource, StandingSource, AutoCloseable {
  private static final TraceQuery.Filter EVERYTHING = new TraceQuery.Filter(0, 0, "", "");

  /** Of histograms: they only grow, and to look at what went past TCP costs a walk of sockets. */
  private static final Duration STANDING_INTERVAL = Duration.ofSeconds(10);

  private final TraceNames names;
  private final Map<TraceProgram, ModuleTraces> modules = new EnumMap<>(TraceProgram.class);

  /** Nothing is attached yet. */
  public TraceHub(
      Libbpf libbpf, TraceNames names, RedirectedTraffic redirected, OpenTrace.Rates rates) {
    this(program -> OpenTrace.open(libbpf, program, rates), names, redirected);
  }

  TraceHub(ModuleTraces.Opener opener, TraceNames names, RedirectedTraffic redirected) {
    this.names = names;
    for (TraceProgram program : TraceProgram.values()) {
      modules.put(program, new ModuleTraces(program, opener, names, redirected));
    }
  }

  @Override
  public void trace(TraceQuery query, TraceSink sink) {
    if (query.requests().pauses() == Pauses.TOLD) {
      traceWithPauses(query, sink);
    } else {
      open(query, sink);
    }
  }

  /** Pauses first: those of the first requests are to be known. */
  private void traceWithPauses(TraceQuery query, TraceSink sink) {
    String own = names.namespaceName().apply(Linux.netnsCookie());
    PausedRequests requests = new PausedRequests(sink, own, System::nanoTime);
    open(query.ofPauses(), requests.pauses());
    boolean opened = false;
    try {
      open(query, requests);
      opened = true;
    } finally {
      if (!opened) {
        requests.abandon();
      }
    }
  }

  @Override
  public Choice stand(TraceModule module, TraceSink sink) {
    TraceQuery query = new TraceQuery(module, EVERYTHING, Duration.ZERO, STANDING_INTERVAL);
    ModuleTraces.Opened opened =
        traces(module).add(query, TraceTarget.toChoose(query, names), sink);
    return percents -> opened.session().choose(opened.reader(), percents);
  }

  private void open(TraceQuery query, TraceSink sink) {
    var unused = traces(query.module()).add(query, TraceTarget.find(query, names), sink);
  }

  private ModuleTraces traces(TraceModule module) {
    return Objects.requireNonNull(modules.get(program(module)));
  }

  private static TraceProgram program(TraceModule module) {
    return switch (module) {
      case CONNECT -> TraceProgram.CONNECT;
      case STATES -> TraceProgram.STATES;
      case RTT -> TraceProgram.RTT;
      case FASTOPEN -> TraceProgram.FASTOPEN;
      case PROFILE -> TraceProgram.PROFILE;
      case HTTP -> TraceProgram.HTTP;
      case HTTP_TLS -> TraceProgram.HTTP_TLS;
      case JVM -> TraceProgram.JVM;
      case TLS -> TraceProgram.TLS;
    };
  }

  @Override
  public void close() {
    modules.values().forEach(ModuleTraces::close);
  }
}
