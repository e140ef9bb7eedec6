/** Tests that hold pages of {@code docs/} to what the whole command line offers. */
@NullMarked
package dev.shunt.e2e.docs;

import org.jspecify.annotations.NullMarked;
