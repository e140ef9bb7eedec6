package dev.shunt.e2e.verify.filters;

import static dev.shunt.e2e.verify.filters.TestRules.deny;
import static dev.shunt.e2e.verify.filters.TestRules.fragments;
import static dev.shunt.e2e.verify.filters.TestRules.icmp;
import static dev.shunt.e2e.verify.filters.TestRules.lockingOut;
import static dev.shunt.e2e.verify.filters.TestRules.monitor;
import static dev.shunt.e2e.verify.filters.TestRules.point;
import static dev.shunt.e2e.verify.filters.TestRules.ports;
import static dev.shunt.e2e.verify.filters.TestRules.protocol;
import static dev.shunt.e2e.verify.filters.TestRules.rule;
import static dev.shunt.e2e.verify.filters.TestRules.source;
import static dev.shunt.e2e.verify.filters.TestRules.sourcePorts;
import static dev.shunt.e2e.verify.filters.TestRules.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FragmentMatch;
import dev.shunt.desired.filter.IcmpMatch;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.reconcile.filter.FilterReason;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets in, verdict and counters out: every match field, action and odd packet. */
class FilterTablesIT {
  private static final FilterDatapath DATAPATH = FilterDatapath.load(new Libbpf());

  /** Both ways of tc are one piece of code; the fuzz runs both. */
  private static final List<ProgramUnderTest> PROGRAMS =
      ProgramUnderTest.all(DATAPATH).subList(0, 2);

  private static final FilterProtocol TCP = FilterProtocol.TCP;
  private static final int SYN = 2;
  private static final int ACK = 16;

  @AfterAll
  static void close() {
    DATAPATH.close();
  }

  private static FrameWriter v4() {
    return FrameWriter.ip("10.1.2.3", "10.4.5.6");
  }

  private static FrameWriter v6() {
    return FrameWriter.ip("fd00::1", "fd00:4::2");
  }

  static Stream<Arguments> dropped() {
    return Stream.of(
        arguments("source", deny(source("10.1.0.0/16")), v4().udp(5, 6)),
        arguments("longest of nested", deny(source("10.1.2.3/32")), v4().udp(5, 6)),
        arguments("source v6", deny(source("fd00::/64")), v6().udp(5, 6)),
        arguments("one address v6", deny(source("fd00::1")), v6().tcp(5, 6, SYN)),
        arguments("every v4", deny(source("0.0.0.0/0")), v4().udp(5, 6)),
        arguments("every v6", deny(source("::/0")), v6().udp(5, 6)),
        arguments("destination", deny(to("10.4.5.0/24", "10.9.0.0/16")), v4().udp(5, 6)),
        arguments("destination v6", deny(to("fd00:4::/32")), v6().udp(5, 6)),
        arguments("tcp", deny(protocol(TCP)), v4().tcp(5, 6, SYN)),
        arguments("udp", deny(protocol(FilterProtocol.UDP)), v6().udp(5, 6)),
        arguments("sctp", deny(protocol(FilterProtocol.SCTP)), v4().sctp(5, 6)),
        arguments(
            "any, another protocol", deny(FilterMatch.EVERYTHING), v4().protocol(47, new byte[4])),
        arguments("port", deny(ports(TCP, 80, 80)), v4().tcp(5, 80, SYN)),
        arguments("port range begins", deny(ports(TCP, 80, 300)), v4().tcp(5, 80, SYN)),
        arguments("port range ends", deny(ports(TCP, 80, 300)), v4().tcp(5, 300, SYN)),
        arguments("port of udp", deny(ports(FilterProtocol.UDP, 53, 53)), v6().udp(5, 53)),
        arguments("port of sctp", deny(ports(FilterProtocol.SCTP, 9, 9)), v6().sctp(5, 9)),
        arguments("source port", deny(sourcePorts(TCP, 5, 5)), v6().tcp(5, 80, ACK)),
        arguments("icmp", deny(icmp(FilterProtocol.ICMP, 8, 0)), v4().icmp(8, 0)),
        arguments(
            "icmp, any code",
            deny(icmp(FilterProtocol.ICMP, 3, IcmpMatch.ANY_CODE)),
            v4().icmp(3, 4)),
        arguments("icmpv6", deny(icmp(FilterProtocol.ICMPV6, 128, 0)), v6().icmp(128, 0)),
        arguments(
            "first fragment",
            deny(fragments(FragmentMatch.FRAGMENTS)),
            v4().pieces(0x2000).udp(5, 6)),
        arguments("later fragment", deny(fragments(FragmentMatch.LATER)), v4().pieces(7).udp(5, 6)),
        arguments(
            "later fragment v6",
            deny(fragments(FragmentMatch.LATER)),
            v6().extension(44, 0, 8).udp(5, 6)),
        arguments(
            "first fragment has ports",
            deny(ports(FilterProtocol.UDP, 6, 6)),
            v6().extension(44, 0, 1).udp(5, 6)),
        arguments("one VLAN tag", deny(ports(TCP, 80, 80)), v4().tag(0x8100).tcp(5, 80, SYN)),
        arguments("QinQ", deny(ports(TCP, 80, 80)), v6().tag(0x88a8).tag(0x8100).tcp(5, 80, SYN)),
        arguments("IP options", deny(ports(TCP, 80, 80)), v4().options(10).tcp(5, 80, SYN)),
        arguments("hop-by-hop", deny(ports(TCP, 80, 80)), v6().extension(0, 1, 0).tcp(5, 80, SYN)),
        arguments("AH", deny(ports(TCP, 80, 80)), v6().extension(51, 4, 0).tcp(5, 80, SYN)),
        arguments("eight extension headers", deny(ports(TCP, 80, 80)), extended(8).tcp(5, 80, SYN)),
        arguments("ssh with lock-out allowed", lockingOut(protocol(TCP)), v4().tcp(5, 22, SYN)),
        arguments("opens from a fail-safe port", deny(protocol(TCP)), v4().tcp(22, 80, SYN)));
  }

  private static FrameWriter extended(int headers) {
    FrameWriter frame = v6();
    for (int i = 0; i < headers; i++) {
      frame.extension(60, 0, 0);
    }
    return frame;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dropped")
  void packet_thatTheRuleMatches_isDroppedAndCounted(
      String what, PointRule rule, FrameWriter frame) {
    for (ProgramUnderTest program : PROGRAMS) {
      program.use(point(rule));
      assertThat(program.drops(frame.bytes())).as("%s at %s", what, program.name()).isTrue();
      assertThat(program.packetsOf(rule)).isOne();
    }
  }

  static Stream<Arguments> passed() {
    return Stream.of(
        arguments("another source", deny(source("10.2.0.0/16")), v4().udp(5, 6)),
        arguments("another family", deny(source("::/0")), v4().udp(5, 6)),
        arguments("another destination", deny(to("10.4.5.7")), v4().udp(5, 6)),
        arguments("another protocol", deny(protocol(TCP)), v4().udp(5, 6)),
        arguments("another port", deny(ports(TCP, 80, 81)), v4().tcp(80, 82, SYN)),
        arguments("port of another protocol", deny(ports(TCP, 80, 80)), v4().udp(5, 80)),
        arguments("another icmp code", deny(icmp(FilterProtocol.ICMP, 3, 1)), v4().icmp(3, 4)),
        arguments(
            "later fragment has no ports",
            deny(ports(FilterProtocol.UDP, 6, 6)),
            v4().pieces(7).udp(5, 6)),
        arguments("whole packet", deny(fragments(FragmentMatch.FRAGMENTS)), v4().udp(5, 6)),
        arguments(
            "atomic fragment is whole",
            deny(fragments(FragmentMatch.FRAGMENTS)),
            v6().extension(44, 0, 0).udp(5, 6)),
        arguments("monitored", monitor(FilterMatch.EVERYTHING), v4().udp(5, 6)),
        arguments("ssh", deny(FilterMatch.EVERYTHING), v4().tcp(5, 22, SYN)),
        arguments(
            "API server's answer", deny(FilterMatch.EVERYTHING), v6().tcp(6443, 5000, SYN | ACK)),
        arguments("kubelet", deny(protocol(TCP)), v6().tcp(5, 10250, ACK)),
        arguments("neighbour solicitation", deny(FilterMatch.EVERYTHING), v6().icmp(135, 0)),
        arguments("ARP", deny(FilterMatch.EVERYTHING), v4().tag(0x0806)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passed")
  void packet_thatTheRuleLeavesAlone_passes(String what, PointRule rule, FrameWriter frame) {
    for (ProgramUnderTest program : PROGRAMS) {
      program.use(point(rule));
      assertThat(program.drops(frame.bytes())).as("%s at %s", what, program.name()).isFalse();
    }
  }

  static Stream<Arguments> odd() {
    byte[] shortTotal = v4().tcp(5, 80, SYN).bytes();
    shortTotal[17] = 10;
    byte[] smallHeader = v4().tcp(5, 80, SYN).bytes();
    smallHeader[14] = 0x44;
    byte[] version = v6().tcp(5, 80, SYN).bytes();
    version[14] = 0x40;
    byte[] offset = v4().tcp(5, 80, SYN).bytes();
    offset[46] = 0x40;
    return Stream.of(
        arguments(
            FilterReason.VLAN_TAGS, v4().tag(0x88a8).tag(0x8100).tag(0x8100).udp(5, 6).bytes()),
        arguments(FilterReason.BAD_HEADER, shortTotal),
        arguments(FilterReason.BAD_HEADER, smallHeader),
        arguments(FilterReason.BAD_HEADER, version),
        arguments(FilterReason.BAD_HEADER, offset),
        arguments(FilterReason.EXTENSION_HEADERS, extended(9).udp(5, 6).bytes()),
        arguments(FilterReason.EXTENSION_HEADERS, v6().extension(60, 70, 0).udp(5, 6).bytes()),
        arguments(FilterReason.TINY_FRAGMENT, v4().pieces(0x2000).protocol(6, new byte[8]).bytes()),
        arguments(FilterReason.TRUNCATED, v4().protocol(6, new byte[8]).bytes()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("odd")
  void oddPacket_isDroppedOnlyWhereARuleCanDrop(FilterReason reason, byte[] frame) {
    for (ProgramUnderTest program : PROGRAMS) {
      program.use(point(deny(ports(TCP, 1, 1))));
      assertThat(program.drops(frame)).as(program.name()).isTrue();
      assertThat(program.oddPackets(reason.number())).isOne();

      program.use(point(monitor(FilterMatch.EVERYTHING)));
      assertThat(program.drops(frame)).as(program.name()).isFalse();
      assertThat(program.oddPackets(reason.number())).isOne();
    }
  }

  @Test
  void packet_cutAtEveryByte_isJudgedAsTheReaderSays() {
    PointRules rules =
        point(deny(ports(TCP, 80, 80)), rule("x", FilterAction.ALLOW, source("::/0")));
    List<byte[]> frames =
        List.of(
            v4().options(3).tcp(5, 80, SYN).bytes(),
            v4().tag(0x88a8).tag(0x8100).tcp(5, 81, SYN).bytes(),
            v6().extension(0, 1, 0).extension(44, 0, 1).extension(51, 2, 0).tcp(5, 80, SYN).bytes(),
            v6().sctp(5, 80).bytes(),
            v6().icmp(128, 0).bytes());
    for (ProgramUnderTest program : PROGRAMS) {
      program.use(rules);
      Tally tally = new Tally(rules);
      for (byte[] whole : frames) {
        for (int length = 15; length <= whole.length; length++) {
          byte[] frame = Arrays.copyOf(whole, length);
          if (program.accepts(frame)) {
            boolean expected = tally.drops(FrameReader.read(frame));
            assertThat(program.drops(frame))
                .as("%s, %d bytes", program.name(), length)
                .isEqualTo(expected);
          }
        }
      }
      assertThat(program.oddPackets(FilterReason.TRUNCATED.number()))
          .isEqualTo(tally.packets(FilterReason.TRUNCATED.name()))
          .isPositive();
    }
  }

  @Test
  void fuzz_ofASeed_findsNoMismatch() {
    FuzzResult result = new FilterFuzz(DATAPATH).run(7, 60_000, done -> {});

    assertThat(result.mismatches()).isEmpty();
    assertThat(result.packets()).isEqualTo(60_000);
    assertThat(result.dropped()).isBetween(10_000L, 50_000L);
  }
}
