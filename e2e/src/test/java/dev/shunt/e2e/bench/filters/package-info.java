@NullMarked
package dev.shunt.e2e.bench.filters;

import org.jspecify.annotations.NullMarked;
