package dev.shunt.e2e.behaviour;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs cases of the peers in a bed. One thread. Each run gets a cgroup of its own below the bed's:
 * what is learned about the workload of one case does not reach the next.
 */
final class PeerRun {
  private static final Duration CASE_LIMIT = Duration.ofMinutes(6);

  private final PeerProgram program;
  private final PeerBed bed;
  private int runs;

  PeerRun(PeerProgram program, PeerBed bed) {
    this.program = program;
    this.bed = bed;
  }

  /**
   * Runs one case to its end.
   *
   * @param options further options of the peers, e.g. {@code --count 1000}
   * @throws SceneException when it printed no document
   */
  PeerResult run(String caseName, PeerVariant variant, List<String> options) {
    bed.setting("net.ipv4.tcp_syncookies", caseName.equals("syncookies") ? "2" : "1");
    String run = "run-" + runs++;
    try (CgroupTree cgroup = bed.cgroup().child(run)) {
      SceneProcess process = start(run, cgroup, caseName, variant, options);
      process.awaitExit(CASE_LIMIT);
      String document = process.log().strip();
      if (document.isEmpty()) {
        throw new SceneException("run case " + caseName + " failed: no document");
      }
      return PeerResult.parse(document);
    }
  }

  /**
   * Starts a case of kind load in {@code cgroup}; the caller ends it with SIGTERM and reads its
   * document from the log.
   */
  SceneProcess start(
      String run, CgroupTree cgroup, String caseName, PeerVariant variant, List<String> options) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(program.executable().toString(), "run", caseName));
    argv.addAll(List.of("--family", variant.family().name().toLowerCase(Locale.ROOT)));
    argv.add("--" + variant.mode().name().toLowerCase(Locale.ROOT));
    argv.addAll(bed.routeOptions(variant));
    argv.addAll(options);
    Path output = bed.directory().resolve(run + ".json");
    Path errors = bed.directory().resolve(run + ".err");
    return SceneProcess.startWithErrors(
        "case " + caseName, cgroup.joining(bed.inServerNamespace(argv)), output, errors);
  }
}
