package dev.shunt.desired.filter;

import java.util.Optional;

/**
 * One rule of a filter.
 *
 * @param name unique within the filter
 * @param match its conditions
 * @param action what it does with what it decides
 * @param mode instead of the filter's
 */
public record FilterRule(
    String name, FilterMatch match, FilterAction action, Optional<FilterMode> mode) {}
