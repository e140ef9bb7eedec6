package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.symbols.Symbolizer;
import dev.shunt.observe.trace.TraceEvent.Actor;
import dev.shunt.observe.trace.TraceEvent.Profile;
import dev.shunt.observe.trace.TraceEvent.Stack;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts equal stacks, and tells them with names once a second. On the thread of the session. */
final class ProfileTelling implements TraceTelling {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Different stacks of a second, of one reader; the others are counted as skipped. */
  private static final int STACKS_MAX = 4096;

  private final TraceTranslation translation;
  private final BadRecords bad;
  private final Symbolizer symbols = new Symbolizer();

  /** By place of the reader. */
  private final Map<Integer, Counts> counts = new HashMap<>();

  ProfileTelling(TraceTranslation translation, BadRecords bad) {
    this.bad = bad;
    this.translation = translation;
  }

  /** Addresses of one moment, the innermost first; those of the kernel come before the others. */
  private static final class Key {
    final Actor actor;
    final int kernelFrames;
    final long[] frames;

    Key(Actor actor, int kernelFrames, long[] frames) {
      this.actor = actor;
      this.kernelFrames = kernelFrames;
      this.frames = frames;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && actor.equals(key.actor)
          && kernelFrames == key.kernelFrames
          && Arrays.equals(frames, key.frames);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(frames) * 31 + actor.pid();
    }
  }

  /** What was counted for a reader since it was told last. */
  private static final class Counts {
    final Map<Key, Long> stacks = new HashMap<>();
    long nextNanos;
  }

  @Override
  public void begin(TraceReader reader) {
    // nothing of before is told
  }

  @Override
  public void record(ByteBuffer bytes, List<TraceReader> readers) {
    TraceRecord sample = new TraceRecord(TraceRows.SAMPLE, bytes);
    Key key = key(sample);
    for (TraceReader reader : readers) {
      if (reader.gets(sample.u32("readers"), sample.u64("time_ns"))) {
        Map<Key, Long> stacks = counts(reader, System.nanoTime()).stacks;
        if (stacks.size() < STACKS_MAX || stacks.containsKey(key)) {
          stacks.merge(key, 1L, Long::sum);
        } else {
          reader.skip(1);
        }
      }
    }
  }

  private Counts counts(TraceReader reader, long now) {
    return counts.computeIfAbsent(
        reader.place(),
        place -> {
          Counts fresh = new Counts();
          fresh.nextNanos = now + SECOND.toNanos();
          return fresh;
        });
  }

  /** The frames of the kernel have room for all, those of the process follow. */
  private static Key key(TraceRecord sample) {
    int kernelFrames = sample.u32("kernel_frames");
    int userFrames = sample.u32("user_frames");
    ByteBuffer bytes = sample.bytes();
    int at = sample.base() + TraceRows.SAMPLE.size();
    long[] frames = new long[kernelFrames + userFrames];
    for (int i = 0; i < kernelFrames; i++) {
      frames[i] = bytes.getLong(at + i * Long.BYTES);
    }
    int user = at + TraceRows.FRAMES_MAX * Long.BYTES;
    for (int i = 0; i < userFrames; i++) {
      frames[kernelFrames + i] = bytes.getLong(user + i * Long.BYTES);
    }
    TraceRecord process = sample.process();
    return new Key(new Actor(process.u32("pid"), process.command()), kernelFrames, frames);
  }

  @Override
  public void tell(TraceReader reader, long now) {
    Counts known = counts(reader, now);
    if (now - known.nextNanos >= 0) {
      known.nextNanos = now + SECOND.toNanos();
      tellAll(reader, known);
    }
  }

  @Override
  public void tellLast(TraceReader reader) {
    Counts known = counts.remove(reader.place());
    if (known != null && !reader.hasLeft()) {
      tellAll(reader, known);
    }
  }

  private void tellAll(TraceReader reader, Counts known) {
    if (known.stacks.isEmpty()) {
      return;
    }
    List<Stack> stacks = new ArrayList<>();
    known.stacks.forEach(
        (key, count) -> {
          boolean unused =
              bad.read("a stack", () -> stacks.add(new Stack(key.actor, names(key), count)));
        });
    known.stacks.clear();
    reader.offer(new Profile(translation.time().of(System.nanoTime()), stacks));
  }

  /** The outermost first, as flame graphs have it. */
  private List<String> names(Key key) {
    List<String> names = new ArrayList<>();
    for (int i = key.frames.length - 1; i >= 0; i--) {
      // a frame holds the address that its callee returns to, which may be the next function's
      long address = i == 0 || i == key.kernelFrames ? key.frames[i] : key.frames[i] - 1;
      if (i < key.kernelFrames) {
        names.add(symbols.kernel(address) + "_[k]");
      } else {
        names.addAll(symbols.user(key.actor.pid(), address));
      }
    }
    return names;
  }

  @Override
  public void refresh() {
    translation.refresh();
  }

  @Override
  public void close() {
    symbols.close();
  }
}
