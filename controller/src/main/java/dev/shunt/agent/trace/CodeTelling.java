package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException.Cause;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Follows the code of programs that a module looks at, beside telling its records. */
final class CodeTelling implements TraceTelling {
  private final TraceTelling records;
  private final CodeFollower follower;

  /** By place: the process that a reader wants to know of, 0 for all. */
  private final Map<Integer, Integer> pids = new HashMap<>();

  /** By place: what a reader is to be told next. */
  private final Map<Integer, List<String>> notices = new HashMap<>();

  /**
   * Attaches nothing yet.
   *
   * @param records tells them
   */
  CodeTelling(TraceTelling records, CodeFollower follower) {
    this.records = records;
    this.follower = follower;
  }

  @Override
  public synchronized void begin(TraceReader reader) {
    int pid = reader.query().filter().pid();
    pids.put(reader.place(), pid);
    tellAll(follower.follow(pids.values()));
    String refusal = pid == 0 ? "" : follower.refusal(pid);
    if (!refusal.isEmpty()) {
      pids.remove(reader.place());
      tellAll(follower.follow(pids.values()));
      throw new TraceRefusedException(Cause.NOT_FOUND, refusal);
    }
    List<String> first = new ArrayList<>();
    if (pid == 0) {
      first.add(follower.summary());
      first.addAll(follower.refusals());
    }
    notices.put(reader.place(), first);
    records.begin(reader);
  }

  /** Those who look at one process were refused if it concerns them. */
  private void tellAll(List<String> news) {
    notices.forEach(
        (place, waiting) -> {
          if (pids.getOrDefault(place, 0) == 0) {
            waiting.addAll(news);
          }
        });
  }

  @Override
  public synchronized void record(ByteBuffer bytes, List<TraceReader> readers) {
    records.record(bytes, readers);
  }

  @Override
  public synchronized void tell(TraceReader reader, long now) {
    tellNotices(reader);
    records.tell(reader, now);
  }

  private void tellNotices(TraceReader reader) {
    List<String> waiting = notices.get(reader.place());
    if (waiting != null && !waiting.isEmpty()) {
      waiting.forEach(text -> reader.offer(new TraceEvent.Notice(text)));
      waiting.clear();
    }
  }

  @Override
  public synchronized void tellLast(TraceReader reader) {
    if (!reader.hasLeft()) {
      tellNotices(reader);
    }
    records.tellLast(reader);
    pids.remove(reader.place());
    notices.remove(reader.place());
  }

  @Override
  public synchronized void refresh() {
    records.refresh();
    tellAll(follower.follow(pids.values()));
  }
}
