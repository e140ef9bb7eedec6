package dev.shunt.e2e.verify.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.RoutedNetwork;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.behaviour.HostStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods of one node: what leaves the node, and who has to allow what. */
class SameNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration REVOKED_WITHIN = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 3;

  private static final String NOT_INTERCEPTED = "outboundIntercepted: false";
  private static final String OPTED_IN = "true";
  private static final String NOT_OPTED_IN = "false";

  @ParameterizedTest
  @ValueSource(strings = {"outboundIntercepted: false", "outboundIntercepted: true"})
  void nonce_podTalksToItsNodeAndToAnotherMachine_neverLeavesTheNode(String selector) {
    try (SameNodeBed bed = SameNodeBed.make(namespace -> policy(namespace, selector, OPTED_IN))) {
      PacketCapture uplink = bed.capture(RoutedNetwork.UPLINK);
      PacketCapture pod = bed.capture("veth1");

      bed.driveNear(1000);
      bed.driveFar(1000);

      PacketCapture.Packets left = uplink.stop();
      assertThat(bed.node().stats().bytesRedirected()).isPositive();
      assertThat(left.tcp()).isGreaterThan(100);
      assertThat(left.experiments()).isZero();
      // the capture finds the option where it has to be
      assertThat(pod.stop().experiments()).isPositive();
    }
  }

  /** What docs/policies.md warns of; and the capture on the uplink would see it. */
  @Test
  void nonce_policySaysThatTheHostTranslates_leavesTheNode() {
    try (SameNodeBed bed =
        SameNodeBed.make(namespace -> policy(namespace, "outboundTranslated: true", OPTED_IN))) {
      PacketCapture uplink = bed.capture(RoutedNetwork.UPLINK);

      bed.driveFar(1000);

      assertThat(uplink.stop().experiments()).isPositive();
    }
  }

  @Test
  void sameNodePair_policyDoesNotOptIn_staysOnTcp() {
    try (SameNodeBed bed =
        SameNodeBed.make(namespace -> policy(namespace, NOT_INTERCEPTED, NOT_OPTED_IN))) {
      bed.driveNear(1000);

      HostStats stats = bed.node().stats();
      assertThat(stats.bytesRedirected()).isZero();
      assertThat(stats.connections()).containsKey("path_excluded");
    }
  }

  @Test
  void sameNodePair_optInIsTakenAway_isBackOnTcpWithinASecond() {
    try (SameNodeBed bed =
        SameNodeBed.make(namespace -> policy(namespace, NOT_INTERCEPTED, OPTED_IN))) {
      CompletableFuture<Void> load = CompletableFuture.runAsync(() -> bed.driveNearAtOnce(15_000));
      Duration best = LIMIT;
      for (int i = 0; i < ATTEMPTS && best.compareTo(REVOKED_WITHIN) > 0; i++) {
        write(bed, OPTED_IN);
        awaitRedirecting(bed);
        long begin = System.nanoTime();
        write(bed, NOT_OPTED_IN);
        assertThat(Await.until(() -> isQuiet(bed), LIMIT)).isTrue();
        assertThat(load).isNotDone();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        best = took.compareTo(best) < 0 ? took : best;
      }

      // a busy machine may have been late once or twice
      assertThat(best).isLessThanOrEqualTo(REVOKED_WITHIN);
      load.join(); // no request failed
    }
  }

  private static void awaitRedirecting(SameNodeBed bed) {
    long before = bed.node().stats().bytesRedirected();
    assertThat(Await.until(() -> bed.node().stats().bytesRedirected() > before, LIMIT)).isTrue();
  }

  /** Whether nothing is redirected between two readings, while bytes flow. */
  private static boolean isQuiet(SameNodeBed bed) {
    long before = bed.node().stats().bytesRedirected();
    return bed.node().stats().bytesRedirected() == before;
  }

  private static void write(SameNodeBed bed, String sameNode) {
    try (var policies = Files.list(bed.directory().resolve("node/policies"))) {
      for (Path file : policies.toList()) {
        String namespace = String.valueOf(file.getFileName()).replace(".yaml", "");
        Path fresh = bed.directory().resolve("fresh");
        Files.writeString(fresh, policy(namespace, NOT_INTERCEPTED, sameNode));
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new SceneException("write policies failed: " + e, e);
    }
  }

  private static String policy(String namespace, String selector, String sameNode) {
    return String.join(
        "\n",
        "apiVersion: shunt.dev/v1alpha1",
        "kind: Acceleration",
        "metadata:",
        "  name: " + namespace,
        "spec:",
        "  hostSelector:",
        "    networkNamespace: " + namespace,
        "    " + selector,
        "  mode: accelerate",
        "  paths:",
        "    samePod: true",
        "    sameNode: " + sameNode,
        "");
  }
}
