package dev.shunt.datapath.programs;

/**
 * When the tracepoints that show traits are attached: while any of a system call is, every system
 * call of the host takes some 40 ns more. Used by one thread at a time.
 */
final class TraitHooks {
  private final CgroupHooks hooks;
  private final SockmapMaps maps;
  private boolean watching = true;

  TraitHooks(CgroupHooks hooks, SockmapMaps maps) {
    this.hooks = hooks;
    this.maps = maps;
  }

  /** FIONREAD's is needed only where the kernel answers wrongly. */
  void watchFionread() {
    if (watching && maps.config().get("fionread_guard") != 0) {
      hooks.attachTrace("trace_ioctl");
    } else {
      hooks.detachTrace("trace_ioctl");
    }
  }

  void watch() {
    if (!watching) {
      watching = true;
      hooks.attachTraces();
      watchFionread();
    }
  }

  /** Members show traits as long as there are any. */
  void rest() {
    if (watching && maps.pairs().fill().members() == 0) {
      watching = false;
      hooks.detachTraces();
      watchFionread();
    }
  }
}
