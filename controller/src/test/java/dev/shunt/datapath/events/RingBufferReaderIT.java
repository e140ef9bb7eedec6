package dev.shunt.datapath.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.MappedMemory;
import dev.shunt.datapath.libbpf.TcAttachment;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RingBufferReaderIT {
  private static final byte[] RING = TestObjects.compile("ring");
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int HEADER_BYTES = 8;

  private final BpfObject object = new Libbpf().open("ring", RING);
  private final TestNetns netns = new TestNetns();
  private final List<Long> sequence = new ArrayList<>();
  private TcAttachment tc;
  private MappedMemory bss;

  @BeforeEach
  void attach() {
    object.load();
    bss = object.map(".bss").mmap();
    tc = netns.call(() -> object.program("write_record").attachTcIngress(Linux.ifindex("lo")));
  }

  @AfterEach
  void detach() {
    tc.detach();
    bss.close();
    object.close();
    netns.close();
  }

  private long counter(String variable) {
    return bss.buffer().getLong(object.btf().variable(variable).offset());
  }

  private void take(ByteBuffer record) {
    long number = record.getLong(0);
    assertThat(record.isReadOnly()).isTrue();
    assertThat(record.remaining()).isEqualTo((int) (8 + (number * 37 & 127)));
    sequence.add(number);
  }

  private void assertNothingMissing() {
    for (int i = 0; i < sequence.size(); i++) {
      assertThat(sequence.get(i)).isEqualTo(i);
    }
  }

  @Test
  void drain_wrappingRing_givesEveryRecordInOrder() {
    try (RingBufferReader reader = new RingBufferReader(object.map("ring"), this::take)) {
      while (sequence.size() < 2000) {
        netns.sendPackets(5);
        assertThat(reader.drain()).isPositive();
      }
      assertThat(counter("drops")).isZero();
      assertThat(counter("discarded")).isPositive();
      assertThat((long) sequence.size()).isEqualTo(counter("sequence"));
      assertNothingMissing();
      assertThat(reader.backlogBytes()).isZero();
    }
  }

  @Test
  void drain_fullRing_goesOnWhereItStopped() {
    try (RingBufferReader reader = new RingBufferReader(object.map("ring"), this::take)) {
      netns.sendPackets(200);
      assertThat(counter("drops")).isPositive();
      assertThat(reader.backlogBytes()).isGreaterThan(3000);
      reader.drain();
      netns.sendPackets(5);
      reader.drain();
      assertThat((long) sequence.size()).isEqualTo(counter("sequence"));
      assertNothingMissing();
    }
  }

  @Test
  void poll_emptyRing_endsWithTheTimeout() {
    try (RingBufferReader reader = new RingBufferReader(object.map("ring"), this::take)) {
      assertThat(reader.poll(Duration.ofMillis(20))).isZero();
      assertThat(reader.poll(Duration.ZERO)).isZero();
    }
  }

  @Test
  void poll_waitingThread_isWokenByARecord() throws InterruptedException {
    try (RingBufferReader reader = new RingBufferReader(object.map("ring"), this::take)) {
      Thread sender = new Thread(() -> netns.sendPackets(3));
      sender.start();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (sequence.size() < 3 && System.nanoTime() < deadline) {
        reader.poll(LIMIT);
      }
      sender.join();
      reader.drain();
      assertThat(sequence).hasSizeGreaterThanOrEqualTo(3);
      assertNothingMissing();
    }
  }

  @Test
  void drain_recordNotYetSubmitted_waitsForIt() throws InterruptedException {
    List<Long> taken = new ArrayList<>();
    try (RingBufferReader reader =
        new RingBufferReader(object.map("ring"), record -> taken.add(record.getLong(0)))) {
      bss.buffer().putLong(object.btf().variable("hold").offset(), 1);
      boolean seenBusy = false;
      for (int attempt = 0; attempt < 50 && !seenBusy; attempt++) {
        Thread sender = new Thread(() -> netns.sendPackets(1));
        sender.start();
        while (sender.isAlive() && !seenBusy) {
          int before = taken.size();
          seenBusy = reader.backlogBytes() >= HEADER_BYTES && reader.drain() == 0;
          assertThat(!seenBusy || taken.size() == before).isTrue();
        }
        sender.join();
        reader.drain();
      }
      assertThat(seenBusy).isTrue();
      assertThat((long) taken.size()).isEqualTo(counter("sequence"));
      assertThat(taken).isSorted().doesNotHaveDuplicates();
    }
  }
}
