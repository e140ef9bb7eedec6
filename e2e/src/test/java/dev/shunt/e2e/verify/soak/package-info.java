@NullMarked
package dev.shunt.e2e.verify.soak;

import org.jspecify.annotations.NullMarked;
