package dev.shunt.ingest.file;

import dev.shunt.desired.EndpointIds;
import java.util.Optional;

/**
 * The endpoint ids as kept.
 *
 * @param ids to go on with; empty when none are kept or they cannot be read
 * @param error why they cannot be read, and what happens instead
 */
public record StoredEndpointIds(EndpointIds ids, Optional<String> error) {}
