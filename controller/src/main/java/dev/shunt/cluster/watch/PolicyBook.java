package dev.shunt.cluster.watch;

import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.compile.PolicyFact;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.snapshot.PolicyDocument;
import dev.shunt.ingest.file.PolicyDocuments;
import dev.shunt.ingest.file.RefusedPolicyException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads policies, and remembers their objects for who writes status. One that cannot be read leaves
 * the last good version of it in force. Thread-safe.
 */
public final class PolicyBook implements FactReader {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyBook.class);

  private final Map<String, PolicyObject> objects = new ConcurrentHashMap<>();
  private final PlaneMeter meter;

  public PolicyBook(PlaneMeter meter) {
    this.meter = meter;
  }

  /** All policies that there are, also those that could not be read. */
  public Collection<PolicyObject> objects() {
    return List.copyOf(objects.values());
  }

  @Override
  public String key(JsonObject object) {
    JsonObject metadata = ObjectFields.metadata(object);
    String namespace = ObjectFields.text(metadata, "namespace");
    String name = ObjectFields.text(metadata, "name");
    return ObjectFields.text(object, "kind")
        + " "
        + (namespace.isEmpty() ? name : namespace + "/" + name);
  }

  @Override
  public Optional<Fact> present(JsonObject object) {
    String key = key(object);
    PolicyObject before = objects.get(key);
    JsonObject metadata = ObjectFields.metadata(object);
    if (before != null
        && before.uid().equals(ObjectFields.text(metadata, "uid"))
        && before.generation() == ObjectFields.number(metadata, "generation")) {
      objects.put(key, remember(object, before.fault()));
      return Optional.empty(); // a status that was written, or metadata without meaning
    }
    try {
      PolicyDocument document = PolicyDocument.of(key, document(object).toString());
      List<PodPolicy> policies = PolicyDocuments.read(document.json(), key);
      if (policies.size() != 1) {
        throw new IllegalStateException(key + " is " + policies.size() + " documents");
      }
      objects.put(key, remember(object, Optional.empty()));
      return Optional.of(
          new Fact.Policy(key, Optional.of(new PolicyFact(document, policies.get(0)))));
    } catch (RefusedPolicyException e) {
      LOG.warn("{}", e.getMessage());
      meter.policyRefused(ObjectFields.text(object, "kind"));
      objects.put(key, remember(object, Optional.of(String.valueOf(e.getMessage()))));
      return Optional.empty();
    }
  }

  @Override
  public Fact absent(String key) {
    objects.remove(key);
    return new Fact.Policy(key, Optional.empty());
  }

  private PolicyObject remember(JsonObject object, Optional<String> fault) {
    JsonObject metadata = ObjectFields.metadata(object);
    return new PolicyObject(
        key(object),
        ObjectFields.text(object, "kind"),
        ObjectFields.text(metadata, "namespace"),
        ObjectFields.text(metadata, "name"),
        ObjectFields.text(metadata, "uid"),
        ObjectFields.number(metadata, "generation"),
        fault,
        ObjectFields.object(object, "status"));
  }

  /** What nodes get: without what only the API server needs, which changes all the time. */
  private static JsonObject document(JsonObject object) {
    JsonObject document = new JsonObject();
    document.add("apiVersion", object.get("apiVersion"));
    document.add("kind", object.get("kind"));
    JsonObject metadata = new JsonObject();
    for (String field : List.of("name", "namespace", "creationTimestamp")) {
      if (ObjectFields.metadata(object).has(field)) {
        metadata.add(field, ObjectFields.metadata(object).get(field));
      }
    }
    document.add("metadata", metadata);
    document.add("spec", ObjectFields.object(object, "spec"));
    return document;
  }
}
