package dev.shunt.e2e.bench.filters;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.LibbpfMissingException;
import dev.shunt.e2e.scene.AbortHook;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt bench filters}. Main thread; a shutdown hook removes the scene after a signal. */
@Command(
    name = "filters",
    description = {
      "Measure what a packet costs in the packet filter programs, by number of rules and of CIDRs:"
          + " in the programs alone, and with traffic over veth next to nftables with the same"
          + " rules.",
      "Everything runs in network namespaces of its own and is removed at the end. Needs root."
    },
    footer = {
      "%nExit codes: 0 10,000 CIDRs cost at most 1.3 times what 10 cost, and less than nftables; 1"
          + " they cost more; 2 wrong usage; 3 cannot run on this host.",
      "%nExample:%n  shunt bench filters --rounds 21"
    })
public final class FilterBenchCommand implements Callable<Integer> {
  private static final int ROUNDS_MAX = 1_000;

  @Mixin private OutputOption output;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "How often each cell is measured, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int rounds = 9;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 1 || rounds > ROUNDS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: " + rounds + " (expected: 1 to " + ROUNDS_MAX + ")");
    }
    FilterBenchSession session = new FilterBenchSession(this::say);
    AbortHook hook = AbortHook.install("bench-filters", session::close);
    try (session) {
      FilterBenchReport report = session.measure(rounds);
      output.output(spec).result(report.document(), report.text());
      return report.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
    } catch (LibbpfMissingException | BpfException | SceneUnavailableException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    } catch (SceneException e) {
      if (!session.isClosed()) {
        throw e;
      }
      return ExitCode.NEGATIVE;
    } finally {
      hook.close();
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
