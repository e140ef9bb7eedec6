package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** How the sweep meets the sockets that have a connection: the first that this kernel takes. */
enum SweepHook {
  /** An iterator goes through the connections themselves. */
  SOCKET_STORAGE("sweep", "iter/bpf_sk_storage_map"),

  /** A packet names pairs, whose sockets are looked up: kernels may refuse iterators over maps. */
  PAIRS("sweep_pairs", "test run");

  private static final Logger LOG = LoggerFactory.getLogger(SweepHook.class);

  private final String program;
  private final String hook;

  SweepHook(String program, String hook) {
    this.program = program;
    this.hook = hook;
  }

  /**
   * Finds it by loading the better one alone, on maps of its own; leaves nothing in the kernel.
   *
   * @param image of the object file
   */
  static SweepHook find(Libbpf libbpf, byte[] image) {
    try (BpfObject object = libbpf.open("sockmap_probe", image)) {
      object.selectOnly(SOCKET_STORAGE.program);
      object.setMaxEntries(MapNames.COUNTERS, 1); // a row for each CPU
      object.load();
      return SOCKET_STORAGE;
    } catch (BpfException refused) {
      Level level = refused.errnoName().equals("EPERM") ? Level.DEBUG : Level.WARN;
      LOG.atLevel(level)
          .log(
              "load {} failed: {}; sweeps go pair by pair instead",
              SOCKET_STORAGE.hook,
              refused.reason());
      return PAIRS;
    }
  }

  /** Before loading: has it loaded with the others. */
  void select(BpfObject object) {
    object.selectProgram(program);
  }

  /** Its name in the object. */
  String program() {
    return program;
  }

  /** What runs it. */
  String hook() {
    return hook;
  }
}
