package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.MappedMemory;
import dev.shunt.datapath.libbpf.Netns;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs and maps of one layout version, known by their pins alone. It uses nothing but what no
 * version may change: the mode at offset 0 of the map {@code config}, the keys of the maps {@code
 * members} and {@code pairs}, the iterators pinned as {@code iter-sweep} and {@code
 * iter-reset_stuck}, and the program pinned as {@code sweep_pairs} with what its packets are. Used
 * by one thread at a time; holds nothing open.
 */
public final class PinnedVersion {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedVersion.class);

  /** {@code MODE_RETIRED} of layout.h. */
  public static final int MODE_RETIRED = 3;

  /** Pin of the iterator that revokes and removes members. */
  static final String SWEEP = "iter-sweep";

  /** Pin of the program that does the same when it is run on packets with nonces of pairs. */
  static final String SWEEP_PAIRS = "sweep_pairs";

  /** Pin of the iterator that resets readers which can never reach their data. */
  static final String RESET_STUCK = "iter-reset_stuck";

  private static final int MODE_OFFSET = 0;
  private static final Duration SWEEP_INTERVAL = Duration.ofMillis(50);

  private final Libbpf libbpf;
  private final PinDirectory pins;
  private final PinnedLinks links;

  PinnedVersion(Libbpf libbpf, PinDirectory pins) {
    this.libbpf = libbpf;
    this.pins = pins;
    links = new PinnedLinks(libbpf, pins);
  }

  /** Every version pinned under a directory, lowest first. */
  public static List<PinnedVersion> all(Libbpf libbpf, Path base) {
    return PinDirectory.all(base).stream().map(pins -> new PinnedVersion(libbpf, pins)).toList();
  }

  /** The layout version. */
  public int layout() {
    return pins.layout();
  }

  /** The build whose programs are attached; empty when a start did not get that far. */
  public Optional<String> build() {
    return pins.marked(PinDirectory.BUILD);
  }

  /** The policies that its maps hold. */
  Optional<String> policy() {
    return pins.marked(PinDirectory.POLICY);
  }

  /** The mode of the host as its programs read it; off when it has no settings. */
  int mode() {
    try (Settings settings = settings()) {
      return settings.row == null ? EndpointPolicyRow.MODE_OFF : settings.row.getInt(MODE_OFFSET);
    }
  }

  /** Programs see it with their next message. */
  void setMode(int mode) {
    try (Settings settings = settings()) {
      if (settings.row != null) {
        settings.row.putInt(MODE_OFFSET, mode);
      }
    }
  }

  /** The settings while they are mapped; a start that died early has none. */
  private record Settings(
      Optional<BpfMap> map, Optional<MappedMemory> memory, @Nullable ByteBuffer row)
      implements AutoCloseable {
    @Override
    public void close() {
      memory.ifPresent(MappedMemory::close);
      map.ifPresent(BpfMap::close);
    }
  }

  private Settings settings() {
    Optional<BpfMap> map = libbpf.openMap(pins.map(MapNames.CONFIG));
    Optional<MappedMemory> memory = map.map(BpfMap::mmap);
    return new Settings(map, memory, memory.map(MappedMemory::buffer).orElse(null));
  }

  /** Sockets that its programs redirect to. */
  long members() {
    try (BpfMap members = libbpf.openMap(pins.map(MapNames.MEMBERS)).orElse(null)) {
      long count = 0;
      if (members != null) {
        int most = members.shape().maxEntries(); // a key that goes meanwhile starts the walk anew
        Optional<ByteBuffer> key = members.nextKey(null);
        while (key.isPresent() && count < most) {
          count++;
          key = members.nextKey(key.get());
        }
      }
      return count;
    }
  }

  /** Removes members that have gone quiet, if the version left a program for it. */
  void sweep() {
    run(SWEEP);
    try (BpfProgram program = libbpf.openProgram(pins.program(SWEEP_PAIRS)).orElse(null);
        BpfMap pairs = libbpf.openMap(pins.map(MapNames.PAIRS)).orElse(null)) {
      if (program != null && pairs != null) {
        List<Long> nonces = new ArrayList<>();
        pairs.forEach((key, row) -> nonces.add(key.getLong(0)));
        PairSweep.run(program, PairSweep.ANY_NAMESPACE, nonces);
      }
    } catch (BpfException failed) {
      LOG.warn("{} of layout {}; its members leave when they close", failed.getMessage(), layout());
    }
  }

  /** As {@link SockmapDatapath#resetStuck}; nothing to do unless a reader is stuck. */
  void resetStuck(NetworkNamespace namespace) {
    try (BpfMap stuck = libbpf.openMap(pins.map(MapNames.STUCK)).orElse(null)) {
      if (stuck != null && stuck.nextKey(null).isPresent()) {
        Netns.call(
            namespace.fd(),
            () -> {
              run(RESET_STUCK);
              return namespace;
            });
      }
    }
  }

  private void run(String iterator) {
    try (BpfLink link = libbpf.openLink(pins.link(iterator)).orElse(null)) {
      if (link != null) {
        link.iterate(Integer.BYTES, row -> {});
      }
    } catch (BpfException failed) {
      LOG.warn("{} of layout {}; its members leave when they close", failed.getMessage(), layout());
    }
  }

  /** Detaches the programs that only new members need. */
  void releaseAdoption() {
    for (String name : pins.linkNames()) {
      if (AdoptionHooks.isHook(name)) {
        links.detach(name);
      }
    }
  }

  /**
   * Moves all traffic back to TCP and waits until no redirected byte is unread.
   *
   * @return sockets whose readers have not read by then; their programs stay until they close
   */
  public long drain(Duration patience) {
    setMode(EndpointPolicyRow.MODE_OFF);
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      sweep();
      long left = members();
      if (left == 0 || System.nanoTime() > deadline) {
        return left;
      }
      LockSupport.parkNanos(SWEEP_INTERVAL.toNanos());
    }
  }

  /** What is pinned, one line each. */
  public List<String> parts() {
    List<String> parts = new ArrayList<>();
    pins.linkNames().forEach(name -> parts.add("program " + name));
    pins.programNames().forEach(name -> parts.add("program " + name));
    pins.mapNames().forEach(name -> parts.add("map " + name));
    return parts;
  }

  /** Detaches and unpins everything of this version. */
  public void remove() {
    links.detachAll();
    pins.removeAll();
  }
}
