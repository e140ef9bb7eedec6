package dev.shunt.ingest.file;

import dev.shunt.desired.ModeOverride;
import java.util.Optional;

/**
 * The mode override as kept.
 *
 * @param override to apply; {@link ModeOverride#POLICY} when none is kept or it cannot be read
 * @param error why it cannot be read, and what happens instead
 */
public record StoredMode(ModeOverride override, Optional<String> error) {}
