package dev.shunt.cluster.watch;

import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * A policy as the API server has it. Immutable by convention: nobody changes the JSON.
 *
 * @param key {@code Kind namespace/name}
 * @param kind of the policy
 * @param namespace of the policy; empty for a cluster-wide one
 * @param name of the policy
 * @param uid of the object
 * @param generation of its spec
 * @param fault why its spec is not in force; empty when it is
 * @param status as it stands
 */
public record PolicyObject(
    String key,
    String kind,
    String namespace,
    String name,
    String uid,
    long generation,
    Optional<String> fault,
    JsonObject status) {}
