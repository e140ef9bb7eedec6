package dev.shunt.datapath.libbpf;

import jnr.ffi.LibraryOption;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.Delegate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libbpf's functions in their own names (libbpf 1.1 and newer). */
final class NativeLibbpf {
  private static final Logger LOG = LoggerFactory.getLogger("libbpf");

  /** Longest line taken from libbpf's print callback, in bytes. */
  private static final int PRINT_BYTES = 4096;

  /** {@code libbpf_print_fn_t}; the va_list arrives as a pointer on x86-64 and on arm64. */
  public interface PrintFunction {
    /** Called by libbpf on the thread that called libbpf. */
    @Delegate
    int print(int level, Pointer format, Pointer arguments);
  }

  /** Public because the class that JNR generates lives in another package. */
  public interface Calls {
    @Nullable Pointer libbpf_set_print(PrintFunction function);

    int libbpf_major_version();

    int libbpf_minor_version();

    int libbpf_num_possible_cpus();

    @Nullable String libbpf_bpf_map_type_str(int type);

    @Nullable String libbpf_bpf_prog_type_str(int type);

    @Nullable Pointer bpf_object__open_mem(Pointer bytes, long size, Pointer options);

    int bpf_object__load(Pointer object);

    void bpf_object__close(Pointer object);

    @Nullable Pointer bpf_object__next_program(Pointer object, @Nullable Pointer previous);

    @Nullable Pointer bpf_object__next_map(Pointer object, @Nullable Pointer previous);

    @Nullable Pointer bpf_object__find_program_by_name(Pointer object, String name);

    @Nullable Pointer bpf_object__find_map_by_name(Pointer object, String name);

    String bpf_program__name(Pointer program);

    int bpf_program__set_autoload(Pointer program, boolean autoload);

    int bpf_program__type(Pointer program);

    int bpf_program__set_type(Pointer program, int type);

    int bpf_program__set_expected_attach_type(Pointer program, int type);

    int bpf_program__expected_attach_type(Pointer program);

    int bpf_program__fd(Pointer program);

    @Nullable Pointer bpf_program__attach_usdt(
        Pointer program, int pid, String file, String provider, String probe, Pointer options);

    @Nullable Pointer bpf_program__attach_uprobe_opts(
        Pointer program, int pid, String file, long offset, Pointer options);

    int bpf_link__destroy(Pointer link);

    String bpf_map__name(Pointer map);

    int bpf_map__fd(Pointer map);

    int bpf_map__set_max_entries(Pointer map, int entries);

    int bpf_map__set_pin_path(Pointer map, String path);

    int bpf_map__reuse_fd(Pointer map, int fd);

    @Nullable Pointer bpf_map__initial_value(Pointer map, Pointer size);

    int bpf_map_create(
        int type, String name, int keySize, int valueSize, int entries, Pointer options);

    int bpf_map_update_elem(int fd, Pointer key, Pointer value, long flags);

    int bpf_map_lookup_elem(int fd, Pointer key, Pointer value);

    int bpf_map_delete_elem(int fd, Pointer key);

    int bpf_map_get_next_key(int fd, @Nullable Pointer key, Pointer next);

    int bpf_map_lookup_batch(
        int fd,
        @Nullable Pointer in,
        Pointer out,
        Pointer keys,
        Pointer values,
        Pointer count,
        Pointer options);

    int bpf_obj_pin(int fd, String path);

    int bpf_obj_get(String path);

    int bpf_obj_get_info_by_fd(int fd, Pointer info, Pointer length);

    int bpf_prog_attach(int program, int target, int type, int flags);

    int bpf_prog_detach2(int program, int target, int type);

    int bpf_link_create(int program, int target, int type, @Nullable Pointer options);

    int bpf_link_update(int link, int program, @Nullable Pointer options);

    int bpf_link_detach(int link);

    int bpf_iter_create(int link);

    int bpf_raw_tracepoint_open(@Nullable String name, int program);

    int bpf_tc_hook_create(Pointer hook);

    int bpf_tc_hook_destroy(Pointer hook);

    int bpf_tc_attach(Pointer hook, Pointer options);

    int bpf_tc_detach(Pointer hook, Pointer options);

    int bpf_enable_stats(int type);

    int bpf_prog_query(
        int target, int type, int queryFlags, Pointer attachFlags, Pointer ids, Pointer count);

    int bpf_xdp_query_id(int ifindex, int flags, Pointer id);

    int bpf_prog_test_run_opts(int program, Pointer options);

    int bpf_prog_get_next_id(int start, Pointer next);

    int bpf_map_get_next_id(int start, Pointer next);

    int bpf_prog_get_fd_by_id(int id);

    int bpf_map_get_fd_by_id(int id);
  }

  /** Held for the process's life: libbpf keeps the pointer and may print at any time. */
  private static final PrintFunction PRINT = NativeLibbpf::print;

  private NativeLibbpf() {}

  /**
   * Loads the library and sends its messages to the logger {@code libbpf} at debug level.
   *
   * @throws LibbpfMissingException the library is not there or is not a libbpf 1.x
   */
  static Calls load(String library) {
    try {
      Calls calls = NativeLoader.of(Calls.class).option(LibraryOption.LoadNow, true).load(library);
      calls.libbpf_set_print(PRINT);
      return calls;
    } catch (LinkageError missing) {
      throw new LibbpfMissingException(library, missing);
    }
  }

  /** Never throws: an exception must not cross the C frames of libbpf. */
  private static int print(int level, Pointer format, Pointer arguments) {
    try {
      if (LOG.isDebugEnabled()) {
        NativeBuffer line = new NativeBuffer(PRINT_BYTES);
        NativeLibc.LIBC.vsnprintf(line.pointer(), PRINT_BYTES, format, arguments);
        LOG.debug("{}", line.string(0, PRINT_BYTES).strip());
      }
    } catch (RuntimeException | LinkageError lost) {
      return -1;
    }
    return 0;
  }
}
