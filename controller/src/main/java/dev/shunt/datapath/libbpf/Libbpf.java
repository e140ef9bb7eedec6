package dev.shunt.datapath.libbpf;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The loaded libbpf: the way to BPF objects, and to pinned or running maps, programs and links.
 *
 * <p>Thread-safe; calls are single system calls and do not wait. One per process is enough; it is
 * never unloaded.
 */
public final class Libbpf {
  /** The soname that distributions install. */
  public static final String DEFAULT_LIBRARY = "libbpf.so.1";

  private static final int PROG_INFO_BYTES = 232;
  private static final int NAME_BYTES = 16;
  private static final int STATS_RUN_TIME = 0;

  /** {@code BPF_MAP_TYPE_ARRAY}. */
  private static final int ARRAY = 2;

  /** Lets an array replace one of another size in a map of maps. */
  private static final int BPF_F_INNER_MAP = 1 << 12;

  private static final int CREATE_OPTIONS_BYTES = 48;

  private final NativeLibbpf.Calls calls;
  private final int possibleCpus;

  /**
   * Loads the library named by the system property {@code shunt.libbpf}, else by the environment
   * variable {@code SHUNT_LIBBPF}, else {@value #DEFAULT_LIBRARY}.
   *
   * @throws LibbpfMissingException it is not there
   */
  public Libbpf() {
    this(configuredLibrary());
  }

  /**
   * Loads the given library.
   *
   * @param library a soname or an absolute path
   * @throws LibbpfMissingException it is not there
   */
  public Libbpf(String library) {
    if (library.contains("/") && !Files.exists(Path.of(library))) {
      throw new LibbpfMissingException(library, new NoSuchFileException(library));
    }
    calls = NativeLibbpf.load(library);
    possibleCpus = check(calls.libbpf_num_possible_cpus(), "count possible CPUs", "of the host");
  }

  private static String configuredLibrary() {
    String property = System.getProperty("shunt.libbpf", "");
    if (!property.isEmpty()) {
      return property;
    }
    String variable = System.getenv("SHUNT_LIBBPF");
    return variable == null || variable.isEmpty() ? DEFAULT_LIBRARY : variable;
  }

  /** Turns -errno into an exception. */
  static int check(int result, String operation, Object object) {
    if (result < 0) {
      throw new BpfException(operation, String.valueOf(object), -result);
    }
    return result;
  }

  /** Turns NULL with errno into an exception. */
  static Pointer check(@Nullable Pointer result, String operation, Object object) {
    if (result == null) {
      throw new BpfException(operation, String.valueOf(object), NativeLibc.errno());
    }
    return result;
  }

  NativeLibbpf.Calls calls() {
    return calls;
  }

  /** The library's version, e.g. {@code 1.1}. */
  public String version() {
    return calls.libbpf_major_version() + "." + calls.libbpf_minor_version();
  }

  /** Number of CPUs a per-CPU value has parts for; more than are online, at least 1. */
  public int possibleCpus() {
    return possibleCpus;
  }

  /**
   * Opens a BPF object file without loading it into the kernel.
   *
   * @param name names the object in error texts
   * @param elf the whole object file
   * @throws BpfException it is not a BPF object
   */
  public BpfObject open(String name, byte[] elf) {
    return new BpfObject(this, name, elf, null);
  }

  /** As {@link #open(String, byte[])}, with the kernel's types read from a BTF file. */
  public BpfObject open(String name, byte[] elf, Path kernelBtf) {
    return new BpfObject(this, name, elf, kernelBtf);
  }

  /**
   * The map pinned at a path; empty when nothing is there. The caller closes it.
   *
   * @throws BpfException it may not be opened, or it is not a BPF object
   */
  public Optional<BpfMap> openMap(Path pin) {
    return openPin(pin).map(fd -> BpfMap.of(this, Fd.owned(fd, "map " + pin), pin.toString()));
  }

  /** The program pinned at a path; empty when nothing is there. The caller closes it. */
  public Optional<BpfProgram> openProgram(Path pin) {
    return openPin(pin)
        .map(fd -> new BpfProgram(this, pin.toString(), Fd.owned(fd, "program " + pin), 0));
  }

  /** A program of the host by the kernel's number; empty when it is gone. The caller closes it. */
  public Optional<BpfProgram> openProgram(int id) {
    int fd = calls.bpf_prog_get_fd_by_id(id);
    if (fd == -Errno.ENOENT) {
      return Optional.empty();
    }
    String object = "program " + id;
    return Optional.of(
        new BpfProgram(this, object, Fd.owned(check(fd, "open", object), object), 0));
  }

  /** The link pinned at a path; empty when nothing is there. The caller closes it. */
  public Optional<BpfLink> openLink(Path pin) {
    return openPin(pin).map(fd -> new BpfLink(this, pin.toString(), Fd.owned(fd, "link " + pin)));
  }

  /**
   * A new array to put into a map of maps whose inner maps differ in size. The caller closes it;
   * the outer map keeps it.
   *
   * @param valueBytes of each entry
   * @param entries at least 1
   */
  public BpfMap createInnerArray(String name, int valueBytes, int entries) {
    NativeBuffer options =
        new NativeBuffer(CREATE_OPTIONS_BYTES)
            .putLong(0, CREATE_OPTIONS_BYTES)
            .putInt(28, BPF_F_INNER_MAP);
    int fd =
        calls.bpf_map_create(ARRAY, name, Integer.BYTES, valueBytes, entries, options.pointer());
    options.fence();
    check(fd, "make map", name + " of " + entries + " entries");
    return BpfMap.of(this, Fd.owned(fd, "map " + name), name);
  }

  private Optional<Integer> openPin(Path pin) {
    int fd = calls.bpf_obj_get(pin.toString());
    if (fd == -Errno.ENOENT) {
      return Optional.empty();
    }
    return Optional.of(check(fd, "open pin", pin));
  }

  /**
   * Makes the kernel measure the run time of every BPF program, at about 30 ns per run, until the
   * result is closed.
   */
  public Fd enableStats() {
    return Fd.owned(
        check(calls.bpf_enable_stats(STATS_RUN_TIME), "enable statistics", "of BPF programs"),
        "BPF statistics");
  }

  /** Every program of the host, by ascending id; those that vanish meanwhile are left out. */
  public List<LoadedProgram> programs() {
    return list(calls::bpf_prog_get_next_id, calls::bpf_prog_get_fd_by_id, this::loadedProgram);
  }

  private LoadedProgram loadedProgram(int fd) {
    NativeBuffer info = programFacts(fd, "fd " + fd);
    return new LoadedProgram(
        info.getInt(4),
        typeName(calls.libbpf_bpf_prog_type_str(info.getInt(0)), info.getInt(0)),
        info.string(64, NAME_BYTES));
  }

  /** A program of the host by its id; empty when it is gone. */
  Optional<LoadedProgram> program(int id) {
    int fd = calls.bpf_prog_get_fd_by_id(id);
    if (fd == -Errno.ENOENT) {
      return Optional.empty();
    }
    try (Fd owned = Fd.owned(check(fd, "open program", id), "program " + id)) {
      return Optional.of(loadedProgram(owned.number()));
    }
  }

  /** Every map of the host, by ascending id; those that vanish meanwhile are left out. */
  public List<LoadedMap> maps() {
    return list(
        calls::bpf_map_get_next_id,
        calls::bpf_map_get_fd_by_id,
        fd -> {
          MapShape shape = MapShape.read(calls, fd, "fd " + fd);
          return new LoadedMap(
              shape.id(),
              typeName(calls.libbpf_bpf_map_type_str(shape.type()), shape.type()),
              shape.name());
        });
  }

  private static String typeName(@Nullable String name, int type) {
    return name == null ? "type " + type : name;
  }

  /** {@code struct bpf_prog_info} of a program. */
  NativeBuffer programFacts(int fd, String object) {
    NativeBuffer info = new NativeBuffer(PROG_INFO_BYTES);
    NativeBuffer length = new NativeBuffer(Integer.BYTES).putInt(0, PROG_INFO_BYTES);
    check(
        calls.bpf_obj_get_info_by_fd(fd, info.pointer(), length.pointer()),
        "inspect program",
        object);
    info.fence();
    length.fence();
    return info;
  }

  /** {@code bpf_prog_get_next_id} or its kin. */
  private interface NextId {
    int apply(int start, Pointer next);
  }

  private static <T> List<T> list(NextId nextId, IntFunction<Integer> open, IntFunction<T> read) {
    List<T> found = new ArrayList<>();
    NativeBuffer next = new NativeBuffer(Integer.BYTES);
    int result = nextId.apply(0, next.pointer());
    while (result == 0) {
      int id = next.getInt(0);
      int fd = open.apply(id);
      if (fd != -Errno.ENOENT) {
        try (Fd owned = Fd.owned(check(fd, "open id", id), "id " + id)) {
          found.add(read.apply(owned.number()));
        }
      }
      result = nextId.apply(id, next.pointer());
    }
    next.fence();
    if (result != -Errno.ENOENT) {
      check(result, "list", "BPF ids");
    }
    return List.copyOf(found);
  }
}
