package dev.shunt.e2e.verify.cluster;

import java.util.function.Function;

/**
 * One step of the proof. Immutable.
 *
 * @param name for options and reports, such as {@code pods_serve}
 * @param what it proves, in a few words
 * @param action does it and says in one line what it saw; throws SceneException when it is not so
 */
record ClusterStep(String name, String what, Function<ClusterStage, String> action) {}
