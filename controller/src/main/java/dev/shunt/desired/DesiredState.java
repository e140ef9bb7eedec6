package dev.shunt.desired;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the data path of this node must look like. Immutable, comparable by value.
 *
 * @param mode ceiling over all endpoints
 * @param adoptTurns request/response turns of each end before adoption
 * @param endpoints by ascending id; {@link DesiredEndpoint#DEFAULT_ID} is always among them
 * @param namespaceEndpoints by name; the host's own first, then in alphabetical order
 * @param defaultEndpointId of network namespaces that are not known
 * @param selectors the one that outranks first
 * @param traits the one that outranks first
 */
public record DesiredState(
    Mode mode,
    int adoptTurns,
    List<DesiredEndpoint> endpoints,
    Map<String, DesiredNamespace> namespaceEndpoints,
    int defaultEndpointId,
    List<DesiredSelector> selectors,
    List<DesiredTrait> traits) {
  /** Copies the collections, keeping their order. */
  public DesiredState {
    endpoints = List.copyOf(endpoints);
    namespaceEndpoints = Collections.unmodifiableMap(new LinkedHashMap<>(namespaceEndpoints));
    selectors = List.copyOf(selectors);
    traits = List.copyOf(traits);
  }

  /** See {@link Compilation#observing}. */
  DesiredState observing(Set<String> endpointNames) {
    List<DesiredEndpoint> lowered =
        endpoints.stream()
            .map(
                endpoint ->
                    endpointNames.contains(endpoint.name())
                        ? endpoint.atMost(Mode.OBSERVE)
                        : endpoint)
            .toList();
    return new DesiredState(
        mode, adoptTurns, lowered, namespaceEndpoints, defaultEndpointId, selectors, traits);
  }

  /** Whether any connection may be accelerated. */
  public boolean accelerates() {
    return mode == Mode.ACCELERATE
        && endpoints.stream().anyMatch(endpoint -> endpoint.mode() == Mode.ACCELERATE);
  }

  /** The endpoint with an id. Throws IllegalArgumentException when there is none. */
  public DesiredEndpoint endpoint(int id) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.id() == id)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("endpoint id: " + id + " (unknown)"));
  }
}
