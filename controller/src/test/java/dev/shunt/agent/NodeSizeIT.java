package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.shunt.agent.PodBed.Driver;
import dev.shunt.agent.PodBed.Pod;
import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.TestObjects;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with a hundred pods, each with a pair of interfaces as a network plugin makes it: all of
 * them are found and hooked, and the node stays small while pods come and go. {@code
 * -Dshunt.churn.seconds=600} makes a soak of it, {@code -Dshunt.run=$PWD/target/run/NUMBER} takes a
 * build of the launcher, with its archive of classes.
 */
class NodeSizeIT {
  private static final int PODS = 100;

  /** Of each pod lo, eth0 and the node's end of it; and the node's lo. */
  private static final int INTERFACES = 3 * PODS + 1;

  /**
   * What the chart requests: 192 MiB. The archive of classes, which these tests have only when
   * asked, makes it smaller (docs/sizing.md).
   */
  private static final long RESIDENT_KIB_MAX = 192 * 1024;

  private static final Duration CHURN =
      Duration.ofSeconds(Integer.getInteger("shunt.churn.seconds", 10));

  @TempDir private Path home;

  private PodNodeBed bed;
  private final List<Pod> pods = new ArrayList<>();
  private int devices;

  @BeforeEach
  void makePods() throws Exception {
    bed = PodNodeBed.open(home, "node-size-it");
    for (int number = 0; number < PODS; number++) {
      pods.add(pod(number));
    }
  }

  @AfterEach
  void removePlace() throws Exception {
    bed.close();
  }

  private Pod pod(int number) throws IOException {
    Pod pod = bed.pods().pod(Driver.SYSTEMD);
    int device = devices++; // the kernel removes that of the last pod a moment later
    bed.host()
        .call(
            () ->
                TestObjects.run(
                    List.of(
                        "ip link add veth%d up type veth peer name eth0 netns %s"
                            .formatted(device, pod.netns())
                            .split(" "))));
    bed.serve(pod, "shop", "web-" + number, PodNodeBed.WEB);
    return pod;
  }

  /** As a rolling update does it: the next pod has another uid and the same name. */
  private void replace(int number) throws IOException {
    bed.pods().stop(pods.get(number));
    pods.set(number, pod(number));
  }

  private int hookedInterfaces() {
    String status = new NodeClient(bed.socket()).run(ExitCode.OK, "status", "-o", "json");
    return JsonParser.parseString(status)
        .getAsJsonObject()
        .getAsJsonArray("namespaces")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .mapToInt(namespace -> namespace.getAsJsonArray("interfaces").size())
        .sum();
  }

  private void awaitWhole(NodeProcess node) throws Exception {
    assertThat(node.await(() -> hookedInterfaces() == INTERFACES, PodNodeBed.LIMIT))
        .as("%d interfaces are hooked; log: %s", hookedInterfaces(), node.err())
        .isTrue();
  }

  private static void awaitSmall(NodeProcess node) throws Exception {
    assertThat(node.await(() -> node.residentKib() <= RESIDENT_KIB_MAX, PodNodeBed.LIMIT))
        .as("resident: %d KiB, at most %d", node.residentKib(), RESIDENT_KIB_MAX)
        .isTrue();
    System.out.println(
        "node of %d pods: %d KiB resident, %d ms CPU"
            .formatted(PODS, node.residentKib(), node.cpuMillis()));
  }

  /** Replaces pods one after the other; the resident KiB after each. */
  private List<Long> churn(NodeProcess node) throws IOException {
    List<Long> sizes = new ArrayList<>();
    long end = System.nanoTime() + CHURN.toNanos();
    do {
      replace(sizes.size() % PODS);
      sizes.add(node.residentKib());
    } while (System.nanoTime() < end);
    return sizes;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  @Test
  void node_hundredPodsThatComeAndGo_staysSmall() throws Exception {
    try (NodeProcess node = bed.nodeAsInstalled("node")) {
      awaitWhole(node);
      List<Long> sizes = churn(node);
      System.out.println(
          "while %d pods were replaced: %d KiB resident in the median, %d at most; first half %d, second %d"
              .formatted(
                  sizes.size(),
                  median(sizes),
                  Collections.max(sizes),
                  median(sizes.subList(0, sizes.size() / 2 + 1)),
                  median(sizes.subList(sizes.size() / 2, sizes.size()))));
      awaitWhole(node);
      awaitSmall(node);
      node.stop();
    }
  }
}
