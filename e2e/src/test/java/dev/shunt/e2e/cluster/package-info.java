/** Tests of {@code dev.shunt.e2e.cluster}. */
@NullMarked
package dev.shunt.e2e.cluster;

import org.jspecify.annotations.NullMarked;
