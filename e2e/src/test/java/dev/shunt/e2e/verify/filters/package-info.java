@NullMarked
package dev.shunt.e2e.verify.filters;

import org.jspecify.annotations.NullMarked;
