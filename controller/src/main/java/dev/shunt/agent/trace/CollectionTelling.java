package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.maps.CollectorsMap;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.JvmPause;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceQuery.Pauses;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells collections as rows; to readers who ask for pauses, how far those are known. On the thread
 * of the session.
 *
 * <p>A look writes down the time and which pauses go on. Whatever had ended before it is in the
 * ring by then, and read before the next look: what is known up to a look is told with the one
 * after it.
 */
final class CollectionTelling implements TraceTelling {
  /** Each record wakes the thread. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final CollectorsMap collectors;
  private final TraceTranslation translation;
  private final BadRecords bad;
  private final RowTelling rows;

  /** By place. */
  private final Map<Integer, Asking> asking = new HashMap<>();

  CollectionTelling(OpenTrace trace, TraceTranslation translation, BadRecords bad) {
    this.bad = bad;
    collectors = trace.collectors();
    this.translation = translation;
    rows = new RowTelling(TraceProgram.JVM, translation);
  }

  /** A reader who asks for pauses. */
  private static final class Asking {
    /** Whatever goes on since before may have ended unseen. */
    final long since = System.nanoTime();

    final List<JvmPause> ended = new ArrayList<>();
    long lookedAt;
    List<JvmPause> open = List.of();
  }

  @Override
  public void begin(TraceReader reader) {
    if (reader.query().requests().pauses() == Pauses.TOLD) {
      asking.put(reader.place(), new Asking());
    }
  }

  @Override
  public void record(ByteBuffer bytes, List<TraceReader> readers) {
    if (asking.isEmpty()) {
      rows.record(bytes, readers);
      return;
    }
    List<TraceReader> others = new ArrayList<>();
    TraceRecord record = new TraceRecord(TraceRows.GC, bytes);
    for (TraceReader reader : readers) {
      Asking own = asking.get(reader.place());
      if (own == null) {
        others.add(reader);
      } else if (record.u64("pause_begin_ns") != 0
          && reader.gets(record.u32("readers"), record.u64("time_ns"))) {
        own.ended.add(pause(record.process().u32("pid"), record, record.u64("time_ns")));
      }
    }
    rows.record(bytes, others);
  }

  private JvmPause pause(int pid, TraceRecord record, long endNanos) {
    String namespace =
        translation.places().of(record.u64("netns_cookie"), record.u64("cgroup_id")).namespace();
    return new JvmPause(namespace, pid, record.u64("pause_begin_ns"), endNanos);
  }

  @Override
  public void tell(TraceReader reader, long now) {
    Asking own = asking.get(reader.place());
    if (own == null || now - own.lookedAt < LOOK_AGAIN.toNanos()) {
      return;
    }
    if (own.lookedAt != 0) {
      reader.offer(new TraceEvent.PausesKnown(own.lookedAt, own.ended, own.open));
      own.ended.clear();
    }
    own.lookedAt = System.nanoTime();
    own.open = open(own);
  }

  /** Pauses that go on. Those of other namespaces are of no interest, and do no harm. */
  private List<JvmPause> open(Asking own) {
    List<JvmPause> open = new ArrayList<>();
    collectors.visit(
        pid -> ProcessHandle.of(pid).isEmpty(),
        (pid, record) -> {
          boolean unused =
              bad.read(
                  "a pause",
                  () -> {
                    if (record.u64("pause_begin_ns") > own.since) {
                      open.add(pause(pid, record, Long.MAX_VALUE));
                    }
                  });
        });
    return open;
  }

  @Override
  public void tellLast(TraceReader reader) {
    asking.remove(reader.place());
  }

  @Override
  public void refresh() {
    translation.refresh();
  }
}
