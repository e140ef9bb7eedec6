package dev.shunt.datapath.symbols;

import dev.shunt.datapath.libbpf.Blazesym;
import dev.shunt.datapath.symbols.ProcessMappings.Mapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds names for addresses of code. What it has read it keeps, up to a bound. One thread, which it
 * may hold up for seconds when it meets a JVM first; whoever made it closes it.
 */
public final class Symbolizer implements AutoCloseable {
  private static final int PROCESSES_MAX = 256;
  private static final int FILES_MAX = 128;

  /** A process that maps more code is looked at again after so long, a JVM after longer. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  private final Map<Integer, Known> processes = bounded(PROCESSES_MAX);
  private final Map<String, MappedCode> files = bounded(FILES_MAX);
  private final Optional<Blazesym> blazesym = Blazesym.load();
  private @Nullable SymbolTable kernel;

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /** What is known of a process. */
  private static final class Known {
    ProcessMappings mappings;
    long lookedAt;
    SymbolTable jvm = SymbolTable.EMPTY;
    long askedAt;
    boolean isAsked;

    Known(int pid, long now) {
      mappings = ProcessMappings.read(pid);
      lookedAt = now;
    }
  }

  /** The name of a function of the kernel; {@code [kernel]} when it does not tell. */
  public String kernel(long address) {
    SymbolTable table = kernel;
    if (table == null) {
      table = KernelSymbols.read();
      kernel = table;
    }
    return table.find(address).orElse("[kernel]");
  }

  /**
   * The name of a function of a process, and of those that were compiled into it there, where they
   * are known; its file in brackets when that does not tell.
   */
  public List<String> user(int pid, long address) {
    long now = System.nanoTime();
    Known known = processes.computeIfAbsent(pid, key -> new Known(pid, now));
    Optional<Mapping> found = known.mappings.find(address);
    if (found.isEmpty() && now - known.lookedAt > LOOK_AGAIN.toNanos()) {
      known.mappings = ProcessMappings.read(pid);
      known.lookedAt = now;
      found = known.mappings.find(address);
    }
    if (found.isEmpty()) {
      return List.of("[unknown]");
    }
    Mapping mapping = found.get();
    if (!mapping.hasFile()) {
      return List.of(known.mappings.hasJvm() ? jvm(known, pid, address, now) : anonymous(mapping));
    }
    return functions(pid, mapping, address - mapping.start() + mapping.offset());
  }

  private List<String> functions(int pid, Mapping mapping, long offset) {
    MappedCode code = code(pid, mapping);
    List<String> names =
        blazesym.map(library -> library.functionsAt(code.file(), offset)).orElse(List.of());
    return names.isEmpty()
        ? List.of(code.functionAt(offset).orElse("[" + mapping.name() + "]"))
        : names;
  }

  private static String anonymous(Mapping mapping) {
    return mapping.path().isEmpty() ? "[anonymous]" : mapping.path();
  }

  private static String jvm(Known known, int pid, long address, long now) {
    Optional<String> name = known.jvm.find(address);
    boolean mayAsk = !known.isAsked || now - known.askedAt > ASK_AGAIN.toNanos();
    if (name.isEmpty() && mayAsk) {
      known.jvm = JvmSymbols.read(pid);
      known.isAsked = true;
      known.askedAt = System.nanoTime();
      name = known.jvm.find(address);
    }
    return name.orElse("[jvm]");
  }

  private MappedCode code(int pid, Mapping mapping) {
    return files.computeIfAbsent(
        mapping.identity(),
        key -> {
          Path root = Path.of("/proc", Integer.toString(pid), "root");
          Path path = Path.of(mapping.path());
          return MappedCode.read(MappedFile.of(pid, mapping), path, root);
        });
  }

  @Override
  public void close() {
    blazesym.ifPresent(Blazesym::close);
  }
}
