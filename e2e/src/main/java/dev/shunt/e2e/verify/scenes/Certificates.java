package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.EnvoyTls;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An authority of a scene's own, and what it signed for the sidecars; made with openssl, good for
 * two days. One thread.
 */
final class Certificates {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String DAYS = "2";

  private final Path folder;
  private int commands;

  private Certificates(Path folder) {
    this.folder = folder;
  }

  /** Makes an authority and one workload certificate, which both sidecars show. */
  static EnvoyTls make(SceneDirectory directory) {
    Path folder = directory.folder("certificates", 0);
    new Certificates(folder).makeAll();
    return new EnvoyTls(
        folder.resolve("ca.pem"), folder.resolve("workload.pem"), folder.resolve("workload.key"));
  }

  private void makeAll() {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch -subj /O=mesh"
            + " -days "
            + DAYS
            + " -keyout ca.key -out ca.pem");
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch -subj /CN=workload"
            + " -keyout workload.key -out workload.csr");
    openssl(
        "x509 -req -in workload.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days "
            + DAYS
            + " -out workload.pem");
    try {
      // the proxies run as users of their own; the directory above lists for nobody
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      for (String file : List.of("ca.pem", "workload.pem", "workload.key")) {
        Files.setPosixFilePermissions(
            folder.resolve(file), PosixFilePermissions.fromString("rw-r--r--"));
      }
    } catch (IOException e) {
      throw new SceneException("make certificates in " + folder + " failed: " + e, e);
    }
  }

  private void openssl(String arguments) {
    List<String> argv = new ArrayList<>(List.of(SceneRequirements.program("openssl")));
    for (String argument : arguments.split(" ", -1)) {
      argv.add(
          argument.matches(".*\\.(key|pem|csr)") ? folder.resolve(argument).toString() : argument);
    }
    Path log = folder.resolve("openssl-" + commands++ + ".log");
    SceneProcess process = SceneProcess.start("openssl", argv, log);
    if (process.awaitExit(LIMIT) != 0) {
      throw new SceneException("make certificate failed: " + process.logTail());
    }
  }
}
