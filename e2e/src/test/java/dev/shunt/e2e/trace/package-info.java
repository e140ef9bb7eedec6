/** Traces of real traffic, accelerated traffic among it. */
@NullMarked
package dev.shunt.e2e.trace;

import org.jspecify.annotations.NullMarked;
