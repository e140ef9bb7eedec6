package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Teardown;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What equal observations do not show: how much may queue, and order over many connections. */
class AcceleratedLimitsIT {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final PeerVariant REDIRECTED = PeerVariant.parse("v4/nonblock/redirected");

  /** Unguarded, 131,085 messages of one byte cost 128 MiB of slab. */
  private static final long SLAB_LIMIT_KIB = 64 * 1024;

  private static final Teardown TEARDOWN = new Teardown();

  private static PeerBed plainBed;
  private static PeerBed acceleratedBed;
  private static NodeHost host;
  private static PeerRun runs;

  @BeforeAll
  static void startHost() {
    plainBed = TEARDOWN.add(PeerBed.make("plain"));
    acceleratedBed = TEARDOWN.add(PeerBed.make("fast"));
    runs = new PeerRun(PeerProgram.build(plainBed.directory()));
    // before the start: the node derives from it how often a message has to go by TCP
    acceleratedBed.setting("net.netfilter.nf_conntrack_tcp_timeout_established", "5");
    host = TEARDOWN.add(new NodeHost(acceleratedBed));
    host.start();
  }

  @AfterAll
  static void stopHost() {
    TEARDOWN.close();
  }

  @ParameterizedTest
  @CsvSource({"slow_reader", "slow_reader_client"})
  void stalledReader_joinedConnection_queuesAtMostTwiceWhatTcpQueues(String caseName) {
    long plainBytes = run(plainBed, caseName).timing().getOrDefault("queued_bytes", 0L);
    HostStats before = host.stats();
    Observations result = run(acceleratedBed, caseName);

    assertThat(host.stats().since(before).bytesRedirected()).isPositive();
    assertThat(plainBytes).isPositive();
    assertThat(result.timing().getOrDefault("queued_bytes", 0L)).isBetween(1L, 2 * plainBytes);
  }

  @ParameterizedTest
  @CsvSource({"one_byte_to_stalled_reader", "one_byte_nodelay"})
  void oneByteMessages_stalledReader_kernelMemoryBounded(String caseName) {
    HostStats before = host.stats();
    Observations result = run(acceleratedBed, caseName);

    assertThat(host.stats().since(before).bytesRedirected()).isPositive();
    assertThat(result.timing().getOrDefault("slab_growth_kib", Long.MAX_VALUE))
        .isLessThan(SLAB_LIMIT_KIB);
  }

  @ParameterizedTest
  @CsvSource({
    "defer_accept,loopback",
    "fastopen,loopback",
    "data_with_handshake,loopback",
    "syncookies,loopback",
    "reused_source_port,redirected"
  })
  void unusualHandshake_thousandConnections_joinedAndInOrder(String caseName, String route) {
    HostStats before = host.stats();
    Observations result =
        run(caseName, PeerVariant.parse("v4/nonblock/" + route), List.of("--count", "1000"));

    assertThat(result.ok()).as(result.detail()).isTrue();
    assertThat(result.observations()).containsEntry("reordered_connections", "0");
    assertThat(host.stats().since(before).bytesRedirected()).isPositive();
  }

  @Test
  void natEntry_fiveSecondTimeoutFifteenSecondsRedirected_nothingLost() {
    HostStats before = host.stats();
    Observations result = run("conntrack_idle", REDIRECTED, List.of("--seconds", "15"));

    assertThat(result.ok()).as(result.detail()).isTrue();
    assertThat(result.observations())
        .containsEntry("bulk_up", "true")
        .containsEntry("bulk_down", "true")
        .containsEntry("server_end", "EOF")
        .containsEntry("client_end", "EOF");
    assertThat(host.stats().since(before).bytesRedirected()).isPositive();
  }

  private static Observations run(String caseName, PeerVariant variant, List<String> options) {
    return acceleratedBed.run(stage -> runs.run(stage, caseName, variant, options));
  }

  private static Observations run(PeerBed bed, String caseName) {
    Observations result = bed.run(stage -> runs.run(stage, caseName, LOOPBACK, List.of()));
    assertThat(result.ok()).as(result.detail()).isTrue();
    return result;
  }
}
