package dev.shunt.agent.removal;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.shunt.agent.removal.ApiServer.RefusedException;
import dev.shunt.cli.CannotRunException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Turns every pod of the node's DaemonSet into a removal and waits. One thread; blocks. */
public final class DaemonSetRemoval {
  /** The container that the chart runs the node in. */
  static final String CONTAINER = "node";

  private static final int NOT_FOUND = 404;

  private final ApiServer server;
  private final Target target;
  private final Duration poll;

  /** A DaemonSet. */
  public record Target(String namespace, String name) {
    @Override
    public String toString() {
      return "daemonset " + namespace + "/" + name;
    }

    private String path() {
      return "/apis/apps/v1/namespaces/" + namespace + "/daemonsets/" + name;
    }
  }

  /**
   * What came of it.
   *
   * @param wanted nodes of the DaemonSet
   * @param done of these, nodes that have finished
   * @param missing nodes whose pod has not finished, with the phase of the pod
   */
  public record Result(long wanted, long done, Map<String, String> missing) {
    /** Copies the map, in the order of the names. */
    public Result {
      missing = Collections.unmodifiableMap(new TreeMap<>(missing));
    }

    /** True when nothing is left in the cluster. */
    public boolean complete() {
      return done >= wanted && missing.isEmpty();
    }
  }

  /** Looks once every {@code poll}. */
  public DaemonSetRemoval(ApiServer server, Target target, Duration poll) {
    this.server = server;
    this.target = target;
    this.poll = poll;
  }

  /**
   * Changes the DaemonSet and waits for its pods.
   *
   * @param arguments what the pods shall run
   * @param patience how long to wait for them
   * @param progress gets one sentence whenever the count changes
   * @throws CannotRunException the API server refuses or cannot be reached at first
   */
  public Result run(List<String> arguments, Duration patience, Consumer<String> progress) {
    try {
      Struct changed = server.patch(target.path(), patch(arguments));
      return await(Rollout.of(changed), System.nanoTime() + patience.toNanos(), progress);
    } catch (RefusedException refused) {
      if (refused.code() == NOT_FOUND) {
        return new Result(0, 0, Map.of());
      }
      throw failed(refused, "nothing was removed");
    } catch (IOException broken) {
      throw failed(broken, "run it again");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw failed(stopped, "the pods go on without being waited for");
    }
  }

  private Result await(Rollout first, long deadline, Consumer<String> progress)
      throws IOException, InterruptedException, RefusedException {
    Rollout seen = first;
    long told = -1;
    while (!seen.complete()) {
      if (seen.observed() && seen.done() != told) {
        told = seen.done();
        progress.accept("removed on %d of %d nodes".formatted(seen.done(), seen.wanted()));
      }
      if (System.nanoTime() - deadline > 0) {
        return new Result(seen.wanted(), seen.observed() ? seen.done() : 0, missing(seen));
      }
      Thread.sleep(poll.toMillis());
      seen = Rollout.of(server.get(target.path()));
    }
    return new Result(seen.wanted(), seen.wanted(), Map.of());
  }

  private CannotRunException failed(Exception cause, String next) {
    return new CannotRunException(
        "change %s failed: %s; %s".formatted(target, cause.getMessage(), next), cause);
  }

  /** No surge: a second pod on a node would want the same ports. */
  private static Struct patch(List<String> arguments) {
    Struct strategy =
        object(
            Map.of(
                "type", text("RollingUpdate"),
                "rollingUpdate",
                    value(object(Map.of("maxUnavailable", text("100%"), "maxSurge", text("0%"))))));
    Struct container =
        object(
            Map.of(
                "name", text(CONTAINER),
                "args", list(arguments.stream().map(DaemonSetRemoval::text).toList())));
    Struct pod = object(Map.of("containers", list(List.of(value(container)))));
    Struct template = object(Map.of("spec", value(pod)));
    return object(
        Map.of(
            "spec",
            value(object(Map.of("updateStrategy", value(strategy), "template", value(template))))));
  }

  /** Pods that are not ready, by node. Nodes without any pod are not among them. */
  private Map<String, String> missing(Rollout seen)
      throws IOException, InterruptedException, RefusedException {
    Struct selector = Rollout.child(Rollout.child(server.get(target.path()), "spec"), "selector");
    String labels =
        Rollout.child(selector, "matchLabels").getFieldsMap().entrySet().stream()
            .map(label -> label.getKey() + "%3D" + label.getValue().getStringValue())
            .sorted()
            .collect(Collectors.joining("%2C"));
    Struct pods =
        server.get("/api/v1/namespaces/" + target.namespace() + "/pods?labelSelector=" + labels);
    Map<String, String> missing = new TreeMap<>();
    if (!seen.observed()) {
      missing.put("any", "the cluster's controllers have not taken the change up");
    }
    for (Value item :
        pods.getFieldsOrDefault("items", Value.getDefaultInstance())
            .getListValue()
            .getValuesList()) {
      Struct pod = item.getStructValue();
      if (!ready(pod)) {
        missing.put(
            Rollout.text(Rollout.child(pod, "spec"), "nodeName"),
            Rollout.text(Rollout.child(pod, "status"), "phase"));
      }
    }
    return missing;
  }

  private static boolean ready(Struct pod) {
    return Rollout.child(pod, "status")
        .getFieldsOrDefault("conditions", Value.getDefaultInstance())
        .getListValue()
        .getValuesList()
        .stream()
        .map(Value::getStructValue)
        .anyMatch(
            condition ->
                Rollout.text(condition, "type").equals("Ready")
                    && Rollout.text(condition, "status").equals("True"));
  }

  private static Struct object(Map<String, Value> fields) {
    return Struct.newBuilder().putAllFields(fields).build();
  }

  private static Value value(Struct struct) {
    return Value.newBuilder().setStructValue(struct).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value list(List<Value> values) {
    return Value.newBuilder().setListValue(ListValue.newBuilder().addAllValues(values)).build();
  }
}
