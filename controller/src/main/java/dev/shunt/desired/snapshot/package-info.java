/**
 * What the control plane tells one node. The control plane makes it, the node checks and keeps it;
 * its version is a digest of its content, so that both agree without asking.
 */
@NullMarked
package dev.shunt.desired.snapshot;

import org.jspecify.annotations.NullMarked;
