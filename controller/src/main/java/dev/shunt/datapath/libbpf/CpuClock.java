package dev.shunt.datapath.libbpf;

/** A software clock of one CPU, opened as a perf event, to which the kernel links programs. */
final class CpuClock {
  /** {@code PERF_TYPE_SOFTWARE} of linux/perf_event.h; its config 0 is {@code CPU_CLOCK}. */
  private static final int TYPE_SOFTWARE = 1;

  /** {@code PERF_ATTR_SIZE_VER5}. */
  private static final int ATTR_BYTES = 112;

  private static final long FLAG_FREQUENCY = 1L << 10;
  private static final long FLAG_EXCLUDE_IDLE = 1L << 7;
  private static final long ALL_PROCESSES = -1;

  private CpuClock() {}

  /** Opens it; it ticks from now on while that CPU is not idle. */
  static Fd open(int cpu, int hertz) {
    String what = "clock of CPU " + cpu;
    NativeBuffer attr = new NativeBuffer(ATTR_BYTES);
    attr.putInt(0, TYPE_SOFTWARE)
        .putInt(4, ATTR_BYTES)
        .putLong(16, hertz)
        .putLong(40, FLAG_FREQUENCY | FLAG_EXCLUDE_IDLE);
    return PerfEvent.open(attr, ALL_PROCESSES, cpu, what);
  }
}
