package dev.shunt.e2e.cluster.kubelet;

import java.nio.file.Path;
import java.util.List;

/**
 * What a container sees at a path. Immutable.
 *
 * @param source on this machine
 * @param target in the container, absolute
 * @param access whether it may write
 */
record Mount(Path source, String target, Access access) {
  /** What a container may do. */
  enum Access {
    READ_WRITE("rw"),
    READ_ONLY("ro");

    private final String word;

    Access(String word) {
      this.word = word;
    }
  }

  static Mount readOnly(Path source, String target) {
    return new Mount(source, target, Access.READ_ONLY);
  }

  /** As shunt-container takes it. */
  List<String> option() {
    return List.of("--mount", source.toString(), target, access.word);
  }
}
