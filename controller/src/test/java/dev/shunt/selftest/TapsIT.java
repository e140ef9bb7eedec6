package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.layout.TapFilterRow;
import dev.shunt.datapath.layout.TapRecord;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.NativeSocket;
import dev.shunt.datapath.programs.OpenTap;
import dev.shunt.datapath.programs.Taps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What taps show of messages on real sockets, and that nothing is left of them. */
class TapsIT {
  private static final String NAME = "taps-it-" + ProcessHandle.current().pid();
  private static final int RING_BYTES = 4 << 20;
  private static final int MANY_BYTES = Pattern.RANGE_MAX;
  private static final int OBSERVE_MODE = 3;

  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(NAME);
  private CoveredPairs pairs;
  private Taps taps;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(cgroup);
    pairs = CoveredPairs.open(tree, cgroup, Path.of("/sys/fs/bpf", NAME));
    taps = pairs.datapath().taps();
  }

  @AfterEach
  void close() throws IOException {
    pairs.close();
    Files.delete(cgroup);
  }

  private record Shown(
      int side, int sequence, int message, int piece, int reason, ByteBuffer payload) {
    static Shown of(ByteBuffer bytes) {
      TapRecord record = new TapRecord(bytes);
      ByteBuffer payload = ByteBuffer.allocate(record.payload().remaining());
      payload.put(record.payload()).flip();
      return new Shown(
          record.u32("side"),
          record.u32("sequence") + record.u32("offset_bytes"),
          record.u32("message_bytes"),
          record.u32("piece_bytes"),
          record.u32("reason"),
          payload);
    }
  }

  private static TapFilterRow everything(int snapBytes) {
    return filter(0, 0, new Workload(0, 0, 0), snapBytes);
  }

  private static TapFilterRow filter(long cookie, int port, Workload workload, int snapBytes) {
    return new TapFilterRow(cookie, 0, workload, port, 1, snapBytes);
  }

  private List<Shown> tapped(TapFilterRow filter, CoveredPairs.Use use) {
    List<Shown> shown = new ArrayList<>();
    pairs.accelerated(
        (client, server) -> {
          try (OpenTap tap = taps.open(filter, RING_BYTES).orElseThrow();
              RingBufferReader reader =
                  new RingBufferReader(tap.ring(), record -> shown.add(Shown.of(record)))) {
            use.with(client, server);
            reader.drain();
          }
        });
    return shown;
  }

  private boolean isTapped() {
    return pairs.datapath().maps().config().get("tapped") != 0;
  }

  @Test
  void message_ofManyElements_isShownByteForByteInPieces() {
    ByteBuffer message = Pattern.at(0, MANY_BYTES);
    List<Shown> shown =
        tapped(
            everything(MANY_BYTES),
            (client, server) -> LoopbackPair.exchange(client, server, MANY_BYTES));

    ByteBuffer together = ByteBuffer.allocate(MANY_BYTES);
    int sequence = shown.get(0).sequence();
    for (Shown piece : shown) {
      assertThat(piece.sequence()).isEqualTo(sequence + together.position());
      assertThat(piece.payload().remaining()).isEqualTo(piece.piece());
      together.put(piece.payload().duplicate());
    }
    assertThat(together.flip()).isEqualTo(message);
  }

  @Test
  void conversation_bothDirectionsRedirectedAndPassed_countsOnInEach() {
    List<Shown> shown =
        tapped(
            everything(MANY_BYTES),
            (client, server) -> {
              CoveredPairs.talk(client, server, 2);
              pairs.allow(EndpointPolicyRow.MODE_OBSERVE);
              CoveredPairs.talk(client, server, 1);
            });

    assertThat(shown).extracting(Shown::side).containsExactly(0, 1, 0, 1, 0, 1);
    assertThat(shown)
        .extracting(Shown::reason)
        .containsExactly(0, 0, 0, 0, OBSERVE_MODE, OBSERVE_MODE);
    for (int i = 2; i < shown.size(); i++) {
      Shown before = shown.get(i - 2);
      assertThat(shown.get(i).sequence()).isEqualTo(before.sequence() + before.piece());
    }
  }

  @Test
  void snapLength_longMessage_cutsAndTellsTheRest() {
    List<Shown> shown =
        tapped(
            everything(100), (client, server) -> LoopbackPair.exchange(client, server, MANY_BYTES));

    assertThat(shown)
        .first()
        .satisfies(piece -> assertThat(piece.payload().remaining()).isEqualTo(100));
    assertThat(shown).last().satisfies(piece -> assertThat(piece.payload().remaining()).isZero());
    assertThat(shown.stream().mapToInt(Shown::piece).sum())
        .isEqualTo(
            shown.stream().filter(p -> p.payload().hasRemaining()).mapToInt(Shown::message).sum());
  }

  @Test
  void filter_byPortCgroupAndExecutable_showsWhatMatches() {
    CoveredPairs.Use use = (client, server) -> CoveredPairs.talk(client, server, 1);
    Workload me = pairs.workload();

    assertThat(tapped(filter(0, 0, me, 200), use)).hasSize(2);
    assertThat(tapped(filter(0, 0, new Workload(tree.id(tree.root()), 0, 0), 200), use)).hasSize(2);
    assertThat(tapped(filter(0, 0, new Workload(me.cgroupId() + 1, 0, 0), 200), use)).isEmpty();
    assertThat(tapped(filter(0, 0, new Workload(0, me.executableInode() + 1, 0), 200), use))
        .isEmpty();
    assertThat(tapped(filter(0, 1, new Workload(0, 0, 0), 200), use)).isEmpty();
    assertThat(tapped(filter(1, 0, new Workload(0, 0, 0), 200), use)).isEmpty();
  }

  @Test
  void ring_fullReaderAway_countsWhatIsLostAndTrafficGoesOn() {
    pairs.accelerated(
        (client, server) -> {
          try (OpenTap tap = taps.open(everything(MANY_BYTES), 64 << 10).orElseThrow()) {
            CoveredPairs.talk(client, server, 500);

            assertThat(tap.count("messages")).isEqualTo(1000);
            assertThat(tap.count("lost_messages")).isPositive().isLessThan(1000);
            assertThat(tap.count("lost_bytes")).isEqualTo(tap.count("lost_messages") * 100);
          }
        });
  }

  @Test
  void taps_several_eachSeesAllAndTheLastLeavesNothing() {
    pairs.accelerated(
        (client, server) -> {
          List<OpenTap> open = new ArrayList<>();
          for (int i = 0; i < Taps.MAX; i++) {
            open.add(taps.open(everything(64), RING_BYTES).orElseThrow());
          }
          assertThat(taps.open(everything(64), RING_BYTES)).isEmpty();
          open.remove(1).close();
          talkAndExpect(client, server, open);
          open.forEach(OpenTap::close);
        });
    assertThat(isTapped()).isFalse();
  }

  private static void talkAndExpect(NativeSocket client, NativeSocket server, List<OpenTap> open) {
    CoveredPairs.talk(client, server, 3);
    assertThat(open).extracting(tap -> tap.count("messages")).containsOnly(6L);
  }

  @Test
  void tap_notKeptAlive_endsByItself() {
    pairs.accelerated(
        (client, server) -> {
          try (OpenTap tap = taps.open(everything(64), RING_BYTES).orElseThrow()) {
            CoveredPairs.talk(client, server, 1);
            assertThat(tap.count("messages")).isEqualTo(2);
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (isTapped() && System.nanoTime() < end) {
              CoveredPairs.talk(client, server, 1);
            }
            assertThat(isTapped()).isFalse();

            tap.keepAlive();

            assertThat(isTapped()).isTrue();
          }
        });
    assertThat(isTapped()).isFalse();
  }
}
