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

  boolean isLoaded() {
    return refusal.isEmpty();
  }

  /**
   * A host may forbid every program of this kind; modules then take their next hook. A guest
   * forbids nothing.
   */
  boolean isForbiddenOn(KernelRow.Place place) {
    return place == KernelRow.Place.HOST && name.endsWith(FENTRY) && refusal.startsWith("EPERM");
  }
}
