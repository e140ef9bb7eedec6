package dev.shunt.ingest.file;

import java.util.List;
import java.util.Optional;

/**
 * What was kept of workloads. Immutable.
 *
 * @param bootId of the kernel that the numbers belong to; empty when there is no file
 * @param traits that were kept
 * @param error why they could not be read
 */
public record StoredTraits(String bootId, List<StoredTrait> traits, Optional<String> error) {
  /** Copies the list. */
  public StoredTraits {
    traits = List.copyOf(traits);
  }
}
