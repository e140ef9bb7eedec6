/** What the control plane counts of itself. */
@NullMarked
package dev.shunt.cluster.observe;

import org.jspecify.annotations.NullMarked;
