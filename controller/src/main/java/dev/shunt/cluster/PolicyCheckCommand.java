package dev.shunt.cluster;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.OutputOption;
import dev.shunt.cli.Table;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.ingest.file.PolicyDocuments;
import dev.shunt.ingest.file.RefusedPolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shunt policy check}: reads files as a node and a control plane do. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Read policy files with the readers of nodes and control planes, and say what is wrong:",
      "fields that are unknown or out of bounds, names used twice, policies that contradict."
    },
    footer = "%nExit code: 1 when something is wrong.")
final class PolicyCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--host",
      description =
          "The files are for a host without Kubernetes: hostSelector in the place of podSelector.")
  private boolean host;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "YAML or JSON files.")
  private List<Path> files = List.of();

  /** What one file holds. */
  private record Checked(Path file, List<NamedPolicy> policies, Optional<String> error) {}

  @Override
  public Integer call() {
    List<Checked> checked = new ArrayList<>();
    List<NamedPolicy> all = new ArrayList<>();
    for (Path file : files) {
      Checked one = check(file);
      checked.add(one);
      all.addAll(one.policies());
    }
    List<String> conflicts = PolicyConflicts.of(all);
    output.output(spec).result(document(checked, conflicts), text(checked, conflicts));
    boolean good = conflicts.isEmpty() && checked.stream().allMatch(f -> f.error().isEmpty());
    return good ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private Checked check(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new CannotRunException("read %s failed: %s".formatted(file, cause(e)), e);
    }
    try {
      String origin = file.toString();
      List<NamedPolicy> policies = new ArrayList<>();
      policies.addAll(
          host ? PolicyDocuments.readForHost(text, origin) : PolicyDocuments.read(text, origin));
      return new Checked(file, policies, Optional.empty());
    } catch (RefusedPolicyException e) {
      return new Checked(file, List.of(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private static String cause(IOException e) {
    return e instanceof NoSuchFileException
        ? "no such file (ENOENT/2)"
        : String.valueOf(e.getMessage());
  }

  private static Map<String, Object> document(List<Checked> checked, List<String> conflicts) {
    List<Object> list = new ArrayList<>();
    for (Checked file : checked) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("path", file.file().toString());
      one.put("accepted", file.error().isEmpty());
      one.put("error", file.error().orElse(""));
      one.put("policies", file.policies().stream().map(p -> p.name().toString()).toList());
      list.add(one);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("files", list);
    document.put("conflicts", conflicts);
    return document;
  }

  private static String text(List<Checked> checked, List<String> conflicts) {
    Table table = Table.of(Table.text("FILE"), Table.text("POLICY"), Table.text("RESULT"));
    StringBuilder faults = new StringBuilder();
    for (Checked file : checked) {
      file.policies().forEach(policy -> table.row(file.file(), policy.name(), "valid"));
      if (file.error().isPresent()) {
        table.row(file.file(), "-", "refused");
        faults.append(file.error().get()).append('\n');
      } else if (file.policies().isEmpty()) {
        table.row(file.file(), "-", "empty");
      }
    }
    conflicts.forEach(conflict -> faults.append(conflict).append('\n'));
    return table.render() + faults;
  }
}
