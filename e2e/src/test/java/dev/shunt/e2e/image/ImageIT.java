package dev.shunt.e2e.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneCommand;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./shunt image} writes works as the chart runs it. */
class ImageIT {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
  private static final Duration RUN_LIMIT = Duration.ofSeconds(60);
  private static final Path DAEMON_SET = Path.of("../charts/shunt/templates/node/daemonset.yaml");
  private static final Pattern CAPABILITY = Pattern.compile("\\s+- ([A-Z]+(?:_[A-Z]+)*)");

  /** Goes into a cgroup and sees itself at the root there, as containers do. */
  private static final String CGROUP =
      "echo $$ >\"$0/cgroup.procs\"; exec unshare --cgroup --mount --net \"$@\"";

  /** In a mount namespace of its own: what the runtime mounts, then the root's own program. */
  private static final String MOUNTS =
      "set -e; mount -t proc proc \"$0/proc\"; mount --rbind /dev \"$0/dev\";"
          + " mount --rbind /sys \"$0/sys\"; exec \"$@\"";

  @TempDir private static Path folder;
  private static UnpackedImage image = new UnpackedImage(Path.of(""), Path.of(""));

  @BeforeAll
  static void build() throws IOException {
    Path tar = folder.resolve("image.tar");
    SceneCommand.run(List.of("../shunt", "image", "--output", tar.toString()), "", BUILD_LIMIT);
    image = UnpackedImage.of(tar, folder);
  }

  @Test
  void layout_blobs_namedByTheirDigest() throws IOException {
    assertThat(image.wrongDigests()).isEmpty();
    assertThat(image.layers()).hasSize(4);
    assertThat(image.config().get("os")).isEqualTo("linux");
  }

  @Test
  void config_user_isNotRoot() throws IOException {
    Map<?, ?> config = UnpackedImage.map(image.config(), "config");

    assertThat(config.get("User")).isEqualTo("65532:65532");
    assertThat(config.get("Entrypoint")).isEqualTo(List.of("/usr/bin/shunt"));
  }

  @Test
  void files_everyOne_notSetuidAndNotWritableByOthers() throws IOException {
    assertThat(
            SceneCommand.run(
                List.of(
                    "find",
                    image.root().toString(),
                    "!",
                    "-type",
                    "l",
                    "(",
                    "-perm",
                    "/6000",
                    "-o",
                    "-perm",
                    "/0022",
                    ")",
                    "!",
                    "-path",
                    "*/tmp")))
        .isEmpty();
  }

  @Test
  void version_asItsUser_runsFromTheSharedArchive() {
    // on: fail rather than go without the archive
    assertThat(
            run(
                List.of("SHUNT_JAVA_ARGS=-Xshare:on"),
                List.of("--userspec=65532:65532"),
                "version"))
        .startsWith("shunt ");
  }

  @Test
  void commands_ofTheSourceTree_absent() {
    assertThat(run(List.of(), List.of(), "--help"))
        .contains("node", "uninstall", "selftest")
        .doesNotContain("verify", "bench", "demo");
  }

  @Test
  void bill_everyLibrary_named() throws IOException {
    Map<?, ?> bill = UnpackedImage.read(image.root().resolve("opt/shunt/app/sbom.cdx.json"));
    List<String> named =
        UnpackedImage.list(bill, "components").stream()
            .map(component -> (Map<?, ?>) component)
            .filter(component -> component.get("group") != null)
            .map(component -> component.get("name") + "-" + component.get("version"))
            .toList();
    try (Stream<Path> jars = Files.list(image.root().resolve("opt/shunt/lib"))) {
      for (Path jar : jars.toList()) {
        String name = String.valueOf(jar.getFileName());
        assertThat(named).as(name).anyMatch(name::startsWith);
      }
    }
  }

  @Test
  void node_capabilitiesOfTheChart_startsPassesItsSelfTestAndDrains() throws Exception {
    String name = "shunt-image-" + ProcessHandle.current().pid();
    Path cgroup = Files.createDirectory(cgroupRoot().resolve(name));
    Path own = Files.createDirectory(cgroup.resolve("node"));
    List<String> arguments =
        List.of(
            "node",
            "--cgroup=" + cgroup,
            "--pin-dir=/sys/fs/bpf/" + name,
            "--metrics-port=0",
            "--socket=/run/node.sock");
    Path log = folder.resolve("node.log");
    try (SceneProcess node = SceneProcess.start("node", asContainer(own, arguments), log)) {
      boolean ready =
          Await.until(() -> !node.isAlive() || node.log().contains("shunt node ready"), RUN_LIMIT);
      assertThat(ready && node.isAlive()).as(node.log()).isTrue();
      assertThat(node.log()).contains("self-test passed, new pins");
      assertThat(run(List.of(), List.of(), "selftest", "--socket=/run/node.sock"))
          .contains("passed");
      assertThat(Path.of("/proc", Long.toString(node.pid()), "cgroup"))
          .content()
          .contains("/" + name + "/node");
    } finally {
      assertThat(Files.exists(Path.of("/sys/fs/bpf", name))).isFalse();
      Files.delete(own);
      Files.delete(cgroup);
    }
  }

  /** In a network namespace of its own, so that the host's interfaces are left alone. */
  private static List<String> asContainer(Path cgroup, List<String> arguments) throws IOException {
    List<String> chart = chartCapabilities();
    assertThat(chart).contains("SYS_ADMIN", "NET_ADMIN");
    String others =
        Stream.of(SceneCommand.run(List.of("capsh", "--print")).split("\\R"))
            .filter(line -> line.startsWith("Bounding set ="))
            .flatMap(line -> Stream.of(line.substring(line.indexOf('=') + 1).split(",")))
            .filter(each -> !chart.contains(each.replace("cap_", "").toUpperCase(Locale.ROOT)))
            .collect(Collectors.joining(","));
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", CGROUP, cgroup.toString(), "sh", "-c", MOUNTS));
    command.addAll(
        List.of(
            image.root().toString(),
            "capsh",
            "--chroot=" + image.root(),
            "--drop=" + others,
            "--shell=/usr/bin/shunt",
            "--"));
    command.addAll(arguments);
    return command;
  }

  /** As the chart lists them. */
  private static List<String> chartCapabilities() throws IOException {
    List<String> lines = Files.readAllLines(DAEMON_SET);
    int first = lines.indexOf("              add:") + 1;
    List<String> capabilities = new ArrayList<>();
    for (String line : lines.subList(first, lines.size())) {
      var capability = CAPABILITY.matcher(line);
      if (capability.matches()) {
        capabilities.add(capability.group(1));
      } else if (!line.strip().startsWith("#")) {
        break;
      }
    }
    return capabilities;
  }

  private static String run(
      List<String> environment, List<String> chrootOptions, String... arguments) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", MOUNTS));
    command.add(image.root().toString());
    command.add("env");
    command.addAll(environment);
    command.add("chroot");
    command.addAll(chrootOptions);
    command.addAll(List.of(image.root().toString(), "/usr/bin/shunt"));
    command.addAll(List.of(arguments));
    return SceneCommand.run(command, "", RUN_LIMIT);
  }

  private static Path cgroupRoot() {
    return CgroupTree.find().orElseThrow().root();
  }
}
