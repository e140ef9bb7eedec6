package dev.shunt.e2e.verify.behaviour;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
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

/** {@code shunt verify behaviour}. Main thread. */
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

  @Mixin private CaseOption cases;

  @Mixin private ReportOption report;

  @Option(
      names = "--variant",
      paramLabel = "VARIANT",
      split = ",",
      description =
          "Only these variants, e.g. v4/nonblock/loopback; may be repeated. Each case has a set of"
              + " its own by default.")
  private List<String> variants = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SuiteFrame frame = new SuiteFrame(spec);
    return frame.run(
        teardown -> {
          BehaviourReport result = run(teardown, frame);
          report.write(page -> CompatibilityPage.updated(page, result));
          output.output(spec).result(result.document(), result.text());
          return result.hasDifference() ? ExitCode.NEGATIVE : ExitCode.OK;
        });
  }

  private BehaviourReport run(Teardown teardown, SuiteFrame frame) {
    frame.say("making the beds, starting a node, building the peers");
    BehaviourStage stage = BehaviourStage.open(teardown);
    List<BehaviourCase> chosen = chosen(stage.cases());
    List<CaseRow> rows = new ArrayList<>();
    int done = 0;
    for (BehaviourCase each : chosen) {
      frame.say("[%d/%d] %s".formatted(++done, chosen.size(), each.name()));
      for (String variant : variantsOf(each)) {
        rows.add(stage.compare(each, variant));
      }
    }
    return new BehaviourReport(rows);
  }

  private List<BehaviourCase> chosen(List<BehaviourCase> all) {
    List<BehaviourCase> chosen =
        cases.chosen(all, BehaviourCase::name).stream()
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
}
