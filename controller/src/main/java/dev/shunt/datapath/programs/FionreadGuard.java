package dev.shunt.datapath.programs;

/** Whether this kernel answers FIONREAD wrongly for members of a SOCKHASH. */
public enum FionreadGuard {
  NEEDED,
  NOT_NEEDED
}
