package dev.shunt.datapath.libbpf;

import java.nio.file.NoSuchFileException;

/** The libbpf shared library is not there or cannot be loaded. Immutable. */
public final class LibbpfMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LibbpfMissingException(String library, Throwable cause) {
    super(
        "load library "
            + library
            + " failed: "
            + firstLine(cause)
            + "; install it with `apt-get install libbpf1` or name it in SHUNT_LIBBPF",
        cause);
  }

  private static String firstLine(Throwable cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file (ENOENT/2)";
    }
    String text = String.valueOf(cause.getMessage());
    return text.lines().findFirst().orElse(text).strip();
  }
}
