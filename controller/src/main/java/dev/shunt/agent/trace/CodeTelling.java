package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException.Cause;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the code of programs that a module looks at, beside telling its records. Looking takes
 * long: it is done on a thread of its own, or on that of who opens the trace, and never holds up
 * the thread of the session.
 */
final class CodeTelling implements TraceTelling {
  private static final Logger LOG = LoggerFactory.getLogger(CodeTelling.class);

  private final TraceTelling records;
  private final CodeFollower follower;
  private final ExecutorService looks;
  private final AtomicBoolean isLooking = new AtomicBoolean();

  /** By place. */
  private final Map<Integer, Notices> notices = new HashMap<>();

  /** What a reader is to be told next, and what it was told and is still so. */
  private static final class Notices {
    final int pid;
    final Set<String> known = new HashSet<>();
    final List<String> waiting = new ArrayList<>();

    Notices(int pid) {
      this.pid = pid;
    }

    void see(List<String> texts) {
      known.retainAll(texts);
      texts.stream().filter(known::add).forEach(waiting::add);
    }
  }

  /**
   * Attaches nothing yet.
   *
   * @param records tells them
   * @param follower closed with this
   */
  CodeTelling(TraceTelling records, CodeFollower follower) {
    this.records = records;
    this.follower = follower;
    looks =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "shunt-code");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Not under the lock: the thread of the session goes on meanwhile. */
  @Override
  public void begin(TraceReader reader) {
    int pid = reader.query().filter().pid();
    int place = reader.place();
    Notices own = new Notices(pid);
    boolean begun = false;
    synchronized (this) {
      notices.put(place, own);
    }
    try {
      begin(reader, own, follower.follow(pids()));
      begun = true;
    } finally {
      if (!begun) {
        forget(place);
      }
    }
  }

  private synchronized void begin(TraceReader reader, Notices own, CodeFindings found) {
    String refusal = own.pid == 0 ? "" : found.refusal(own.pid);
    if (!refusal.isEmpty()) {
      throw new TraceRefusedException(Cause.NOT_FOUND, refusal);
    }
    records.begin(reader);
    if (own.pid == 0) {
      own.waiting.add(0, found.summary());
    }
    tellAll(found);
  }

  private synchronized void forget(int place) {
    notices.remove(place);
  }

  private synchronized List<Integer> pids() {
    return notices.values().stream().map(reader -> reader.pid).toList();
  }

  private synchronized void tellAll(CodeFindings found) {
    for (Notices reader : notices.values()) {
      List<String> texts = new ArrayList<>(found.refusals(reader.pid));
      String refusal = reader.pid == 0 ? "" : found.refusal(reader.pid);
      if (texts.isEmpty() && !refusal.isEmpty()) {
        texts.add(refusal);
      }
      reader.see(texts);
    }
  }

  private void look() {
    try {
      tellAll(follower.follow(pids()));
    } catch (RuntimeException failed) {
      if (!looks.isShutdown()) {
        LOG.warn("look for code of programs failed: {}; it is tried again", failed.toString());
      }
    } finally {
      isLooking.set(false);
    }
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

  @Override
  public synchronized void settle() {
    records.settle();
  }

  private void tellNotices(TraceReader reader) {
    Notices own = notices.get(reader.place());
    if (own != null) {
      own.waiting.forEach(text -> reader.offer(new TraceEvent.Notice(text)));
      own.waiting.clear();
    }
  }

  @Override
  public synchronized void tellLast(TraceReader reader) {
    if (!reader.hasLeft()) {
      tellNotices(reader);
    }
    records.tellLast(reader);
    forget(reader.place());
  }

  @Override
  public long shed() {
    return records.shed();
  }

  @Override
  public long unread() {
    return records.unread();
  }

  @Override
  public long untracked() {
    return records.untracked();
  }

  /** A look that takes long is left to its end. */
  @Override
  public synchronized void refresh() {
    records.refresh();
    if (isLooking.compareAndSet(false, true)) {
      looks.execute(this::look);
    }
  }

  @Override
  public void close() {
    looks.shutdown();
    follower.close();
    records.close();
  }
}
