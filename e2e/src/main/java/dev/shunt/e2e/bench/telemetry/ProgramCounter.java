package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.LoadedProgram;
import dev.shunt.datapath.libbpf.ProgramUsage;
import dev.shunt.datapath.programs.EmptyProgram;
import dev.shunt.e2e.scene.SceneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Lets the kernel count what programs cost (Linux 5.8), and what the counting itself adds: a
 * program that does nothing is run in turns (5.10). Somebody else may let it count too, so only
 * what comes on top is of interest. One thread; whoever opened it closes it.
 */
final class ProgramCounter implements AutoCloseable {
  /**
   * The least is taken off, so that it is never too much: a run takes longer while others are busy
   * on the same core, or when the CPU is taken away within it.
   */
  private static final int EMPTY_BATCHES = 21;

  private static final int EMPTY_RUNS = 500;

  private final Libbpf libbpf;
  private final EmptyProgram empty;

  private ProgramCounter(Libbpf libbpf, EmptyProgram empty) {
    this.libbpf = libbpf;
    this.empty = empty;
  }

  /**
   * Tries whether the kernel counts.
   *
   * @throws dev.shunt.datapath.libbpf.BpfException it does not
   */
  static ProgramCounter open(Libbpf libbpf) {
    ProgramCounter counter = new ProgramCounter(libbpf, EmptyProgram.load(libbpf));
    boolean counts = false;
    try {
      var unused = counter.count(Set.of(), () -> 1);
      counts = true;
      return counter;
    } finally {
      if (!counts) {
        counter.close();
      }
    }
  }

  /**
   * Counts while there is traffic.
   *
   * @param programs by the kernel's numbers, which stay loaded meanwhile
   * @param traffic drives it and says how many requests were answered
   */
  CountedSlice count(Set<Integer> programs, LongSupplier traffic) {
    List<Counted> counted = new ArrayList<>();
    try (Fd statistics = libbpf.enableStats()) {
      for (LoadedProgram program : libbpf.programs()) {
        if (programs.contains(program.id())) {
          counted.add(new Counted(program, libbpf.openProgram(program.id()).orElseThrow()));
        }
      }
      if (counted.size() != programs.size() || !statistics.isOpen()) {
        throw new SceneException("count programs failed: not all of them are loaded any more");
      }
      long requests = traffic.getAsLong();
      List<CountedSlice.Program> sums = counted.stream().map(Counted::sum).toList();
      return new CountedSlice(requests, emptyNanos(), sums);
    } finally {
      counted.forEach(program -> program.program.close());
    }
  }

  /** A program, and what it had cost before. */
  private record Counted(LoadedProgram facts, BpfProgram program, ProgramUsage before) {
    Counted(LoadedProgram facts, BpfProgram program) {
      this(facts, program, program.usage());
    }

    CountedSlice.Program sum() {
      return new CountedSlice.Program(facts.name(), facts.type(), program.usage().since(before));
    }
  }

  private double emptyNanos() {
    double least = Double.MAX_VALUE;
    for (int batch = 0; batch < EMPTY_BATCHES; batch++) {
      ProgramUsage usage = empty.run(EMPTY_RUNS);
      least = Math.min(least, usage.runTimeNanos() / (double) usage.runCount());
    }
    return least;
  }

  @Override
  public void close() {
    empty.close();
  }
}
