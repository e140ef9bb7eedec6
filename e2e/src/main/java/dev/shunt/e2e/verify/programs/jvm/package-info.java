/** The test peers that run in a JVM of their own: every way in which Java programs use TCP. */
@NullMarked
package dev.shunt.e2e.verify.programs.jvm;

import org.jspecify.annotations.NullMarked;
