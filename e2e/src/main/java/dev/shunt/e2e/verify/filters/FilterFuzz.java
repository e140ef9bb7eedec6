package dev.shunt.e2e.verify.filters;

import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.reconcile.filter.FilterReason;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;

/** Compares the programs with the reference matcher. Used by one thread. */
final class FilterFuzz {
  private static final int PACKETS_PER_SET = 2_000;
  private static final int MISMATCHES_KEPT = 10;

  private final List<ProgramUnderTest> programs;
  private final List<String> mismatches = new ArrayList<>();
  private long count;
  private long dropped;
  private long sets;

  FilterFuzz(FilterDatapath datapath) {
    programs = ProgramUnderTest.all(datapath);
  }

  /**
   * Runs packets through a program each, the programs in turn by rule set.
   *
   * @param progress told the number of packets so far, once a rule set
   */
  FuzzResult run(long seed, long packets, LongConsumer progress) {
    while (count < packets) {
      long setSeed = seed + sets;
      ProgramUnderTest program = programs.get((int) (sets % programs.size()));
      runSet(program, setSeed, Math.min(PACKETS_PER_SET, packets - count));
      sets++;
      progress.accept(count);
    }
    return new FuzzResult(seed, count, dropped, sets, mismatches);
  }

  private void runSet(ProgramUnderTest program, long seed, long packets) {
    Random random = new Random(seed);
    RandomRules values = new RandomRules(random);
    PointRules rules = values.next();
    RandomFrames frames = new RandomFrames(random, values);
    Tally tally = new Tally(rules);
    program.use(rules);
    for (long i = 0; i < packets; i++) {
      byte[] frame = frames.next();
      while (!program.accepts(frame)) {
        frame = frames.next();
      }
      boolean expected = tally.drops(FrameReader.read(frame));
      count++;
      dropped += expected ? 1 : 0;
      if (program.drops(frame) != expected) {
        mismatch(
            program,
            seed,
            "packet "
                + i
                + " expected "
                + (expected ? "drop " : "pass ")
                + HexFormat.of().formatHex(frame));
      }
    }
    compareCounts(program, rules, tally, seed);
  }

  private void compareCounts(ProgramUnderTest program, PointRules rules, Tally tally, long seed) {
    for (PointRule rule : rules.rules()) {
      compare(program, seed, rule.id(), program.packetsOf(rule), tally.packets(rule.id()));
    }
    for (FilterReason reason : FilterReason.values()) {
      if (reason.isOdd()) {
        long counted = program.oddPackets(reason.number());
        compare(program, seed, reason.name(), counted, tally.packets(reason.name()));
      }
    }
  }

  private void compare(
      ProgramUnderTest program, long seed, String what, long counted, long expected) {
    if (counted != expected) {
      mismatch(program, seed, what + " counted " + counted + ", expected " + expected);
    }
  }

  private void mismatch(ProgramUnderTest program, long seed, String what) {
    if (mismatches.size() < MISMATCHES_KEPT) {
      mismatches.add(program.name() + " seed " + seed + ": " + what);
    }
  }
}
