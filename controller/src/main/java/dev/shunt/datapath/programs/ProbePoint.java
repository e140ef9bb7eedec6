package dev.shunt.datapath.programs;

import java.util.Arrays;
import java.util.Optional;

/** Where in code of processes a program is attached. */
public enum ProbePoint {
  /** Where a function begins. */
  ENTRY,
  /** Where a function returns; there is a program at its entry too. */
  RETURN,
  /** A probe that the code was built with: an instruction that does nothing. */
  USDT;

  /** The kernel keeps no more of a program's name ({@code BPF_OBJ_NAME_LEN}, with its end). */
  private static final int NAME_MAX = 15;

  /**
   * Where a module attaches a program.
   *
   * @param program the kernel's name of it
   * @return empty: not to code of processes, or it is no module's
   */
  public static Optional<ProbePoint> of(String program) {
    return Arrays.stream(TraceProgram.values())
        .flatMap(module -> module.probes().stream())
        .filter(probe -> kernelName(probe.program()).equals(program))
        .map(CodeProbe::point)
        .findFirst();
  }

  private static String kernelName(String program) {
    return program.substring(0, Math.min(NAME_MAX, program.length()));
  }
}
