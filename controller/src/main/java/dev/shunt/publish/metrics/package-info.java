/**
 * Prometheus metrics of a {@link dev.shunt.observe.NodeView}, read when scraped: nothing is counted
 * or kept here. Names are {@code shunt_<noun>_<unit>_total}; labels are bounded (see {@link
 * dev.shunt.publish.metrics.NodeCollector}).
 */
@NullMarked
package dev.shunt.publish.metrics;

import org.jspecify.annotations.NullMarked;
