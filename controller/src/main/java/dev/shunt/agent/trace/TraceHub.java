package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.observe.trace.TraceSource;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException.Cause;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens traces: attaches a module for its first reader, lets others share it, and detaches it after
 * the last. Thread-safe; closed by the node, before the data path.
 */
public final class TraceHub implements TraceSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TraceHub.class);

  private final Libbpf libbpf;
  private final TraceNames names;
  private final RedirectedTraffic redirected;
  private final OpenTrace.Rates rates;
  private final Map<TraceProgram, TraceSession> sessions = new EnumMap<>(TraceProgram.class);
  private boolean closed;

  /** Nothing is attached yet. */
  public TraceHub(
      Libbpf libbpf, TraceNames names, RedirectedTraffic redirected, OpenTrace.Rates rates) {
    this.libbpf = libbpf;
    this.names = names;
    this.redirected = redirected;
    this.rates = rates;
  }

  @Override
  public synchronized void trace(TraceQuery query, TraceSink sink) {
    if (closed) {
      throw new IllegalStateException("the node stops");
    }
    TraceTarget target = TraceTarget.find(query, names);
    TraceProgram program = program(query.module());
    TraceSession running = sessions.get(program);
    TraceSession session = running == null ? attach(program) : running;
    boolean added = false;
    try {
      added = session.add(query, target, sink);
    } finally {
      if (!added && running == null) {
        session.discard();
      }
    }
    if (!added) {
      throw new TraceRefusedException(
          Cause.TOO_MANY,
          "open trace %s failed: it has %d readers already; end one of them"
              .formatted(query.module(), TraceRows.READERS_MAX));
    }
    if (running == null) {
      sessions.put(program, session);
      session.start();
    }
    LOG.info("trace {} is read: {}", query.module(), query.filter());
  }

  private TraceSession attach(TraceProgram program) {
    try {
      OpenTrace trace = OpenTrace.open(libbpf, program, rates);
      LOG.info("trace {} is attached to {}", program.module(), trace.hook());
      return new TraceSession(program, trace, names, redirected, this::retire);
    } catch (BpfException refused) {
      LOG.warn("attach trace {} failed: {}", program.module(), refused.toString());
      throw new TraceRefusedException(
          Cause.UNSUPPORTED,
          "%s; the kernel takes no hook of trace %s, nothing is attached"
              .formatted(firstLine(refused), program.module()));
    }
  }

  private static String firstLine(BpfException refused) {
    return String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
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

  /** Lets a session go unless somebody has come meanwhile. */
  private synchronized boolean retire(TraceSession session) {
    if (!session.isUnread()) {
      return false;
    }
    sessions.remove(session.program(), session);
    return true;
  }

  @Override
  public void close() {
    List<TraceSession> running;
    synchronized (this) {
      closed = true;
      running = List.copyOf(sessions.values());
      sessions.clear();
    }
    running.forEach(TraceSession::stop);
  }
}
