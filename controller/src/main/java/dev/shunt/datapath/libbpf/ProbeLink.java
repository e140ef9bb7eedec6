package dev.shunt.datapath.libbpf;

import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A program's attachment to code of programs, which ends with {@link #close()} or with this
 * process. Used by one thread at a time; to be closed before its {@link BpfObject}.
 */
public final class ProbeLink implements AutoCloseable {
  private static final int USDT_OPTIONS_BYTES = 16;
  private static final int UPROBE_OPTIONS_BYTES = 40;

  /** Where in a function. */
  enum Point {
    ENTRY,
    RETURN
  }

  private final Libbpf libbpf;
  private @Nullable Pointer link;

  private ProbeLink(Libbpf libbpf, Pointer link) {
    this.libbpf = libbpf;
    this.link = link;
  }

  /** See {@link BpfObject#attachUsdt}. */
  static ProbeLink usdt(Libbpf libbpf, Pointer program, UserCode code, String probe) {
    String[] names = probe.split(":", 2);
    NativeBuffer options = new NativeBuffer(USDT_OPTIONS_BYTES);
    options.putLong(0, USDT_OPTIONS_BYTES).putLong(8, Math.max(code.pid(), 0));
    Pointer link =
        libbpf
            .calls()
            .bpf_program__attach_usdt(
                program, code.pid(), code.file().toString(), names[0], names[1], options.pointer());
    options.fence();
    return new ProbeLink(libbpf, Libbpf.check(link, "attach", probe + " of " + code.file()));
  }

  /** See {@link BpfObject#attachEntry} and {@link BpfObject#attachReturn}. */
  static ProbeLink function(
      Libbpf libbpf, Pointer program, UserCode code, String function, Point point) {
    NativeBuffer name = NativeBuffer.of(function);
    NativeBuffer options = new NativeBuffer(UPROBE_OPTIONS_BYTES);
    options.putLong(0, UPROBE_OPTIONS_BYTES).putLong(16, Math.max(code.pid(), 0));
    options.putInt(24, point == Point.RETURN ? 1 : 0).putLong(32, name.address());
    Pointer link =
        libbpf
            .calls()
            .bpf_program__attach_uprobe_opts(
                program, code.pid(), code.file().toString(), 0, options.pointer());
    options.fence();
    name.fence();
    return new ProbeLink(libbpf, Libbpf.check(link, "attach", function + " of " + code.file()));
  }

  @Override
  public void close() {
    Pointer current = link;
    link = null;
    if (current != null) {
      libbpf.calls().bpf_link__destroy(current);
    }
  }
}
