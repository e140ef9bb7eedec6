/** Tests of {@code dev.shunt.e2e.scene}. */
@NullMarked
package dev.shunt.e2e.scene;

import org.jspecify.annotations.NullMarked;
