/** Tests of {@code dev.shunt.e2e.demo}. */
@NullMarked
package dev.shunt.e2e.demo;

import org.jspecify.annotations.NullMarked;
