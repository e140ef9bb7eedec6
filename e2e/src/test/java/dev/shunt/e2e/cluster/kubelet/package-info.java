/** Tests of {@code dev.shunt.e2e.cluster.kubelet}. */
@NullMarked
package dev.shunt.e2e.cluster.kubelet;

import org.jspecify.annotations.NullMarked;
