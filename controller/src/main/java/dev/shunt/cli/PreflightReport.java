package dev.shunt.cli;

import dev.shunt.cli.preflight.Finding;
import dev.shunt.cli.preflight.Finding.Level;
import dev.shunt.cli.preflight.HostFiles;
import dev.shunt.cli.preflight.Preflight;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The findings about a host for people and for scripts. Stateless. */
final class PreflightReport {
  private PreflightReport() {}

  static int write(Output out, Path root) {
    List<Finding> findings = findings(root);
    out.result(document(findings), text(findings, out.paint()));
    return canRun(findings) ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  /** What was found on this host, as a document. */
  static Map<String, Object> document(List<Finding> findings) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ok", canRun(findings));
    document.put("checks", findings.stream().map(Finding::document).toList());
    return document;
  }

  static List<Finding> findings(Path root) {
    String property = System.getProperty("shunt.libbpf", "");
    String variable = System.getenv("SHUNT_LIBBPF");
    String override = property.isEmpty() && variable != null ? variable : property;
    return Preflight.run(new HostFiles(root), override);
  }

  private static boolean canRun(List<Finding> findings) {
    return findings.stream().noneMatch(finding -> finding.level() == Level.FAIL);
  }

  private static String text(List<Finding> findings, Paint paint) {
    Table table = Table.of(Table.text("CHECK"), Table.text("RESULT"), Table.text("FOUND"));
    for (Finding finding : findings) {
      table.row(finding.check(), finding.level().label(), found(finding, paint));
    }
    String verdict =
        canRun(findings)
            ? paint.good("this host can run Shunt")
            : paint.bad("this host cannot run Shunt yet");
    return table.render() + "\n" + verdict + "\n";
  }

  private static String found(Finding finding, Paint paint) {
    return switch (finding.level()) {
      case OK -> finding.detail();
      case WARN -> paint.warning(finding.detail()) + "; " + finding.remedy();
      case FAIL -> paint.bad(finding.detail()) + "; " + finding.remedy();
    };
  }
}
