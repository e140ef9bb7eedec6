package dev.shunt.selftest;
import dev.shunt.datapath.programs.SockmapDatapath.FionreadGuard;
import java.util.List;
public record SelfTestResult(java.time.Instant time, List<Check> checks) {
  public enum Outcome {PASSED, FAILED} public enum Need {REQUIRED, OPTIONAL}
  public record Check(String name, Outcome outcome, Need need, String detail) {}
  public FionreadGuard fionreadGuard() { return FionreadGuard.NEEDED; }
}
