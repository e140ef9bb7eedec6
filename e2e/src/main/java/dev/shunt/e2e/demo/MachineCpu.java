package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Busy time of all CPUs of the machine from /proc/stat (proc(5)). Any thread; no state. */
public final class MachineCpu {
  private static final Path STAT = Path.of("/proc/stat");

  /** The kernel reports /proc/stat in units of USER_HZ, 100 per second on every architecture. */
  private static final long MICROS_PER_TICK = 10_000;

  private MachineCpu() {}

  /** Microseconds that all CPUs together were not idle since boot. */
  public static long busyMicros() {
    try {
      return busyMicrosIn(Files.readString(STAT));
    } catch (IOException e) {
      throw new SceneException("read " + STAT + " failed: " + e, e);
    }
  }

  /**
   * Sums user, nice, system, irq and softirq of the first line; idle, iowait, steal do not count.
   */
  static long busyMicrosIn(String stat) {
    String[] fields = stat.split("\\s+", 9);
    if (fields.length < 9 || !fields[0].equals("cpu")) {
      throw new SceneException("parse " + STAT + " failed: no cpu line");
    }
    long ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7}) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks * MICROS_PER_TICK;
  }
}
