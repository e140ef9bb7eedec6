/** The benchmark's result as one page with plots that needs nothing but itself. */
@NullMarked
package dev.shunt.e2e.bench.report;

import org.jspecify.annotations.NullMarked;
