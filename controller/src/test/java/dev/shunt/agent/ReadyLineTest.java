package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.SockmapDatapath.Start;
import dev.shunt.ingest.file.Surroundings;
import dev.shunt.observe.EndpointStatus;
import dev.shunt.observe.Mode;
import dev.shunt.observe.ModeStatus;
import dev.shunt.observe.NamespaceStatus;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadyLineTest {
  private static final NodeStatus.Readiness READY =
      new NodeStatus.Readiness(NodeStatus.State.READY, "");

  private static NodeStatus status(Mode override, int namespaces, List<EndpointStatus> endpoints) {
    Mode mode = override == Mode.POLICY ? Mode.ACCELERATE : override;
    NodeStatus sample = Samples.status(READY, new ModeStatus(mode, override));
    return new NodeStatus(
        READY,
        sample.mode(),
        sample.identity(),
        new NodeStatus.Attachments(
            List.of(),
            IntStream.range(0, namespaces)
                .mapToObj(i -> new NamespaceStatus("ns" + i, i, List.of("lo", "eth0"), ""))
                .toList(),
            List.of(),
            List.of()),
        endpoints,
        List.of(),
        sample.selfTest(),
        0,
        List.of());
  }

  private static EndpointStatus pod(int id, Mode mode) {
    return new EndpointStatus(id, "pod:shop/p" + id, mode, "", "Deployment/p", Optional.empty());
  }

  private static String line(NodeStatus status, Surroundings surroundings) {
    return ReadyLine.text(status, surroundings, Start.FRESH, Duration.ofMillis(1281));
  }

  @Test
  void text_onAHost_saysItsMode() {
    assertThat(line(status(Mode.POLICY, 2, List.of()), Surroundings.HOST))
        .isEqualTo(
            "shunt node ready: mode accelerate, namespaces ns0,ns1 (4 interfaces), self-test"
                + " passed, new pins, 1281 ms");
  }

  @Test
  void text_inACluster_saysWhatHoldsForItsPods() {
    List<EndpointStatus> endpoints =
        List.of(
            new EndpointStatus(0, "default", Mode.OBSERVE, "default", "", Optional.empty()),
            pod(1, Mode.OBSERVE),
            pod(2, Mode.ACCELERATE),
            pod(3, Mode.OBSERVE));

    assertThat(line(status(Mode.POLICY, 1, endpoints), Surroundings.CLUSTER))
        .contains("mode of policies (pods: 1 accelerate, 2 observe), namespaces ns0 (");
    assertThat(line(status(Mode.POLICY, 1, List.of()), Surroundings.CLUSTER))
        .contains("mode of policies (pods: none), ");
  }

  @Test
  void text_modeSetByHand_saysThatOne() {
    assertThat(line(status(Mode.OFF, 1, List.of(pod(1, Mode.OFF))), Surroundings.CLUSTER))
        .contains("mode off, ");
  }

  @Test
  void text_manyNamespaces_namesSome() {
    assertThat(line(status(Mode.POLICY, 101, List.of()), Surroundings.HOST))
        .contains("namespaces ns0,ns1,ns2,ns3,ns4,ns5,ns6,ns7 and 93 more (202 interfaces), ");
  }
}
