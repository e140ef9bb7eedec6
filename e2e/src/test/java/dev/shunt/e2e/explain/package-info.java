/** Whether the node says the truth of real connections. */
@NullMarked
package dev.shunt.e2e.explain;

import org.jspecify.annotations.NullMarked;
