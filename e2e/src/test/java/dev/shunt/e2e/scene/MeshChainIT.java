package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeshChainIT {
  private static final int BODY_BYTES = 1024;

  private final SceneName name = SceneName.fresh("it");

  @BeforeEach
  void requireHost() {
    SceneRequirements.check();
  }

  @Test
  void drive_twoPods_carriesEveryRequestOverThreeHops() {
    try (Teardown teardown = new Teardown()) {
      MeshChain chain = chain(teardown);
      chain.drive(4, 1);
      long cpuBefore = chain.cpuMicros();
      long deviceBefore = chain.deviceBytes();

      WrkResult result = chain.drive(4, 1);

      long deviceBytes = chain.deviceBytes() - deviceBefore;
      assertThat(result.errors()).isZero();
      assertThat(result.bytes()).isGreaterThan(result.requests() * BODY_BYTES);
      assertThat(result.p99Micros()).isGreaterThanOrEqualTo(result.p50Micros());
      // client -> sidecar, sidecar -> sidecar, sidecar -> app: each body crosses three devices
      assertThat(deviceBytes).isGreaterThan(result.requests() * BODY_BYTES * 3);
      assertThat(chain.cpuMicros()).isGreaterThan(cpuBefore);
    }
  }

  @Test
  void close_afterTraffic_leavesNothing() {
    List<Long> processes;
    try (Teardown teardown = new Teardown()) {
      MeshChain chain = chain(teardown);
      chain.drive(2, 1);
      processes = chain.cgroup().processIds();
      assertThat(SceneSweep.remains(name)).isNotEmpty();
      // two sidecars, nginx master and worker
      assertThat(processes).hasSizeGreaterThanOrEqualTo(4);
    }

    assertThat(SceneSweep.remains(name)).isEmpty();
    assertThat(processes).noneMatch(SceneProcess::isRunning);
  }

  @Test
  void remove_sceneNotClosed_removesProcessesAndAll() {
    try (Teardown teardown = new Teardown()) {
      List<Long> processes = chain(teardown).cgroup().processIds();

      List<String> removed = SceneSweep.remove(name);

      assertThat(removed).hasSizeGreaterThanOrEqualTo(5);
      assertThat(SceneSweep.remains(name)).isEmpty();
      assertThat(processes).isNotEmpty().noneMatch(SceneProcess::isRunning);
    }
  }

  @Test
  void create_namespaceNameTaken_failsAndLeavesNothing() {
    try (Teardown teardown = new Teardown()) {
      teardown.add(PodNetwork.create(name + "-chain"));

      assertThatThrownBy(() -> chain(teardown))
          .isInstanceOf(SceneException.class)
          .hasMessageContaining("netns add");
    }

    assertThat(SceneSweep.remains(name)).isEmpty();
  }

  private MeshChain chain(Teardown teardown) {
    CgroupTree cgroup = teardown.add(CgroupTree.create(name.toString()));
    SceneDirectory directory = teardown.add(SceneDirectory.create(name.toString()));
    return teardown.add(
        MeshChain.create(name + "-chain", cgroup.child("chain"), directory, BODY_BYTES));
  }
}
