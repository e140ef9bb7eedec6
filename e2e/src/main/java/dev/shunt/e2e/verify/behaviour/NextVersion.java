package dev.shunt.e2e.verify.behaviour;

import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.verify.behaviour.ChangedBuild.Change;
import java.nio.file.Path;
import java.util.List;

/** This build with other BPF programs, as a release after it would have them. Stateless. */
public final class NextVersion {
  /** The layout of {@link #otherLayout}. */
  public static final int LAYOUT = PinDirectory.LAYOUT_VERSION + 1;

  private static final Change NONCE_LIFETIME =
      new Change(
          "sockmap/pair.bpf.c",
          "#define NONCE_LIFETIME_NS (10LL *",
          "#define NONCE_LIFETIME_NS (11LL *");

  private static final Change VERSION =
      new Change(
          "include/layout.h",
          "\tLAYOUT_VERSION = " + PinDirectory.LAYOUT_VERSION + ",\n",
          "\tLAYOUT_VERSION = " + LAYOUT + ",\n");

  /** The socket-local state is the programs' own: the controller does not read it. */
  private static final Change STATE =
      new Change(
          "include/layout.h", "struct connection {\n", "struct connection {\n\t__u64 of_next;\n");

  /** A pointer that may be NULL is used unchecked. */
  private static final Change UNCHECKED =
      new Change(
          "sockmap/pair.bpf.c", "\tif (!tp)\n\t\treturn 1;\n\tif (is_retired", "\tif (is_retired");

  private NextVersion() {}

  /** Other programs on the same maps. */
  public static ShuntProgram sameLayout(Path directory) {
    return program(directory, List.of(NONCE_LIFETIME));
  }

  /** Other programs on maps of their own. */
  public static ShuntProgram otherLayout(Path directory) {
    return program(directory, List.of(VERSION, STATE));
  }

  /** Programs of which the verifier refuses one. */
  public static ShuntProgram refused(Path directory) {
    return program(directory, List.of(UNCHECKED));
  }

  private static ShuntProgram program(Path directory, List<Change> changes) {
    return ShuntProgram.thisBuild().asNode().withResources(ChangedBuild.make(directory, changes));
  }
}
