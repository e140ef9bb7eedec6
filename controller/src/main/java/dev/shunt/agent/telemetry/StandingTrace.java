package dev.shunt.agent.telemetry;

import dev.shunt.agent.trace.StandingSource;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.observe.TelemetryStatus;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One module: in the kernel while policy wants it anywhere, and tried again, less and less often,
 * when it cannot be there. {@link #status} from any thread, all else on one.
 */
final class StandingTrace {
  private static final Logger LOG = LoggerFactory.getLogger(StandingTrace.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final TraceModule module;
  private final StandingSource source;
  private final Function<TraceModule, TraceSink> sinks;
  private final StandingCounts counts = new StandingCounts();
  private @Nullable Open open;

  /** What the open trace was asked to see last, whether there was room for it or not. */
  private Map<Long, Integer> asked = Map.of();

  private Duration pause = FIRST_PAUSE;
  private long dueNanos;
  private boolean waits;
  private String error = "";
  private volatile Shown shown = new Shown(0, "", "");

  /** A trace that is open. */
  private record Open(StandingSink sink, StandingSource.Choice choice) {}

  /** What others see of it. */
  private record Shown(int namespaces, String hook, String error) {}

  StandingTrace(TraceModule module, StandingSource source, Function<TraceModule, TraceSink> sinks) {
    this.module = module;
    this.source = source;
    this.sinks = sinks;
  }

  /** Does what is done at once: lets go, and changes what is seen. */
  void follow(Map<Long, Integer> wanted, long nowNanos) {
    Open current = open;
    if (current != null && current.sink().isEnded()) {
      open = null;
      fail("trace %s has ended: %s".formatted(module, current.sink().reason()), nowNanos);
    } else if (current != null && wanted.isEmpty()) {
      current.sink().leave();
      open = null;
      LOG.info("telemetry {}: no policy switches it on any more", module);
    } else if (current != null && isToSee(wanted, nowNanos)) {
      see(current, wanted, nowNanos);
    }
    if (wanted.isEmpty()) {
      recover();
    }
    show(wanted);
  }

  /** Does what may take seconds: attaches the module, if it is wanted and its time has come. */
  void attach(Map<Long, Integer> wanted, long nowNanos) {
    if (wanted.isEmpty() || open != null || !isDue(nowNanos)) {
      return;
    }
    StandingSink sink = new StandingSink(module, sinks.apply(module), counts);
    try {
      Open fresh = new Open(sink, source.stand(module, sink));
      open = fresh;
      see(fresh, wanted, nowNanos);
    } catch (RuntimeException refused) { // or odd, e.g. of a program's file; other modules go on
      LOG.debug("attach telemetry {} failed", module, refused);
      fail(cause(refused), nowNanos);
    }
    show(wanted);
  }

  /** What is a sentence already, or else what it is. */
  private static String cause(RuntimeException refused) {
    boolean sentence =
        refused instanceof TraceRefusedException || refused instanceof IllegalStateException;
    return sentence ? String.valueOf(refused.getMessage()) : refused.toString();
  }

  /** What is to go does not wait: it needs no room, and makes some for what waits. */
  private boolean isToSee(Map<Long, Integer> wanted, long nowNanos) {
    boolean takesOut = !wanted.keySet().containsAll(asked.keySet());
    return waits ? takesOut || isDue(nowNanos) : !wanted.equals(asked);
  }

  private boolean isDue(long nowNanos) {
    return !waits || nowNanos - dueNanos >= 0;
  }

  private void see(Open current, Map<Long, Integer> wanted, long nowNanos) {
    try {
      current.choice().see(wanted);
      asked = Map.copyOf(wanted);
      recover();
    } catch (IllegalStateException ended) {
      current.sink().leave();
      open = null;
      fail(String.valueOf(ended.getMessage()), nowNanos);
    } catch (BpfException refused) {
      asked = Map.copyOf(wanted);
      fail(
          "choose %d network namespaces of trace %s failed: %s; some of them are not seen"
              .formatted(wanted.size(), module, refused.getMessage()),
          nowNanos);
    }
  }

  private void fail(String cause, long nowNanos) {
    dueNanos = nowNanos + pause.toNanos();
    waits = true;
    if (!cause.equals(error)) {
      LOG.warn("telemetry {}: {}; trying again in {} s", module, cause, pause.toSeconds());
    }
    error = cause;
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  private void recover() {
    waits = false;
    pause = FIRST_PAUSE;
    error = "";
  }

  private void show(Map<Long, Integer> wanted) {
    shown =
        new Shown(
            wanted.size(),
            open == null ? "" : open.sink().hook(),
            error.isEmpty() ? "" : error + "; it is tried again");
  }

  TelemetryStatus status() {
    Shown now = shown;
    return new TelemetryStatus(
        module.toString(), now.namespaces(), now.hook(), now.error(), counts.now());
  }
}
