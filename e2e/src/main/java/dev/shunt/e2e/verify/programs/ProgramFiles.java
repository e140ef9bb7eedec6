package dev.shunt.e2e.verify.programs;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What all runs share: the payload and the small peers that this build carries, made when first
 * asked for. Main thread; the files go with the folder.
 */
final class ProgramFiles {
  /** Sizes that HTTP clients ask for; each is also a file for servers of files. */
  static final List<Integer> BODY_SIZES = List.of(1, 100, 1024, 4096, 16384, 65536, 262144);

  private static final int PAYLOAD_BYTES = 4 << 20;
  private static final long SEED = 20260801;

  /** A first build compiles Go's own library too: about a minute of two processors. */
  private static final Duration GO_BUILD_LIMIT = Duration.ofMinutes(4);

  private final Path folder;

  ProgramFiles(Path folder) {
    this.folder = folder;
  }

  /** Random bytes, the same in every run. */
  Path payload() {
    return once(
        folder().resolve("payload"),
        file -> {
          byte[] bytes = new byte[PAYLOAD_BYTES];
          new Random(SEED).nextBytes(bytes);
          Files.write(file, bytes);
        });
  }

  /** A folder with {@code bytes/N}, the first N bytes of the payload, for each body size. */
  Path webRoot() {
    Path root = folder().resolve("www");
    once(
        root.resolve("bytes"),
        bytes -> {
          Files.createDirectories(bytes);
          byte[] all = Files.readAllBytes(payload());
          for (int size : BODY_SIZES) {
            Files.write(bytes.resolve(Integer.toString(size)), Arrays.copyOf(all, size));
          }
          Files.write(bytes.resolve("all"), all);
        });
    return root;
  }

  /** A peer's source as a file. */
  Path source(String name) {
    return once(
        folder().resolve(name),
        file -> {
          try (InputStream source = ProgramFiles.class.getResourceAsStream(name)) {
            if (source == null) {
              throw new IOException("no resource " + name);
            }
            Files.copy(source, file);
          }
        });
  }

  /** The Go peer, compiled. */
  Path goPeer() {
    return once(folder().resolve("go_peer"), this::buildGo);
  }

  private void buildGo(Path target) {
    List<String> argv =
        List.of(
            "env",
            "CGO_ENABLED=0",
            "GO111MODULE=off",
            "GOTOOLCHAIN=local",
            Programs.path("go"),
            "build",
            "-o",
            target.toString(),
            source("go_peer.go").toString());
    SceneProcess build = SceneProcess.start("go build", argv, folder().resolve("go.log"));
    if (build.awaitExit(GO_BUILD_LIMIT) != 0) {
      throw new SceneException("build go_peer failed: " + build.logTail());
    }
  }

  /** A self-signed certificate with its key: {@code key.pem}, {@code cert.pem} in this folder. */
  Path certificate() {
    Path made = folder().resolve("tls");
    return once(made, this::makeCertificate);
  }

  private void makeCertificate(Path made) throws IOException {
    Files.createDirectories(made);
    List<String> argv =
        List.of(
            Programs.path("openssl"),
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-batch",
            "-subj",
            "/CN=localhost",
            "-days",
            "2",
            "-keyout",
            made.resolve("key.pem").toString(),
            "-out",
            made.resolve("cert.pem").toString());
    SceneProcess make = SceneProcess.start("openssl req", argv, folder().resolve("openssl.log"));
    if (make.awaitExit(Duration.ofSeconds(30)) != 0) {
      throw new SceneException("make certificate failed: " + make.logTail());
    }
  }

  private Path folder() {
    return once(
        folder,
        path -> {
          Files.createDirectories(path);
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        });
  }

  /** Makes a file or folder. */
  private interface Maker {
    void make(Path path) throws IOException;
  }

  private static Path once(Path path, Maker maker) {
    if (!Files.exists(path)) {
      try {
        maker.make(path);
      } catch (IOException e) {
        throw new SceneException("make " + path + " failed: " + e, e);
      }
    }
    return path;
  }
}
