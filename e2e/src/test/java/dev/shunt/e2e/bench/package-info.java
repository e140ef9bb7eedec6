@NullMarked
package dev.shunt.e2e.bench;

import org.jspecify.annotations.NullMarked;
