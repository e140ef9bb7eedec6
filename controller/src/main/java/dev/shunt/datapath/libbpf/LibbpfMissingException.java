package dev.shunt.datapath.libbpf;

import java.nio.file.Files;
import java.nio.file.Path;

/** The libbpf shared library is not there or cannot be loaded. Immutable. */
public final class LibbpfMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LibbpfMissingException(String library, Throwable cause) {
    super(
        "load library "
            + library
            + " failed: "
            + why(library, cause)
            + "; install it with `apt-get install libbpf1` or name it with --libbpf or in SHUNT_LIBBPF",
        cause);
  }

  /** The loader's own text blames a name that it tried last: "lib" + path + ".so". */
  private static String why(String library, Throwable cause) {
    if (library.contains("/")) {
      return Files.exists(Path.of(library))
          ? "it is not a libbpf 1.x for this machine"
          : "no such file (ENOENT/2)";
    }
    String text = String.valueOf(cause.getMessage());
    String first = text.lines().findFirst().orElse(text).strip();
    return first.replace("lib" + library + ".so: ", "");
  }
}
