package dev.shunt.e2e.bench.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.scene.Wire;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each proxy in each protocol that it speaks, and one accelerated chain. */
class ProxyChainIT {
  private static final int BODY_BYTES = 1024;
  private static final int HOPS = 3;

  private final SceneName name = SceneName.fresh("it");

  @BeforeEach
  void requireHost() {
    SceneRequirements.check();
  }

  @ParameterizedTest
  @CsvSource({
    "NGINX, HTTP1, REDIRECT",
    "NGINX, HTTP2, DIRECT",
    "NGINX, GRPC, REDIRECT",
    "HAPROXY, HTTP2, DIRECT",
    "HAPROXY, GRPC, REDIRECT",
    "ENVOY, HTTP1, DIRECT",
    "ENVOY, HTTP2, REDIRECT",
    "ENVOY, GRPC, DIRECT"
  })
  void drive_plainChain_carriesEveryBodyOverThreeHops(
      ChainProxy proxy, Wire wire, Capture capture) {
    ChainShape shape = new ChainShape(proxy, wire, capture, BODY_BYTES, 2);
    try (Teardown teardown = new Teardown()) {
      CgroupTree cgroup = teardown.add(CgroupTree.create(name.toString()));
      SceneDirectory directory = teardown.add(SceneDirectory.create(name.toString()));
      ProxyChain chain =
          teardown.add(ProxyChain.create(name + "-c", shape, cgroup.child("chain"), directory));
      long deviceBefore = chain.deviceBytes();

      ChainSample sample = chain.drive(1);

      assertThat(chain.deviceBytes() - deviceBefore)
          .isGreaterThan(sample.requests() * BODY_BYTES * HOPS);
      assertThat(sample.p99Micros()).isGreaterThanOrEqualTo(sample.p50Micros());
    }
    assertThat(SceneSweep.remains(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource("ENVOY, HTTP1, REDIRECT")
  void round_coveredChain_redirectsNearlyAllOfEveryHop(
      ChainProxy proxy, Wire wire, Capture capture) {
    ChainShape shape = new ChainShape(proxy, wire, capture, BODY_BYTES, 16);
    List<ChainVariant> variants = List.of(ChainVariant.PLAIN, ChainVariant.SHUNT);
    try (ChainMeasurement measurement = ChainMeasurement.create(shape, variants)) {
      measurement.warmUp(1);

      ChainRound round = measurement.round(1);

      assertThat(round.run(ChainVariant.SHUNT).deviceBytesPerRequest())
          .as(measurement.stats().toString())
          .isLessThan(round.run(ChainVariant.PLAIN).deviceBytesPerRequest() / 10);
    }
  }
}
