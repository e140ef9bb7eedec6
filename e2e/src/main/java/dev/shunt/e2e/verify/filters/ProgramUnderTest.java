package dev.shunt.e2e.verify.filters;

import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.PacketRun;
import dev.shunt.datapath.maps.FilterMaps;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import java.nio.ByteBuffer;
import java.util.List;

/** A filter program, run on packets of the caller's. Used by one thread. */
final class ProgramUnderTest {
  /** What {@code BPF_PROG_TEST_RUN} gives as interface: the loopback. */
  private static final int IFINDEX = 1;

  private static final int ETHERNET = 14;

  private final String name;
  private final FilterMaps maps;
  private final PacketRun run;
  private final FilterPoint point;
  private final int drop;
  private final Slots slots = new Slots();
  private long generation;

  private ProgramUnderTest(FilterDatapath datapath, FilterDatapath.Hook hook, int drop) {
    name = hook.name();
    maps = datapath.maps();
    run = datapath.program(hook).packetRun();
    point =
        new FilterPoint(
            IFINDEX,
            switch (hook) {
              case XDP -> FilterPoint.XDP;
              case INGRESS, INGRESS_BARE -> FilterPoint.TC_INGRESS;
              case EGRESS, EGRESS_BARE -> FilterPoint.TC_EGRESS;
            });
    this.drop = drop;
  }

  /** The XDP program, and tc both ways. */
  static List<ProgramUnderTest> all(FilterDatapath datapath) {
    return List.of(
        new ProgramUnderTest(datapath, FilterDatapath.Hook.XDP, 1), // XDP_DROP
        new ProgramUnderTest(datapath, FilterDatapath.Hook.INGRESS, 2), // TC_ACT_SHOT
        new ProgramUnderTest(datapath, FilterDatapath.Hook.EGRESS, 2));
  }

  String name() {
    return name;
  }

  /** Puts rules in force. Their counters begin at 0. */
  void use(PointRules rules) {
    for (var rule : rules.rules()) {
      maps.clear(slots.of(rule));
    }
    for (int reason = 0; reason < Slots.FIRST; reason++) {
      maps.clear(reason);
    }
    try (BpfMap set = maps.write(RuleSetCompiler.compile(rules, slots, ++generation).pages())) {
      maps.put(point, set);
    }
  }

  /**
   * Whether the kernel lets this program run on a frame: for tc it wants the whole IP header (6.18,
   * net/bpf/test_run.c, bpf_prog_test_run_skb).
   */
  boolean accepts(byte[] frame) {
    int type = Byte.toUnsignedInt(frame[12]) << Byte.SIZE | Byte.toUnsignedInt(frame[13]);
    int header =
        switch (type) {
          case 0x0800 -> 20;
          case 0x86dd -> 40;
          default -> 1;
        };
    return frame.length >= ETHERNET + (point.hook() == FilterPoint.XDP ? 1 : header);
  }

  boolean drops(byte[] frame) {
    return run.verdict(ByteBuffer.wrap(frame)) == drop;
  }

  int nanosPerPacket(byte[] frame, int repeat) {
    return run.nanosPerRun(ByteBuffer.wrap(frame), repeat);
  }

  /** Packets that a rule has decided, or would have. */
  long packetsOf(dev.shunt.desired.filter.PointRule rule) {
    return maps.hits(slots.of(rule)).packets();
  }

  /** Packets with an odd reason's number. */
  long oddPackets(int reason) {
    return maps.hits(reason).packets();
  }
}
