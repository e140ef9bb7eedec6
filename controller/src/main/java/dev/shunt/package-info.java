/** The entry point of the {@code shunt} command. */
@NullMarked
package dev.shunt;

import org.jspecify.annotations.NullMarked;
