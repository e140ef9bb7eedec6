package dev.shunt.agent;

import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.observe.SelfTestReport;
import dev.shunt.selftest.SelfTest;
import dev.shunt.selftest.SelfTestResult;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the self-test and lets its result decide whether sockets are adopted. Loop thread. */
final class SelfTestRunner {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTestRunner.class);

  private final SelfTest selfTest;
  private final SockmapDatapath datapath;
  private volatile SelfTestReport report = SelfTestReport.NOT_RUN;

  SelfTestRunner(SelfTest selfTest, SockmapDatapath datapath) {
    this.selfTest = selfTest;
    this.datapath = datapath;
  }

  /** The last report. Any thread. */
  SelfTestReport report() {
    return report;
  }

  SelfTestReport run() {
    SelfTestResult result = selfTest.run();
    SelfTestReport view = translate(result);
    datapath.maps().config().set("self_test_failed", view.passed() ? 0 : 1);
    datapath.guardFionread(result.fionreadGuard());
    view.firstRequiredFailure()
        .ifPresent(
            check ->
                LOG.error(
                    "self-test {} failed: {}; all traffic stays on TCP",
                    check.name(),
                    check.detail()));
    report = view;
    return view;
  }

  private static SelfTestReport translate(SelfTestResult result) {
    List<SelfTestReport.Check> checks =
        result.checks().stream()
            .map(
                check ->
                    new SelfTestReport.Check(
                        check.name(),
                        SelfTestReport.Outcome.valueOf(check.outcome().name()),
                        SelfTestReport.Need.valueOf(check.need().name()),
                        check.detail()))
            .toList();
    return new SelfTestReport(result.time(), checks);
  }
}
