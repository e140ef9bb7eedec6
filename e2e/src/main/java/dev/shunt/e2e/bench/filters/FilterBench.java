package dev.shunt.e2e.bench.filters;

import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.libbpf.PacketRun;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.datapath.programs.FilterDatapath.Hook;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Measures the programs with {@code BPF_PROG_TEST_RUN}. One thread; attaches nothing. */
final class FilterBench {
  static final List<Integer> CIDRS = List.of(10, 1_000, 10_000);
  static final List<Integer> RULES = List.of(1, 100, 1_000);

  /** What {@code BPF_PROG_TEST_RUN} gives as interface: the loopback. */
  private static final int IFINDEX = 1;

  private static final int REPEAT = 2_000;

  private final FilterDatapath datapath;

  FilterBench(FilterDatapath datapath) {
    this.datapath = datapath;
  }

  /** Nanoseconds a packet of every cell, by round. */
  Map<FilterCell, List<Double>> run(int rounds, Consumer<String> progress) {
    Map<FilterCell, List<Double>> results = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (int rules : RULES) {
        for (int cidrs : CIDRS) {
          measure(cidrs, rules, results);
        }
      }
      progress.accept("round " + round + " of " + rounds);
    }
    return results;
  }

  private void measure(int cidrs, int rules, Map<FilterCell, List<Double>> results) {
    SyntheticRules shape = new SyntheticRules(cidrs, rules);
    datapath
        .maps()
        .put(
            List.of(
                new FilterPoint(IFINDEX, FilterPoint.XDP),
                new FilterPoint(IFINDEX, FilterPoint.TC_INGRESS)),
            RuleSetCompiler.compile(shape.rules(), new Slots(), 1).pages());
    List<ByteBuffer> packets = shape.packets();
    for (Hook hook : List.of(Hook.XDP, Hook.INGRESS)) {
      PacketRun run = datapath.program(hook).packetRun();
      packets.forEach(packet -> run.nanosPerRun(packet, 1)); // into the caches
      double sum = packets.stream().mapToInt(packet -> run.nanosPerRun(packet, REPEAT)).sum();
      results
          .computeIfAbsent(new FilterCell(hook, cidrs, rules), key -> new ArrayList<>())
          .add(sum / packets.size());
    }
  }
}
