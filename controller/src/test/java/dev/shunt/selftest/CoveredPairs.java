package dev.shunt.selftest;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.NativeSocket;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.datapath.programs.SockmapDatapath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A data path over one cgroup, with this process in it as the workload of which traits are learned,
 * and connections of its own. One thread; closing drains it and removes the pins.
 */
public final class CoveredPairs implements AutoCloseable {
  private static final int BYTES = 100;
  private static final int BATCH = 8;

  private final SockmapDatapath datapath;
  private final CoveredCgroup covered;
  private final TestBed bed;

  private CoveredPairs(SockmapDatapath datapath, CoveredCgroup covered, TestBed bed) {
    this.datapath = datapath;
    this.covered = covered;
    this.bed = bed;
  }

  /** Opens it; {@code cgroup} exists and belongs to the caller. */
  public static CoveredPairs open(CgroupTree tree, Path cgroup, Path pins) throws IOException {
    SockmapDatapath datapath =
        SockmapDatapath.open(new Libbpf(), new PinDirectory(pins), List.of(cgroup));
    datapath.attachRedirect();
    datapath.attachCgroups(tree);
    datapath.maps().config().set("mode", EndpointPolicyRow.MODE_ACCELERATE);
    CoveredCgroup covered = CoveredCgroup.enter(tree, List.of(cgroup));
    TestBed bed = TestBed.open(datapath, covered.workload(), loopback -> Map.of("lo", loopback));
    datapath.maps().traits().remove(covered.workload());
    return new CoveredPairs(datapath, covered, bed);
  }

  public SockmapDatapath datapath() {
    return datapath;
  }

  /** This process. */
  public Workload workload() {
    return covered.workload();
  }

  public Optional<TraitState> known() {
    return datapath.maps().traits().get(workload());
  }

  /** What {@code shunt connections} would show, in numbers. */
  public String progress() {
    return bed.progress();
  }

  /** Connections that stay on TCP for a reason, by its number. */
  public long connections(int reason) {
    return bed.counters().get("connection_reasons", reason);
  }

  public long redirectedBytes() {
    return bed.redirectedBytes();
  }

  /** Something that may fail to do with a connection. */
  public interface Use {
    void with(NativeSocket client, NativeSocket server);
  }

  /** Runs it with a connection of which both directions are redirected. */
  public void accelerated(Use use) {
    inside(
        () -> {
          try (LoopbackPair pair = LoopbackPair.accelerated(bed)) {
            use.with(pair.client(), pair.server());
          }
        });
  }

  /** Runs it with a connection that has sent nothing yet. */
  public void connected(Use use) {
    inside(
        () -> {
          try (LoopbackPair pair = LoopbackPair.connect()) {
            use.with(pair.client(), pair.server());
          }
        });
  }

  private void inside(Runnable task) {
    bed.inside(
        () -> {
          task.run();
          return bed;
        });
  }

  /** Runs it with a connection over the loopback of the calling thread's network namespace. */
  public static void connection(Use use) {
    try (LoopbackPair pair = LoopbackPair.connect()) {
      use.with(pair.client(), pair.server());
    }
  }

  /** A message each way, so many times. */
  public static void talk(NativeSocket client, NativeSocket server, int turns) {
    for (int turn = 0; turn < turns; turn++) {
      LoopbackPair.exchange(client, server, BYTES);
      LoopbackPair.exchange(server, client, BYTES);
    }
  }

  /** Small writes and a message back, so many times; flags of all writes of a turn but the last. */
  public static void batches(NativeSocket client, NativeSocket server, int turns, int flags) {
    for (int turn = 0; turn < turns; turn++) {
      for (int write = 1; write < BATCH; write++) {
        client.send(ByteBuffer.allocate(BYTES), flags);
      }
      client.send(ByteBuffer.allocate(BYTES));
      ByteBuffer received = ByteBuffer.allocate(BATCH * BYTES);
      while (received.hasRemaining()) {
        LoopbackPair.receive(server, received);
      }
      say(server, client);
    }
  }

  /** A message from one to the other. */
  public static void say(NativeSocket from, NativeSocket to) {
    LoopbackPair.exchange(from, to, BYTES);
  }

  /** Sets the mode of the connections' own endpoint, {@code MODE_*}. */
  public void allow(int mode) {
    bed.allow(mode);
  }

  /** Whether a new connection is accelerated after many turns. */
  public boolean isTried() {
    long before = redirectedBytes();
    connected((client, server) -> talk(client, server, 20));
    return redirectedBytes() > before;
  }

  /** A byte of urgent data. */
  public static ByteBuffer urgentByte() {
    return ByteBuffer.wrap(new byte[] {'!'});
  }

  @Override
  public void close() {
    bed.close();
    covered.close();
    datapath.drain(Duration.ofSeconds(5));
  }
}
