package dev.shunt.selftest;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.selftest.SelfTestResult.Check;
import dev.shunt.selftest.SelfTestResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Tries on real sockets whether this kernel keeps TCP's behaviour when data is redirected.
 *
 * <p>Any thread; one test at a time, others wait. It writes the data path's settings, so nothing
 * else may meanwhile. Leaves nothing behind.
 */
public final class SelfTest {
  private final SockmapDatapath datapath;
  private final CgroupTree tree;
  private final List<Path> cgroups;
  private final Function<Integer, Map<String, Integer>> interfaces;

  /**
   * A test of an attached data path.
   *
   * @param cgroups where the sockops programs are attached; at least one
   */
  public SelfTest(SockmapDatapath datapath, CgroupTree tree, List<Path> cgroups) {
    this(datapath, tree, cgroups, loopback -> Map.of("lo", loopback));
  }

  /** As above with other interfaces hooked, given the index of the loopback. */
  SelfTest(
      SockmapDatapath datapath,
      CgroupTree tree,
      List<Path> cgroups,
      Function<Integer, Map<String, Integer>> interfaces) {
    this.datapath = datapath;
    this.tree = tree;
    this.cgroups = List.copyOf(cgroups);
    this.interfaces = interfaces;
  }

  /**
   * Runs all checks; less than half a second. What cannot be tried is failed, with the cause as its
   * detail.
   */
  public synchronized SelfTestResult run() {
    List<Check> checks = new ArrayList<>();
    try (CoveredCgroup cgroup = CoveredCgroup.enter(tree, cgroups);
        TestBed bed = TestBed.open(datapath, cgroup.workload(), interfaces)) {
      bed.inside(
          () -> {
            Probe.ALL.forEach(probe -> checks.add(check(probe, bed, checks)));
            return checks;
          });
    } catch (RuntimeException | IOException failed) {
      String detail = "not run: " + failed.getMessage();
      for (Probe probe : Probe.ALL.subList(checks.size(), Probe.ALL.size())) {
        checks.add(new Check(probe.name(), Outcome.FAILED, probe.need(), detail));
      }
    }
    return new SelfTestResult(Instant.now(), checks);
  }

  private static Check check(Probe probe, TestBed bed, List<Check> earlier) {
    if (!earlier.isEmpty() && earlier.get(0).outcome() == Outcome.FAILED) {
      String detail = "not run: " + earlier.get(0).name() + " failed";
      return new Check(probe.name(), Outcome.FAILED, probe.need(), detail);
    }
    try {
      return new Check(probe.name(), Outcome.PASSED, probe.need(), probe.body().run(bed));
    } catch (RuntimeException failed) {
      String detail = String.valueOf(failed.getMessage());
      return new Check(probe.name(), Outcome.FAILED, probe.need(), detail);
    }
  }
}
