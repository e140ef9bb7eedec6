package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException.Cause;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One module: attached for its first reader, shared by the others, detached after the last.
 * Thread-safe; who opens it while it loads waits, and those of other modules do not.
 */
final class ModuleTraces implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleTraces.class);

  private final TraceProgram program;
  private final Opener opener;
  private final TraceNames names;
  private final RedirectedTraffic redirected;
  private @Nullable TraceSession session;
  private boolean closed;

  /** Told once: who reads for a policy tries again for ever. */
  private String refusal = "";

  /** Loads and attaches a module, or throws {@link BpfException}. May take seconds. */
  interface Opener extends Function<TraceProgram, OpenTrace> {}

  /** Nothing is attached yet. */
  ModuleTraces(
      TraceProgram program, Opener opener, TraceNames names, RedirectedTraffic redirected) {
    this.program = program;
    this.opener = opener;
    this.names = names;
    this.redirected = redirected;
  }

  /** A reader and what it reads. */
  record Opened(TraceSession session, TraceReader reader) {}

  /** Adds a reader; returns when the module is attached. */
  synchronized Opened add(TraceQuery query, TraceTarget target, TraceSink sink) {
    if (closed) {
      throw new IllegalStateException("the node stops");
    }
    TraceSession running = session;
    TraceSession opened = running == null ? attach() : running;
    Optional<TraceReader> added = Optional.empty();
    try {
      added = opened.add(query, target, sink);
    } finally {
      if (added.isEmpty() && running == null) {
        opened.discard();
      }
    }
    TraceReader reader =
        added.orElseThrow(
            () ->
                new TraceRefusedException(
                    Cause.TOO_MANY,
                    "open trace %s failed: it has %d readers already; end one of them"
                        .formatted(query.module(), TraceRows.READERS_MAX)));
    if (running == null) {
      session = opened;
      opened.start();
    }
    LOG.info("trace {} is read: {}", query.module(), query.filter());
    return new Opened(opened, reader);
  }

  private TraceSession attach() {
    try {
      OpenTrace trace = opener.apply(program);
      LOG.info("trace {} is attached to {}", program.module(), trace.hook());
      refusal = "";
      return session(trace);
    } catch (BpfException refused) {
      String cause =
          "%s %s failed: %s".formatted(refused.operation(), refused.object(), refused.reason());
      if (!cause.equals(refusal)) {
        refusal = cause;
        LOG.warn("attach trace {} failed: {}", program.module(), refused.toString());
      }
      throw new TraceRefusedException(
          Cause.UNSUPPORTED,
          "%s; the kernel takes no hook of trace %s, nothing is attached"
              .formatted(cause, program.module()));
    }
  }

  private TraceSession session(OpenTrace trace) {
    TraceSession made = null;
    try {
      made = new TraceSession(program, trace, names, redirected, this::retire);
      return made;
    } finally {
      if (made == null) {
        trace.close();
      }
    }
  }

  /** Lets a session go unless somebody has come meanwhile. */
  private synchronized boolean retire(TraceSession unread) {
    if (!unread.isUnread()) {
      return false;
    }
    if (session == unread) {
      session = null;
    }
    return true;
  }

  /** Ends every reader, after one that is being added; nobody comes any more. */
  @Override
  public void close() {
    TraceSession running;
    synchronized (this) {
      closed = true;
      running = session;
      session = null;
    }
    if (running != null) {
      running.stop();
    }
  }
}
