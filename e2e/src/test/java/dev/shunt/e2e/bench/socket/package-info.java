@NullMarked
package dev.shunt.e2e.bench.socket;

import org.jspecify.annotations.NullMarked;
