package dev.shunt.e2e.verify.kernels;

import java.util.List;
import java.util.Map;

/**
 * What one kernel showed. Immutable.
 *
 * @param release as {@code uname -r}
 * @param place host or guest
 * @param seconds that it took
 * @param programs each loaded alone
 * @param rungs by ladder, the rung that the node took
 * @param checks of the node's self-test
 * @param cases that ran
 * @param problems that ended or spoiled the run
 */
record KernelRow(
    String release,
    Place place,
    long seconds,
    List<ProgramRow> programs,
    Map<String, String> rungs,
    List<Check> checks,
    List<CaseRow> cases,
    List<String> problems) {
  KernelRow {
    programs = List.copyOf(programs);
    rungs = Map.copyOf(rungs);
    checks = List.copyOf(checks);
    cases = List.copyOf(cases);
    problems = List.copyOf(problems);
  }

  /** Where the kernel ran. */
  enum Place {
    HOST,
    GUEST
  }

  /** One check of the self-test. */
  record Check(String name, Outcome outcome, Need need, String detail) {
    /** What it found. */
    enum Outcome {
      PASSED,
      FAILED
    }

    /** Whether a failure forbids acceleration. */
    enum Need {
      REQUIRED,
      ADVISORY
    }

    boolean forbids() {
      return outcome == Outcome.FAILED && need == Need.REQUIRED;
    }
  }

  KernelRow withTime(long took) {
    return new KernelRow(release, place, took, programs, rungs, checks, cases, problems);
  }

  KernelRow withRelease(String name) {
    return new KernelRow(name, place, seconds, programs, rungs, checks, cases, problems);
  }

  long count(CaseRow.Verdict verdict) {
    return cases.stream().filter(each -> each.verdict() == verdict).count();
  }

  /** Whether the data path works here: loaded, tested, and no case is different. */
  boolean passed() {
    return problems.isEmpty()
        && !programs.isEmpty()
        && programs.stream().allMatch(each -> each.isLoaded() || each.isPassedOverOn(place))
        && !checks.isEmpty()
        && checks.stream().noneMatch(Check::forbids)
        && !cases.isEmpty()
        && count(CaseRow.Verdict.DIFFERENT) == 0
        && count(CaseRow.Verdict.EQUAL) > 0;
  }
}
