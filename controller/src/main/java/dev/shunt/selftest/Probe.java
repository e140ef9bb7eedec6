package dev.shunt.selftest;

import dev.shunt.selftest.SelfTestResult.Need;
import java.util.List;

/**
 * One behaviour of this kernel.
 *
 * @param name of the check
 * @param need what a failure means
 * @param body of the check
 */
record Probe(String name, Need need, Body body) {
  /** The order in which they run; the first one tells whether the others can. */
  static final List<Probe> ALL =
      List.of(
          new Probe("redirect", Need.REQUIRED, new RedirectCheck()),
          new Probe("order", Need.REQUIRED, new OrderCheck()),
          new Probe("bounded-queue", Need.REQUIRED, new QueueCheck()),
          new Probe("half-close", Need.REQUIRED, new HalfCloseCheck()),
          new Probe(SelfTestResult.FIONREAD, Need.OPTIONAL, new FionreadCheck()));

  /** What it does; on a thread inside the test's network namespace. */
  interface Body {
    /**
     * Runs it, within bounds.
     *
     * @return one sentence: what was seen
     * @throws CheckFailedException the kernel did something else
     */
    String run(TestBed bed);
  }
}
