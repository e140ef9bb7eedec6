package dev.shunt.agent.trace;

import dev.shunt.datapath.symbols.CodeWatch;
import java.util.function.Predicate;

/**
 * Code of programs that a module looks at. Immutable.
 *
 * @param what one that runs it, for people
 * @param files asked with names of files
 * @param missing why a process runs none
 * @param unseen what follows when a module cannot attach to it
 */
record CodeKind(String what, Predicate<String> files, String missing, String unseen) {
  static final CodeKind JVM =
      new CodeKind(
          "JVM",
          "libjvm.so"::equals,
          "it has no libjvm.so mapped",
          "its collections are not seen (a JVM needs to be built with --enable-dtrace)");

  CodeWatch watch() {
    return new CodeWatch(files);
  }
}
