package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.ProgramUsage;
import dev.shunt.datapath.libbpf.UserCode;
import dev.shunt.datapath.programs.EmptyTrap;
import dev.shunt.e2e.bench.Estimate;
import dev.shunt.e2e.scene.NativeProgram;
import dev.shunt.e2e.scene.SceneDialogue;
import dev.shunt.e2e.scene.SceneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what leads to a program: a process of its own calls a function many times, or only
 * loops, with a program that does nothing attached to it and without, in turns. One thread; whoever
 * opened it closes it.
 */
final class LeadMeter implements AutoCloseable {
  private static final int PAIRS = 15;
  private static final int BATCHES = 7;
  private static final int CALLS = 300;

  /** Some milliseconds. */
  private static final long SPINS = 10_000_000;

  /**
   * Far more than a module's, so that the interrupts can be told, and with time to do much between
   * two.
   */
  private static final int HERTZ = 10_000;

  /** What the kernel allows: less, once interrupts have taken it too long. */
  private static final Path HERTZ_MAX = Path.of("/proc/sys/kernel/perf_event_max_sample_rate");

  private static final double NANOS_PER_SECOND = 1e9;
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String NOP = "at_nop";
  private static final String FRAME = "at_frame";

  private final Libbpf libbpf;
  private final UserCode code;
  private final SceneDialogue process;

  private LeadMeter(Libbpf libbpf, Path program, SceneDialogue process) {
    this.libbpf = libbpf;
    this.process = process;
    code = new UserCode(program, UserCode.EVERYBODY);
  }

  /**
   * Compiles and starts the process.
   *
   * @param directory for it
   * @throws SceneException it cannot be compiled
   */
  static LeadMeter open(Libbpf libbpf, Path directory) {
    Path program = NativeProgram.build("/dev/shunt/e2e/traps", "shunt-traps", directory);
    return new LeadMeter(
        libbpf,
        program,
        SceneDialogue.start(
            "shunt-traps", List.of(program.toString()), directory.resolve("traps.log")));
  }

  /**
   * Measures; some seconds.
   *
   * @throws dev.shunt.datapath.libbpf.BpfException the kernel refused a program or to attach it
   */
  LeadCosts measure() {
    Map<Lead, Estimate> nanos = new EnumMap<>(Lead.class);
    try (EmptyTrap probe = EmptyTrap.probe(libbpf)) {
      nanos.put(Lead.USDT, entry(probe, NOP));
      nanos.put(Lead.ENTRY, entry(probe, FRAME));
      nanos.put(Lead.RETURN, end(probe));
    }
    try (EmptyTrap clock = EmptyTrap.clock(libbpf)) {
      nanos.put(Lead.CLOCK, clock(clock));
    }
    return new LeadCosts(nanos, "");
  }

  private Estimate entry(EmptyTrap probe, String function) {
    return more(probe, function, () -> {}, () -> probe.attachEntry(code, function), 1);
  }

  /**
   * A module that looks at a return looks at the entry too, and the kernel stops there once. That
   * is measured where a stop takes little: of the difference of two single steps little is left.
   */
  private Estimate end(EmptyTrap probe) {
    Runnable atEntry = () -> probe.attachEntry(code, NOP);
    Runnable atBoth =
        () -> {
          probe.attachReturn(code, NOP);
          probe.attachEntry(code, NOP);
        };
    return more(probe, NOP, atEntry, atBoth, 2);
  }

  /** Nanoseconds that a call takes more with one than with the other. */
  private Estimate more(
      EmptyTrap probe, String function, Runnable less, Runnable more, int runsPerCall) {
    requireRuns(probe, function, more, runsPerCall);
    List<Double> nanos = new ArrayList<>();
    for (int pair = 0; pair < PAIRS; pair++) {
      double without = with(probe, less, function);
      nanos.add(with(probe, more, function) - without);
    }
    return estimate(nanos);
  }

  /** A few percent, so what drifts is to hit both sides: each pair is with the loops around. */
  private Estimate clock(EmptyTrap clock) {
    int hertz = hertz();
    requireTicks(clock, hertz);
    List<Double> nanos = new ArrayList<>();
    double without = spin();
    for (int pair = 0; pair < PAIRS; pair++) {
      double before = without;
      clock.attachClocks(hertz);
      ProgramUsage usage = clock.usage();
      double with = spin();
      usage = clock.usage().since(usage);
      clock.detach();
      without = spin();
      double runs = with * hertz / NANOS_PER_SECOND;
      nanos.add((with - (before + without) / 2) / runs - own(usage));
    }
    return estimate(nanos);
  }

  /** Nanoseconds of a call with a program attached, without the program's own, if they count. */
  private double with(EmptyTrap probe, Runnable attach, String function) {
    attach.run();
    ProgramUsage before = probe.usage();
    double nanos = call(function);
    ProgramUsage usage = probe.usage().since(before);
    probe.detach();
    return nanos - usage.runTimeNanos() / (double) (CALLS * BATCHES);
  }

  /** Nothing, unless somebody else lets the kernel count. */
  private static double own(ProgramUsage usage) {
    return usage.runCount() == 0 ? 0 : usage.runTimeNanos() / (double) usage.runCount();
  }

  /** What is not reached cannot be measured. */
  private void requireRuns(EmptyTrap probe, String function, Runnable attach, int runsPerCall) {
    try (Fd statistics = libbpf.enableStats()) {
      ProgramUsage before = probe.usage();
      attach.run();
      ask(function, CALLS);
      long runs = probe.usage().since(before).runCount();
      if (!statistics.isOpen() || runs != (long) CALLS * runsPerCall) {
        throw new SceneException(
            "probe %s failed: %d calls, %d runs".formatted(function, CALLS, runs));
      }
    } finally {
      probe.detach();
    }
  }

  /** At least half of them: a CPU that was taken away meanwhile has fewer. */
  private void requireTicks(EmptyTrap clock, int hertz) {
    try (Fd statistics = libbpf.enableStats()) {
      ProgramUsage before = clock.usage();
      clock.attachClocks(hertz);
      double expected = ask("spin", SPINS) * hertz / NANOS_PER_SECOND;
      long runs = clock.usage().since(before).runCount();
      if (!statistics.isOpen() || runs < expected / 2) {
        throw new SceneException(
            "interrupt a loop failed: %.0f ticks, %d runs".formatted(expected, runs));
      }
    } finally {
      clock.detach();
    }
  }

  private static int hertz() {
    // at once: the kernel tells such a number no more once a first part of it was read
    try (BufferedReader limit = Files.newBufferedReader(HERTZ_MAX)) {
      return Math.min(HERTZ, Integer.parseInt(String.valueOf(limit.readLine())));
    } catch (IOException failed) {
      throw new SceneException("read " + HERTZ_MAX + " failed: " + failed, failed);
    }
  }

  private double call(String function) {
    return batches(function, CALLS) / CALLS;
  }

  private double spin() {
    return batches("spin", SPINS);
  }

  /** The middle of some: a batch during which the CPU was taken away does not count. */
  private double batches(String what, long times) {
    List<Double> nanos = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      nanos.add((double) ask(what, times));
    }
    return estimate(nanos).median();
  }

  private long ask(String what, long times) {
    return Long.parseLong(process.ask(what + " " + times, LIMIT).strip());
  }

  private static Estimate estimate(List<Double> nanos) {
    return Estimate.of(nanos).orElseThrow();
  }

  @Override
  public void close() {
    process.close();
  }
}
