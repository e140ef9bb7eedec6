package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.BpfException;
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

  void run() {
    if (iterator.isPresent()) {
      iterator.get().iterate(Integer.BYTES, row -> {});
      return;
    }
    Map<Long, List<Long>> nonces = pairs.noncesByNamespace();
    for (NetworkNamespace namespace : namespaces.values()) {
      List<Long> own = nonces.getOrDefault(namespace.cookie(), List.of());
      if (!own.isEmpty()) {
        run(namespace, own);
      }
    }
  }

  private void run(NetworkNamespace namespace, List<Long> nonces) {
    try {
      Netns.call(
          namespace.fd(),
          () -> {
            PairSweep.run(program, namespace.cookie(), nonces);
            return namespace;
          });
    } catch (BpfException failed) {
      LOG.warn(
          "sweep {} failed: {}; its connections are swept next time",
          namespace.name(),
          failed.getMessage());
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
