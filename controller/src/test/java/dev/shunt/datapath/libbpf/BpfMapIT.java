package dev.shunt.datapath.libbpf;

import static dev.shunt.datapath.libbpf.TestObjects.ints;
import static dev.shunt.datapath.libbpf.TestObjects.longs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BpfMapIT {
  private static final byte[] BASIC = TestObjects.compile("basic");
  private static final Libbpf LIBBPF = new Libbpf();

  private final BpfObject object = LIBBPF.open("basic", BASIC);

  @BeforeEach
  void load() {
    object.load();
  }

  @AfterEach
  void close() {
    object.close();
  }

  @Test
  void lookup_afterUpdate_givesTheValue() {
    BpfMap table = object.map("table");
    ByteBuffer key = ints(3, 0);
    table.update(key, longs(9, 90));
    assertThat(table.lookup(key)).contains(longs(9, 90));
    ByteBuffer target = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    assertThat(table.lookup(key, target)).isTrue();
    assertThat(target.getLong(8)).isEqualTo(90);
    assertThat(key.remaining()).isEqualTo(8);
  }

  @Test
  void lookup_missingKey_isEmpty() {
    BpfMap table = object.map("table");
    assertThat(table.lookup(ints(4, 0))).isEmpty();
    assertThat(table.lookup(ints(4, 0), ByteBuffer.allocate(16))).isFalse();
    assertThat(table.delete(ints(4, 0))).isFalse();
    assertThat(table.nextKey(null)).isEmpty();
  }

  @Test
  void update_wrongSize_isRefusedBeforeTheKernel() {
    assertThatThrownBy(() -> object.map("table").update(ints(1), longs(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key of map table: 4 bytes (expected: 8)");
  }

  @Test
  void update_modes_sayWhatIsThere() {
    BpfMap table = object.map("table");
    assertThatThrownBy(() -> table.update(ints(1, 0), longs(1, 1), UpdateMode.EXIST))
        .hasMessage(
            "update map table key=0x0100000000000000 failed: no such file or entry (ENOENT/2)");
    table.update(ints(1, 0), longs(1, 1), UpdateMode.NO_EXIST);
    assertThatThrownBy(() -> table.update(ints(1, 0), longs(1, 1), UpdateMode.NO_EXIST))
        .hasMessageContaining("EEXIST/17");
    assertThat(table.delete(ints(1, 0))).isTrue();
  }

  @Test
  void forEach_fullTable_visitsEveryEntryOnce() {
    BpfMap table = object.map("table");
    int entries = table.shape().maxEntries();
    for (int i = 0; i < entries; i++) {
      table.update(ints(i, 0), longs((long) i * i, 0));
    }
    Set<Integer> seen = new HashSet<>();
    table.forEach(
        (key, value) -> {
          int number = key.getInt(0);
          assertThat(value.getLong(0)).isEqualTo((long) number * number);
          assertThat(seen.add(number)).isTrue();
        });
    assertThat(seen).hasSize(entries);
    assertThat(table.countEntries()).isEqualTo(entries);
    assertThatThrownBy(() -> table.update(ints(entries, 0), longs(1, 1)))
        .hasMessageContaining("E2BIG/7");
  }

  @Test
  void forEach_deletingVisitor_emptiesTheTable() {
    BpfMap table = object.map("table");
    for (int i = 0; i < 1000; i++) {
      table.update(ints(i, 0), longs(i, 0));
    }
    table.forEach((key, value) -> assertThat(table.delete(key)).isTrue());
    assertThat(table.countEntries()).isZero();
  }

  @Test
  void forEach_insideForEach_isRefused() {
    BpfMap table = object.map("table");
    table.update(ints(1, 0), longs(1, 0));
    assertThatThrownBy(() -> table.forEach((key, value) -> table.countEntries()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(table.countEntries()).isEqualTo(1);
  }

  @Test
  void forEach_mapWithoutBatch_walksByKey() {
    BpfMap sockets = object.map("sockets");
    try (TestNetns netns = new TestNetns();
        TestPair pair = netns.call(TestPair::connect)) {
      sockets.update(longs(7), longs(pair.client().fd().number()));
      assertThat(sockets.nextKey(null)).contains(longs(7));
      assertThat(sockets.nextKey(longs(7))).isEmpty();
      long[] cookie = new long[1];
      sockets.forEach((key, value) -> cookie[0] = value.getLong(0));
      assertThat(cookie[0]).isEqualTo(pair.client().option(1, 57));
    }
  }

  @Test
  void perCpu_update_roundsTheStride() {
    BpfMap counters = object.map("per_cpu");
    assertThat(counters.valueStride()).isEqualTo(16);
    assertThat(counters.valueBytes()).isEqualTo(16 * LIBBPF.possibleCpus());
    ByteBuffer values = ByteBuffer.allocate(counters.valueBytes()).order(ByteOrder.nativeOrder());
    for (int cpu = 0; cpu < LIBBPF.possibleCpus(); cpu++) {
      values.putInt(cpu * 16 + 8, 100 + cpu);
    }
    counters.update(ints(1), values);
    ByteBuffer read = counters.lookup(ints(1)).orElseThrow();
    for (int cpu = 0; cpu < LIBBPF.possibleCpus(); cpu++) {
      assertThat(counters.ofCpu(read, cpu).getInt(8)).isEqualTo(100 + cpu);
      assertThat(counters.ofCpu(read, cpu).remaining()).isEqualTo(12);
    }
    int[] rows = new int[1];
    counters.forEach(
        (key, value) -> {
          assertThat(value.remaining()).isEqualTo(counters.valueBytes());
          rows[0]++;
        });
    assertThat(rows[0]).isEqualTo(2);
  }

  @Test
  void mmap_array_sharesTheValues() {
    BpfMap switches = object.map("switches");
    MappedMemory memory = switches.mmap();
    memory.buffer().putLong(8, 42);
    assertThat(switches.lookup(ints(1))).isEqualTo(Optional.of(longs(42)));
    memory.close();
    memory.close();
    assertThatThrownBy(memory::buffer).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void mmap_hash_isRefused() {
    assertThatThrownBy(() -> object.map("table").mmap()).isInstanceOf(BpfException.class);
    assertThatThrownBy(() -> object.map("table").mapRing()).isInstanceOf(BpfException.class);
  }
}
