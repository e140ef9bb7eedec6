package dev.shunt.cluster.watch;

import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.Fact;
import java.util.Optional;

/** Makes facts of the objects of one resource. Called by the thread of its watch. */
interface FactReader {
  /** What tells the object from all others of the resource, also from a later one of that name. */
  String key(JsonObject object);

  /** What the object means; empty: nothing new. */
  Optional<Fact> present(JsonObject object);

  /** What it means that there is no such object any more. */
  Fact absent(String key);
}
