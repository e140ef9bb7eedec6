package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each case, plain and accelerated: what an application can observe is equal. */
class AcceleratedBehaviourIT {
  /** Others: {@code -Dshunt.behaviour.variants=v6/nonblock/cross,...}. */
  private static final List<PeerVariant> VARIANTS =
      PeerVariant.parseList(System.getProperty("shunt.behaviour.variants", "v4/nonblock/loopback"));

  private static final BehaviourTable TABLE = new BehaviourTable();

  private static PeerProgram program;
  private static PeerBed plainBed;
  private static PeerBed acceleratedBed;
  private static AcceleratedHost host;
  private static HostStats before;

  @BeforeAll
  static void startHost() {
    program = PeerProgram.build();
    plainBed = PeerBed.make("plain");
    acceleratedBed = PeerBed.make("fast");
    host = new NodeHost(acceleratedBed);
    host.start();
    requireAcceleration();
    before = host.stats();
  }

  /** A node that accelerates nothing would make every case equal. */
  private static void requireAcceleration() {
    new PeerRun(program, acceleratedBed)
        .run("pingpong", PeerVariant.parse("v4/nonblock/loopback"), List.of());
    assertThat(host.stats().bytesRedirected()).as("bytes redirected in pingpong").isPositive();
  }

  @AfterAll
  static void stopHost() throws IOException {
    TABLE.write(Path.of(System.getProperty("basedir", "."), "target", "behaviour"));
    if (host != null) {
      host.close();
    }
    if (acceleratedBed != null) {
      acceleratedBed.close();
    }
    if (plainBed != null) {
      plainBed.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> case_accelerated_observesWhatPlainTcpShows() {
    PeerRun plain = new PeerRun(program, plainBed);
    PeerRun accelerated = new PeerRun(program, acceleratedBed);
    return VARIANTS.stream()
        .flatMap(
            variant ->
                program.comparedCases().stream()
                    .map(
                        each ->
                            DynamicTest.dynamicTest(
                                each.name() + " " + variant,
                                () -> compare(plain, accelerated, each.name(), variant))));
  }

  private static void compare(
      PeerRun plain, PeerRun accelerated, String caseName, PeerVariant variant) {
    Observations expected = plain.run(caseName, variant, List.of());
    Observations actual = accelerated.run(caseName, variant, List.of());
    HostStats after = host.stats();
    BehaviourRow row = BehaviourRow.of(caseName, variant, expected, actual, after.since(before));
    before = after;
    TABLE.add(row);

    assertThat(expected.ok()).as(expected.detail()).isTrue();
    assertThat(row.outcome())
        .as("plain / accelerated: " + row.differences())
        .isNotEqualTo(BehaviourRow.Outcome.DIFFERS);
  }
}
