package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.programs.ProbePoint;
import java.util.Locale;

/** What leads to a program: the kernel does not count it with the program's runs. */
enum Lead {
  /** A few instructions at a tracepoint or a function of the kernel, which are neglected. */
  DIRECT,
  /** A trap at a USDT probe. */
  USDT,
  /** A trap where a function of a process begins. */
  ENTRY,
  /** What a program at its return takes besides. */
  RETURN,
  /** An interrupt by a clock. */
  CLOCK,
  /** A trap of a kind that is not known here. */
  OTHER_TRAP;

  /**
   * Of a program.
   *
   * @param type as libbpf names it; a uprobe's is that of a kprobe
   * @param name the kernel's
   */
  static Lead of(String type, String name) {
    return switch (type) {
      case "perf_event" -> CLOCK;
      case "kprobe" -> ProbePoint.of(name).map(Lead::of).orElse(OTHER_TRAP);
      default -> DIRECT;
    };
  }

  private static Lead of(ProbePoint point) {
    return switch (point) {
      case ENTRY -> ENTRY;
      case RETURN -> RETURN;
      case USDT -> USDT;
    };
  }

  /** {@code usdt}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
