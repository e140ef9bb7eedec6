package dev.shunt.cluster.watch;

import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.Fact;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodPhase;
import dev.shunt.ingest.kubernetes.PodFactsReader;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.Optional;

/** Reads pods by the same rules as a node does. Stateless. */
final class PodReader implements FactReader {
  @Override
  public String key(JsonObject object) {
    return ObjectFields.text(ObjectFields.metadata(object), "uid");
  }

  @Override
  public Optional<Fact> present(JsonObject object) {
    PodFacts facts = PodFactsReader.of(JSON.getGson().fromJson(object, V1Pod.class));
    boolean ended = facts.phase() == PodPhase.ENDED;
    return Optional.of(new Fact.Pod(key(object), ended ? Optional.empty() : Optional.of(facts)));
  }

  @Override
  public Fact absent(String key) {
    return new Fact.Pod(key, Optional.empty());
  }
}
