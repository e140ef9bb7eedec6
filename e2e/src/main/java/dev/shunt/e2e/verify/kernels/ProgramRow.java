package dev.shunt.e2e.verify.kernels;

/**
 * What a kernel's verifier made of one program.
 *
 * @param name of the C function
 * @param instructions that the verifier walked through; 0 when it was refused
 * @param refusal errno and the log's last line; empty when it was loaded
 */
record ProgramRow(String name, long instructions, String refusal) {
  boolean isLoaded() {
    return refusal.isEmpty();
  }
}
