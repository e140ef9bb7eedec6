package dev.shunt.e2e.verify.kernels;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.scene.AbortHook;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
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
 * {@code shunt verify kernels}. Runs on the main thread; a signal ends the guest and what runs on
 * the host from a shutdown hook.
 */
@Command(
    name = "kernels",
    description = {
      "Boot kernels of the distribution in QEMU and run the data path on each, and on the host's.",
      "Fetches kernel packages with apt into the user's cache, loads every program, starts a real"
          + " node, and runs the core behaviour cases on plain TCP and accelerated. Needs root."
    },
    footer = {
      "%nExit codes: 0 every kernel passed; 1 one did not; 2 wrong usage; 3 cannot run on this"
          + " host.",
      "%nExample:%n  shunt verify kernels --kernel host --kernel 6.1"
    })
public final class KernelsCommand implements Callable<Integer> {
  @Mixin private OutputOption output;

  @Option(
      names = "--kernel",
      paramLabel = "V",
      split = ",",
      description =
          "Only this kernel: host, a release such as 6.12.117+deb12-cloud-amd64, or the beginning"
              + " of one for the newest; may be repeated. By default the host's and the newest of"
              + " each series that apt offers, without the cloud flavour.")
  private List<String> kernels = new ArrayList<>();

  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "Only these cases; may be repeated. All of the list by default.")
  private List<String> cases = new ArrayList<>();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result as a Markdown page as well.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SceneRequirements.problem()
        .ifPresent(
            problem -> {
              throw new CannotRunException(problem);
            });
    AbortHook hook = AbortHook.install("kernels", KernelsCommand::endChildren);
    try (KernelMatrix matrix = KernelMatrix.open(cases, spec.commandLine().getErr())) {
      KernelsReport result = new KernelsReport(matrix.run(chosen(matrix)));
      if (report != null) {
        GuestFiles.write(report, KernelsPage.of(result, arguments()));
      }
      output.output(spec).result(result.document(), result.text());
      return result.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
    } catch (SceneException failed) {
      spec.commandLine().getErr().println("shunt: " + failed.getMessage());
      spec.commandLine().getErr().flush();
      return ExitCode.NEGATIVE;
    } finally {
      hook.close();
    }
  }

  private List<String> chosen(KernelMatrix matrix) {
    List<String> unknown = kernels.stream().filter(each -> matrix.find(each).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "no kernel '" + unknown.get(0) + "' (expected: host or one of " + matrix.offered() + ")");
    }
    return kernels.isEmpty()
        ? matrix.defaults()
        : kernels.stream().map(each -> matrix.find(each).orElseThrow()).distinct().toList();
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    kernels.forEach(each -> arguments.addAll(List.of("--kernel", each)));
    cases.forEach(each -> arguments.addAll(List.of("--case", each)));
    arguments.addAll(List.of("--report", "docs/kernels.md"));
    return arguments;
  }

  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
  }
}
