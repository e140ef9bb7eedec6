package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Libbpf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the sweep meets every socket that has a connection: the first that this kernel takes. */
enum SweepHook {
  /** Goes through the connections themselves. */
  SOCKET_STORAGE("sweep", "iter/bpf_sk_storage_map"),

  /** Goes through the open files of all tasks: kernels may refuse iterators over maps. */
  OPEN_FILES("sweep_files", "iter/task_file");

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
      object.programNames().forEach(object::skipProgram);
      SOCKET_STORAGE.select(object);
      object.load();
      return SOCKET_STORAGE;
    } catch (BpfException refused) {
      LOG.info(
          "load {} failed: {}; sweeps go by {} instead",
          SOCKET_STORAGE.hook,
          refused.reason(),
          OPEN_FILES.hook);
      return OPEN_FILES;
    }
  }

  /** Before loading: has it loaded with the others. */
  void select(BpfObject object) {
    object.selectProgram(program);
  }

  /** After loading. */
  BpfLink attach(BpfObject object) {
    BpfProgram loaded = object.program(program);
    return switch (this) {
      case SOCKET_STORAGE -> loaded.attachIter(object.map(MapNames.CONNECTIONS));
      case OPEN_FILES -> loaded.attachIter();
    };
  }

  /** Its name in the object. */
  String program() {
    return program;
  }

  /** What it is attached to. */
  String hook() {
    return hook;
  }
}
