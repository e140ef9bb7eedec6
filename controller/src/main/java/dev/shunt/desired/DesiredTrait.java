package dev.shunt.desired;

import java.util.Optional;

/**
 * An executable that policy exempts or forces.
 *
 * @param executable absolute path
 * @param cgroupPath where it runs; empty: anywhere
 * @param effect of the rule
 */
public record DesiredTrait(String executable, Optional<String> cgroupPath, TraitEffect effect) {}
