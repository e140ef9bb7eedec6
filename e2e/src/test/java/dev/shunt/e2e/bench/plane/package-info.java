@NullMarked
package dev.shunt.e2e.bench.plane;

import org.jspecify.annotations.NullMarked;
