package dev.shunt.e2e.verify.kernels;

/**
 * What a kernel's verifier made of one program.
 *
 * @param name of the C function
 * @param instructions that the verifier walked through; 0 when it was refused
 * @param refusal errno and the log's last line; empty when it was loaded
 */
record ProgramRow(String name, long instructions, String refusal) {
  private static final String FENTRY = "_fentry";
  private static final String MAP_ITERATOR = "sweep";
  private static final String TYPED_TRACEPOINT = "_btf";

  boolean isLoaded() {
    return refusal.isEmpty();
  }

  /**
   * Whether the next rung of its ladder has to be taken there: a host may forbid every program of
   * the kind, which a guest does not; and a kernel may be older than the tracepoint.
   */
  boolean isPassedOverOn(KernelRow.Place place) {
    boolean forbidden =
        place == KernelRow.Place.HOST
            && (name.endsWith(FENTRY) || name.equals(MAP_ITERATOR))
            && refusal.startsWith("EPERM");
    return forbidden || (name.endsWith(TYPED_TRACEPOINT) && refusal.startsWith("ESRCH"));
  }
}
