package dev.shunt.datapath.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespaceIT {
  private static final String NAME = "shunt-it-" + ProcessHandle.current().pid();
  private static final String TIMEOUT =
      "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established";

  @BeforeEach
  void addNamespace() throws Exception {
    run("ip", "netns", "add", NAME);
  }

  @AfterEach
  void deleteNamespace() throws Exception {
    run("ip", "netns", "delete", NAME);
  }

  @Test
  void facts_conntrackTimeoutOfSeveralDigits_isReadWhole() throws Exception {
    // netfilter's connection tracking, and with it the setting, comes with the first rule
    inside("iptables", "-t", "nat", "-A", "OUTPUT", "-p", "tcp", "-j", "ACCEPT");
    inside("sh", "-c", "echo 432100 >" + TIMEOUT);

    try (NetworkNamespace namespace = NetworkNamespace.open(NAME)) {
      assertThat(namespace.facts().conntrackTimeout()).contains(Duration.ofSeconds(432100));
    }
  }

  @Test
  void facts_addressesAndInterfaces_areThoseOfTheNamespace() throws Exception {
    inside("ip", "link", "set", "lo", "up");
    inside("ip", "address", "add", "10.83.18.1/32", "dev", "lo");

    try (NetworkNamespace namespace = NetworkNamespace.open(NAME)) {
      NetworkNamespace.Facts facts = namespace.facts();
      assertThat(facts.interfaces()).containsKey("lo");
      assertThat(facts.addresses()).contains(InetAddress.getByName("10.83.18.1"));
    }
  }

  private static void inside(String... command) throws Exception {
    List<String> argv = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + NAME));
    argv.addAll(List.of(command));
    run(argv.toArray(String[]::new));
  }

  private static void run(String... argv) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", argv), output).isZero();
  }
}
