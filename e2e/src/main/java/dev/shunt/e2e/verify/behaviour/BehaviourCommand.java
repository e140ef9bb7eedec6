package dev.shunt.e2e.verify.behaviour;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.SceneUnavailableException;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code shunt verify behaviour}. Runs on the main thread; a signal removes everything from a
 * shutdown hook.
 */
@Command(
    name = "behaviour",
    description = {
      "Run every case on plain TCP and accelerated, and compare what an application can observe.",
      "Works in two network namespaces and a cgroup of its own, with a node of its own, and removes"
          + " all of it at the end. Needs root."
    },
    footer = {
      "%nExit codes: 0 no case is different; 1 some are; 2 wrong usage; 3 cannot run on this host.",
      "%nExample:%n  shunt verify behaviour --case half_close --variant v6/nonblock/loopback"
    })
public final class BehaviourCommand implements Callable<Integer> {
  @Mixin private OutputOption output;

  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "Only these cases; may be repeated. All by default.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--variant",
      paramLabel = "VARIANT",
      split = ",",
      description =
          "Only these variants, e.g. v4/nonblock/loopback; may be repeated. Each case has a set of"
              + " its own by default.")
  private List<String> variants = new ArrayList<>();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result as a section of this Markdown file as well.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Teardown teardown = new Teardown();
    Thread hook = new Thread(teardown::close, "behaviour-abort");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      SceneSweep.removeLeftovers();
      BehaviourReport result = run(teardown);
      writePage(result);
      output.output(spec).result(result.document(), result.text());
      return result.hasDifference() ? ExitCode.NEGATIVE : ExitCode.OK;
    } catch (SceneUnavailableException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    } catch (SceneException e) {
      if (!teardown.isClosed()) {
        err().println("shunt: " + e.getMessage());
        err().flush();
      }
      return ExitCode.NEGATIVE;
    } finally {
      removeHook(hook);
      teardown.close();
    }
  }

  private BehaviourReport run(Teardown teardown) {
    err().println("making the beds, starting a node, building the peers");
    err().flush();
    BehaviourStage stage = BehaviourStage.open(teardown);
    List<BehaviourCase> chosen = chosen(stage.cases());
    List<CaseRow> rows = new ArrayList<>();
    int done = 0;
    for (BehaviourCase each : chosen) {
      err().printf("[%d/%d] %s%n", ++done, chosen.size(), each.name());
      err().flush();
      for (String variant : variantsOf(each)) {
        rows.add(stage.compare(each, variant));
      }
    }
    return new BehaviourReport(rows);
  }

  private List<BehaviourCase> chosen(List<BehaviourCase> all) {
    for (String name : names) {
      if (all.stream().noneMatch(each -> each.name().equals(name))) {
        throw new ParameterException(spec.commandLine(), "no case '" + name + "'");
      }
    }
    List<BehaviourCase> chosen =
        all.stream()
            .filter(each -> names.isEmpty() || names.contains(each.name()))
            .filter(each -> !variantsOf(each).isEmpty())
            .toList();
    if (chosen.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "no case has variant " + variants);
    }
    return chosen;
  }

  private List<String> variantsOf(BehaviourCase each) {
    return variants.isEmpty()
        ? each.variants()
        : variants.stream().filter(each::hasVariant).toList();
  }

  private void writePage(BehaviourReport result) {
    Optional<Path> page = Optional.ofNullable(report);
    if (page.isPresent()) {
      try {
        Files.writeString(page.get(), CompatibilityPage.updated(page.get(), result));
      } catch (IOException e) {
        throw new SceneException("write " + page.get() + " failed: " + e, e);
      }
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the hook runs already: a signal ended the suite
    }
  }
}
