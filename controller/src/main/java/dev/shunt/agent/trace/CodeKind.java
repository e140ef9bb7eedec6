package dev.shunt.agent.trace;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.symbols.CodeWatch;
import dev.shunt.datapath.symbols.EmbeddedLibrary;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Code of programs that a module looks at. Immutable.
 *
 * @param one that runs it, for people
 * @param many of those
 * @param files asked with names of files
 * @param embedded finds it in programs that it was linked into
 * @param missing what then is not seen, a sentence
 * @param needed of such code
 */
record CodeKind(
    String one,
    String many,
    Predicate<String> files,
    EmbeddedLibrary embedded,
    String missing,
    String needed) {
  /** It is not in that file, or that is no file for it: to try again is of no use. */
  private static final Set<String> LASTING =
      Set.of("ENOENT", "ENOEXEC", "EINVAL", "E2BIG", "EOPNOTSUPP", "ENOTSUPP");

  /** Whether it will be so as long as the file is mapped. */
  static boolean isLasting(BpfException failed) {
    return LASTING.contains(failed.errnoName());
  }

  static final CodeKind JVM =
      new CodeKind(
          "a JVM (libjvm.so)",
          "JVMs",
          "libjvm.so"::equals,
          new EmbeddedLibrary(List.of()),
          "its collections are not seen",
          "a JVM needs to be built with --enable-dtrace");

  /**
   * Texts of the state machines of OpenSSL and BoringSSL, and of what no program leaves out of
   * OpenSSL: its errors name their file, or their function.
   */
  static final CodeKind TLS =
      new CodeKind(
          "OpenSSL or BoringSSL",
          "processes with OpenSSL or BoringSSL",
          name -> name.startsWith("libssl.so") || name.matches("libssl-.*\\.so.*"),
          new EmbeddedLibrary(
              List.of(
                  "SSLv3/TLS write client hello",
                  "TLS client start_connect",
                  "ssl/ssl_lib.c",
                  "ssl3_read_bytes")),
          "its TLS is not seen",
          "a program with the library linked in must not be stripped");

  /** What follows when a module cannot attach to it, for a reason that lasts or not. */
  String unseen(BpfException failed) {
    if (!isLasting(failed)) {
      return missing + ", it is tried again each second";
    }
    return failed.errnoName().equals("ENOENT") ? missing + " (" + needed + ")" : missing;
  }

  CodeWatch watch() {
    return new CodeWatch(files, embedded);
  }
}
