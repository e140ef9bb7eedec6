package dev.shunt.cluster.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.shunt.cluster.aggregate.ClusterService;
import dev.shunt.cluster.aggregate.ClusterStats;
import dev.shunt.cluster.compile.ClusterFacts;
import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.cluster.distribute.PlaneLoop;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Write;
import dev.shunt.cluster.watch.KubernetesFacts;
import dev.shunt.cluster.watch.PolicyBook;
import dev.shunt.cluster.watch.PolicyObject;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the status of all policies, while this replica leads. One thread of its own. Lifecycle:
 * from {@link #start} until {@link #close}.
 */
public final class StatusWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final long ROUND_MILLIS_MIN = 1000;

  private static final long ROUND_MILLIS_MAX = 10_000;

  /** Questions may take a tenth of the time: the facts belong to the nodes. */
  private static final int REST_FACTOR = 9;

  /** Bounds the load on the API server when many policies change at once. */
  private static final long PATCH_PAUSE_MILLIS = 20;

  private static final int QUESTION_SECONDS = 30;

  private final Sources sources;
  private final ApiWrites api;
  private final EventWriter events;
  private final BooleanSupplier leads;
  private final PlaneMeter meter;
  private final Clock clock = Clock.systemUTC();
  private final Thread thread = new Thread(this::run, "status-writer");
  private volatile boolean closed;

  /** Of this round; the thread's own. */
  private long askedNanos;

  /**
   * What status is made of.
   *
   * @param policies objects of all policies
   * @param loop who owns the facts
   * @param nodes how far they are
   * @param stats what nodes counted
   */
  public record Sources(
      PolicyBook policies, PlaneLoop loop, ClusterService.NodeStates nodes, ClusterStats stats) {}

  private StatusWriter(
      Sources sources, ApiWrites api, EventWriter events, BooleanSupplier leads, PlaneMeter meter) {
    this.sources = sources;
    this.api = api;
    this.events = events;
    this.leads = leads;
    this.meter = meter;
    thread.setDaemon(true);
  }

  /**
   * Starts the thread.
   *
   * @param instance name of this replica
   * @param leads whether this replica holds the Lease
   */
  public static StatusWriter start(
      ApiClient client, Sources sources, String instance, BooleanSupplier leads, PlaneMeter meter) {
    ApiWrites api = new ApiWrites(client);
    EventWriter events = new EventWriter(api, meter, Clock.systemUTC(), instance);
    StatusWriter writer = new StatusWriter(sources, api, events, leads, meter);
    writer.thread.start();
    return writer;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    try {
      while (!closed) {
        askedNanos = 0;
        if (leads.getAsBoolean() && sources.loop().isSynced()) {
          round();
        }
        long rest = TimeUnit.NANOSECONDS.toMillis(askedNanos) * REST_FACTOR;
        TimeUnit.MILLISECONDS.sleep(Math.min(ROUND_MILLIS_MAX, Math.max(ROUND_MILLIS_MIN, rest)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws InterruptedException {
    sources.stats().retain(ask(facts -> Set.copyOf(facts.nodes())));
    Map<String, NodeState> states = sources.nodes().states();
    for (PolicyObject object : sources.policies().objects()) {
      if (closed || !leads.getAsBoolean()) {
        return;
      }
      try {
        update(object, states);
      } catch (RuntimeException e) {
        LOG.error("make status of {} failed; trying again in the next round", object.key(), e);
      }
    }
  }

  private void update(PolicyObject object, Map<String, NodeState> states)
      throws InterruptedException {
    PolicyReach reach =
        ask(
            facts ->
                facts
                    .policy(object.key())
                    .map(fact -> PolicyReach.of(facts, fact))
                    .orElse(PolicyReach.NONE));
    PolicyStatus status =
        StatusRules.status(object, reach, states, sources.stats().ofPods(reach.pods()));
    JsonObject json = status.json(object.status(), clock.instant());
    if (isThere(json, object.status())) {
      return;
    }
    JsonObject patch = new JsonObject();
    patch.add("status", json);
    try {
      api.patch(path(object), patch);
      meter.statusWritten(Write.DONE);
      for (Condition condition : status.conditions()) {
        if (condition.isBad() && isNew(condition, object.status())) {
          events.write(object, condition);
        }
      }
    } catch (IOException e) {
      LOG.warn("{}; trying again in the next round", e.getMessage());
      meter.statusWritten(Write.FAILED);
    }
    TimeUnit.MILLISECONDS.sleep(PATCH_PAUSE_MILLIS);
  }

  private <T> T ask(Function<ClusterFacts, T> question) throws InterruptedException {
    long start = System.nanoTime();
    try {
      return sources.loop().ask(question).get(QUESTION_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("ask the facts failed: " + e, e);
    } finally {
      askedNanos += System.nanoTime() - start;
    }
  }

  /** Whether a merge patch would change nothing. */
  static boolean isThere(JsonObject patch, JsonObject present) {
    return patch.entrySet().stream()
        .allMatch(entry -> isThere(entry.getValue(), present.get(entry.getKey())));
  }

  private static boolean isThere(JsonElement patch, @Nullable JsonElement present) {
    if (present == null) {
      return patch.isJsonNull(); // a merge patch removes what is null
    }
    boolean inner = patch.isJsonObject() && present.isJsonObject();
    return inner
        ? isThere(patch.getAsJsonObject(), present.getAsJsonObject())
        : patch.equals(present);
  }

  private static boolean isNew(Condition condition, JsonObject before) {
    return PolicyStatus.find(before, condition.type())
        .map(there -> !PolicyStatus.text(there, "reason").equals(condition.reason().text()))
        .orElse(true);
  }

  private static String path(PolicyObject object) {
    String namespace = object.namespace().isEmpty() ? "" : "namespaces/" + object.namespace() + "/";
    return KubernetesFacts.GROUP_PATH
        + namespace
        + KubernetesFacts.plural(object.kind())
        + "/"
        + object.name()
        + "/status";
  }
}
