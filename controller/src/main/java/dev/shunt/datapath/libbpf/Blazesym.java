package dev.shunt.datapath.libbpf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import jnr.ffi.LibraryOption;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * blazesym's C library, where the host has it: names of code from ELF and DWARF, demangled, with
 * the functions that the compiler put into others. One thread; whoever loaded it closes it.
 *
 * <p>Structs are those of blazesym.h of blazesym-c 0.1, whose releases only use bytes that were
 * reserved before.
 */
public final class Blazesym implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Blazesym.class);

  /** As cargo names it. */
  public static final String DEFAULT_LIBRARY = "libblazesym_c.so";

  /** {@code struct blaze_symbolize_src_elf}: size, path, debug_syms, reserved. */
  private static final int SOURCE_BYTES = 40;

  private static final int SOURCE_PATH = 8;
  private static final int SOURCE_DEBUG = 16;

  /** {@code struct blaze_syms}: a count, then {@code struct blaze_sym} as they are here. */
  private static final int FIRST_SYM = 8;

  private static final int SYM_INLINED_COUNT = 72;
  private static final int SYM_INLINED = 80;

  /** {@code struct blaze_symbolize_inlined_fn}: the name comes first. */
  private static final int INLINED_BYTES = 48;

  /** More are not shown: a broken file may tell any number. */
  private static final int INLINED_MAX = 32;

  /** It keeps what it has read of each, and forgets none: after so many it begins anew. */
  private static final int FILES_MAX = 128;

  private final Calls calls;
  private final Set<Path> files = new HashSet<>();
  private Pointer symbolizer;

  /** Public because the class that JNR generates lives in another package. */
  public interface Calls {
    @Nullable Pointer blaze_symbolizer_new();

    void blaze_symbolizer_free(Pointer symbolizer);

    @Nullable Pointer blaze_symbolize_elf_file_offsets(
        Pointer symbolizer, Pointer source, Pointer offsets, long count);

    void blaze_syms_free(Pointer syms);
  }

  private Blazesym(Calls calls, Pointer symbolizer) {
    this.calls = calls;
    this.symbolizer = symbolizer;
  }

  /**
   * Loads the library named by the system property {@code shunt.blazesym}, else by the environment
   * variable {@code SHUNT_BLAZESYM}, else {@value #DEFAULT_LIBRARY}.
   *
   * @return empty when this host has none
   */
  public static Optional<Blazesym> load() {
    String library = configuredLibrary();
    try {
      Calls calls = NativeLoader.of(Calls.class).option(LibraryOption.LoadNow, true).load(library);
      return Optional.ofNullable(calls.blaze_symbolizer_new())
          .map(symbolizer -> new Blazesym(calls, symbolizer));
    } catch (LinkageError missing) {
      LOG.debug(
          "load {} failed: {}; names come from ELF tables alone", library, missing.toString());
      return Optional.empty();
    }
  }

  private static String configuredLibrary() {
    String property = System.getProperty("shunt.blazesym", "");
    String variable = System.getenv("SHUNT_BLAZESYM");
    if (!property.isEmpty()) {
      return property;
    }
    return variable == null || variable.isEmpty() ? DEFAULT_LIBRARY : variable;
  }

  /**
   * The function at an offset of a file, and behind it those that were compiled into it there, each
   * called by the one before.
   *
   * @return empty when the file tells none
   */
  public List<String> functionsAt(Path file, long offset) {
    if (files.add(file) && files.size() > FILES_MAX) {
      Pointer fresh = Objects.requireNonNull(calls.blaze_symbolizer_new(), "out of memory");
      calls.blaze_symbolizer_free(symbolizer);
      symbolizer = fresh;
      files.clear();
      files.add(file);
    }
    return read(file, offset);
  }

  private List<String> read(Path file, long offset) {
    NativeBuffer path = NativeBuffer.of(file.toString());
    NativeBuffer source =
        new NativeBuffer(SOURCE_BYTES)
            .putLong(0, SOURCE_BYTES)
            .putLong(SOURCE_PATH, path.address())
            .putInt(SOURCE_DEBUG, 1);
    NativeBuffer offsets = new NativeBuffer(Long.BYTES).putLong(0, offset);
    Pointer syms =
        calls.blaze_symbolize_elf_file_offsets(symbolizer, source.pointer(), offsets.pointer(), 1);
    path.fence();
    source.fence();
    offsets.fence();
    if (syms == null) {
      return List.of(); // no such file any more, or none that it can read
    }
    try {
      return syms.getLong(0) == 1 ? names(syms) : List.of();
    } finally {
      calls.blaze_syms_free(syms);
    }
  }

  private static List<String> names(Pointer syms) {
    Pointer name = syms.getPointer(FIRST_SYM);
    if (name == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>(List.of(name.getString(0)));
    long count = Math.min(INLINED_MAX, syms.getLong(FIRST_SYM + SYM_INLINED_COUNT));
    Pointer inlined = syms.getPointer(FIRST_SYM + SYM_INLINED);
    for (int i = 0; inlined != null && i < count; i++) {
      Pointer function = inlined.getPointer((long) i * INLINED_BYTES);
      if (function != null) {
        names.add(function.getString(0));
      }
    }
    return List.copyOf(names);
  }

  @Override
  public void close() {
    calls.blaze_symbolizer_free(symbolizer);
  }
}
