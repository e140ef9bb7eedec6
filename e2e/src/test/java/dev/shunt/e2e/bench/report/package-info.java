@NullMarked
package dev.shunt.e2e.bench.report;

import org.jspecify.annotations.NullMarked;
