package dev.shunt.selftest;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.programs.SockmapDatapath;
import java.nio.file.Path;
import java.util.List;
public final class SelfTest {
  public SelfTest(SockmapDatapath d, CgroupTree t, List<Path> c) {}
  public SelfTestResult run() { return new SelfTestResult(java.time.Instant.now(), List.of(new SelfTestResult.Check("stub", SelfTestResult.Outcome.PASSED, SelfTestResult.Need.REQUIRED, "stub"))); }
}
