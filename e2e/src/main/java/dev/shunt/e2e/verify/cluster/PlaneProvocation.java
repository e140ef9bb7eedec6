package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.SceneException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.Yaml;

/** Makes the control plane use its rights. One thread; blocks. */
final class PlaneProvocation implements AutoCloseable {
  private final ClusterStage stage;
  private final PlaneIdentities identities;
  private final byte[] request;
  private final List<String> policies = new ArrayList<>();
  private Optional<PlaneCaller> caller = Optional.empty();
  private String called = "";
  private int priority;

  PlaneProvocation(ClusterStage stage) {
    this.stage = stage;
    identities = new PlaneIdentities(stage);
    request = identities.request(identities.pair("provocation").key());
    for (Object each : new Yaml().loadAll(stage.text("good/policies.yaml"))) {
      Map<?, ?> object = (Map<?, ?>) each;
      Map<?, ?> metadata = (Map<?, ?>) Objects.requireNonNull(object.get("metadata"));
      if (!String.valueOf(object.get("kind")).equals("Namespace")) {
        policies.add(new ClusterEdits.Policy(object).plural() + "/" + metadata.get("name"));
      }
    }
  }

  /** Ends all replicas; others start in their place. */
  void restart() {
    stage
        .kubectl()
        .run("delete", "pods", "-n", "shunt", "-l", OutageSteps.PLANE, "--grace-period=1");
  }

  void provokeAll() {
    for (String policy : policies) {
      provoke(policy.substring(0, policy.indexOf('/')) + "/status");
    }
    provoke("events");
    provoke("tokenreviews");
    provoke("subjectaccessreviews");
  }

  /** Does what makes it use a right, if it runs; otherwise its start is what uses it. */
  void provoke(String resource) {
    if (resource.endsWith("/status")) {
      String kind = resource.substring(0, resource.indexOf('/'));
      policies.stream().filter(each -> each.startsWith(kind + "/")).forEach(this::edit);
    } else if (resource.equals("events")) {
      String file = stage.manifest("contradiction.yaml").toString();
      stage.kubectl().run("delete", "--ignore-not-found", "-f", file);
      stage.kubectl().run("apply", "-f", file);
    } else if (resource.equals("tokenreviews")) {
      status(() -> caller().certify(token("shunt", "shunt-node"), "node-a", request));
    } else if (resource.equals("subjectaccessreviews")) {
      readerIsRefused();
    }
  }

  /** A new generation of a policy: its status has to follow. */
  private void edit(String policy) {
    priority++;
    stage
        .kubectl()
        .run(
            "patch",
            policy,
            "-n",
            "policies",
            "--type=merge",
            "-p",
            "{\"spec\":{\"priority\":%d}}".formatted(priority));
  }

  /** Whether every policy has a status of its present generation. */
  boolean isWritten() {
    return policies.stream()
        .map(
            policy ->
                stage
                    .kubectl()
                    .run(
                        "get",
                        policy,
                        "-n",
                        "policies",
                        "-o",
                        "jsonpath={.metadata.generation} {.status.observedGeneration}")
                    .split(" ", -1))
        .allMatch(both -> both.length == 2 && both[0].equals(both[1]));
  }

  /** Whether somebody with the right to statistics does not get them. */
  boolean readerIsRefused() {
    Status status = status(() -> caller().nodes(token("mesh", "reader")));
    return status.getCode() == Status.Code.PERMISSION_DENIED;
  }

  private String token(String namespace, String account) {
    return stage
        .kubectl()
        .run("create", "token", account, "-n", namespace, "--audience=shunt-control-plane")
        .strip();
  }

  private static Status status(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    } catch (SceneException e) {
      return Status.UNAVAILABLE.withDescription(e.getMessage());
    }
  }

  /** To the replica that is there now. */
  private PlaneCaller caller() {
    String address = OutageSteps.planeAddress(stage);
    if (address.isEmpty()) {
      throw new SceneException("call the control plane failed: it has no address yet");
    }
    if (!address.equals(called)) {
      close();
      called = address;
      caller =
          Optional.of(
              new PlaneCaller(
                  stage.nodes().get(0).network().node().name(),
                  address,
                  identities.authority().certificate()));
    }
    return caller.orElseThrow();
  }

  @Override
  public void close() {
    caller.ifPresent(PlaneCaller::close);
    caller = Optional.empty();
    called = "";
  }
}
