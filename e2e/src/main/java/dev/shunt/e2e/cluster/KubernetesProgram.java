package dev.shunt.e2e.cluster;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.ResourceTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * The program that holds etcd, kube-apiserver, kube-controller-manager and kube-scheduler: built
 * from the Go modules that {@code e2e/cluster/kubernetes} pins, once for each pin, and kept. Any
 * thread; the first build blocks for many minutes.
 */
public final class KubernetesProgram {
  /** The pinned version of Kubernetes; {@code go.mod} has the same. */
  public static final String VERSION = "1.34.4";

  private static final String SOURCES = "/dev/shunt/e2e/cluster/kubernetes";
  private static final List<String> SOURCE_FILES = List.of("go.mod", "go.sum", "main.go");
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(90);
  private static final Duration PROGRESS = Duration.ofSeconds(15);
  private static final String NAME = "kubernetes";

  /** What upstream's build sets: the API server tells its version by it. */
  private static final String LINKED =
      "-s -w"
          + " -X k8s.io/component-base/version.gitVersion=v%s"
          + " -X k8s.io/component-base/version.gitMajor=1"
          + " -X k8s.io/component-base/version.gitMinor=34";

  private KubernetesProgram() {}

  /**
   * The program, built first when this user does not have it.
   *
   * @param progress gets a line now and then while it is built
   * @throws SceneUnavailableException when it cannot be built here
   */
  public static Path path(ClusterCache cache, Consumer<String> progress) {
    return cache
        .keep(NAME, VERSION + "-" + digest(), fresh -> build(cache, fresh, progress))
        .resolve(NAME);
  }

  /** Changes with every source: the pin is more than the version. */
  private static String digest() {
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      for (String file : SOURCE_FILES) {
        try (InputStream in = KubernetesProgram.class.getResourceAsStream(SOURCES + "/" + file)) {
          if (in == null) {
            throw new SceneException("read " + file + " failed: this build does not carry it");
          }
          sum.update(in.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(sum.digest(), 0, 6);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new SceneException("read " + SOURCES + " failed: " + e, e);
    }
  }

  private static void build(ClusterCache cache, Path fresh, Consumer<String> progress)
      throws IOException {
    Path go = GoToolchain.go(cache);
    progress.accept(
        "building Kubernetes " + VERSION + " from its Go modules; once, and it takes many minutes");
    try (SceneDirectory work = SceneDirectory.existing(Files.createTempDirectory("shunt-go-"))) {
      Path sources = work.path().resolve("source");
      ResourceTree.copy(SOURCES, sources);
      Path built = work.path().resolve(NAME);
      run(command(go, sources, built), work.path().resolve("build.log"), progress);
      Files.copy(built, fresh.resolve(NAME), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private static List<String> command(Path go, Path sources, Path built) {
    List<String> argv = new ArrayList<>(List.of("nice", "-n", "10", "env"));
    argv.addAll(List.of("CGO_ENABLED=0", "GOTOOLCHAIN=local", "GOFLAGS=-mod=readonly"));
    argv.addAll(List.of(go.toString(), "build", "-C", sources.toString(), "-v"));
    argv.addAll(List.of("-trimpath", "-buildvcs=false", "-p", "2"));
    argv.addAll(List.of("-ldflags", LINKED.formatted(VERSION), "-o", built.toString(), "."));
    return argv;
  }

  private static void run(List<String> argv, Path log, Consumer<String> progress) {
    long start = System.nanoTime();
    try (SceneProcess build = SceneProcess.start("go build", argv, log)) {
      while (build.isAlive()) {
        if (!ended(build)) {
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          long packages = build.log().lines().filter(line -> !line.startsWith("go: ")).count();
          progress.accept(
              "  %d packages compiled in %d min %02d s"
                  .formatted(packages, took.toMinutes(), took.toSecondsPart()));
          if (took.compareTo(BUILD_LIMIT) > 0) {
            throw new SceneUnavailableException(
                "build Kubernetes " + VERSION + " failed: still running after " + BUILD_LIMIT);
          }
        }
      }
      if (build.awaitExit(PROGRESS) != 0) {
        throw new SceneUnavailableException(
            "build Kubernetes %s failed: %s; connect this host to a Go module proxy once"
                .formatted(VERSION, build.logTail()));
      }
    }
  }

  private static boolean ended(SceneProcess build) {
    return Await.until(() -> !build.isAlive(), PROGRESS);
  }
}
