package dev.shunt.e2e.verify.filters;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.LibbpfMissingException;
import dev.shunt.datapath.programs.FilterDatapath;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt verify filters}. Main thread; attaches nothing, so nothing is left behind. */
@Command(
    name = "filters",
    description = {
      "Compare the packet filter programs with a matcher that goes rule by rule, on random and"
          + " mutated packets and random rules.",
      "Runs the programs on packets of its own and attaches them nowhere. Needs root."
    },
    footer = {
      "%nExit codes: 0 every verdict and every counter was equal; 1 one was not; 2 wrong usage; 3"
          + " cannot run on this host.",
      "%nExample:%n  shunt verify filters --packets 3000000 --seed 7"
    })
public final class FiltersCommand implements Callable<Integer> {
  private static final long PACKETS_MAX = 1_000_000_000L;
  private static final long SAY_NANOS = Duration.ofSeconds(2).toNanos();

  @Mixin private OutputOption output;

  @Option(
      names = "--packets",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "How many, 1 to 1000000000 (default: ${DEFAULT-VALUE}).")
  private long packets = 1_000_000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Repeats a run, or begins at the rule set of a mismatch (default: the clock).")
  private @Nullable Long seed;

  @Spec private CommandSpec spec;

  private long saidAt = System.nanoTime();

  @Override
  public Integer call() {
    if (packets < 1 || packets > PACKETS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--packets: " + packets + " (expected: 1 to " + PACKETS_MAX + ")");
    }
    Long given = seed;
    long first = given == null ? System.currentTimeMillis() : given;
    try (FilterDatapath datapath = FilterDatapath.load(new Libbpf())) {
      FuzzResult result = new FilterFuzz(datapath).run(first, packets, this::progress);
      output.output(spec).result(result.document(), result.text());
      return result.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
    } catch (LibbpfMissingException | BpfException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    }
  }

  private void progress(long done) {
    long now = System.nanoTime();
    if (now - saidAt > SAY_NANOS) {
      saidAt = now;
      spec.commandLine().getErr().printf("%,d of %,d packets%n", done, packets);
      spec.commandLine().getErr().flush();
    }
  }
}
