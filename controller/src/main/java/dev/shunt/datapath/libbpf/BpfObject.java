package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * One BPF object file: opened, configured, loaded into the kernel, closed.
 *
 * <p>Used by one thread at a time. {@link #load()} takes as long as the verifier does. Closing it
 * closes the maps and programs it gave out; what was pinned or attached by a link lives on.
 */
public final class BpfObject implements AutoCloseable {
  /** {@code BPF_LOG_BUF_SIZE} of libbpf; address space only, until the verifier writes to it. */
  private static final int LOG_BYTES = 16 << 20;

  private static final int OPEN_OPTIONS_BYTES = 80;

  private final Libbpf libbpf;
  private final String name;
  private final byte[] elf;
  private final Pointer log;
  private final NativeBuffer image;
  private final List<NativeBuffer> texts = new ArrayList<>();
  private final Map<String, BpfMap> maps = new LinkedHashMap<>();
  private final Map<String, BpfProgram> programs = new LinkedHashMap<>();
  private @Nullable Pointer object;
  private @Nullable Btf btf;

  BpfObject(Libbpf libbpf, String name, byte[] elf, @Nullable Path kernelBtf) {
    this.libbpf = libbpf;
    this.name = name;
    this.elf = elf.clone();
    image = NativeBuffer.of(elf);
    log = Memory.allocateDirect(NativeLibc.RUNTIME, LOG_BYTES, false);
    log.putByte(0, (byte) 0);
    NativeBuffer options = new NativeBuffer(OPEN_OPTIONS_BYTES);
    options.putLong(0, OPEN_OPTIONS_BYTES).putLong(8, text(name));
    if (kernelBtf != null) {
      options.putLong(48, text(kernelBtf.toString()));
    }
    options.putLong(56, log.address()).putLong(64, LOG_BYTES);
    Pointer opened =
        libbpf.calls().bpf_object__open_mem(image.pointer(), elf.length, options.pointer());
    options.fence();
    object = Libbpf.check(opened, "open object", name);
  }

  private long text(String value) {
    NativeBuffer copy = NativeBuffer.of(value);
    texts.add(copy);
    return copy.address();
  }

  private Pointer object() {
    Pointer current = object;
    if (current == null) {
      throw new IllegalStateException("object " + name + " is closed");
    }
    return current;
  }

  /** The types and variables that the object file declares. */
  public Btf btf() {
    Btf current = btf;
    if (current == null) {
      current = Btf.ofObject(elf);
      btf = current;
    }
    return current;
  }

  /** Names of all maps, {@code .rodata}-like ones with libbpf's object prefix, in file order. */
  public List<String> mapNames() {
    return names(libbpf.calls()::bpf_object__next_map, libbpf.calls()::bpf_map__name);
  }

  /** Names of all programs in file order. */
  public List<String> programNames() {
    return names(libbpf.calls()::bpf_object__next_program, libbpf.calls()::bpf_program__name);
  }

  /** After loading: names of the programs that were not left out. */
  public List<String> loadedProgramNames() {
    return programNames().stream()
        .filter(program -> libbpf.calls().bpf_program__fd(findProgram(program)) >= 0)
        .toList();
  }

  /** {@code bpf_object__next_map} or its kin. */
  private interface Next {
    @Nullable Pointer apply(Pointer object, @Nullable Pointer previous);
  }

  private List<String> names(Next next, Function<Pointer, String> nameOf) {
    List<String> names = new ArrayList<>();
    for (Pointer p = next.apply(object(), null); p != null; p = next.apply(object(), p)) {
      names.add(nameOf.apply(p));
    }
    return List.copyOf(names);
  }

  /** Sets a map's size before loading; bytes for a ring buffer. */
  public void setMaxEntries(String map, int entries) {
    Libbpf.check(
        libbpf.calls().bpf_map__set_max_entries(findMap(map), entries),
        "set size",
        "of map " + map + " to " + entries);
  }

  /** Before loading: uses the compatible map pinned there, or makes a new one and pins it there. */
  public void setPinPath(String map, Path pin) {
    Libbpf.check(
        libbpf.calls().bpf_map__set_pin_path(findMap(map), pin.toString()),
        "set pin",
        pin + " of map " + map);
  }

  /** Before loading: uses an existing map, whose descriptor is duplicated, instead of a new one. */
  public void reuse(String map, BpfMap existing) {
    Libbpf.check(
        libbpf.calls().bpf_map__reuse_fd(findMap(map), existing.fd().number()),
        "reuse map",
        existing.name() + " as " + map);
  }

  /**
   * Before loading: writes to the initial content of a data section.
   *
   * @param section {@code .rodata}, {@code .bss} or {@code .data}
   * @param offset first byte to write
   * @param value what to write, from its position to its limit, in host byte order
   */
  public void setInitialValue(String section, int offset, ByteBuffer value) {
    NativeBuffer size = new NativeBuffer(Long.BYTES);
    Pointer content = libbpf.calls().bpf_map__initial_value(findMap(section), size.pointer());
    size.fence();
    if (content == null || offset < 0 || offset + value.remaining() > size.getLong(0)) {
      throw new BpfException(
          "set initial value",
          "of " + section + " bytes " + offset + "+" + value.remaining(),
          Errno.EINVAL);
    }
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    content.put(offset, bytes, 0, bytes.length);
  }

  /** Before loading: sets a global variable by its C name; the sizes must agree. */
  public void setGlobal(String variable, ByteBuffer value) {
    Btf.Variable found = btf().variable(variable);
    if (found.size() != value.remaining()) {
      throw new BpfException("set variable", variable, Errno.EINVAL);
    }
    setInitialValue(found.section(), found.offset(), value);
  }

  /** Before loading: leaves a program out. */
  public void skipProgram(String program) {
    Libbpf.check(
        libbpf.calls().bpf_program__set_autoload(findProgram(program), false),
        "leave out program",
        program);
  }

  /** Before loading: loads a program that the object file leaves out by default. */
  public void selectProgram(String program) {
    Libbpf.check(
        libbpf.calls().bpf_program__set_autoload(findProgram(program), true),
        "select program",
        program);
  }

  /** Before loading: leaves out all programs but this one. */
  public void selectOnly(String program) {
    programNames().forEach(this::skipProgram);
    selectProgram(program);
  }

  /** The type of a program ({@code enum bpf_prog_type}), from its section's name. */
  public int programType(String program) {
    return libbpf.calls().bpf_program__type(findProgram(program));
  }

  /** Before loading: sets the type ({@code enum bpf_prog_type}) and where it will be attached. */
  public void setProgramType(String program, int type, AttachType attachType) {
    Pointer found = findProgram(program);
    Libbpf.check(libbpf.calls().bpf_program__set_type(found, type), "set type of program", program);
    Libbpf.check(
        libbpf.calls().bpf_program__set_expected_attach_type(found, attachType.number()),
        "set attach type of program",
        program);
  }

  /**
   * Makes the maps and loads the programs.
   *
   * @throws BpfException the kernel refused; {@link BpfException#log()} is the verifier's whole log
   */
  public void load() {
    int result = libbpf.calls().bpf_object__load(object());
    if (result < 0) {
      throw new BpfException("load object", name, -result, log.getString(0).strip());
    }
  }

  /** A map after loading; the same one for the same name, closed with the object. */
  public BpfMap map(String map) {
    return maps.computeIfAbsent(
        map,
        key -> {
          int fd = libbpf.calls().bpf_map__fd(findMap(key));
          Libbpf.check(fd, "use map", key + " of " + name);
          return BpfMap.of(libbpf, Fd.borrowed(fd, "map " + key), key);
        });
  }

  /** A program after loading; the same one for the same name, closed with the object. */
  public BpfProgram program(String program) {
    return programs.computeIfAbsent(
        program,
        key -> {
          Pointer found = findProgram(key);
          int fd = libbpf.calls().bpf_program__fd(found);
          Libbpf.check(fd, "use program", key + " of " + name);
          int attachType = libbpf.calls().bpf_program__expected_attach_type(found);
          return new BpfProgram(libbpf, key, Fd.borrowed(fd, "program " + key), attachType);
        });
  }

  /**
   * After loading: attaches a program to a probe that code was built with (USDT); the cookie is the
   * process id, or 0 for everybody.
   *
   * @param probe provider and name, e.g. {@code hotspot:gc__begin}
   * @throws BpfException e.g. ENOENT: there is no such probe, or the process has ended
   */
  public ProbeLink attachUsdt(String program, UserCode code, String probe) {
    return ProbeLink.usdt(libbpf, findProgram(program), code, probe);
  }

  /** After loading: attaches a program to where a function begins; the cookie as with USDT. */
  public ProbeLink attachEntry(String program, UserCode code, String function) {
    return ProbeLink.function(libbpf, findProgram(program), code, function, ProbeLink.Point.ENTRY);
  }

  /** After loading: attaches a program to where a function returns. */
  public ProbeLink attachReturn(String program, UserCode code, String function) {
    return ProbeLink.function(libbpf, findProgram(program), code, function, ProbeLink.Point.RETURN);
  }

  private Pointer findMap(String map) {
    Pointer found = libbpf.calls().bpf_object__find_map_by_name(object(), map);
    return Libbpf.check(found, "find map", map + " in " + name);
  }

  private Pointer findProgram(String program) {
    Pointer found = libbpf.calls().bpf_object__find_program_by_name(object(), program);
    return Libbpf.check(found, "find program", program + " in " + name);
  }

  @Override
  public void close() {
    Pointer current = object;
    object = null;
    if (current != null) {
      maps.values().forEach(BpfMap::close);
      programs.values().forEach(BpfProgram::close);
      libbpf.calls().bpf_object__close(current);
      texts.forEach(NativeBuffer::fence);
      image.fence();
    }
  }
}
