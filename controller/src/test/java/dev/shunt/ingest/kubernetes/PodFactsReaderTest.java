package dev.shunt.ingest.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.Gson;
import dev.shunt.desired.Interception;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.desired.pod.PodPhase;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PodFactsReaderTest {
  private static PodObject pod() {
    return new PodObject("0123", "shop", "web-5d4f-x");
  }

  /** As a client gets it and an informer keeps it. */
  private static PodFacts read(PodObject pod) {
    V1Pod served = JSON.getGson().fromJson(new Gson().toJson(pod.json()), V1Pod.class);
    return PodFactsReader.of((V1Pod) Slimmer.slim(served));
  }

  static Stream<Arguments> owners() {
    Map<String, String> hash = Map.of("pod-template-hash", "5d4f");
    return Stream.of(
        arguments(pod(), "Pod/web-5d4f-x"),
        arguments(pod().owner("ReplicaSet", "web-5d4f").labels(hash), "Deployment/web"),
        arguments(pod().owner("ReplicaSet", "web-5d4f"), "ReplicaSet/web-5d4f"),
        arguments(pod().owner("ReplicaSet", "plain").labels(hash), "ReplicaSet/plain"),
        arguments(pod().owner("StatefulSet", "db"), "StatefulSet/db"),
        arguments(pod().owner("DaemonSet", "agent"), "DaemonSet/agent"),
        arguments(pod().owner("Job", "once"), "Job/once"),
        arguments(pod().owner("Job", "backup-29384756"), "CronJob/backup"),
        arguments(pod().owner("Node", "node-1"), "Pod/web-5d4f-x"));
  }

  @ParameterizedTest
  @MethodSource("owners")
  void of_owner_isTheWorkload(PodObject pod, String expected) {
    assertThat(read(pod).workload()).hasToString(expected);
  }

  static Stream<Arguments> sidecars() {
    Map<String, Object> proxy =
        Map.of("name", "proxy", "securityContext", Map.of("runAsUser", 2102));
    return Stream.of(
        arguments("no sidecar", pod(), false),
        arguments("Istio", pod().container(Map.of("name", "istio-proxy")), true),
        arguments(
            "Istio, native sidecar",
            pod().initContainer(Map.of("name", "istio-proxy", "restartPolicy", "Always")),
            true),
        arguments(
            "an init container that ends",
            pod().initContainer(Map.of("name", "istio-proxy")),
            false),
        arguments(
            "Istio, injector's note",
            pod().annotations(Map.of("sidecar.istio.io/status", "{}")),
            true),
        arguments(
            "Istio, ambient",
            pod().annotations(Map.of("ambient.istio.io/redirection", "enabled")),
            true),
        arguments("Linkerd", pod().container(Map.of("name", "linkerd-proxy")), true),
        arguments("Linkerd, by its user", pod().container(proxy), true),
        arguments("Kuma", pod().container(Map.of("name", "kuma-sidecar")), true),
        arguments(
            "Kuma, told not to",
            pod().annotations(Map.of("kuma.io/sidecar-injected", "false")),
            false),
        arguments(
            "on the node's network",
            pod().hostNetwork().container(Map.of("name", "istio-proxy")),
            false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sidecars")
  void of_sidecar_isRecognised(String what, PodObject pod, boolean found) {
    assertThat(read(pod).interception())
        .as(what)
        .isEqualTo(found ? Interception.OUTBOUND : Interception.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "Pending, PENDING",
    "Running, RUNNING",
    "Unknown, PENDING",
    "Succeeded, ENDED",
    "Failed, ENDED"
  })
  void of_phase_isHowFarItIs(String phase, PodPhase expected) {
    assertThat(read(pod().phase(phase)).phase()).isEqualTo(expected);
  }

  @Test
  void of_pod_hasWhatSelectsIt() {
    PodFacts facts = read(pod().labels(Map.of("app", "web")).hostNetwork());

    assertThat(facts.id().key()).isEqualTo("pod:shop/web-5d4f-x");
    assertThat(facts.uid()).isEqualTo("0123");
    assertThat(facts.node()).isEqualTo("node-1");
    assertThat(facts.labels()).isEqualTo(Map.of("app", "web"));
    assertThat(facts.network()).isEqualTo(PodNetwork.HOST);
  }

  @Test
  void of_mirrorOfAStaticPod_hasTheUidOfTheKubelet() {
    PodFacts facts = read(pod().annotations(Map.of("kubernetes.io/config.hash", "abcd")));

    assertThat(facts.uid()).isEqualTo("abcd");
  }
}
