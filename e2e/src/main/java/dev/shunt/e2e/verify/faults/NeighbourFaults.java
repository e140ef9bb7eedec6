package dev.shunt.e2e.verify.faults;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Somebody else's programs come to the same hooks. Stateless. */
final class NeighbourFaults {
  private NeighbourFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "neighbour_after",
            "other sockops, connect and setsockopt programs come to the cgroup and go again",
            NeighbourFaults::after),
        new Fault(
            "neighbour_before",
            "the node starts in a cgroup that has such programs",
            NeighbourFaults::before));
  }

  private static Fault.Outcome after(FaultStage stage) {
    Teardown programs = attach(stage);
    stage.awaitRedirecting();
    programs.close();
    stage.awaitRedirecting();
    return new Fault.Outcome("", 0);
  }

  private static Fault.Outcome before(FaultStage stage) {
    stage.node().close();
    Teardown programs = attach(stage);
    stage.node().start();
    stage.awaitRedirecting();
    programs.close();
    stage.awaitRedirecting();
    return new Fault.Outcome(NodeFaults.readyLine(stage.node()), 0);
  }

  /** Closed with the stage, if not before. */
  private static Teardown attach(FaultStage stage) {
    Teardown programs = stage.add(new Teardown());
    try {
      BpfObject object = programs.add(new Libbpf().open("neighbour", compile(stage)));
      object.load();
      Fd cgroup = programs.add(Linux.open(stage.bed().cgroup().path()));
      for (String name : object.programNames()) {
        programs.add(object.program(name).attachCgroup(cgroup));
      }
      return programs;
    } catch (RuntimeException e) {
      programs.close();
      throw e;
    }
  }

  private static byte[] compile(FaultStage stage) {
    Path source = stage.bed().directory().resolve("neighbour.bpf.c");
    Path object = stage.bed().directory().resolve("neighbour.bpf.o");
    try (InputStream text = NeighbourFaults.class.getResourceAsStream("neighbour.bpf.c")) {
      Files.write(source, Objects.requireNonNull(text).readAllBytes());
      String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
      stage.run(
          "clang",
          "-O2",
          "-g",
          "-target",
          "bpf",
          // asm/types.h lies in the architecture's own folder on Debian
          "-idirafter",
          "/usr/include/" + machine + "-linux-gnu",
          "-c",
          source.toString(),
          "-o",
          object.toString());
      return Files.readAllBytes(object);
    } catch (IOException e) {
      throw new SceneException("compile the other programs failed: " + e, e);
    }
  }
}
