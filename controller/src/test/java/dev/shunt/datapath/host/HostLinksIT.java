package dev.shunt.datapath.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.HostLinks.HostLink;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Finds the node's ends of pods' veths. */
class HostLinksIT {
  private final String pod = "links-it-" + ProcessHandle.current().pid();
  private final String foreignPod = pod + "-foreign";
  private final TestNetns node = new TestNetns();
  private final TestNetns otherNode = new TestNetns();

  @BeforeEach
  void makePods() {
    TestObjects.run(List.of("ip", "netns", "add", pod));
    TestObjects.run(List.of("ip", "netns", "add", foreignPod));
    join(node, pod);
    join(otherNode, foreignPod);
  }

  @AfterEach
  void removePods() {
    TestObjects.run(List.of("ip", "netns", "delete", pod));
    TestObjects.run(List.of("ip", "netns", "delete", foreignPod));
    node.close();
    otherNode.close();
  }

  /** With the same indexes everywhere. */
  private static void join(TestNetns node, String pod) {
    String add = "ip link add veth-it index 40 type veth peer name eth0 index 41 netns " + pod;
    node.call(() -> TestObjects.run(List.of(add.split(" ", -1))));
  }

  private static Map<String, Path> files(String... names) {
    return Arrays.stream(names).collect(Collectors.toMap(name -> name, NetworkNamespace::file));
  }

  @Test
  void read_podOfAnotherNodeWithTheSameIndexes_isNotOurs() {
    HostLinks links = node.call(() -> HostLinks.read(files(pod, foreignPod)));

    assertThat(links.ofPods().get(pod)).extracting(HostLink::name).containsExactly("veth-it");
    assertThat(links.ofPods().get(foreignPod)).isEmpty();
  }
}
