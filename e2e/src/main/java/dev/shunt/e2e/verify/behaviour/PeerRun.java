package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Runs cases of the C peers on a stage. Immutable. */
public final class PeerRun {
  private static final Duration CASE_LIMIT = Duration.ofMinutes(6);

  private final PeerProgram program;
  private final UnaryOperator<List<String>> wrap;

  /** Runs cases of these peers. */
  public PeerRun(PeerProgram program) {
    this(program, UnaryOperator.identity());
  }

  /**
   * As the other one.
   *
   * @param wrap makes of the peers' command the one that runs
   */
  public PeerRun(PeerProgram program, UnaryOperator<List<String>> wrap) {
    this.program = program;
    this.wrap = wrap;
  }

  /**
   * Runs one case to its end.
   *
   * @param options further options of the peers, e.g. {@code --count 1000}
   * @throws SceneException when it printed no document
   */
  Observations run(CaseStage stage, String caseName, PeerVariant variant, List<String> options) {
    boolean always = caseName.equals("syncookies");
    stage.bed().setting("net.ipv4.tcp_syncookies", always ? "2" : "1");
    SceneProcess process = start(stage, caseName, variant, options);
    process.awaitExit(CASE_LIMIT);
    String document = process.log().strip();
    if (document.isEmpty()) {
      throw new SceneException("run case " + caseName + " failed: no document");
    }
    return Observations.parse(document);
  }

  /**
   * Starts a case; the caller ends one of kind load with SIGTERM and reads its document from the
   * log.
   */
  public SceneProcess start(
      CaseStage stage, String caseName, PeerVariant variant, List<String> options) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(program.executable().toString(), "run", caseName));
    argv.addAll(List.of("--family", variant.family().name().toLowerCase(Locale.ROOT)));
    argv.add("--" + variant.mode().name().toLowerCase(Locale.ROOT));
    argv.addAll(stage.bed().routeOptions(variant));
    argv.addAll(options);
    Path output = stage.directory().resolve(caseName + ".json");
    Path errors = stage.directory().resolve(caseName + ".err");
    return SceneProcess.startWithErrors(
        "case " + caseName,
        wrap.apply(stage.cgroup().joining(stage.bed().inServerNamespace(argv))),
        output,
        errors);
  }
}
