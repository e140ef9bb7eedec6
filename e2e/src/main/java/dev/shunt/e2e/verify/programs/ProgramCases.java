package dev.shunt.e2e.verify.programs;

import dev.shunt.e2e.verify.behaviour.BehaviourCase;
import dev.shunt.e2e.verify.behaviour.CaseProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings the cases of real programs. Main thread; keeps nothing. A program is looked for when its
 * case runs.
 */
public final class ProgramCases implements CaseProvider {
  @Override
  public List<BehaviourCase> cases(Path directory) {
    ProgramFiles files = new ProgramFiles(directory.resolve("programs"));
    return Stream.of(
            WebServerCases.all(),
            ProxyCases.all(),
            StoreCases.all(),
            ToolCases.all(),
            LanguageCases.all(),
            JvmCases.all())
        .flatMap(List::stream)
        .map(scenario -> (BehaviourCase) new ProgramCase(scenario, files))
        .toList();
  }
}
