package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.desired.snapshot.Assignments;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.desired.snapshot.PolicyDocument;
import dev.shunt.ingest.distribution.PolicyStreamConfig;
import dev.shunt.ingest.distribution.RefusedSnapshotException;
import dev.shunt.observe.NodeView;
import dev.shunt.reconcile.FailedStep;
import dev.shunt.reconcile.ReconcileResult;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of a snapshot that the kernel does not take at once. Finds cgroups of this host. */
class PlaneLinkIT {
  private static final String KEY = "Acceleration shop/web";
  private static final ReconcileResult DONE =
      new ReconcileResult(List.of(), List.of(), List.of(), List.of(), 1);
  private static final ReconcileResult REFUSED =
      new ReconcileResult(
          List.of(),
          List.of(new FailedStep("write endpoint", new IllegalStateException("no space"))),
          List.of(),
          List.of(),
          0);

  @TempDir private Path home;

  private final AtomicInteger passes = new AtomicInteger();
  private PodInputs inputs;
  private PlaneLink link;

  @BeforeEach
  void openLink() {
    inputs = new PodInputs("node-1", new PodPlaces(CgroupTree.find().orElseThrow(), List.of()));
    link =
        new PlaneLink(
            new PolicyStreamConfig(
                "localhost", 1, home.resolve("ca"), home.resolve("token"), "node-1", home),
            inputs,
            Duration.ofMillis(600));
  }

  @AfterEach
  void closeLink() {
    link.close();
  }

  /** Nobody asks the node what it is: the link never connects. */
  private void serve(int refusals) {
    NodeView view =
        (NodeView)
            Proxy.newProxyInstance(
                NodeView.class.getClassLoader(),
                new Class<?>[] {NodeView.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                });
    link.serve(view, () -> passes.incrementAndGet() <= refusals ? REFUSED : DONE);
  }

  private static NodeSnapshot snapshot() {
    String json =
        "{\"apiVersion\":\"shunt.dev/v1alpha1\",\"kind\":\"Acceleration\",\"metadata\":"
            + "{\"namespace\":\"shop\",\"name\":\"web\"},\"spec\":{\"mode\":\"observe\"}}";
    return NodeSnapshot.of(
        Map.of(KEY, PolicyDocument.of(KEY, json)),
        Map.of("shop", Map.of()),
        Map.of(),
        Assignments.of(Map.of()));
  }

  @Test
  void snapshot_passFailsTwice_isTakenAfterThePassThatSucceeds() throws Exception {
    serve(2);

    link.snapshot(snapshot());

    assertThat(passes).hasValue(3);
    assertThat(inputs.policyText()).contains("shop/web");
  }

  @Test
  void snapshot_kernelGoesOnRefusing_isRefusedAndTheLastGoodOneComesBack() {
    serve(Integer.MAX_VALUE);

    assertThatThrownBy(() -> link.snapshot(snapshot()))
        .isInstanceOf(RefusedSnapshotException.class)
        .hasMessage("write endpoint: no space");

    assertThat(inputs.policyText()).isEmpty();
  }

  @Test
  void snapshot_beforeTheNodeHasStarted_isLeftToItsFirstPass() throws Exception {
    link.snapshot(snapshot());

    assertThat(passes).hasValue(0);
    assertThat(inputs.policyText()).contains("shop/web");
  }
}
