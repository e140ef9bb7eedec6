@NullMarked
package dev.shunt.e2e.verify.faults;

import org.jspecify.annotations.NullMarked;
