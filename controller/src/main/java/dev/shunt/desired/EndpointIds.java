package dev.shunt.desired;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Endpoint ids by endpoint name. Immutable; the caller keeps it across restarts, so that counters
 * and live connections go on meaning the same endpoint.
 *
 * <p>A name that is no longer used keeps its id until the ids run out: a policy that is removed and
 * put back finds its counters again.
 */
public final class EndpointIds {
  private final Map<String, Integer> idsByName;

  private EndpointIds(Map<String, Integer> idsByName) {
    this.idsByName = Collections.unmodifiableMap(new TreeMap<>(idsByName));
  }

  /** No name has an id yet. */
  public static EndpointIds empty() {
    return new EndpointIds(Map.of());
  }

  /**
   * As kept by the caller.
   *
   * @throws IllegalArgumentException when an id is out of 1..1022 or used twice
   */
  public static EndpointIds of(Map<String, Integer> idsByName) {
    Set<Integer> seen = new HashSet<>();
    idsByName.forEach(
        (name, id) -> {
          if (id <= DesiredEndpoint.DEFAULT_ID || id > DesiredEndpoint.ID_MAX || !seen.add(id)) {
            throw new IllegalArgumentException(
                "endpoint id of " + name + ": " + id + " (expected: 1..1022, used once)");
          }
        });
    return new EndpointIds(idsByName);
  }

  /** For keeping; sorted by name. */
  public Map<String, Integer> asMap() {
    return idsByName;
  }

  /** The id of a name that was {@linkplain #assign assigned}. */
  public int of(String name) {
    Integer id = idsByName.get(name);
    if (id == null) {
      throw new IllegalArgumentException("endpoint " + name + " has no id");
    }
    return id;
  }

  /**
   * Gives each name an id: the one it has, else the lowest that was never used, else one of a name
   * that is not among them.
   *
   * @throws IllegalArgumentException with more than 1022 names
   */
  public EndpointIds assign(Collection<String> names) {
    Set<String> wanted = new HashSet<>(names);
    if (wanted.size() > DesiredEndpoint.ID_MAX) {
      throw new IllegalArgumentException(
          "endpoints: " + wanted.size() + " (expected: at most 1022)");
    }
    Map<String, Integer> assigned = new TreeMap<>(idsByName);
    Set<Integer> taken = new HashSet<>(assigned.values());
    Iterator<String> recyclable =
        idsByName.keySet().stream().filter(name -> !wanted.contains(name)).iterator();
    int candidate = DesiredEndpoint.DEFAULT_ID + 1;
    for (String name : names) {
      if (assigned.containsKey(name)) {
        continue;
      }
      while (taken.contains(candidate)) {
        candidate++;
      }
      if (candidate <= DesiredEndpoint.ID_MAX) {
        assigned.put(name, candidate);
        taken.add(candidate);
      } else {
        String unused = recyclable.next();
        assigned.put(name, of(unused));
        assigned.remove(unused);
      }
    }
    return new EndpointIds(assigned);
  }

  /** Ids that have another name now than in earlier ones that gave them one. */
  public Set<Integer> reassignedSince(EndpointIds earlier) {
    Map<Integer, String> before = new TreeMap<>();
    earlier.idsByName.forEach((name, id) -> before.put(id, name));
    Set<Integer> reassigned = new HashSet<>();
    idsByName.forEach(
        (name, id) -> {
          if (!before.getOrDefault(id, name).equals(name)) {
            reassigned.add(id);
          }
        });
    return reassigned;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EndpointIds ids && idsByName.equals(ids.idsByName);
  }

  @Override
  public int hashCode() {
    return idsByName.hashCode();
  }

  @Override
  public String toString() {
    return "EndpointIds" + idsByName;
  }
}
