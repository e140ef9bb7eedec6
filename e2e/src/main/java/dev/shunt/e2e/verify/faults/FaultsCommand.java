package dev.shunt.e2e.verify.faults;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
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
 * {@code shunt verify faults}. Runs on the main thread; a signal removes everything from a shutdown
 * hook.
 */
@Command(
    name = "faults",
    description = {
      "Let things go wrong under checksummed load: no byte may be lost or changed, no connection"
          + " reset.",
      "Each fault gets network namespaces, a cgroup and a node of its own, which are removed"
          + " afterwards. Needs root."
    },
    footer = {
      "%nExit codes: 0 every fault passed; 1 some did not, or too few bytes were checked; 2 wrong"
          + " usage; 3 cannot run on this host.",
      "%nExample:%n  shunt verify faults --case node_killed,state_full"
    })
public final class FaultsCommand implements Callable<Integer> {
  private static final long GIGABYTE = 1_000_000_000;

  @Mixin private OutputOption output;

  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "Only these faults; may be repeated. All by default.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--gigabytes",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Least to be checked over all faults; ignored with --case (default: ${DEFAULT-VALUE}).")
  private int gigabytes = 20;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result as a section of this Markdown file as well.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  private final Teardown teardown = new Teardown();

  @Override
  public Integer call() {
    List<Fault> chosen = chosen();
    Thread hook = new Thread(teardown::close, "faults-abort");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      SceneSweep.removeLeftovers();
      FaultReport result = run(chosen);
      if (report != null) {
        Files.writeString(report, FaultsPage.updated(report, result));
      }
      output.output(spec).result(result.document(), result.text());
      return result.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
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

  private List<Fault> chosen() {
    List<Fault> all = Faults.all();
    for (String name : names) {
      if (all.stream().noneMatch(fault -> fault.name().equals(name))) {
        throw new ParameterException(
            spec.commandLine(),
            "--case: %s (expected: one of %s)"
                .formatted(name, String.join(", ", all.stream().map(Fault::name).toList())));
      }
    }
    return all.stream().filter(f -> names.isEmpty() || names.contains(f.name())).toList();
  }

  private FaultReport run(List<Fault> chosen) {
    say("building the peers");
    SceneDirectory directory =
        teardown.add(SceneDirectory.create(SceneName.fresh("faults").toString()));
    FaultBuilds builds = new FaultBuilds(directory.path());
    List<FaultRow> rows = new ArrayList<>();
    for (Fault fault : chosen) {
      say("[%d/%d] %s: %s".formatted(rows.size() + 1, chosen.size(), fault.name(), fault.what()));
      rows.add(Faults.run(fault, builds, teardown));
    }
    return new FaultReport(rows, names.isEmpty() ? gigabytes * GIGABYTE : 0);
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
