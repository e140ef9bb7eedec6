/** Taps of real HTTP traffic, read by tshark. */
@NullMarked
package dev.shunt.e2e.tap;

import org.jspecify.annotations.NullMarked;
