/**
 * What the API server knows of this node: its pods, labels of namespaces and of the node itself.
 * The only place of the node process that knows the Kubernetes client.
 *
 * <ol>
 *   <li>An informer lists and watches each kind; the pods are those of this node only.
 *   <li>A watch that brings neither event nor bookmark in time is taken for dead, and listed again.
 *   <li>After a failure the next attempt waits by chance, up to a bound that doubles.
 *   <li>While the API server is away everything stays as it was known last.
 * </ol>
 */
@NullMarked
package dev.shunt.ingest.kubernetes;

import org.jspecify.annotations.NullMarked;
