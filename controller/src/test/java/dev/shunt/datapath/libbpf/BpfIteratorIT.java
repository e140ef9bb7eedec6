package dev.shunt.datapath.libbpf;

import static dev.shunt.datapath.libbpf.TestObjects.ints;
import static dev.shunt.datapath.libbpf.TestObjects.longs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BpfIteratorIT {
  private static final byte[] ITERATORS = TestObjects.compile("iterators");
  private static final byte[] BASIC = TestObjects.compile("basic");
  private static final Libbpf LIBBPF = new Libbpf();
  private static final int TCP_RECORD = 16;
  private static final int FILE_RECORD = 12;

  private final BpfObject object = LIBBPF.open("iterators", ITERATORS);

  @BeforeEach
  void load() {
    object.load();
  }

  @AfterEach
  void close() {
    object.close();
  }

  @Test
  void iterateTcp_inNamespace_seesItsSocketsOnly() {
    try (TestNetns netns = new TestNetns();
        TestPair pair = netns.call(TestPair::connect);
        BpfLink link = object.program("dump_tcp").attachIter()) {
      List<Integer> ports = new ArrayList<>();
      int records =
          netns.call(() -> link.iterate(TCP_RECORD, record -> ports.add(record.getInt(0))));
      assertThat(records).isEqualTo(2);
      assertThat(ports)
          .containsExactlyInAnyOrder(
              pair.client().localAddress().getPort(), pair.server().localAddress().getPort());
    }
  }

  @Test
  void iterateTcp_manySockets_keepsRecordsWhole() {
    int listeners = 6000;
    try (TestNetns netns = new TestNetns();
        BpfLink link = object.program("dump_tcp").attachIter()) {
      List<NativeSocket> sockets = netns.call(() -> listen(listeners));
      List<Integer> ports = new ArrayList<>();
      netns.call(() -> link.iterate(TCP_RECORD, record -> ports.add(record.getInt(0))));
      assertThat(ports).doesNotHaveDuplicates().hasSize(listeners);
      sockets.forEach(NativeSocket::close);
    }
  }

  private static List<NativeSocket> listen(int count) {
    List<NativeSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NativeSocket socket = NativeSocket.ipv4();
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_000 + i));
      socket.listen(1);
      sockets.add(socket);
    }
    return sockets;
  }

  @Test
  void iterateStorage_markedSockets_givesEveryMark() {
    try (BpfObject basic = LIBBPF.open("basic", BASIC);
        BpfObject storage = loadStorageIterator();
        NativeSocket one = NativeSocket.ipv4();
        NativeSocket two = NativeSocket.ipv6()) {
      basic.load();
      BpfMap marks = basic.map("marks");
      marks.update(ints(one.fd().number()), longs(111));
      marks.update(ints(two.fd().number()), longs(222));
      List<Long> seen = new ArrayList<>();
      try (BpfLink link = storage.program("dump_marks").attachIter(marks)) {
        link.iterate(Long.BYTES, record -> seen.add(record.getLong(0)));
      }
      assertThat(seen).containsExactlyInAnyOrder(111L, 222L);
    }
  }

  /* Hardened kernels refuse iterators over maps. */
  private static BpfObject loadStorageIterator() {
    BpfObject storage = LIBBPF.open("iterators", ITERATORS);
    storage.selectProgram("dump_marks");
    try {
      storage.load();
    } catch (BpfException refused) {
      storage.close();
      assumeThat(refused.errno()).as("%s", refused.getMessage()).isNotEqualTo(Errno.EPERM);
      throw refused;
    }
    return storage;
  }

  @Test
  void iterateFiles_ofThisProcess_containsASocket() {
    int self = (int) ProcessHandle.current().pid();
    try (NativeSocket socket = NativeSocket.ipv4();
        BpfLink link = object.program("dump_files").attachIterProcess(self)) {
      List<Integer> fds = new ArrayList<>();
      link.iterate(
          FILE_RECORD,
          record -> {
            assertThat(record.getInt(0)).isEqualTo(self);
            fds.add(record.getInt(4));
          });
      assertThat(fds).contains(socket.fd().number());
    }
  }

  @Test
  void iterate_wrongRecordSize_isNotSilent() {
    int self = (int) ProcessHandle.current().pid();
    try (BpfLink link = object.program("dump_files").attachIterProcess(self)) {
      assertThatThrownBy(() -> link.iterate(1 << 20, record -> {}))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("EIO");
    }
  }
}
