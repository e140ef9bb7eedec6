package dev.shunt.e2e.verify.kernels;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The same run on the host's own kernel, in network namespaces, a cgroup and pins of its own. One
 * thread; blocks for a minute.
 */
final class HostKernel {
  private final GuestArchive files;
  private final Path directory;

  HostKernel(GuestArchive files, Path directory) {
    this.files = files;
    this.directory = directory.resolve("host");
  }

  /** What the run reported. */
  List<String> run() {
    String name = "km" + Long.toString(ProcessHandle.current().pid(), 36).toLowerCase(Locale.ROOT);
    Path cgroup =
        CgroupTree.mountPoint()
            .orElseThrow(() -> new SceneException("find cgroup v2 failed: not mounted"))
            .resolve("shunt-" + name);
    Path settings = directory.resolve("settings");
    Path results = directory.resolve("results");
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(results);
      RunSettings run =
          new RunSettings(
              name,
              directory.resolve("home"),
              cgroup,
              files.programs(),
              Path.of(SceneRequirements.program("ip")),
              freePort());
      GuestFiles.write(settings, run.text());
      ToolRun.lines(
          directory,
          "matrix",
          List.of(
              "busybox",
              "sh",
              files.scripts().resolve("matrix.sh").toString(),
              settings.toString(),
              results.toString()));
      return Files.readAllLines(results);
    } catch (IOException failed) {
      throw new SceneException("run on the host's kernel failed: " + failed, failed);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
