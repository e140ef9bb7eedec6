package dev.shunt.datapath.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.TestObjects;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is left of a module that did not come up. */
class OpenTraceIT {
  private static final TraceProgram.Rung RUNG =
      new TraceProgram.Rung(
          "on_any_call",
          "raw_tp/sys_enter",
          program -> List.of(program.attachRawTracepoint("sys_enter")));

  /** The object is none of a module: it attaches, and has no map of choices. */
  @Test
  void open_objectWithoutAMapOfModules_leavesNothing() throws IOException {
    try (BpfObject object = new Libbpf().open("basic", TestObjects.compile("basic"))) {
      object.load();
      long before = held();

      assertThatThrownBy(
              () -> new OpenTrace(object, TraceProgram.CONNECT, RUNG, OpenTrace.Rates.DEFAULT))
          .hasMessageContaining("chosen");

      assertThat(held()).isEqualTo(before);
    }
  }

  /** Links, and mappings of maps. */
  private static long held() throws IOException {
    long held = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
      for (Path file : files) {
        held += Files.readString(file).contains("link_type:") ? 1 : 0;
      }
    }
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
      return held + mappings.filter(line -> line.contains("bpf-map")).count();
    }
  }
}
