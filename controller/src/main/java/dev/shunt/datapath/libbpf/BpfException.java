package dev.shunt.datapath.libbpf;

/**
 * A call of libbpf or the kernel failed.
 *
 * <p>The text is {@code <operation> <object> failed: <cause> (<errno name>/<number>)}; who catches
 * it adds what happens next. Immutable, so any thread may read it.
 */
public final class BpfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String object;
  private final int errno;
  private final String log;

  /**
   * A failure without a verifier log.
   *
   * @param operation what was tried, e.g. {@code update map}
   * @param object what it was tried on, e.g. {@code endpoints key=10.1.2.3}
   * @param errno the positive error number
   */
  public BpfException(String operation, String object, int errno) {
    this(operation, object, errno, "");
  }

  BpfException(String operation, String object, int errno, String log) {
    super(
        operation
            + " "
            + object
            + " failed: "
            + Errno.describe(errno)
            + (log.isEmpty() ? "" : "; kernel log:\n" + log));
    this.operation = operation;
    this.object = object;
    this.errno = errno;
    this.log = log;
  }

  /** What was tried, e.g. {@code load object}. */
  public String operation() {
    return operation;
  }

  /** What it was tried on. */
  public String object() {
    return object;
  }

  /** The positive error number, e.g. 28. */
  public int errno() {
    return errno;
  }

  /** The error's name, e.g. {@code ENOSPC}; {@code E?} when unknown. */
  public String errnoName() {
    return Errno.name(errno);
  }

  /** A few words, name and number, as in {@code no space (ENOSPC/28)}. */
  public String reason() {
    return Errno.describe(errno);
  }

  /** The whole log of the verifier or of the BTF check; empty when the kernel gave none. */
  public String log() {
    return log;
  }
}
