package dev.shunt.e2e.bench.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.bench.Variant;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.scene.Wire;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

      ChainSample sample = chain.drive(500);

      assertThat(chain.deviceBytes() - deviceBefore)
          .isGreaterThan(sample.requests() * BODY_BYTES * HOPS);
      assertThat(sample.p99Micros()).isGreaterThanOrEqualTo(sample.p50Micros());
    }
    assertThat(SceneSweep.remains(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource("ENVOY, HTTP1, REDIRECT")
  void drive_coveredChain_redirectsNearlyAllOfEveryHop(
      ChainProxy proxy, Wire wire, Capture capture) {
    ChainShape shape = new ChainShape(proxy, wire, capture, BODY_BYTES, 16);
    Set<Variant> variants = new LinkedHashSet<>(List.of(Variant.PLAIN, Variant.SHUNT));
    Set<Variant.Kind> kinds = Set.of(Variant.Kind.PLAIN, Variant.Kind.SHUNT);
    ChainCell cell = new ChainCell(shape, kinds);
    try (ChainCell.Run run = new ChainCell.Run(shape, cell.variants(variants))) {
      run.drive(Variant.SHUNT);
      double plain = deviceBytesPerRequest(run, Variant.PLAIN);
      double accelerated = deviceBytesPerRequest(run, Variant.SHUNT);

      assertThat(accelerated)
          .as(run.chain(Variant.SHUNT).stats().toString())
          .isLessThan(plain / 10);
    }
  }

  /** Bytes on the devices per request, by the load generator's rate of one second. */
  private static double deviceBytesPerRequest(ChainCell.Run run, Variant variant) {
    long before = run.chain(variant).deviceBytes();
    Sample sample = run.drive(variant);
    return (run.chain(variant).deviceBytes() - before) / sample.rate();
  }
}
