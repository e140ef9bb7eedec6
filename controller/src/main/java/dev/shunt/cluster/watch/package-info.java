/**
 * From the API server to facts.
 *
 * <ol>
 *   <li>{@link dev.shunt.cluster.watch.ResourceWatch} lists one resource in pages and follows it;
 *       it knows which objects there are, so that it can tell what is gone after it had to list
 *       anew.
 *   <li>A {@link dev.shunt.cluster.watch.FactReader} makes facts of objects and keeps of them what
 *       policies need, page by page: a cluster's pods as a whole do not fit a small heap.
 *   <li>{@link dev.shunt.cluster.watch.PolicyBook} remembers each policy's object for its status,
 *       and of one that cannot be read the last good version.
 *   <li>{@link dev.shunt.cluster.compile.FactSink} is told; {@link
 *       dev.shunt.cluster.watch.KubernetesFacts} says when all have listed once.
 * </ol>
 */
@NullMarked
package dev.shunt.cluster.watch;

import org.jspecify.annotations.NullMarked;
