package dev.shunt.e2e.verify.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.layout.FilterHits;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.PacketRun;
import dev.shunt.datapath.maps.FilterMaps;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.RateLimit;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rate limits and changes of rules while packets come on two CPUs. */
class FilterLoadIT {
  private static final FilterPoint POINT = new FilterPoint(1, FilterPoint.XDP);
  private static final byte[] FRAME = FrameWriter.ip("10.1.2.3", "10.4.5.6").udp(5, 6).bytes();
  private static final int XDP_DROP = 1;
  private static final int REPEAT = 20_000;
  private static final Duration MEASURED = Duration.ofSeconds(1);

  private final FilterDatapath datapath = FilterDatapath.load(new Libbpf());
  private final FilterMaps maps = datapath.maps();
  private final Slots slots = new Slots();

  @AfterEach
  void close() {
    datapath.close();
  }

  private void use(PointRules rules) {
    maps.put(List.of(POINT), RuleSetCompiler.compile(rules, slots, 1).pages());
  }

  /** Runs the program on two threads until the task is done. */
  private void underLoad(Runnable task) throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      PacketRun run = datapath.program(FilterDatapath.Hook.XDP).packetRun();
      Thread thread =
          new Thread(
              () -> {
                while (!stop.get()) {
                  run.nanosPerRun(ByteBuffer.wrap(FRAME), REPEAT);
                }
              });
      thread.start();
      threads.add(thread);
    }
    try {
      task.run();
    } finally {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private long allowed(PointRule rule) {
    FilterHits hits = maps.hits(slots.of(rule));
    return hits.packets() - hits.deniedPackets();
  }

  @ParameterizedTest
  @ValueSource(longs = {2_000, 50_000, 1_000_000})
  void limit_packetsOnTwoCpus_isKeptWithinFivePercent(long rate) throws InterruptedException {
    RateLimit limit = new RateLimit(rate, RateLimit.Unit.PACKETS, rate / 10, RateLimit.Scope.RULE);
    PointRule rule = TestRules.rule("l", FilterAction.rateLimit(limit), FilterMatch.EVERYTHING);
    use(TestRules.point(rule));
    underLoad(
        () -> {
          while (maps.hits(slots.of(rule)).deniedPackets() == 0) {
            Thread.onSpinWait(); // until the first bucket is empty
          }
          long begin = System.nanoTime();
          long before = allowed(rule);
          long end = begin;
          while (end - begin < MEASURED.toNanos()) {
            end = System.nanoTime();
          }
          double seconds = (end - begin) / 1e9;
          long passed = allowed(rule) - before;
          assertThat(passed / seconds).isCloseTo((double) rate, Percentage.withPercentage(5));
        });
  }

  @Test
  void limit_bytes_countsTheFrame() throws InterruptedException {
    long rate = 10_000_000;
    RateLimit limit = new RateLimit(rate, RateLimit.Unit.BYTES, rate / 10, RateLimit.Scope.RULE);
    PointRule rule = TestRules.rule("l", FilterAction.rateLimit(limit), FilterMatch.EVERYTHING);
    use(TestRules.point(rule));
    underLoad(
        () -> {
          while (maps.hits(slots.of(rule)).deniedPackets() == 0) {
            Thread.onSpinWait();
          }
          long begin = System.nanoTime();
          long before = allowed(rule);
          long end = begin;
          while (end - begin < MEASURED.toNanos()) {
            end = System.nanoTime();
          }
          long passed = (allowed(rule) - before) * FRAME.length;
          assertThat(passed / ((end - begin) / 1e9))
              .isCloseTo((double) rate, Percentage.withPercentage(5));
        });
  }

  @Test
  void limit_perSource_keepsHundredThousandApartInBoundedMemory() {
    RateLimit limit = new RateLimit(1, RateLimit.Unit.PACKETS, 1, RateLimit.Scope.SOURCE);
    PointRule rule = TestRules.rule("l", FilterAction.rateLimit(limit), FilterMatch.EVERYTHING);
    use(TestRules.point(rule));
    PacketRun run = datapath.program(FilterDatapath.Hook.XDP).packetRun();
    int sources = 100_000;
    long wrong = 0;
    for (int i = 0; i < sources; i++) {
      byte[] frame =
          FrameWriter.ip(IpAddress.v4(10 << 24 | i), IpAddress.v4(11 << 24)).udp(5, 6).bytes();
      wrong += run.verdict(ByteBuffer.wrap(frame)) == XDP_DROP ? 1 : 0;
      wrong += run.verdict(ByteBuffer.wrap(frame)) == XDP_DROP ? 0 : 1;
    }

    BpfMap buckets = maps.sources();
    assertThat(wrong).isLessThan(sources / 1000); // a second may pass between the two
    assertThat(buckets.countEntries()).isEqualTo(sources);
    for (int i = sources; i < 2 * sources; i++) {
      byte[] frame =
          FrameWriter.ip(IpAddress.v4(10 << 24 | i), IpAddress.v4(11 << 24)).udp(5, 6).bytes();
      run.verdict(ByteBuffer.wrap(frame));
    }
    assertThat(buckets.countEntries()).isBetween(sources / 2, buckets.shape().maxEntries());
  }

  /** Rule k of a set says yes only to what its other tables say too: a mix would hit a marker. */
  @Test
  void rules_changed200TimesUnderLoad_noPacketSeesAMix() throws InterruptedException {
    PointRule even = TestRules.rule("even", FilterAction.DENY, TestRules.source("10.1.2.3"));
    PointRule odd =
        TestRules.rule("odd", FilterAction.DENY, TestRules.ports(FilterProtocol.UDP, 6, 6));
    PointRule markA = TestRules.rule("mark-a", FilterAction.ALLOW, TestRules.to("10.4.5.7"));
    PointRule markB = TestRules.rule("mark-b", FilterAction.ALLOW, TestRules.source("10.1.2.4"));
    PointRules first = TestRules.point(markA, even, markB);
    PointRules second = TestRules.point(markB, odd, markA);
    use(first);
    underLoad(
        () -> {
          for (int i = 0; i < 100; i++) {
            use(second);
            await(odd);
            use(first);
            await(even);
          }
        });

    assertThat(maps.hits(slots.of(markA)).packets()).isZero();
    assertThat(maps.hits(slots.of(markB)).packets()).isZero();
    assertThat(maps.totals().unmatched()).isZero();
    assertThat(maps.totals().setsBroken()).isZero();
    assertThat(maps.hits(slots.of(even)).packets() + maps.hits(slots.of(odd)).packets())
        .isEqualTo(maps.totals().packets());
  }

  private void await(PointRule rule) {
    long before = maps.hits(slots.of(rule)).packets();
    while (maps.hits(slots.of(rule)).packets() == before) {
      Thread.onSpinWait();
    }
  }
}
