package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import java.util.Map;

/** Where traces are opened that last, of network namespaces that change. Thread-safe. */
public interface StandingSource {
  /**
   * Opens a trace of nothing, which ends with its sink. Returns when the module is attached, which
   * may take seconds.
   *
   * @throws TraceRefusedException it cannot be opened; the message is one sentence for the user
   * @throws IllegalStateException the module is just ending; it can be asked again
   */
  Choice stand(TraceModule module, TraceSink sink);

  /** What a trace sees. Thread-safe. */
  interface Choice {
    /**
     * From now on this, and nothing else.
     *
     * @param percents which share of the connections of a network namespace, 1..100, by its cookie;
     *     only http asks for the share
     * @throws IllegalStateException the trace has ended
     * @throws dev.shunt.datapath.libbpf.BpfException the kernel has no room for all of it; what had
     *     none is not seen
     */
    void see(Map<Long, Integer> percents);
  }
}
