package dev.shunt.e2e.verify.faults;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
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
import picocli.CommandLine.Spec;

/** {@code shunt verify faults}. Main thread. */
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

  @Mixin private CaseOption cases;

  @Mixin private ReportOption report;

  @Option(
      names = "--gigabytes",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Least to be checked over all faults; ignored with --case (default: ${DEFAULT-VALUE}).")
  private int gigabytes = 20;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Fault> chosen = cases.chosen(Faults.all(), Fault::name);
    SuiteFrame frame = new SuiteFrame(spec);
    return frame.run(
        teardown -> {
          FaultReport result = run(chosen, teardown, frame);
          report.write(page -> FaultsPage.updated(page, result));
          output.output(spec).result(result.document(), result.text());
          return result.passed() ? ExitCode.OK : ExitCode.NEGATIVE;
        });
  }

  private FaultReport run(List<Fault> chosen, Teardown teardown, SuiteFrame frame) {
    frame.say("building the peers");
    SceneDirectory directory =
        teardown.add(SceneDirectory.create(SceneName.fresh("faults").toString()));
    FaultBuilds builds = new FaultBuilds(directory.path());
    List<FaultRow> rows = new ArrayList<>();
    for (Fault fault : chosen) {
      frame.say(
          "[%d/%d] %s: %s".formatted(rows.size() + 1, chosen.size(), fault.name(), fault.what()));
      rows.add(Faults.run(fault, builds, teardown));
    }
    return new FaultReport(rows, cases.isGiven() ? 0 : gigabytes * GIGABYTE);
  }
}
