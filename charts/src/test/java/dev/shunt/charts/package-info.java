/**
 * Tests of {@code charts/shunt}: what the real Helm makes of the templates, held to the types of
 * the API server and to the command line and metrics of this build.
 */
@NullMarked
package dev.shunt.charts;

import org.jspecify.annotations.NullMarked;
