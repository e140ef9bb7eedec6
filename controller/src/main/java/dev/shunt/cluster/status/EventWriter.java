package dev.shunt.cluster.status;

import com.google.gson.JsonObject;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Write;
import dev.shunt.cluster.watch.PolicyObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an Event when a condition of a policy turns bad: the same one at most once in ten minutes.
 * One thread.
 */
final class EventWriter {
  private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final int NOTE_MAX = 1000; // the API's bound is 1 KiB
  private static final int REMEMBERED_MAX = 4096;
  private static final String DEFAULT_NAMESPACE = "default";

  private final ApiWrites api;
  private final PlaneMeter meter;
  private final Clock clock;
  private final String instance;
  private final Map<String, Instant> written = new HashMap<>();

  EventWriter(ApiWrites api, PlaneMeter meter, Clock clock, String instance) {
    this.api = api;
    this.meter = meter;
    this.clock = clock;
    this.instance = instance;
  }

  /** Writes one, unless the same was written lately. */
  void write(PolicyObject policy, Condition condition) {
    Instant now = clock.instant();
    String same = policy.uid() + condition.type() + condition.reason();
    Instant last = written.get(same);
    if (last != null && now.isBefore(last.plus(QUIET))) {
      return;
    }
    if (written.size() >= REMEMBERED_MAX) {
      written.clear();
    }
    written.put(same, now);
    String namespace = policy.namespace().isEmpty() ? DEFAULT_NAMESPACE : policy.namespace();
    try {
      api.create(
          "/apis/events.k8s.io/v1/namespaces/" + namespace + "/events",
          event(policy, condition, namespace));
      meter.eventWritten(Write.DONE);
    } catch (IOException e) {
      LOG.warn(
          "write event about {} failed: {}; its status says the same",
          policy.key(),
          e.getMessage());
      meter.eventWritten(Write.FAILED);
    }
  }

  private JsonObject event(PolicyObject policy, Condition condition, String namespace) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", policy.name() + "." + UUID.randomUUID());
    metadata.addProperty("namespace", namespace);
    JsonObject regarding = new JsonObject();
    regarding.addProperty("apiVersion", "shunt.dev/v1alpha1");
    regarding.addProperty("kind", policy.kind());
    regarding.addProperty("name", policy.name());
    regarding.addProperty("uid", policy.uid());
    if (!policy.namespace().isEmpty()) {
      regarding.addProperty("namespace", policy.namespace());
    }
    String note = condition.message();
    JsonObject event = new JsonObject();
    event.addProperty("apiVersion", "events.k8s.io/v1");
    event.addProperty("kind", "Event");
    event.add("metadata", metadata);
    // MicroTime: the API wants exactly six digits.
    event.addProperty(
        "eventTime",
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000000Z"));
    event.addProperty("reportingController", "shunt.dev/control-plane");
    event.addProperty("reportingInstance", instance);
    event.addProperty("action", condition.type());
    event.addProperty("reason", condition.reason().text());
    event.addProperty("type", "Warning");
    event.addProperty("note", note.length() > NOTE_MAX ? note.substring(0, NOTE_MAX) : note);
    event.add("regarding", regarding);
    return event;
  }
}
