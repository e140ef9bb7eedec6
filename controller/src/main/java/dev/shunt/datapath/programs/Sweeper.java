package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.maps.PairsMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the sweep over all connections. Used by one thread at a time; closed with its programs. */
final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private final SweepHook hook;
  private final BpfProgram program;
  private final PairsMap pairs;
  private final Optional<BpfLink> iterator;

  /** By cookie, where sockets are looked up. */
  private final Map<Long, NetworkNamespace> namespaces = new LinkedHashMap<>();

  /** Of a loaded object. */
  Sweeper(SweepHook hook, BpfObject object, PairsMap pairs) {
    this.hook = hook;
    this.pairs = pairs;
    program = object.program(hook.program());
    iterator =
        hook == SweepHook.SOCKET_STORAGE
            ? Optional.of(program.attachIter(object.map(MapNames.CONNECTIONS)))
            : Optional.empty();
  }

  SweepHook hook() {
    return hook;
  }

  /** Sweeps this namespace too; it stays open until {@link #forget}. */
  void watch(NetworkNamespace namespace) {
    namespaces.put(namespace.cookie(), namespace);
  }

  void forget(NetworkNamespace namespace) {
    namespaces.remove(namespace.cookie(), namespace);
  }

  /**
   * Sweeps all.
   *
   * @return whether every namespace was swept
   */
  boolean run() {
    if (iterator.isPresent()) {
      iterator.get().iterate(Integer.BYTES, row -> {});
      return true;
    }
    boolean all = true;
    for (Map.Entry<Long, List<Long>> entry : pairs.noncesByNamespace().entrySet()) {
      all &= run(entry.getKey(), entry.getValue());
    }
    return all;
  }

  /** Of a namespace that is out of reach the ends can still leave, which needs no socket. */
  private boolean run(long cookie, List<Long> nonces) {
    NetworkNamespace namespace = namespaces.get(cookie);
    try {
      if (namespace == null) {
        PairSweep.run(program, cookie, nonces);
      } else {
        Netns.call(
            namespace.fd(),
            () -> {
              PairSweep.run(program, cookie, nonces);
              return namespace;
            });
      }
      return true;
    } catch (RuntimeException failed) {
      LOG.warn(
          "sweep {} failed: {}; its connections are swept next time",
          namespace == null ? "cookie " + cookie : namespace.name(),
          failed.getMessage());
      return false;
    }
  }

  /** Leaves a pin by which nodes with another layout run it. */
  void pin(PinnedLinks links, PinDirectory pins) {
    if (iterator.isEmpty()) {
      pins.pinProgram(PinnedVersion.SWEEP_PAIRS, program);
    } else if (!links.has(PinnedVersion.SWEEP)) {
      links.attachAnew(PinnedVersion.SWEEP, iterator::get);
    }
  }

  @Override
  public void close() {
    iterator.ifPresent(BpfLink::close);
  }
}
