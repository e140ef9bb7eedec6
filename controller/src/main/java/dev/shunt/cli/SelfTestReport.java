package dev.shunt.cli;

import dev.shunt.v1.RunSelfTestRequest;
import dev.shunt.v1.RunSelfTestResponse;
import dev.shunt.v1.SelfTestCheck;
import java.util.List;

/** The self-test's outcome for people and for scripts. Stateless. */
final class SelfTestReport {
  private SelfTestReport() {}

  static int write(NodeSession session, Output out) {
    RunSelfTestResponse report =
        session.stream().runSelfTest(RunSelfTestRequest.getDefaultInstance());
    String verdict =
        report.getPassed()
            ? out.paint().good("passed") + ": acceleration is allowed\n"
            : out.paint().bad("failed") + ": acceleration is disabled on this kernel\n";
    out.result(MessageTree.of(report), table(report.getChecksList(), out.paint()) + "\n" + verdict);
    return report.getPassed() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  static String table(List<SelfTestCheck> checks, Paint paint) {
    Table table =
        Table.of(
            Table.text("SELF-TEST"),
            Table.text("NEED"),
            Table.text("RESULT"),
            Table.text("DETAIL"));
    for (SelfTestCheck check : checks) {
      String detail = check.getDetail();
      table.row(
          check.getName(),
          check.getRequired() ? "required" : "optional",
          check.getPassed() ? "passed" : "failed",
          check.getPassed() ? detail : warn(check, paint));
    }
    return table.render();
  }

  private static String warn(SelfTestCheck check, Paint paint) {
    return check.getRequired() ? paint.bad(check.getDetail()) : paint.warning(check.getDetail());
  }
}
