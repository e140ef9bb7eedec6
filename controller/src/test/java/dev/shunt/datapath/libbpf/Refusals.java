package dev.shunt.datapath.libbpf;

/** Failures as libbpf tells them, for tests of those who tell them on. */
public final class Refusals {
  private Refusals() {}

  /** The verifier refuses an object, and says why. */
  public static BpfException withLog(String object, int errno) {
    return new BpfException("load object", object, errno, "0: r0 = 1\n1: exit");
  }
}
